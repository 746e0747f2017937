"""One request and its response on one connection, for blocking callers; `_aexchange` is the same with `await`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from time import sleep
from typing import TYPE_CHECKING, Any

from .decoding import Decoder, Undecodable, decoder
from .headers import Headers
from .http11 import Malformed, Parser, Truncated, request_head
from .sync_connection import WRITE, Broken, NetworkError, connect

if TYPE_CHECKING:
    from ..effects import Send
    from .async_connection import AsyncWire
    from .pool import Pool
    from .route import Route
    from .sync_connection import Wire

#: Seconds to wait for the answer of a server that has stopped taking the request.
LAST_WORDS = 1.0
#: What is read of a reply that cannot be decoded, so that its connection can be used again.
DRAIN_SECONDS, DRAIN_BYTES = 0.5, 256 * 1024


class TooLarge(Exception):
    """The reply is larger than allowed."""


def again(broken: Broken, send: Send) -> bool:
    """Tell whether a request may go out once more, on a new connection: the server had closed the old one unseen."""
    if not broken.stale or not (send.resend or not broken.request_sent):
        return False
    return send.content.rewind()


def by(seconds: float | None, deadline: float | None) -> float | None:
    """Return when a wait must end."""
    if seconds is None:
        return deadline
    until = time.monotonic() + seconds
    return until if deadline is None or until < deadline else deadline


def connect_by(route: Route, send: Send) -> float | None:
    """Return when a connection must be there. The TLS context is made before: no server is to blame for that time.

    Raises ConfigError for certificates that cannot be read.
    """
    if route.tls:
        route.context()
    return by(send.timeouts["connect"], send.deadline)


def head_of(route: Route, send: Send) -> memoryview:
    """Return the head of a request; as a view, since tracebacks that show variables would show the key in bytes."""
    headers = [*send.headers.values(), *route.proxy_headers, *send.content.framing.items()]
    host = route.authority
    if "host" in send.headers:
        host = send.headers["host"][1]
        headers.remove(send.headers["host"])
    return memoryview(request_head(send.method, route.prefix + send.target, host, headers))


def pieces_of(head: memoryview, send: Send) -> Iterator[memoryview] | None:
    """Return the head and the body of a request in pieces to write; None where the body has to be read first."""
    if send.content.stream is not None:
        return None
    data = send.content.data or b""
    if len(data) <= WRITE:
        return iter((memoryview(b"".join((head, data))),))
    view = memoryview(data)
    pieces = [head]
    pieces += [view[at : at + WRITE] for at in range(0, len(data), WRITE)]
    return iter(pieces)


def framed(piece: bytes, length: int | None) -> bytes:
    """Return a piece of a body as it is written: with its size, where the whole length is not known."""
    return piece if length is not None else b"%x\r\n%b\r\n" % (len(piece), piece)


def deliver(route: Route, pool: Pool, send: Send) -> Response:
    """Send a request over a connection of the pool, or over a new one; see `exchange`."""
    if not send.resend and (seconds := pool.doubt()):
        sleep(seconds)
    wire = pool.take()
    if wire is not None:
        try:
            return exchange(route, pool, wire, send)
        except Broken as broken:
            if not again(broken, send):
                raise
    wire = connect(route, connect_by(route, send))
    pool.add(wire)
    return exchange(route, pool, wire, send)


def exchange(route: Route, pool: Pool, wire: Wire, send: Send) -> Response:
    """Send a request and return its response once the headers are there.

    Raises NetworkError, and whatever reading the request's body raises; the connection is closed then.
    """
    parser, whole = Parser(), False
    try:
        try:
            whole = _write(wire, parser, head_of(route, send), send)
        except Broken as broken:
            _last_words(wire, parser, broken)
        if not parser.status >= 200:
            until = by(send.timeouts["read"], send.deadline)
            while not parser.head(_more(wire, parser, until), bodiless=send.method == "HEAD"):
                pass
        return Response(pool, wire, parser, whole, send)
    except (NetworkError, Malformed) as error:
        pool.forget(wire)
        raise explained(error, wire, parser, whole) from error.__cause__
    except BaseException:
        pool.forget(wire)
        raise


def explained(error: Exception, wire: Any, parser: Parser, whole: bool) -> Exception:
    """Return a failure with what is known of the request."""
    if isinstance(error, Malformed):
        error = Broken(str(error))
    if isinstance(error, NetworkError):
        error.request_sent = whole
    if isinstance(error, Broken):
        error.stale = wire.used and not parser.begun
    return error


def _write(wire: Wire, parser: Parser, head: memoryview, send: Send) -> bool:
    """Write a request; return whether it was written whole, or the server answered before."""
    pieces = pieces_of(head, send)
    limit = send.timeouts["write"]
    if pieces is not None:
        wire.send(next(pieces), by(limit, send.deadline))
        for data in pieces:
            if answered(wire, parser):
                return False
            wire.send(data, by(limit, send.deadline))
        return True
    stream = send.content.stream
    assert stream is not None
    wire.send(head, by(limit, send.deadline))
    for piece in stream:
        if answered(wire, parser):
            return False
        wire.send(framed(piece, stream.length), by(limit, send.deadline))
    if stream.length is None:
        wire.send(b"0\r\n\r\n", by(limit, send.deadline))
    return True


def answered(wire: Wire | AsyncWire, parser: Parser) -> bool:
    """Tell whether the response has begun, with the request not yet written: then there is no use in writing on."""
    data = wire.at_hand()
    if data == b"":
        raise Broken("the server closed the connection while it was being written to")
    return data is not None and parser.head(data)


def _last_words(wire: Wire, parser: Parser, broken: Broken) -> None:
    """Read the answer of a server that refused the rest of a request. Raises `broken` if there is none."""
    try:
        until = by(LAST_WORDS, None)
        while not parser.head(_more(wire, parser, until)):
            pass
    except (NetworkError, Malformed):
        raise broken from broken.__cause__


def _more(wire: Wire, parser: Parser, until: float | None) -> bytes:
    data = wire.receive(until)
    if not data:
        raise closed(parser)
    return data


def closed(parser: Parser) -> Broken:
    """Return the failure that the end of a connection means before the end of a response's head."""
    where = "in the middle of its headers" if parser.begun else "without answering"
    return Broken(f"the server closed the connection {where}")


