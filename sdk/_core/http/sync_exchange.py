"""One request and its response on one connection, for blocking callers; `async_exchange` is the twin."""

from __future__ import annotations

from collections.abc import Iterator
from time import sleep
from typing import TYPE_CHECKING

from .errors import ConnectionLostError, MalformedError, NetworkError, TLSHandshakeError, UndecodableError
from .exchange import (
    DRAIN_BYTES,
    DRAIN_SECONDS,
    EARLY_RESPONSE_TIMEOUT,
    BaseResponse,
    annotate,
    chunk_frame,
    connect_deadline,
    earliest,
    encode_head,
    may_resend,
    received,
    response_started,
    too_large,
    write_chunks,
)
from .http11 import Parser
from .sync_connection import connect

if TYPE_CHECKING:
    from .message import HttpRequest
    from .pool import Pool
    from .route import Route
    from .sync_connection import Connection


def send_request(route: Route, pool: Pool, request: HttpRequest) -> Response:
    """Send a request over a connection of the pool, or over a new one; see `exchange`."""
    if not request.resend and (seconds := pool.grace_period()):
        sleep(seconds)
    connection = pool.acquire()
    if connection is not None:
        try:
            return exchange(route, pool, connection, request)
        except ConnectionLostError as broken:
            if not may_resend(broken, request):
                raise
    connection = connect(route, connect_deadline(route, request))
    pool.add(connection)
    return exchange(route, pool, connection, request)


def exchange(route: Route, pool: Pool, connection: Connection, request: HttpRequest) -> Response:
    """Send a request and return its response once its headers have arrived.

    Raises NetworkError, and any error of reading the request's body; the connection is closed then.
    """
    parser, fully_sent = Parser(), False
    try:
        try:
            fully_sent = _write(connection, parser, encode_head(route, request), request)
        except ConnectionLostError as broken:
            _read_early_response(connection, parser, broken)
        if not parser.status >= 200:
            deadline = earliest(request.timeouts["read"], request.deadline)
            bodiless = request.method == "HEAD"
            while not parser.head(received(connection.receive(deadline), parser), bodiless=bodiless):
                pass
        return Response(pool, connection, parser, fully_sent, request)
    except (NetworkError, MalformedError) as error:
        pool.discard(connection)
        raise annotate(error, connection, parser, fully_sent) from error.__cause__
    except BaseException:
        pool.discard(connection)
        raise


def _write(connection: Connection, parser: Parser, head: memoryview, request: HttpRequest) -> bool:
    """Write a request. Return True when all of it is written, False if the server answers first."""
    pieces = write_chunks(head, request)
    limit = request.timeouts["write"]
    if pieces is not None:
        connection.send(next(pieces), earliest(limit, request.deadline))
        for data in pieces:
            if response_started(connection, parser):
                return False
            connection.send(data, earliest(limit, request.deadline))
        return True
    stream = request.content.stream
    assert stream is not None
    connection.send(head, earliest(limit, request.deadline))
    for piece in stream:
        if response_started(connection, parser):
            return False
        connection.send(chunk_frame(piece, stream.length), earliest(limit, request.deadline))
    if stream.length is None:
        connection.send(b"0\r\n\r\n", earliest(limit, request.deadline))
    return True


def _read_early_response(connection: Connection, parser: Parser, broken: ConnectionLostError) -> None:
    """Read the response of a server that refuses the rest of a request. Raises `broken` if there is none."""
    try:
        deadline = earliest(EARLY_RESPONSE_TIMEOUT, None)
        while not parser.head(received(connection.receive(deadline), parser)):
            pass
    except TLSHandshakeError:  # says why the connection broke
        raise
    except (NetworkError, MalformedError):
        raise broken from broken.__cause__


class Response(BaseResponse):
    """A response whose headers have been read, and whose body has not."""

    def read(self, limit: int | None) -> bytes:
        """Return the whole body, decoded.

        Raises: TooLargeError, UndecodableError, NetworkError with the bytes received so far as `partial`.
        """
        pieces: list[bytes] = []
        size = 0
        try:
            while (piece := self.next_chunk()) is not None:
                pieces.append(piece)
                size += len(piece)
                if limit is not None and size > limit:
                    raise too_large(pieces, limit)
                if self._parser.done and self._decoder is None:
                    break
        except NetworkError as error:
            error.partial = b"".join(pieces)
            raise
        finally:
            if self._open:
                self.close()
        return b"".join(pieces)

    def iter_bytes(self) -> Iterator[bytes]:
        """Yield the decoded body as it arrives. Raises UndecodableError, NetworkError."""
        while (piece := self.next_chunk()) is not None:
            yield piece

    def next_chunk(self) -> bytes | None:
        """Return the next decoded chunk of the body; None after the last."""
        try:
            if self._encoding is not None:
                self._begin()
            if self._decoder is None:
                return self._next_raw()
            # Bytes that decode to nothing do not count as progress: one deadline covers them.
            deadline = None if self._parser.done else self._read_deadline()
            while True:
                if self._ready is not None and (piece := self._next_ready()) is not None:
                    return piece
                data = self._next_raw(deadline)
                if data is None:
                    self._decoder.end()
                    return None
                self._ready = self._decoder.feed(data)
        except UndecodableError:
            self.drain()
            raise
        except BaseException:
            self.close()
            raise

    def _next_raw(self, deadline: float | None = None) -> bytes | None:
        parser = self._parser
        if not parser.done and (data := parser.take_buffered()) and (data := self._feed(data)):
            return data
        # Chunk headers alone do not count as progress: one deadline covers them.
        if deadline is None and not parser.done:
            deadline = self._read_deadline()
        while not parser.done:
            if data := self._feed(self._connection.receive(deadline)):
                return data
        self.close()
        return None

    def drain(self) -> None:
        """Close an unwanted response after reading the little that is left of it, to keep the connection."""
        self._deadline, size = earliest(DRAIN_SECONDS, self._deadline), 0
        try:
            while self._open and size < DRAIN_BYTES and (data := self._next_raw()) is not None:
                size += len(data)
        except NetworkError:
            pass  # the response is unwanted; only its connection is lost
        finally:
            self.close()
