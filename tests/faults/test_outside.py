"""Over httpx, which a user brought along or trio needs: the limits hold as over the SDK's own connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
import trio

from sdk import Client
from sdk.errors import APIConnectionError, APITimeoutError, StreamStalledError

from .raw import Peer, Raw, always, once, reply
from .streaming import DONE, HEAD, LAST, chunk, framed

MESSAGES: Any = [{"role": "user", "content": "Hi"}]
Ask = Callable[..., Any]

WORLDS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "sync http_client": ("sync", lambda: {"http_client": httpx.Client(trust_env=False)}),
    "sync transport": ("sync", lambda: {"transport": httpx.HTTPTransport()}),
    "asyncio http_client": ("asyncio", lambda: {"http_client": httpx.AsyncClient(trust_env=False)}),
    "asyncio transport": ("asyncio", lambda: {"transport": httpx.AsyncHTTPTransport()}),
    "asyncio aiohttp": ("asyncio", lambda: {"transport": pytest.importorskip("httpx_aiohttp").AiohttpTransport()}),
    "trio": ("trio", dict),
    "trio http_client": ("trio", lambda: {"http_client": httpx.AsyncClient(trust_env=False)}),
}
COROUTINES = [name for name, (kind, _) in WORLDS.items() if kind != "sync"]


def over(world: str, url: str, do: Callable[[Client], Any], ado: Callable[[Client], Awaitable[Any]]) -> Any:
    """Run one of two functions with a client that sends over httpx; return what it returns."""
    kind, make = WORLDS[world]
    options: dict[str, Any] = {"api_base": url, "api_key": "k", "max_retries": 0, "connect_timeout": 1}

    def sync() -> Any:
        given = make()
        with Client(**options, **given) as client:
            try:
                return do(client)
            finally:
                for one in given.values():
                    one.close()

    async def main() -> Any:
        given = make()
        async with Client(**options, **given) as client:
            try:
                return await ado(client)
            finally:
                for one in given.values():
                    await one.aclose()

    return sync() if kind == "sync" else asyncio.run(main()) if kind == "asyncio" else trio.run(main)


def fails(world: str, url: str, kind: type[Exception], **options: Any) -> float:
    """Make a call that must raise, and return the seconds that it took."""

    def do(client: Client) -> None:
        client.chat.create.sync(model="m", messages=MESSAGES, **options)

    async def ado(client: Client) -> None:
        await client.chat.create.asyncio(model="m", messages=MESSAGES, **options)

    began = time.monotonic()
    with pytest.raises(kind):
        over(world, url, do, ado)
    return time.monotonic() - began


@pytest.mark.parametrize("then", [Peer.hold, lambda peer: None], ids=["stall", "cut"])
@pytest.mark.parametrize("world", WORLDS)
def test_b1_what_came_is_kept(world: str, then: Callable[[Peer], Any]) -> None:
    """Of a body that stops or is cut, the error keeps what came, with the request's id."""

    def answer(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nX-Request-Id: req_7\r\nContent-Length: 99\r\n\r\n{")
        then(peer)

    def do(client: Client) -> None:
        client.chat.create.sync(model="m", messages=MESSAGES, stall_timeout=0.2)

    async def ado(client: Client) -> None:
        await client.chat.create.asyncio(model="m", messages=MESSAGES, stall_timeout=0.2)

    with Raw(once(answer)) as server, pytest.raises(APIConnectionError) as raised:
        over(world, server.url, do, ado)
    assert (raised.value.body, raised.value.request_id, raised.value.request_sent) == (b"{", "req_7", True)


def _silent_body(peer: Peer) -> None:
    peer.say(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")


def _dripping_body(peer: Peer) -> None:
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n")
    _drip(peer, b" " * 500)


def _body_without_length(peer: Peer) -> None:
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    peer.pause(0.1)
    peer.say(reply().partition(b"\r\n\r\n")[2])


def _dripping_head(peer: Peer) -> None:
    _drip(peer, b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 60)


def _drip(peer: Peer, data: bytes) -> None:
    for byte in data:
        if peer.pause(0.02):
            break
        peer.send(bytes([byte]))


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("server", [_silent_body, _dripping_body, _body_without_length], ids=lambda f: f.__name__)
def test_the_deadline_holds_while_a_body_is_read(world: str, server: Any) -> None:
    """A body that stops, or drips, ends with the deadline of the call, not with the time of a stall."""
    with Raw(once(server)) as raw:
        assert fails(world, raw.url, APITimeoutError, stall_timeout=20, deadline=0.3) < 3


@pytest.mark.parametrize("world", COROUTINES)
@pytest.mark.parametrize("option", ["timeout", "deadline"])
def test_headers_that_drip(world: str, option: str) -> None:
    """Until the headers are there a coroutine waits no longer than it was told, however they come."""
    with Raw(once(_dripping_head)) as raw:
        # connect_timeout and the time of the request's own sending come on top
        assert fails(world, raw.url, APITimeoutError, **{option: 0.3}) < 3


@pytest.mark.parametrize("world", WORLDS)
def test_a_stall_is_not_a_slow_start(world: str) -> None:
    """`timeout` ends with the headers: a stream whose pieces come slower than that is read to its end."""

    def server(peer: Peer) -> None:
        peer.send(HEAD + framed(chunk("Hel")))
        peer.pause(0.8)
        peer.send(framed(chunk("lo"), DONE) + LAST)

    def do(client: Client) -> Any:
        with client.chat.create.stream(model="m", messages=MESSAGES, timeout=0.4, stall_timeout=10) as stream:
            return "".join(stream.text())

    async def ado(client: Client) -> Any:
        create = client.chat.create.asyncio_stream(model="m", messages=MESSAGES, timeout=0.4, stall_timeout=10)
        async with create as stream:
            return "".join([piece async for piece in stream.text()])

    with Raw(once(server)) as raw:
        assert over(world, raw.url, do, ado) == "Hello"


@pytest.mark.parametrize("world", WORLDS)
def test_a_stream_that_stalls(world: str) -> None:
    """Between two pieces it is `stall_timeout` that counts, whatever `timeout` is."""

    def server(peer: Peer) -> None:
        peer.say(HEAD + framed(chunk("Hel")))

    def do(client: Client) -> Any:
        with client.chat.create.stream(model="m", messages=MESSAGES, timeout=20, stall_timeout=0.3) as stream:
            list(stream)

    async def ado(client: Client) -> Any:
        create = client.chat.create.asyncio_stream(model="m", messages=MESSAGES, timeout=20, stall_timeout=0.3)
        async with create as stream:
            async for _ in stream:
                pass

    began = time.monotonic()
    with Raw(once(server)) as raw, pytest.raises(StreamStalledError):
        over(world, raw.url, do, ado)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("ends", [True, False], ids=["ends", "stays open"])
def test_what_follows_the_end_of_a_stream_is_not_waited_for(world: str, ends: bool) -> None:
    """After [DONE] the reply is there at once: a body that ends keeps its connection, one that goes on costs it."""

    def server(peer: Peer) -> None:
        while peer.request():
            peer.send(HEAD + framed(chunk("Hel"), chunk("lo", "stop"), DONE) + (LAST if ends else b""))

    def do(client: Client) -> Any:
        ask = client.chat.create.stream
        return [ask(model="m", messages=MESSAGES).final().choices[0].message.content for _ in range(2)]

    async def ado(client: Client) -> Any:
        ask = client.chat.create.asyncio_stream
        return [(await ask(model="m", messages=MESSAGES).final()).choices[0].message.content for _ in range(2)]

    began = time.monotonic()
    with Raw(server) as raw:
        assert over(world, raw.url, do, ado) == ["Hello", "Hello"]
        assert raw.connections == (1 if ends and world != "trio" else 2)
    assert time.monotonic() - began < 3


def test_no_call_reads_what_stands_behind_anothers_reply() -> None:
    """On trio a connection serves one call, so that surplus bytes are nobody's answer."""
    poisoned = reply() + reply(b'{"id":"poisoned"}')

    async def main(url: str) -> list[str]:
        async with Client(api_base=url, api_key="k") as client:
            return [(await client.chat.create.asyncio(model="m", messages=MESSAGES)).id for _ in range(3)]

    with Raw(always(poisoned)) as raw:
        assert trio.run(main, raw.url) == ["c"] * 3
        assert raw.connections == 3
