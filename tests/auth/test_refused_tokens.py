"""A token that the server refuses: one new one, for all callers, and once for each call."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from sdk.auth import Credential
from sdk.errors import AuthenticationError
from tests.auth.imitation import MESSAGES, Answer, Sent, Site, only
from tests.auth.source import Source, aask, ask, client
from tests.faults.raw import CHAT


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

    reported = pytest.raises(AuthenticationError, match=r"The clock of this machine is \d+ s ahead of the server's")
    with Site(answer) as site, client(site.url, Credential(Source())) as made, reported:
        ask(made)


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
