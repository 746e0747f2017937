"""What tests of streams need: events on the wire, and a stream read to its end in either world."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from sdk import Client
from sdk.errors import APIError

from .conftest import KEY, MESSAGES
from .raw import Raw

HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Request-Id: req_1\r\nTransfer-Encoding: chunked\r\n\r\n"
)
LAST = b"0\r\n\r\n"
DONE = b"data: [DONE]\n\n"


def chunk(text: str | None = None, finish: str | None = None, **delta: Any) -> bytes:
    """Return one chunk of a chat stream as an event."""
    if text is not None:
        delta["content"] = text
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    wire = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return event(wire)


def event(wire: Any, name: str | None = None) -> bytes:
    """Return an object as an event."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(wire)}\n\n".encode()


def framed(*pieces: bytes) -> bytes:
    """Return pieces as chunks of a chunked body, without its last one."""
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


def streamed(*pieces: bytes, head: bytes = HEAD) -> bytes:
    """Return a whole response whose body comes in these pieces."""
    return head + framed(*pieces) + LAST


class Read(NamedTuple):
    """What reading a stream gave; `open` are the sockets that the client side holds while the client lives."""

    chunks: list[Any]
    error: BaseException | None
    reply: Any
    open: int

    @property
    def failed(self) -> APIError:
        """The error, which must be one of ours."""
        assert isinstance(self.error, APIError), repr(self.error)
        return self.error

    @property
    def text(self) -> str:
        """The text of all chunks."""
        return "".join(c.choices[0].delta.content or "" for c in self.chunks if c.choices)


#: read(server, open=..., times=1, client={...}, operation="chat.create", **arguments)
Reading = Callable[..., Read]


def reading(world: str) -> Reading:
    """Return what reads a stream to its end in a world, keeping the chunks; the last of `times` counts."""

    def start(client: Client, operation: str, form: str, arguments: dict[str, Any]) -> Any:
        found: Any = client
        for name in operation.split("."):
            found = getattr(found, name)
        if operation == "chat.create":
            arguments = {"model": "m", "messages": MESSAGES, **arguments}
        return getattr(found, form)(**arguments)

    def blocking(server: Raw, open: int | None, times: int, client: Any, operation: str, given: Any) -> Read:
        with Client(**{"api_base": server.url, "api_key": KEY, **client}) as made:
            for _ in range(times):
                chunks, error, reply = [], None, None
                try:
                    with start(made, operation, "stream", given) as stream:
                        chunks.extend(stream)
                        reply = stream.final()
                except Exception as raised:
                    error = raised
            return Read(chunks, error, reply, server.open(open))

    async def main(server: Raw, open: int | None, times: int, client: Any, operation: str, given: Any) -> Read:
        server.baseline()
        async with Client(**{"api_base": server.url, "api_key": KEY, **client}) as made:
            for _ in range(times):
                chunks, error, reply = [], None, None
                try:
                    async with start(made, operation, "asyncio_stream", given) as stream:
                        async for item in stream:
                            chunks.append(item)  # noqa: PERF401  # those before an error count
                        reply = await stream.final()
                except Exception as raised:
                    error = raised
            await asyncio.sleep(0)
            held = server.open(open)
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return Read(chunks, error, reply, held)

    def either(
        server: Raw,
        *,
        open: int | None = 0,
        times: int = 1,
        client: Any = None,
        operation: str = "chat.create",
        **arguments: Any,
    ) -> Read:
        given = (server, open, times, client or {}, operation, arguments)
        return blocking(*given) if world == "sync" else asyncio.run(main(*given))

    return either


@pytest.fixture
def read(world: str) -> Reading:
    """Read a stream to its end, with a client of its own."""
    return reading(world)
