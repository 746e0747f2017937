"""Open WebSockets for coroutines, on the library's connection; the twin of `sync_socket`."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import WebSocketException

from ..http import HttpRequest, Route, aopen_socket, connect_deadline, earliest
from .handshake import SWITCHED, Answer, Setup, handshake_headers
from .wire import has_ended, protocol_of, refused, set_host, switched


class AsyncSocket(ClientConnection):
    """One open WebSocket on an event loop."""

    #: When bytes came last, in the time of the event loop.
    heard = 0.0
    descriptor: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; keep the socket, which a transport of TLS forgets when it is closed."""
        self.descriptor = transport.get_extra_info("socket")
        super().connection_made(transport)

    @property
    def reading_paused(self) -> bool:
        """Whether a slow reader keeps the connection from reading."""
        return not self.transport.is_closing() and not self.transport.is_reading()

    def data_received(self, data: bytes) -> None:
        """Take bytes, and note when."""
        self.heard = self.loop.time()
        super().data_received(data)

    def send_data(self) -> None:
        """Write what the library sends in answer. After the server's close there is nothing to wait for.

        A connection is closed once: Python 3.11.2 forgets one over TLS that is closed again, and cannot abort it then.
        """
        if self.transport.is_closing():
            return
        super().send_data()
        if has_ended(self.protocol) and not self.transport.is_closing():
            self.transport.close()

    def kill(self) -> None:
        """Close the connection without a closing handshake, from any thread."""
        if self.loop.is_closed():
            self.disown()
        elif asyncio._get_running_loop() is self.loop:
            self.transport.abort()
        else:
            self.loop.call_soon_threadsafe(self.transport.abort)

    def disown(self) -> None:
        """Close the descriptor, and touch no event loop: in the child of a fork, and where the loop has ended."""
        with suppress(OSError):
            getattr(self.descriptor, "_sock", self.descriptor).close()


async def aopen_websocket(route: Route, request: HttpRequest, setup: Setup) -> Answer:
    """Connect, and perform the handshake; see `open_websocket`."""

    def socket() -> AsyncSocket:
        protocol = protocol_of(route, request, setup)
        set_host(protocol, request)
        return AsyncSocket(protocol, ping_interval=None, close_timeout=setup.close_timeout, max_queue=setup.queue_size)

    made: AsyncSocket = await aopen_socket(route, connect_deadline(route, request), socket)
    until = earliest(request.timeouts["read"], request.deadline)
    try:
        async with asyncio.timeout(None if until is None else max(0.0, until - time.monotonic())):
            await made.handshake(handshake_headers(request), None)
        headers = switched(made.response)
    except (WebSocketException, OSError) as error:  # TimeoutError is an OSError
        made.kill()
        await asyncio.sleep(0)  # the loop closes the socket in its next iteration
        return refused(error)
    except BaseException:
        made.kill()
        raise
    return Answer(SWITCHED, headers, socket=made)
