"""One request and its response on one connection, for coroutines: `_exchange` with `await`."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from .async_connection import connect
from .decoding import Undecodable
from .http11 import Malformed, Parser
from .sync_connection import Broken, NetworkError
from .sync_exchange import (
    DRAIN_BYTES,
    DRAIN_SECONDS,
    LAST_WORDS,
    BaseResponse,
    Collected,
    again,
    answered,
    by,
    closed,
    connect_by,
    explained,
    framed,
    head_of,
    pieces_of,
)

if TYPE_CHECKING:
    from ..effects import Send
    from .async_connection import AsyncWire
    from .pool import Pool
    from .route import Route


async def deliver(route: Route, pool: Pool, send: Send) -> AsyncResponse:
    """Send a request over a connection of the pool, or over a new one; see `exchange`."""
    if not send.resend and (seconds := pool.doubt()):
        await sleep(seconds)
    wire = pool.take()
    if wire is not None:
        try:
            return await exchange(route, pool, wire, send)
        except Broken as broken:
            if not again(broken, send):
                raise
    wire = await connect(route, connect_by(route, send))
    pool.add(wire)
    return await exchange(route, pool, wire, send)


async def exchange(route: Route, pool: Pool, wire: AsyncWire, send: Send) -> AsyncResponse:
    """Send a request and return its response once the headers are there.

    Raises NetworkError, and whatever reading the request's body raises; the connection is closed then.
    """
    parser, whole = Parser(), False
    try:
        try:
            whole = await _write(wire, parser, head_of(route, send), send)
        except Broken as broken:
            await _last_words(wire, parser, broken)
        if not parser.status >= 200:
            until = by(send.timeouts["read"], send.deadline)
            while not parser.head(await _more(wire, parser, until), bodiless=send.method == "HEAD"):
                pass
        return AsyncResponse(pool, wire, parser, whole, send)
    except (NetworkError, Malformed) as error:
        pool.forget(wire)
        raise explained(error, wire, parser, whole) from error.__cause__
    except BaseException:
        pool.forget(wire)
        raise


async def _write(wire: AsyncWire, parser: Parser, head: memoryview, send: Send) -> bool:
    """Write a request; return whether it was written whole, or the server answered before."""
    pieces = pieces_of(head, send)
    limit = send.timeouts["write"]
    if pieces is not None:
        await wire.send(next(pieces), by(limit, send.deadline))
        for data in pieces:
            if answered(wire, parser):
                return False
            await wire.send(data, by(limit, send.deadline))
        return True
    stream = send.content.stream
    assert stream is not None
    await wire.send(head, by(limit, send.deadline))
    async for piece in stream:
        if answered(wire, parser):
            return False
        await wire.send(framed(piece, stream.length), by(limit, send.deadline))
    if stream.length is None:
        await wire.send(b"0\r\n\r\n", by(limit, send.deadline))
    return True


async def _last_words(wire: AsyncWire, parser: Parser, broken: Broken) -> None:
    """Read the answer of a server that refused the rest of a request. Raises `broken` if there is none."""
    try:
        until = by(LAST_WORDS, None)
        while not parser.head(await _more(wire, parser, until)):
            pass
    except (NetworkError, Malformed):
        raise broken from broken.__cause__


async def _more(wire: AsyncWire, parser: Parser, until: float | None) -> bytes:
    data = await wire.receive(until)
    if not data:
        raise closed(parser)
    return data


class AsyncResponse(BaseResponse):
    """A response whose body is still to be read."""

    async def aread(self, limit: int | None) -> bytes:
        """Return the whole body, decoded. Raises TooLarge, Undecodable, NetworkError; `partial` is what came."""
        body = Collected(limit)
        try:
            while (piece := await self.more()) is not None:
                body.add(piece)
        except NetworkError as error:
            error.partial = body.bytes()
            raise
        finally:
            self.close()
        return body.bytes()

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Iterate over the body as it comes, decoded. Raises Undecodable, NetworkError."""
        return _Pieces(self)

    async def aclose(self) -> None:
        """See `close`."""
        self.close()

    async def more(self) -> bytes | None:
        """Return the next piece of the body, decoded; None after the last."""
        try:
            if self._encoding is not None:
                self._begin()
            while True:
                if self._ready is not None and (piece := self._next_ready()) is not None:
                    return piece
                data = await self._more()
                piece = self._decoded(data)
                if data is None or piece is not None:
                    return piece
        except Undecodable:
            await self.askim()
            raise
        except BaseException:
            self.close()
            raise

    async def _more(self) -> bytes | None:
        data = self._parser.rest()
        data = self._took(data) if data else b""
        until = self._until() if not data and not self._parser.done else None  # framing that drips is no piece
        while not data:
            if self._parser.done:
                self.close()
                return None
            data = self._took(await self._wire.receive(until))
        return data

    async def askim(self) -> None:
        """Close a reply that is not wanted, and read what little is left of it, to keep the connection."""
        self._deadline, size = by(DRAIN_SECONDS, self._deadline), 0
        try:
            while self._open and size < DRAIN_BYTES and (data := await self._more()) is not None:
                size += len(data)
        except NetworkError:
            pass  # the reply is lost already, and now its connection too
        finally:
            self.close()


class _Pieces:
    """The iterator of a body; no generator: one that is dropped half way would leave a task to its event loop."""

    def __init__(self, response: AsyncResponse) -> None:
        self._response = response

    def __aiter__(self) -> _Pieces:
        return self

    async def __anext__(self) -> bytes:
        piece = await self._response.more()
        if piece is None:
            raise StopAsyncIteration
        return piece
