"""A token for all threads and tasks: fetched once, renewed after a 401, and its failures told once."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sdk import Client
from sdk.auth import Credential, Token
from sdk.errors import APITimeoutError, ConfigError, CredentialError
from tests.auth.imitation import MESSAGES, Answer, Site, chat
from tests.auth.source import Source, aask, ask, client


def waiting(credential: Credential, count: int) -> None:
    """Let the source go on when so many callers wait for the token."""
    source: Any = credential._source
    assert source.begun.wait(5)
    while len(credential._waiting) < count:
        threading.Event().wait(0.001)
    source.go.set()


def test_fifty_threads_fetch_one_token() -> None:
    """All wait for the first, and send the same token."""
    source = Source()
    source.go.clear()
    credential = Credential(source)
    with Site(chat) as site, client(site.url, credential) as made, ThreadPoolExecutor(51) as pool:
        calls = [pool.submit(ask, made) for _ in range(50)]
        pool.submit(waiting, credential, 49).result()
        assert {call.result() for call in calls} == {"c"}
        assert {sent.bearer for sent in site.sent} == {"issued-token-1"}
    assert source.count == 1


def test_threads_and_the_tasks_of_two_loops_fetch_one_token() -> None:
    """It does not matter who fetches: a thread, or a task of any event loop."""
    source = Source()
    source.go.clear()
    credential = Credential(source)

    async def tasks(made: Client) -> None:
        await asyncio.gather(*(aask(made) for _ in range(10)))
        await made.aclose()

    with Site(chat) as site, ThreadPoolExecutor(8) as pool:
        loops = [pool.submit(asyncio.run, tasks(client(site.url, credential))) for _ in range(2)]
        with client(site.url, credential) as made:
            threads = [pool.submit(ask, made) for _ in range(5)]
            pool.submit(waiting, credential, 24).result()
            calls: list[Any] = [*loops, *threads]
            for call in calls:
                call.result()
        assert [sent.bearer for sent in site.sent] == ["issued-token-1"] * 25
    assert source.count == 1


def test_a_token_is_renewed_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The call after `renews` fetches a new token, and the old one is not sent again."""
    now = 1000.0
    monkeypatch.setattr("sdk._core.auth.credential.time.monotonic", lambda: now)
    source = Source(3600.0)
    credential = Credential(source, early=300.0)
    assert credential.token(None, None) == "issued-token-1"  # type: ignore[arg-type]  # this source needs no options
    now += 3299.0
    assert credential.token(None, None) == "issued-token-1"  # type: ignore[arg-type]
    now += 1.0
    assert credential.token(None, None) == "issued-token-2"  # type: ignore[arg-type]


def test_a_failure_is_told_to_all_and_the_source_is_left_alone() -> None:
    """Those who wait get the error of the one who asked, and so do the calls after it; nothing is sent."""
    source = Source()
    source.error = CredentialError("the disk is full", hint="Make room.")
    with Site(chat) as site, client(site.url, Credential(source)) as made, ThreadPoolExecutor(10) as pool:
        failures = [call.exception() for call in [pool.submit(ask, made) for _ in range(10)]]
        assert site.sent == []
    assert source.count == 1
    assert len({id(failure) for failure in failures}) == 10
    for failure in failures:
        assert isinstance(failure, CredentialError)
        assert failure.request_sent is False
        assert str(failure) == (
            f"POST {site.url}/chat/completions: the disk is full. Make room. "
            "The source is asked again after 1 s at the earliest."
        )


def test_a_token_that_no_header_takes_is_refused() -> None:
    """The error names the source, and never the token."""
    source = Source()
    source._next = lambda: Token("a b", None)  # type: ignore[method-assign]  # a bad token
    with client("http://127.0.0.1:1/v1", Credential(source)) as made:
        with pytest.raises(ConfigError, match=r"^the token of the source contains white space") as caught:
            ask(made)
        assert "a b" not in str(caught.value)
        source._next = lambda: Token("ab", None)  # type: ignore[method-assign]
        assert made.options.auth.token(made.options, None) == "ab"


