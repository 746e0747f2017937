"""Clients and transports of httpx and of httpx2, which users bring along: calls, streams, bodies, errors."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import pytest

from sdk import Client
from sdk.errors import (
    APIConnectionError,
    APITimeoutError,
    ClientClosedError,
    ConfigError,
    PoolTimeoutError,
    RateLimitError,
    StreamBrokenError,
    StreamStalledError,
)
from sdk.testing import LocalServer
from tests.faults.raw import CHAT, Peer, Raw, always, once, reply
from tests.faults.streaming import DONE, chunk, framed

httpx2: Any = pytest.importorskip("httpx2", reason="httpx2 is not installed")
MESSAGES: Any = [{"role": "user", "content": "Hi"}]
HEAD = "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n"
#: How a call goes, and its twin for coroutines.
Ways = tuple[Callable[[Client], Any], Callable[[Client], Awaitable[Any]]]
Over = Callable[..., Any]


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    """Either library."""
    return httpx if request.param == "httpx" else httpx2


@pytest.fixture(params=["transport", "http_client"])
def over(request: pytest.FixtureRequest, library: Any, world: str) -> Over:
    """over(url, ways, **options): what a call gives, or raises, over a transport or client of the library."""

    def made() -> Any:
        if request.param == "transport":
            kind = library.HTTPTransport if world == "sync" else library.AsyncHTTPTransport
            return kind(trust_env=False)
        kind = library.Client if world == "sync" else library.AsyncClient
        return kind(trust_env=False)

    def run(url: str, ways: Ways, **options: Any) -> Any:
        options = {"api_base": url, "api_key": "test-key", "max_retries": 0, **options}

        async def main() -> Any:
            async with made() as given, Client(**options, **{request.param: given}) as client:
                return await ways[1](client)

        if world != "sync":
            return asyncio.run(main())
        with made() as given, Client(**options, **{request.param: given}) as client:
            return ways[0](client)

    return run


@pytest.fixture(params=["sync", "asyncio"])
def world(request: pytest.FixtureRequest) -> str:
    """Blocking calls, or calls from coroutines."""
    return str(request.param)


def call(**arguments: Any) -> Ways:
    """Return a chat, and its twin."""
    given = {"model": "m", "messages": MESSAGES, **arguments}

    async def acall(client: Client) -> str | None:
        return (await client.chat.create.asyncio(**given)).choices[0].message.content

    return (lambda client: client.chat.create.sync(**given).choices[0].message.content), acall


def stream(**arguments: Any) -> Ways:
    """Return a streamed chat, and its twin."""
    given = {"model": "m", "messages": MESSAGES, **arguments}

    def read(client: Client) -> str:
        with client.chat.create.stream(**given) as pieces:
            return "".join(pieces.text())

    async def aread(client: Client) -> str:
        async with client.chat.create.asyncio_stream(**given) as pieces:
            return "".join([piece async for piece in pieces.text()])

    return read, aread


def test_calls_and_streams(openai_server: LocalServer, over: Over) -> None:
    """A call is answered with a model, a stream with its chunks."""
    openai_server.reply("one")
    assert over(openai_server.url, call()) == "one"
    openai_server.reply("two words")
    assert over(openai_server.url, stream()) == "two words"


def test_a_body_that_is_streamed(openai_server: LocalServer, over: Over) -> None:
    """A file of some size goes out in pieces, whole."""
    data = b'{"a": 1}\n' * 200_000

    async def aupload(client: Client) -> int:
        return (await client.files.create.asyncio(file=io.BytesIO(data), purpose="batch")).bytes

    ways = (lambda client: client.files.create.sync(file=io.BytesIO(data), purpose="batch").bytes), aupload
    assert over(openai_server.url, ways) == len(data)


def test_an_error_of_the_server(openai_server: LocalServer, over: Over) -> None:
    """It is the error of its status, and retried."""
    openai_server.fail(429, retry_after=0)
    openai_server.fail(429, retry_after=0)
    with pytest.raises(RateLimitError) as caught:
        over(openai_server.url, call(), max_retries=1)
    assert len(caught.value.attempts) == 1


def test_nobody_listens(over: Over) -> None:
    """The request was not sent."""
    with pytest.raises(APIConnectionError, match="onnect") as caught:
        over("http://127.0.0.1:1/v1", call())
    assert caught.value.request_sent is False


def test_a_server_that_does_not_answer(over: Over) -> None:
    """The time limit is the client's option."""
    with Raw(once(Peer.hold)) as server, pytest.raises(APITimeoutError, match="took too long to answer") as caught:
        over(server.url, call(), timeout=0.1)
    assert caught.value.request_sent is True


def test_a_connection_that_breaks(over: Over) -> None:
    """A reply that ends early is no reply; what came of it is told."""
    with Raw(once(lambda peer: peer.send(reply()[:-5]))) as server, pytest.raises(APIConnectionError) as caught:
        over(server.url, call())
    assert caught.value.body == CHAT[:-5]
    assert caught.value.request_sent is True


def test_a_broken_connection_is_tried_again(over: Over) -> None:
    """The second attempt has a connection of its own."""

    def script(peer: Peer) -> None:
        if peer.number > 1:
            always(reply(b'{"choices":[{"message":{"content":"again"}}]}'))(peer)
        else:
            once(Peer.reset)(peer)

    with Raw(script) as server:
        assert over(server.url, call(), max_retries=1) == "again"


