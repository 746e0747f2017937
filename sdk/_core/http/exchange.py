"""What both twins of an exchange decide: framing, when a request may go out again, and what becomes of a response."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .connection import WRITE
from .decoding import Decoder, decoder
from .errors import ConnectionLostError, MalformedError, NetworkError, TooLargeError, TruncatedError, UndecodableError
from .headers import Headers
from .http11 import Parser, request_head

if TYPE_CHECKING:
    from .async_connection import AsyncConnection
    from .message import HttpRequest
    from .pool import Pool
    from .route import Route
    from .sync_connection import Connection

#: Seconds to wait for the answer of a server that has stopped taking the request.
EARLY_RESPONSE_TIMEOUT = 1.0
#: What is read of a reply that cannot be decoded, so that its connection can be used again.
DRAIN_SECONDS, DRAIN_BYTES = 0.5, 256 * 1024


def may_resend(broken: ConnectionLostError, request: HttpRequest) -> bool:
    """Tell whether a request may go out once more, on a new connection: the server had closed the old one unseen."""
    if not broken.stale or not (request.resend or not broken.request_sent):
        return False
    return request.content.rewind()


def earliest(seconds: float | None, deadline: float | None) -> float | None:
    """Return when a wait must end."""
    if seconds is None:
        return deadline
    limit = time.monotonic() + seconds
    return limit if deadline is None or limit < deadline else deadline


def connect_by(route: Route, request: HttpRequest) -> float | None:
    """Return when a connection must be there. The TLS context is made before: no server is to blame for that time.

    Raises ConfigError for certificates that cannot be read.
    """
    if route.tls:
        route.context()
    return earliest(request.timeouts["connect"], request.deadline)


def encode_head(route: Route, request: HttpRequest) -> memoryview:
    """Return the head of a request; as a view, since tracebacks that show variables would show the key in bytes."""
    headers = [*request.headers.values(), *route.proxy_headers, *request.framing.items()]
    host = route.authority
    if "host" in request.headers:
        host = request.headers["host"][1]
        headers.remove(request.headers["host"])
    return memoryview(request_head(request.method, route.prefix + request.target, host, headers))


def write_chunks(head: memoryview, request: HttpRequest) -> Iterator[memoryview] | None:
    """Return the head and the body of a request in pieces to write; None where the body has to be read first."""
    if request.content.stream is not None:
        return None
    data = request.content.data or b""
    if len(data) <= WRITE:
        return iter((memoryview(b"".join((head, data))),))
    view = memoryview(data)
    pieces = [head]
    pieces += [view[at : at + WRITE] for at in range(0, len(data), WRITE)]
    return iter(pieces)


def chunk_frame(piece: bytes, length: int | None) -> bytes:
    """Return a piece of a body as it is written: with its size, where the fully_sent length is not known."""
    return piece if length is not None else b"%x\r\n%b\r\n" % (len(piece), piece)


def annotate(error: Exception, connection: Any, parser: Parser, fully_sent: bool) -> Exception:
    """Return a failure with what is known of the request."""
    if isinstance(error, MalformedError):
        error = ConnectionLostError(str(error))
    if isinstance(error, NetworkError):
        error.request_sent = fully_sent
    if isinstance(error, ConnectionLostError):
        error.stale = connection.used and not parser.started
    return error


def response_started(connection: Connection | AsyncConnection, parser: Parser) -> bool:
    """Tell whether the response has begun, with the request not yet written: then there is no use in writing on."""
    data = connection.read_available()
    if data == b"":
        raise ConnectionLostError("the server closed the connection while it was being written to")
    return data is not None and parser.head(data)


def closed(parser: Parser) -> ConnectionLostError:
    """Return the failure that the end of a connection means before the end of a response's head."""
    where = "in the middle of its headers" if parser.started else "without answering"
    return ConnectionLostError(f"the server closed the connection {where}")


class BaseResponse:
    """What both kinds of response share: status, headers, decoding, and what becomes of the connection."""

    def __init__(self, pool: Pool, connection: Any, parser: Parser, fully_sent: bool, request: HttpRequest) -> None:
        self._open = False  # until all is well: __del__ must not close what is not ours
        self._pool, self._connection, self._parser, self._fully_sent = pool, connection, parser, fully_sent
        self._timeouts, self._deadline = request.timeouts, request.deadline
        self._ready: Iterator[bytes] | None = None
        self.status_code = parser.status
        self.headers = Headers(parser.headers)
        #: Called once, when the connection is no longer this response's.
        self.on_close: Callable[[], None] | None = None
        #: Whether the response tells its own end.
        self.has_framing = parser.has_framing
        self._decoder: Decoder | None = None
        # How it is encoded, deadline the body is asked for: a status says enough where the body cannot be read.
        self._encoding = self.headers.get("content-encoding")
        self._open = True

    def close(self) -> None:
        """Be done with the response; what is unread of it costs the connection."""
        if not self._open:
            return
        self._open = False
        parser = self._parser
        try:
            if parser.done and parser.keep_alive and not parser.excess and self._fully_sent:
                stream = self.headers.get("content-type", "").startswith("text/event-stream")
                self._pool.release(self._connection, may_be_closing=stream or self.status_code >= 500)
            else:
                self._pool.discard(self._connection)
        except BaseException:  # Ctrl-C
            self._pool.discard(self._connection)
            raise
        finally:
            if self.on_close is not None:
                self.on_close()

    def _read_deadline(self) -> float | None:
        if not self._open:
            raise _sent(ConnectionLostError("the response was closed before its end"))
        return earliest(self._timeouts["read"], self._deadline)

    def _feed(self, data: bytes) -> bytes:
        """Return what some bytes hold of the body. The last one frees the connection."""
        try:
            if data:
                data = self._parser.body(data)
            else:
                self._parser.end()
        except (MalformedError, TruncatedError) as error:
            raise _sent(ConnectionLostError(str(error))) from error
        if self._parser.done:
            self.close()
        return data

    def _begin(self) -> None:
        """Make what decodes the body. Raises Undecodable; the connection is closed then, for what comes is no use."""
        encoding, self._encoding = self._encoding, None
        try:
            self._decoder = decoder(encoding) if encoding else None
        except UndecodableError:
            self.close()
            raise

    def _next_ready(self) -> bytes | None:
        if self._ready is None:
            return None
        piece = next(self._ready, None)
        if piece is None:
            self._ready = None
        return piece

    def __del__(self) -> None:
        if self._open:
            self.close()


def _sent(error: NetworkError) -> NetworkError:
    error.request_sent = True
    return error


class BodyBuffer:
    """The pieces of a body, up to a limit."""

    def __init__(self, limit: int | None) -> None:
        self._pieces: list[bytes] = []
        self._size, self._limit = 0, limit

    def add(self, piece: bytes) -> None:
        """Take a piece. Raises TooLarge."""
        self._size += len(piece)
        if self._limit is not None and self._size > self._limit:
            self._pieces.clear()
            raise TooLargeError(f"the reply is larger than max_response_bytes={self._limit}")
        self._pieces.append(piece)

    def bytes(self) -> bytes:
        """Return all of them."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
