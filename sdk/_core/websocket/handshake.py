"""Open a WebSocket in place of a request: the transport of the one call that a handshake is.

The flow of calls does the rest: keys, hooks, pace, retries, redirects, and the errors of statuses.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import ConfigError, RequestError
from ..http import Headers, upgrade_route
from ..lazy import lazy_function
from ..runtime.event_loop import on_trio

if TYPE_CHECKING:
    from ..http import HttpRequest, Transport
    from .async_socket import aopen_websocket
    from .sync_socket import open_websocket
else:
    open_websocket = lazy_function(globals(), ".sync_socket", "open_websocket")
    aopen_websocket = lazy_function(globals(), ".async_socket", "aopen_websocket")

#: Switching Protocols: RFC 9110, section 15.2.2.
SWITCHED = 101
#: What a handshake writes itself, or cannot use: its response has no content encoding.
_OWN = frozenset({"accept-encoding", "host", "connection", "upgrade"})


class Setup(NamedTuple):
    """How a connection is made: what the server may choose from, and the limits of messages and queues.

    `max_message_bytes` (None: no limit) closes the connection with 1009; `queue_size` is how many messages wait for a
    reader before the server has to; `close_timeout` are the seconds that closing waits for the server.
    """

    subprotocols: tuple[str, ...] = ()
    compression: bool = False
    max_message_bytes: int | None = None
    queue_size: int = 16
    close_timeout: float = 5.0
    write_timeout: float | None = None


class Answer:
    """The server's answer to a handshake: `socket` is the open connection, None for a status other than 101."""

    has_framing = True

    def __init__(self, status: int, headers: Iterable[tuple[str, str]], body: bytes = b"", socket: Any = None) -> None:
        self.status_code, self.socket, self._body = status, socket, body
        self.headers = Headers([(name.lower(), value) for name, value in headers])
        self.on_close: Any = None

    def read(self, limit: int | None) -> bytes:
        """Return the body."""
        return self._body[:limit]

    async def aread(self, limit: int | None) -> bytes:
        """Return the body."""
        return self._body[:limit]

    def close(self) -> None:
        """Close the connection of an answer that is not used, such as one that a hook refuses."""
        if self.socket is not None:
            self.socket.kill()

    async def aclose(self) -> None:
        """Close the connection; see `close`."""
        if self.socket is not None:
            self.socket.kill()

    drain, adrain = close, aclose


class HandshakeTransport:
    """What sends the request of a handshake: a connection of its own, by the route of the client."""

    def __init__(self, transport: Transport, setup: Setup) -> None:
        if transport.custom:
            raise ConfigError(
                "a client with http_client= or transport= cannot open a WebSocket, for those send requests alone: make "
                "a client without them; http_options= takes proxies and certificates"
            )
        self._transport, self._setup = transport, setup
        self.route = upgrade_route(transport.route)

    @property
    def closed(self) -> bool:
        """Whether the client is closed."""
        return self._transport.closed

    def check_open(self) -> None:
        """Raise ClientClosedError if the client is closed."""
        self._transport.check_open()

    def send(self, request: HttpRequest) -> Answer:
        """Connect and perform the handshake. Raises NetworkError."""
        self.check_open()
        answer: Answer = open_websocket(self.route, request, self._setup)
        return self._adopted(answer)

    async def asend(self, request: HttpRequest) -> Answer:
        """Connect from a coroutine; see `send`."""
        self.check_open()
        if on_trio():
            raise RequestError(
                "a WebSocket in a coroutine needs asyncio, and this one runs on trio: use the sync form in "
                "trio.to_thread.run_sync"
            )
        answer: Answer = await aopen_websocket(self.route, request, self._setup)
        return self._adopted(answer)

    def _adopted(self, answer: Answer) -> Answer:
        if answer.socket is not None:
            self._transport.adopt(answer.socket)
        return answer


def handshake_headers(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the headers that the request adds to those of the handshake."""
    return [pair for name, pair in request.headers.items() if name not in _OWN]