@pytest.mark.world("asyncio")
def test_a_cancelled_caller_leaves_the_fetch_to_the_next() -> None:
    """The task that fetches is cancelled; one that waits takes over."""
    source = Source()
    source.go.clear()

    async def main(url: str) -> str:
        async with client(url, Credential(source)) as made:
            first, second = asyncio.create_task(aask(made)), asyncio.create_task(aask(made))
            while not source.begun.is_set():
                await asyncio.sleep(0)
            first.cancel()
            await asyncio.wait([first])
            assert first.cancelled()
            source.go.set()
            return await second

    with Site(chat) as site:
        assert asyncio.run(main(site.url)) == "c"
        assert [sent.bearer for sent in site.sent] == ["issued-token-2"]


@pytest.mark.world("asyncio")
def test_a_blocking_call_in_a_coroutine_does_not_wait_for_its_own_loop() -> None:
    """The task that fetches cannot go on while the loop is blocked, so the blocking call fetches for itself."""

    class Slow(Source):
        """A source that is slow for coroutines alone."""

        def fetch(self, options: Any, limit: float | None) -> Token:
            """Return the next token at once."""
            self.count += 1
            return self._next()

    source = Slow()
    source.go.clear()

    async def main(url: str) -> tuple[str, str]:
        credential = Credential(source)
        async with client(url, credential) as made:
            task = asyncio.create_task(aask(made))
            while not source.begun.is_set():
                await asyncio.sleep(0)
            with client(url, credential) as other:
                blocked = ask(other)
            source.go.set()
            return blocked, await task

    with Site(chat) as site:
        assert asyncio.run(main(site.url)) == ("c", "c")
        assert [sent.bearer for sent in site.sent] == ["issued-token-2", "issued-token-2"]


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_the_deadline_of_a_call_holds_while_it_waits(world: str) -> None:
    """A call does not wait for the token of another one beyond its deadline."""
    source = Source()
    source.go.clear()
    credential = Credential(source)
    with Site(chat) as site, client(site.url, credential) as made, ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, made)
        assert source.begun.wait(5)

        async def main() -> None:
            async with client(site.url, credential) as other:
                await other.chat.create.asyncio(model="m", messages=MESSAGES, deadline=0.05)

        with pytest.raises(APITimeoutError, match="the deadline of the whole call has passed"):
            if world == "sync":
                made.chat.create.sync(model="m", messages=MESSAGES, deadline=0.05)
            else:
                asyncio.run(main())
        source.go.set()
        assert first.result() == "c"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
def test_a_forked_child_fetches_for_itself() -> None:
    """A fetch that runs in the parent does not make the child wait for ever."""
    source = Source()
    source.go.clear()
    credential = Credential(source)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(credential.token, None, None)  # type: ignore[arg-type]  # this source needs no options
        assert source.begun.wait(5)
        child = os.fork()
        if child == 0:  # pragma: no cover - another process
            source.go = threading.Event()
            source.go.set()
            os._exit(0 if credential.token(None, None) == "issued-token-2" else 1)  # type: ignore[arg-type]
        source.go.set()
        assert running.result() == "issued-token-1"
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_admin_operations_keep_their_key() -> None:
    """The identity is for operations that take the API key; those of an organization need the admin key."""
    with Site(lambda _: Answer({"object": "list", "data": []})) as site:
        reported = pytest.raises(ConfigError, match="needs admin_api_key= or OPENAI_ADMIN_KEY")
        with client(site.url, Credential(Source())) as made, reported:
            made.organization.projects.list.sync()
        with client(site.url, Credential(Source()), admin_api_key="sk-admin-1") as made:
            made.organization.projects.list.sync()
            made.models.list.sync()
        assert [sent.bearer for sent in site.sent] == ["sk-admin-1", "issued-token-1"]


@pytest.mark.world("trio")
def test_on_trio() -> None:
    """A call on trio fetches, and another one there waits."""
    trio: Any = pytest.importorskip("trio", reason="trio is not installed")

    class Trio(Source):
        async def afetch(self, options: Any, limit: float | None) -> Token:
            self.count += 1
            await trio.sleep(0.01)
            return self._next()

    source = Trio()

    async def main(url: str) -> None:
        async with client(url, Credential(source)) as made, trio.open_nursery() as nursery:
            for _ in range(5):
                nursery.start_soon(aask, made)

    with Site(chat) as site:
        trio.run(main, site.url)
        assert [sent.bearer for sent in site.sent] == ["issued-token-1"] * 5
    assert source.count == 1
