"""Decisions that both twins of an exchange share: framing, resending, and the end of a response."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ..lazy import lazy_function
from .connection import WRITE
from .errors import ConnectionLostError, MalformedError, NetworkError, TooLargeError, TruncatedError, UndecodableError
from .headers import Headers
from .http11 import Parser, request_head
from .message import WITHOUT_BODY

if TYPE_CHECKING:
    from .async_connection import AsyncConnection
    from .decoding import Decoder, decoder
    from .message import HttpRequest
    from .pool import Pool
    from .route import Route
    from .sync_connection import Connection
else:  # for replies with a content encoding
    decoder = lazy_function(globals(), ".decoding", "decoder")

#: Seconds to wait for the response of a server that no longer reads the request.
EARLY_RESPONSE_TIMEOUT = 1.0
#: Limits of reading an unwanted response to its end, so that its connection can be used again.
DRAIN_SECONDS, DRAIN_BYTES = 0.5, 256 * 1024


def may_resend(broken: ConnectionLostError, request: HttpRequest) -> bool:
    """Return whether a request may be sent again on a new connection: the server cannot have read it before."""
    if not broken.stale or not (request.resend or not broken.request_sent):
        return False
    return request.content.rewind()


def earliest(seconds: float | None, deadline: float | None) -> float | None:
    """Return the earlier of two deadlines: `seconds` from now, and `deadline`."""
    if seconds is None:
        return deadline
    limit = time.monotonic() + seconds
    return limit if deadline is None or limit < deadline else deadline


def connect_deadline(route: Route, request: HttpRequest) -> float | None:
    """Return the deadline for connecting. The TLS context is built first, so that its time does not count.

    Raises ConfigError for certificates that cannot be read.
    """
    if route.tls:
        route.context()
    return earliest(request.timeouts["connect"], request.deadline)


def encode_head(route: Route, request: HttpRequest) -> memoryview:
    """Return the head of a request, as a memoryview: a traceback that shows variables would show the key in bytes."""
    framing = request.content.framing or WITHOUT_BODY.get(request.method, {})
    headers = [*request.headers.values(), *route.proxy_headers, *framing.items()]
    host = route.authority
    if "host" in request.headers:
        host = request.headers["host"][1]
        headers.remove(request.headers["host"])
    return memoryview(request_head(request.method, route.prefix + request.target, host, headers))


def write_chunks(head: memoryview, request: HttpRequest) -> Iterator[memoryview] | None:
    """Return the head and the body of a request as chunks to write; None if the body is a stream."""
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
    """Return a piece of a body as it is written: as a chunk with its size if the length of the body is unknown."""
    return piece if length is not None else b"%x\r\n%b\r\n" % (len(piece), piece)


def annotate(error: Exception, connection: Any, parser: Parser, fully_sent: bool) -> Exception:
    """Return an error with the state of the request: whether it was fully sent, and its connection stale."""
    if isinstance(error, MalformedError):
        error = ConnectionLostError(str(error))
    if isinstance(error, NetworkError):
        error.request_sent = fully_sent
    if isinstance(error, ConnectionLostError):
        error.stale = connection.used and not parser.started
    return error


def response_started(connection: Connection | AsyncConnection, parser: Parser) -> bool:
    """Return whether the response has begun while the request is being written: then the rest need not be written."""
    data = connection.read_available()
    if data == b"":
        raise ConnectionLostError("the server closed the connection while the request was being sent")
    return data is not None and parser.head(data)


def received(data: bytes, parser: Parser) -> bytes:
    """Return bytes of a response's head. Raises ConnectionLostError for b"", the end of the connection."""
    if not data:
        where = "in the middle of its headers" if parser.started else "without answering"
        raise ConnectionLostError(f"the server closed the connection {where}")
    return data


class BaseResponse:
    """The common part of both responses: status, headers, decoding, and the release of the connection."""

    def __init__(self, pool: Pool, connection: Any, parser: Parser, fully_sent: bool, request: HttpRequest) -> None:
        self._open = False  # until __init__ succeeds: __del__ must not release the connection before
        self._pool, self._connection, self._parser, self._fully_sent = pool, connection, parser, fully_sent
        self._timeouts, self._deadline = request.timeouts, request.deadline
        self._ready: Iterator[bytes] | None = None
        self.status_code = parser.status
        self.headers = Headers(parser.headers)
        #: Called once, when this response gives up its connection.
        self.on_close: Callable[[], None] | None = None
        #: Whether the response marks its own end, rather than by closing the connection.
        self.has_framing = parser.has_framing
        self._decoder: Decoder | None = None
        # The decoder is created when the body is read: the status is useful even if the body cannot be decoded.
        self._encoding = self.headers.by_name.get("content-encoding")
        self._open = True

    def close(self) -> None:
        """Close the response; its connection is closed too unless the whole body has been read."""
        if not self._open:
            return
        self._open = False
        parser = self._parser
        try:
            if parser.done and parser.keep_alive and not parser.excess and self._fully_sent:
                stream = self.headers.by_name.get("content-type", "").startswith("text/event-stream")
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
            raise _mark_sent(ConnectionLostError("the response was closed before its end"))
        return earliest(self._timeouts["read"], self._deadline)

    def _feed(self, data: bytes) -> bytes:
        """Return the part of the body that `data` holds. The end of the body releases the connection."""
        try:
            if data:
                data = self._parser.body(data)
            else:
                self._parser.end(truncated=self._connection.truncated)
        except (MalformedError, TruncatedError) as error:
            raise _mark_sent(ConnectionLostError(str(error))) from error
        if self._parser.done:
            self.close()
        return data

    def _begin(self) -> None:
        """Create the decoder of the body. Raises UndecodableError; the response is closed then."""
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


def _mark_sent(error: NetworkError) -> NetworkError:
    error.request_sent = True
    return error


def too_large(pieces: list[bytes], limit: int) -> TooLargeError:
    """Return the error of a body over its limit, and let go of what has arrived of it."""
    pieces.clear()
    return TooLargeError(f"the reply is larger than max_response_bytes={limit}")
