"""The limit: the same calls over a plain socket or protocol, with hand-made bytes and orjson, and nothing else.

No client in Python can cost less, since this one leaves out all that makes a client: timeouts, errors, retries, types.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import orjson

MESSAGES: Any = [{"role": "user", "content": "Hi"}]
_READ = 64 * 1024


class Limit:
    """A blocking socket for one call at a time, a protocol for each of many."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = parts.hostname or "", parts.port or 80
        self._head = (
            f"POST {parts.path}/chat/completions HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer k\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._socket = socket.create_connection(self._address)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def chat(self, model: str = "m") -> str:
        """Make a chat call and return its text."""
        self._socket.sendall(self._request(model))
        data = b""
        while (body := body_of(data)) is None:
            data += self._socket.recv(_READ)
        text: str = orjson.loads(body)["choices"][0]["message"]["content"]
        return text

    def decoder(self, kind: str) -> Callable[[bytes], Any]:
        """Return what reads a reply from its bytes."""
        read: Callable[[bytes], Any] = orjson.loads
        return read

    async def many(
        self, at_once: int, measure: Callable[[Callable[[], Awaitable[Any]]], Awaitable[Any]], extra: str | None = None
    ) -> None:
        """Make calls from coroutines; the limit takes no extra."""
        loop = asyncio.get_running_loop()
        idle: list[_Connection] = []

        async def call() -> None:
            connection = idle.pop() if idle else (await loop.create_connection(_Connection, *self._address))[1]
            body = await connection.ask(self._request("m"))
            idle.append(connection)
            assert orjson.loads(body)["choices"]

        await measure(call)
        for connection in idle:
            connection.transport.close()

    def _request(self, model: str) -> bytes:
        body = orjson.dumps({"model": model, "messages": MESSAGES})
        return b"%b%d\r\n\r\n%b" % (self._head, len(body), body)


class _Connection(asyncio.Protocol):
    transport: Any

    def connection_made(self, transport: Any) -> None:
        self.transport, self._data = transport, b""
        self._loop = asyncio.get_running_loop()

    def ask(self, request: bytes) -> asyncio.Future[bytes]:
        """Send a request and return its reply's body, which is still to come."""
        self._reply: asyncio.Future[bytes] = self._loop.create_future()
        self.transport.write(request)
        return self._reply

    def data_received(self, data: bytes) -> None:
        self._data += data
        body = body_of(self._data)
        if body is not None:
            self._data = b""
            self._reply.set_result(body)


def body_of(data: bytes) -> bytes | None:
    """Return the body of a response that is whole, as the server of the benchmarks writes it."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    size = int(data[data.index(b"Content-Length: ") + 16 : end])  # the last of its headers
    body = data[end + 4 :]
    return body if len(body) == size else None
