"""A socket of asyncio closes its transport once, since Python 3.11.2 forgets a TLS connection that is closed twice."""

from __future__ import annotations

import asyncio
from typing import Any

from websockets.client import ClientProtocol
from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import OPEN
from websockets.uri import parse_uri

from sdk._core.websocket.async_socket import AsyncSocket


class ForgetfulTransport(asyncio.Transport):
    """A transport as that Python has it over TLS: closed twice, it has no connection to abort."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    def write(self, data: Any) -> None:
        """Take bytes."""

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Nothing is buffered."""

    def can_write_eof(self) -> bool:
        """TLS has no half-close."""
        return False

    def is_closing(self) -> bool:
        """Whether it was closed."""
        return bool(self.calls)

    def close(self) -> None:
        """Note a close."""
        self.calls.append("close")

    def abort(self) -> None:
        """Note an abort; fail where the connection was forgotten."""
        assert self.calls.count("close") < 2, "'NoneType' object has no attribute '_abort'"
        self.calls.append("abort")


def test_a_socket_that_has_ended_is_closed_once_and_can_be_killed() -> None:
    """The server's close comes, its echo goes, and the end of the stream is another reason to close."""

    async def main() -> list[str]:
        protocol = ClientProtocol(parse_uri("wss://h/"), state=OPEN)
        socket = AsyncSocket(protocol, ping_interval=None, close_timeout=0.1)
        transport = ForgetfulTransport()
        socket.connection_made(transport)
        socket.response = Response(101, "Switching Protocols", Headers())
        close = Frame(Opcode.CLOSE, (1000).to_bytes(2, "big")).serialize(mask=False)
        socket.data_received(close)
        socket.data_received(b"")
        socket.send_data()
        socket.kill()
        socket.connection_lost(None)
        return transport.calls

    assert asyncio.run(main()) == ["close", "abort"]