class BaseResponse:
    """What both kinds of response share: status, headers, decoding, and what becomes of the connection."""

    def __init__(self, pool: Pool, wire: Any, parser: Parser, whole: bool, send: Send) -> None:
        self._open = False  # until all is well: __del__ must not close what is not ours
        self._pool, self._wire, self._parser, self._whole = pool, wire, parser, whole
        self._timeouts, self._deadline = send.timeouts, send.deadline
        self._ready: Iterator[bytes] | None = None
        self.status_code = parser.status
        self.headers = Headers(parser.headers)
        #: Called once, when the connection is no longer this response's.
        self.on_close: Callable[[], None] | None = None
        #: Whether the response tells its own end.
        self.framed = parser.framed
        self._decoder: Decoder | None = None
        # How it is encoded, until the body is asked for: a status says enough where the body cannot be read.
        self._encoding = self.headers.get("content-encoding")
        self._open = True

    def close(self) -> None:
        """Be done with the response; what is unread of it costs the connection."""
        if not self._open:
            return
        self._open = False
        parser = self._parser
        try:
            if parser.done and parser.keep and not parser.surplus and self._whole:
                stream = self.headers.get("content-type", "").startswith("text/event-stream")
                self._pool.put(self._wire, doubtful=stream or self.status_code >= 500)
            else:
                self._pool.forget(self._wire)
        except BaseException:  # Ctrl-C
            self._pool.forget(self._wire)
            raise
        finally:
            if self.on_close is not None:
                self.on_close()

    def _until(self) -> float | None:
        if not self._open:
            raise _sent(Broken("the response was closed before its end"))
        return by(self._timeouts["read"], self._deadline)

    def _took(self, data: bytes) -> bytes:
        """Return what some bytes hold of the body. The last one frees the connection."""
        try:
            if data:
                data = self._parser.body(data)
            else:
                self._parser.end()
        except (Malformed, Truncated) as error:
            raise _sent(Broken(str(error))) from error
        if self._parser.done:
            self.close()
        return data

    def _begin(self) -> None:
        """Make what decodes the body. Raises Undecodable; the connection is closed then, for what comes is no use."""
        encoding, self._encoding = self._encoding, None
        try:
            self._decoder = decoder(encoding) if encoding else None
        except Undecodable:
            self.close()
            raise

    def _decoded(self, data: bytes | None) -> bytes | None:
        """Return a piece decoded, or else keep what it decodes to for later. Raises Undecodable."""
        if self._decoder is None:
            return data
        if data is None:
            self._decoder.end()
        else:
            self._ready = self._decoder.feed(data)
        return None

    def _next_ready(self) -> bytes | None:
        if self._ready is None:
            return None
        piece = next(self._ready, None)
        if piece is None:
            self._ready = None
        return piece

    def __del__(self) -> None:
        self.close()


