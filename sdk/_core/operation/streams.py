"""Streams of typed chunks. What the bytes mean is decided in `_events`; here they are only read."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ..log import log_drained
from ..public import expose
from .stream_base import DRAIN_SECONDS, BaseStream

if TYPE_CHECKING:
    from ..reply.stream_events import Done, StreamEvent

C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T")
Wire = dict[str, Any]


def _wire_of(chunk: Any) -> Any:
    return getattr(chunk, "_wire", chunk)  # what is no object has no model


class Stream(BaseStream[C, R], Iterator[C]):
    """A stream of typed chunks, read as you iterate. Use it in a `with` block, which closes it in any case.

    Breaking out of the loop does not close it: the connection, and the place in flight, stay taken until the `with`
    block ends, `close()` is called, or the stream is dropped (with a ResourceWarning).
    """

    _pieces: Iterator[bytes]

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[C]:
        self._open()
        ready = self._ready
        while True:
            while ready:
                yield ready.popleft()
            if not self._more():
                return

    def __next__(self) -> C:
        self._open()
        while not self._ready:
            if not self._more():
                raise StopIteration
        chunk: C = self._ready.popleft()
        return chunk

    def text(self) -> Iterator[str]:
        """Yield the pieces of text as they come, and nothing else; of several choices, those of the first."""
        text_of = self._total.text_of
        for chunk in self:
            piece = text_of(_wire_of(chunk))
            if piece:
                yield piece

    def events(self) -> Iterator[StreamEvent | Done[R]]:
        """Yield what happens, as the same few events for every kind of stream; the last one is `Done`.

        They are TextDelta, ReasoningDelta, RefusalDelta, ToolCallDelta, ToolCallDone and Done of `sdk.stream_events`.
        """
        from ..._openai.stream.helpers import helper_of
        from ..reply.stream_events import Done

        helper = helper_of(self._total)
        for chunk in self:
            yield from helper.of(_wire_of(chunk))
        yield from helper.end()
        yield Done(self._reply())

    def each(self, callback: Callable[[C], object]) -> R:
        """Call `callback` with every chunk, then return the complete reply."""
        for chunk in self:
            callback(chunk)
        return self._reply()

    def final(self) -> R:
        """Read to the end and return the complete typed reply, as the unstreamed call would have.

        Raises: StreamError for a stream that did not come to its end, again if it was raised before.
        """
        for _ in self:
            pass
        return self._reply()

    def close(self) -> None:
        """Close the stream and give its place in flight back."""
        if self._opened is not None and not self._finished:
            self._finished = True
            try:
                self._opened.response.close()
            finally:
                self._release()
        self._finished = True

    def _open(self) -> None:
        if self._opened is None and not self._finished:
            opened = self._client._open(self._request)
            if self._begin(opened):
                self._pieces = opened.response.iter_bytes()

    def _more(self) -> bool:
        """Read some bytes; return False at the end. Chunks that came before a failure are handed out first."""
        if self._stopped():
            return False
        return self._read()

    def _read(self) -> bool:
        reader = self._reader
        assert reader is not None
        if reader.done:
            self._complete = True
            self._drain()
            return False
        data: bytes | None = b""
        try:
            reader.wait()
            data = next(self._pieces, None)
            if self._finished:
                raise reader.closed()
            if data is None:
                self.close()
            self._took(data)
        except BaseException as error:
            closed = self._finished and data is not None
            if reader.over:
                self._drain()
            self.close()
            self._fail(error, closed=closed)
        return True

    def _drain(self) -> None:
        """Read what little comes after the end, so that the connection can be used again."""
        until, size = time.monotonic() + DRAIN_SECONDS, 0
        try:
            while self._drain_until(until, size) and (data := next(self._pieces, None)) is not None:
                size += len(data)
        except Exception as error:  # the reply is complete: what is wrong after it only costs the connection
            log_drained(error)
        finally:
            self.close()


class AsyncStream(BaseStream[C, R], AsyncIterator[C]):
    """A stream of typed chunks for coroutines. Use it in an `async with` block, which closes it in any case.

    Breaking out of the loop does not close it; see `Stream`.
    """

    _pieces: AsyncIterator[bytes]
    _busy = False  # whether a task is opening or reading it

    async def __aenter__(self) -> Self:
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> C:
        ready = self._ready
        while not ready:
            await self._open()
            if not ready and not await self._more():
                raise StopAsyncIteration
        chunk: C = ready.popleft()
        return chunk

    def text(self) -> AsyncIterator[str]:
        """Yield the pieces of text as they come, and nothing else; of several choices, those of the first."""
        text_of = self._total.text_of
        return _Told(self, lambda wire: [piece] if (piece := text_of(wire)) else [], list)

    def events(self) -> AsyncIterator[StreamEvent | Done[R]]:
        """Yield what happens, as the same few events for every kind of stream; see `Stream.events`."""
        from ..._openai.stream.helpers import helper_of
        from ..reply.stream_events import Done

        helper = helper_of(self._total)
        return _Told(self, helper.of, lambda: [*helper.end(), Done(self._reply())])

    async def each(self, callback: Callable[[C], object | Awaitable[object]]) -> R:
        """Call `callback` with every chunk, awaiting what it returns, then return the complete reply."""
        async for chunk in self:
            result = callback(chunk)
            if isinstance(result, Awaitable):
                await result
        return self._reply()

    async def final(self) -> R:
        """Read to the end and return the complete typed reply; see `Stream.final`."""
        async for _ in self:
            pass
        return self._reply()

    async def aclose(self) -> None:
        """Close the stream and give its place in flight back."""
        if self._opened is not None and not self._finished:
            self._finished = True
            try:
                await self._opened.response.aclose()
                close = getattr(self._pieces, "aclose", None)
                if close is not None:  # a generator over httpx: left half way it would want a task
                    await close()
            finally:
                self._release()
        self._finished = True

    async def _open(self) -> None:
        if self._opened is None and not self._finished:
            self._begin_reading()
            try:
                opened = await self._client._aopen(self._request)
                if self._begin(opened):
                    self._pieces = opened.response.aiter_bytes()
            finally:
                self._busy = False

    def _begin_reading(self) -> None:
        """Raise RuntimeError where another task opens or reads the stream: one of the two would wait for ever."""
        if self._busy:
            raise RuntimeError("another task is reading this stream: read it in one, and hand on what it gives")
        self._busy = True

    async def _more(self) -> bool:
        """Do as `Stream._more`."""
        if self._stopped():
            return False
        self._begin_reading()
        try:
            return await self._read()
        finally:
            self._busy = False

    async def _read(self) -> bool:
        reader = self._reader
        assert reader is not None
        if reader.done:
            self._complete = True
            await self._drain()
            return False
        data: bytes | None = b""
        try:
            reader.wait()
            data = await anext(self._pieces, None)
            if self._finished:
                raise reader.closed()
            if data is None:
                await self.aclose()
            self._took(data)
        except BaseException as error:
            closed = self._finished and data is not None
            if reader.over:
                await self._drain()
            await self.aclose()
            self._fail(error, closed=closed)
        return True

    async def _drain(self) -> None:
        """Do as `Stream._drain`."""
        until, size = time.monotonic() + DRAIN_SECONDS, 0
        try:
            while self._drain_until(until, size) and (data := await anext(self._pieces, None)) is not None:
                size += len(data)
        except Exception as error:  # as in Stream
            log_drained(error)
        finally:
            await self.aclose()


class _Told(AsyncIterator[T]):
    """What the chunks of a stream tell. No generator: one left half way would leave its event loop a task."""

    def __init__(
        self, stream: AsyncStream[Any, Any], of: Callable[[Wire], Iterable[T]], end: Callable[[], Iterable[T]]
    ) -> None:
        self._stream, self._of = stream, of
        self._end: Callable[[], Iterable[T]] | None = end
        self._ready: deque[T] = deque()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> T:
        while not self._ready:
            if self._end is None:
                raise StopAsyncIteration
            chunk = await anext(self._stream, None)
            if chunk is not None:
                self._ready.extend(self._of(_wire_of(chunk)))
            else:
                self._ready.extend(self._end())
                self._end = None
        return self._ready.popleft()


expose(globals(), "streaming")
