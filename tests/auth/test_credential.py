"""A token for all threads and tasks: fetched once, renewed after a 401, and its failures told once."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.auth import Credential, Token
from sdk.errors import APITimeoutError, AuthenticationError, ConfigError, CredentialError
from tests.auth.imitation import MESSAGES, Answer, Sent, Site, chat, only
from tests.faults.raw import CHAT


class Source:
    """A source that counts, and waits until the test lets it go on."""

    def __init__(self, lifetime: float | None = 3600.0) -> None:
        self.lifetime, self.count = lifetime, 0
        self.go = threading.Event()
        self.go.set()
        self.begun = threading.Event()
        self.error: Exception | None = None

    def _next(self) -> Token:
        if self.error is not None:
            raise self.error
        return Token(f"issued-token-{self.count}", self.lifetime)

    def fetch(self, options: Any, limit: float | None) -> Token:
        """Return the next token."""
        self.count += 1
        self.begun.set()
        assert self.go.wait(10)
        return self._next()

    async def afetch(self, options: Any, limit: float | None) -> Token:
        """Return the next token to a coroutine."""
        self.count += 1
        self.begun.set()
        while not self.go.is_set():
            await asyncio.sleep(0.001)
        return self._next()

    def __repr__(self) -> str:
        return "the test's source"


def client(url: str, auth: Any, **options: Any) -> Client:
    """Return a client of many calls at once, which does not try again."""
    return Client(**{"api_base": url, "auth": auth, "max_in_flight": None, "max_retries": 0, **options})


def ask(made: Client) -> str:
    """Call, and return the id of the reply."""
    return made.chat.create.sync(model="m", messages=MESSAGES).id


async def aask(made: Client) -> str:
    """Call from a coroutine; see `ask`."""
    return (await made.chat.create.asyncio(model="m", messages=MESSAGES)).id


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


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_a_401_leads_to_one_new_token(world: str) -> None:
    """The call is sent once more with a new token, although it does not try again otherwise."""
    source = Source()
    with Site(only("issued-token-2")) as site:

        async def main() -> str:
            async with client(site.url, Credential(source)) as made:
                return await aask(made)

        if world == "sync":
            with client(site.url, Credential(source)) as made:
                assert ask(made) == "c"
        else:
            assert asyncio.run(main()) == "c"
        assert [sent.bearer for sent in site.sent] == ["issued-token-1", "issued-token-2"]


def test_fifty_threads_renew_a_refused_token_once() -> None:
    """Each of them is refused, and all get the one new token."""
    source = Source()
    with (
        Site(only("issued-token-2")) as site,
        client(site.url, Credential(source)) as made,
        ThreadPoolExecutor(50) as pool,
    ):
        assert set(pool.map(ask, [made] * 50)) == {"c"}
    assert source.count == 2


def test_a_second_401_is_told() -> None:
    """The error says where the token comes from; the source is not asked for a third one."""
    source = Source()
    with Site(only("none")) as site, client(site.url, Credential(source)) as made:
        with pytest.raises(AuthenticationError) as caught:
            ask(made)
        with pytest.raises(AuthenticationError):
            ask(made)
        assert len(site.sent) == 3
    assert source.count == 2
    assert len(caught.value.attempts) == 1
    assert "comes from the test's source" in str(caught.value)
    assert "issued-token-" not in str(caught.value)


def test_retry_sent_forbids_the_second_attempt() -> None:
    """A request that may not be repeated is not repeated with another token either."""
    with Site(only("issued-token-2")) as site, client(site.url, Credential(Source()), retry_sent=False) as made:
        with pytest.raises(AuthenticationError):
            ask(made)
        assert len(site.sent) == 1


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


def test_a_header_of_the_users_takes_precedence() -> None:
    """The user's own Authorization is sent, and a 401 to it does not cost a token."""
    source = Source()
    with Site(only("issued-token-1")) as site, client(site.url, Credential(source)) as made:
        with pytest.raises(AuthenticationError):
            made.models.list.sync(extra_headers={"Authorization": "Bearer mine"})
        assert [sent.bearer for sent in site.sent] == ["mine"]
    assert source.count == 1


def test_the_clock_is_blamed_where_it_is_wrong() -> None:
    """A refused token and a Date far from this machine's time have a common cause."""

    def answer(_: Sent) -> Answer:
        return Answer({"error": "x"}, 401, {"Date": "Tue, 15 Nov 1994 08:12:31 GMT"})

    told = pytest.raises(AuthenticationError, match=r"The clock of this machine is \d+ s ahead of the server's")
    with Site(answer) as site, client(site.url, Credential(Source())) as made, told:
        ask(made)


def test_admin_operations_keep_their_key() -> None:
    """The identity is for operations that take the API key; those of an organization need the admin key."""
    with Site(lambda _: Answer({"object": "list", "data": []})) as site:
        told = pytest.raises(ConfigError, match="needs admin_api_key= or OPENAI_ADMIN_KEY")
        with client(site.url, Credential(Source())) as made, told:
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


@pytest.mark.parametrize("world", ["sync", "asyncio"])
def test_a_stream_gets_the_new_token(world: str) -> None:
    """A 401 comes before the stream begins, so that it is sent again like any call."""
    body = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[]}\n\ndata: [DONE]\n\n'

    def events(_: Sent) -> Answer:
        return Answer(body, headers={"Content-Type": "text/event-stream"})

    with Site(only("issued-token-2", events)) as site:

        async def main() -> str:
            made = client(site.url, Credential(Source()))
            async with made, made.chat.create.asyncio_stream(model="m", messages=MESSAGES) as stream:
                return (await stream.final()).id

        if world == "asyncio":
            assert asyncio.run(main()) == "c"
        else:
            made = client(site.url, Credential(Source()))
            with made, made.chat.create.stream(model="m", messages=MESSAGES) as stream:
                assert stream.final().id == "c"
        assert [sent.bearer for sent in site.sent] == ["issued-token-1", "issued-token-2"]


def test_a_body_that_can_be_read_only_once_is_not_sent_again() -> None:
    """The refusal is told; the next call has the new token."""

    class Pipe:
        """A file without a position."""

        def __init__(self) -> None:
            self.left = 3_000_000

        def read(self, size: int = -1) -> bytes:
            """Return the next bytes."""
            size = self.left if size < 0 else min(size, self.left)
            self.left -= size
            return b"x" * size

    def answer(request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)
        assert b"".join(request.stream)
        known = request.headers["authorization"] == "Bearer issued-token-2"
        return httpx.Response(200, content=CHAT) if known else httpx.Response(401, json={})

    source, pipe = Source(), Pipe()
    given: Any = {"transport": httpx.MockTransport(answer)}
    with client("http://h/v1", Credential(source), **given) as made:
        with pytest.raises(AuthenticationError, match="Not retried: the file of file can be read only once"):
            made.request("POST", "/files", json={"purpose": "batch"}, files={"file": ("a.jsonl", pipe)})
        assert ask(made) == "c"
    assert source.count == 2