def _sent(error: NetworkError) -> NetworkError:
    error.request_sent = True
    return error


class Response(BaseResponse):
    """A response whose body is still to be read."""

    def read(self, limit: int | None) -> bytes:
        """Return the whole body, decoded. Raises TooLarge, Undecodable, NetworkError; `partial` is what came."""
        body = Collected(limit)
        try:
            while (piece := self.more()) is not None:
                body.add(piece)
        except NetworkError as error:
            error.partial = body.bytes()
            raise
        finally:
            self.close()
        return body.bytes()

    def iter_bytes(self) -> Iterator[bytes]:
        """Yield the body as it comes, decoded. Raises Undecodable, NetworkError."""
        while (piece := self.more()) is not None:
            yield piece

    def more(self) -> bytes | None:
        """Return the next piece of the body, decoded; None after the last."""
        try:
            if self._encoding is not None:
                self._begin()
            while True:
                if self._ready is not None and (piece := self._next_ready()) is not None:
                    return piece
                data = self._more()
                piece = self._decoded(data)
                if data is None or piece is not None:
                    return piece
        except Undecodable:
            self.skim()
            raise
        except BaseException:
            self.close()
            raise

    def _more(self) -> bytes | None:
        data = self._parser.rest()
        data = self._took(data) if data else b""
        until = self._until() if not data and not self._parser.done else None  # framing that drips is no piece
        while not data:
            if self._parser.done:
                self.close()
                return None
            data = self._took(self._wire.receive(until))
        return data

    def skim(self) -> None:
        """Close a reply that is not wanted, and read what little is left of it, to keep the connection."""
        self._deadline, size = by(DRAIN_SECONDS, self._deadline), 0
        try:
            while self._open and size < DRAIN_BYTES and (data := self._more()) is not None:
                size += len(data)
        except NetworkError:
            pass  # the reply is lost already, and now its connection too
        finally:
            self.close()


class Collected:
    """The pieces of a body, up to a limit."""

    def __init__(self, limit: int | None) -> None:
        self._pieces: list[bytes] = []
        self._size, self._limit = 0, limit

    def add(self, piece: bytes) -> None:
        """Take a piece. Raises TooLarge."""
        self._size += len(piece)
        if self._limit is not None and self._size > self._limit:
            self._pieces.clear()
            raise TooLarge(f"the reply is larger than max_response_bytes={self._limit}")
        self._pieces.append(piece)

    def bytes(self) -> bytes:
        """Return all of them."""
        return self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
