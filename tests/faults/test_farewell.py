"""Servers that close a connection right after a reply that did not say so, as llama-server and uvicorn do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from sdk import Client
from sdk.errors import InternalServerError

from .conftest import KEY, MESSAGES
from .raw import Peer, Raw, reply
from .streaming import DONE, chunk, streamed

# After a stream by llama-server b11669, which promises to keep the connection; after a 500 by uvicorn 0.54.
STREAM = streamed(
    chunk("Hi"), chunk(None, "stop"), DONE,
    head=b"HTTP/1.1 200 OK\r\nServer: llama.cpp\r\nContent-Type: text/event-stream\r\n"
    b"Transfer-Encoding: chunked\r\nKeep-Alive: timeout=5, max=100\r\n\r\n",
)  # fmt: skip
FAILED = reply(b"Internal Server Error", "500 Internal Server Error", "content-type: text/plain; charset=utf-8\r\n")

CHAT: Any = {"model": "m", "messages": MESSAGES}


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], None]]:
    """What happens while a call waits for the farewell of a connection, which is more than time."""
    found: list[Callable[[], None]] = []

    def sleep(seconds: float) -> None:
        if seconds:
            found[0]()

    async def asleep(seconds: float) -> None:
        sleep(seconds)

    monkeypatch.setattr("sdk._core.http.pool.CLOSE_GRACE", 60.0)  # however slow the machine is
    monkeypatch.setattr("sdk._core.http.sync_exchange.sleep", sleep)
    monkeypatch.setattr("sdk._core.http.async_exchange.sleep", asleep)
    return found


def _two_calls(server: Raw, world: str, streams: bool, **options: Any) -> None:
    """Make a call, which streams or fails, and another."""

    def sync() -> None:
        with Client(api_base=server.url, api_key=KEY, **options) as client:
            if streams:
                with client.chat.create.stream(**CHAT) as stream:
                    stream.final()
            else:
                with pytest.raises(InternalServerError):
                    client.chat.create.sync(**CHAT)
            client.chat.create.sync(**CHAT)

    async def asynchronous() -> None:
        async with Client(api_base=server.url, api_key=KEY, **options) as client:
            if streams:
                async with client.chat.create.asyncio_stream(**CHAT) as stream:
                    await stream.final()
            else:
                with pytest.raises(InternalServerError):
                    await client.chat.create.asyncio(**CHAT)
            await client.chat.create.asyncio(**CHAT)

    sync() if world == "sync" else asyncio.run(asynchronous())


@pytest.mark.parametrize(
    ("first", "policy"),
    [(STREAM, {"max_retries": 0}), (STREAM, {"retry_sent": False}), (FAILED, {"max_retries": 0})],
    ids=["stream, no retries", "stream, sent once", "500"],
)
def test_a_call_that_may_be_sent_once_waits_for_it(
    world: str, waits: list[Callable[[], None]], first: bytes, policy: dict[str, Any]
) -> None:
    """After a stream and after a 500, a request that must not be sent twice is not sent where it would be lost."""
    asked = Event()

    def script(peer: Peer) -> None:
        if peer.request() is not None and peer.number == 1:
            peer.send(first)
            asked.wait(2)
        else:
            peer.say(reply())

    with Raw(script) as server:

        def farewell() -> None:
            asked.set()
            server.has_closed(1)

        waits.append(farewell)
        _two_calls(server, world, first is STREAM, **policy)
        assert (len(server.requests), server.connections) == (2, 2)


def test_only_where_a_request_may_not_be_sent_again(world: str, waits: list[Callable[[], None]]) -> None:
    """With retries nothing waits: a request that a kept connection lost goes out once more, as it always did."""
    waits.append(lambda: pytest.fail("it waited"))

    def script(peer: Peer) -> None:
        if peer.request() is not None and peer.number == 1:
            peer.send(STREAM)
            peer.request()
        else:
            peer.say(reply())

    with Raw(script) as server:
        _two_calls(server, world, streams=True)
        assert (len(server.requests), server.connections) == (3, 2)


def test_a_kept_connection_is_used_again(world: str) -> None:
    """A server that keeps what it promised loses nothing by the wait."""

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(STREAM if len(server.requests) == 1 else reply())

    with Raw(script) as server:
        _two_calls(server, world, streams=True, max_retries=0)
        assert (len(server.requests), server.connections) == (2, 1)