def test_a_stream_that_breaks(over: Over) -> None:
    """The error has what came before."""
    events = framed(chunk("Hel"), chunk("lo", "stop"), DONE)
    start = f"HTTP/1.1 200 OK\r\n{HEAD}\r\n".encode()
    with Raw(once(lambda peer: peer.send(start + events[:-30]))) as server, pytest.raises(StreamBrokenError) as caught:
        over(server.url, stream())
    assert caught.value.partial.choices[0].message.content.startswith("Hel")


def test_a_stream_that_goes_silent(over: Over) -> None:
    """stall_timeout limits the wait for the next piece."""
    events = framed(chunk("Hel"), chunk("lo", "stop"), DONE)
    start = f"HTTP/1.1 200 OK\r\n{HEAD}\r\n".encode()
    with Raw(once(lambda peer: peer.say(start + events[:-30]))) as server, pytest.raises(StreamStalledError):
        over(server.url, stream(stall_timeout=0.1))


def test_a_compressed_reply(over: Over) -> None:
    """This package decodes it, whatever the library offers."""
    import gzip

    body = gzip.compress(b'{"choices":[{"message":{"content":"small"}}]}')
    headers = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"
    with Raw(always(reply(body, headers=headers))) as server:
        assert over(server.url, call()) == "small"


def test_the_pool_of_the_users_client(library: Any) -> None:
    """A client that has no connection left is an error of the pool."""
    limits = library.Limits(max_connections=1)
    limited = library.Client(limits=limits, timeout=library.Timeout(5, pool=0.05), trust_env=False)

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(f"HTTP/1.1 200 OK\r\n{HEAD}\r\n".encode() + framed(chunk("Hel")))

    with Raw(script) as server, limited:
        client = Client(api_base=server.url, api_key="k", http_client=limited)
        with client, client.chat.create.stream(model="m", messages=MESSAGES) as pieces:
            assert next(iter(pieces)).content == "Hel"
            with pytest.raises(PoolTimeoutError):
                client.models.list.sync(max_retries=0)


@pytest.mark.parametrize("world", ["sync", "asyncio"], indirect=True)
def test_a_mock(library: Any, world: str) -> None:
    """A mock of the library gets its own kind of request, and gives its own kind of response."""
    seen: list[Any] = []

    def answer(request: Any) -> Any:
        seen.append(request)
        return library.Response(200, json={"choices": [{"message": {"content": "mocked"}}]})

    ways = call()
    options: Any = {"api_base": "http://h/v1", "api_key": "k", "transport": library.MockTransport(answer)}

    async def main() -> Any:
        async with Client(**options) as client:
            return await ways[1](client)

    if world == "sync":
        with Client(**options) as client:
            assert ways[0](client) == "mocked"
    else:
        assert asyncio.run(main()) == "mocked"
    assert isinstance(seen[0], library.Request)
    assert seen[0].headers["authorization"] == "Bearer k"


def test_the_wrong_kind_of_client(library: Any) -> None:
    """A client for coroutines cannot serve a blocking call, nor the other way round; the error names what is needed."""
    name = library.__name__
    given: Any = library.AsyncClient()
    reported = pytest.raises(ConfigError, match=rf"^http_client= is a AsyncClient; this call needs an {name}\.Client$")
    with Client(api_base="http://h/v1", api_key="k", http_client=given) as client, reported:
        client.models.list.sync()
    blocking: Any = library.HTTPTransport()

    async def main() -> None:
        async with Client(api_base="http://h/v1", api_key="k", transport=blocking) as client:
            await client.models.list.asyncio()

    with pytest.raises(ConfigError, match="transport= is a HTTPTransport, which serves sync calls only"):
        asyncio.run(main())


def test_what_is_of_neither_library() -> None:
    """The error names both."""
    given: Any = object()
    with pytest.raises(
        ConfigError, match=r"^http_client must be a Client or AsyncClient of httpx or httpx2, not object$"
    ):
        Client(api_key="k", http_client=given)
    with pytest.raises(ConfigError, match=r"^transport must be a transport of httpx or httpx2, not object$"):
        Client(api_key="k", transport=given)


def test_an_end_that_the_library_lets_through(library: Any) -> None:
    """Where TLS ends early, an error of anyio comes through httpx2; it is a broken connection, and tried again."""
    count = 0

    def answer(_: Any) -> Any:
        nonlocal count
        count += 1
        if count == 1:
            raise anyio.EndOfStream
        return library.Response(200, json={"object": "list", "data": []})

    options: Any = {"transport": library.MockTransport(answer), "max_retries": 1}
    with Client(api_base="http://h/v1", api_key="k", **options) as client:
        assert client.models.list.sync().data == []
    assert count == 2


def test_the_users_client_stays_open(library: Any) -> None:
    """The user closes it; a call after close() of the SDK's client sends nothing."""
    with Raw(always(reply())) as server, library.Client(trust_env=False) as given:
        client = Client(api_base=server.url, api_key="k", http_client=given)
        client.chat.create.sync(model="m", messages=MESSAGES)
        client.close()
        assert not given.is_closed
        with pytest.raises(ClientClosedError):
            client.chat.create.sync(model="m", messages=MESSAGES)
        assert len(server.requests) == 1
