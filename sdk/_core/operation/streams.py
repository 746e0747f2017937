"""Streams of typed chunks. This module reads the bytes; `StreamReader` decodes them."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from ..call.drivers import areport, report
from ..lazy import lazy_function
from ..log import log_drained
from ..public import expose
from .stream_base import DRAIN_SECONDS, BaseStream

if TYPE_CHECKING:
    from ..call.observer import Steps
    from ..reply.stream_events import Done, StreamEvent
    from ..tracebacks import drop_frames
else:
    drop_frames = lazy_function(globals(), "..tracebacks", "drop_frames")

C = TypeVar("C")
R = TypeVar("R")
T = TypeVar("T")
Wire = dict[str, Any]


def _wire_of(chunk: Any) -> Any:
    return getattr(chunk, "_wire", chunk)  # events that are not JSON objects stay plain values


class Stream(BaseStream[C, R], Iterator[C]):
    """A stream of typed chunks, read while you iterate. Use it in a `with` block, which always closes it.

    Leaving the loop does not close it: it keeps its connection and its place among the calls in flight until the
    `with` block ends, `close()` is called, or the stream is garbage-collected (with a ResourceWarning).
    """

    _body: Iterator[bytes]

    def __enter__(self) -> Self:
        try:
            self._open()
        except Exception as error:
            drop_frames(error)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[C]:
        try:
            self._open()
            ready = self._ready
            while True:
                while ready:
                    yield ready.popleft()
                if not self._more():
                    return
        except Exception as error:
            drop_frames(error)
            raise

    def __next__(self) -> C:
        try:
            self._open()
            while not self._ready:
                if not self._more():
                    raise StopIteration
            chunk: C = self._ready.popleft()
            return chunk
        except Exception as error:
            drop_frames(error)
            raise

    def text(self) -> Iterator[str]:
        """Yield only the text of each chunk, as it arrives; of several choices, that of the first."""
        text_of = self._accumulator.text_of
        for chunk in self:
            text = text_of(_wire_of(chunk))
            if text:
                yield text

    def events(self) -> Iterator[StreamEvent | Done[R]]:
        """Yield helper events, the same few for every kind of stream; the last one is `Done`.

        The module `stream_events` has their classes: TextDelta, ReasoningDelta, RefusalDelta, ToolCallDelta,
        ToolCallDone and Done.
        """
        from ..reply.stream_events import Done

        self._check_kept()
        helper = self._helper()
        for chunk in self:
            yield from helper.of(_wire_of(chunk))
        yield from helper.end()
        yield Done(self._reply())

    def each(self, callback: Callable[[C], object]) -> R:
        """Call `callback` with every chunk, then return the complete reply."""
        self._check_kept()
        for chunk in self:
            callback(chunk)
        return self._reply()

    def final(self) -> R:
        """Read to the end and return the complete typed reply, as the unstreamed call would.

        Raises: StreamError for an incomplete stream, each time.
        """
        self._check_kept()
        try:
            for _ in self:
                pass
            return self._reply()
        except Exception as error:
            drop_frames(error)
            raise

    def close(self) -> None:
        """Close the stream and release its place among the calls in flight."""
        self._close()
        self._report(self._end())

    def _close(self) -> None:
        if self._opened is not None and not self._finished:
            self._finished = True
            try:
                self._opened.response.close()
            finally:
                self._release()
        self._finished = True

    def _report(self, steps: Steps) -> None:
        """Report the call to its hooks, if it has any."""
        if steps is not None:
            report(self._client._context, steps)

    def _open(self) -> None:
        if self._opened is None and not self._finished:
            opened = self._client._open(self._request)
            if self._begin(opened):
                self._body = opened.response.iter_bytes()

    def _more(self) -> bool:
        """Read some bytes; return False at the end. An error is raised after the chunks before it."""
        if self._stopped():
            return False
        return self._read()

    def _read(self) -> bool:
        reader = self._reader
        assert reader is not None
        if reader.done:
            self._complete = True
            self._drain()
            self._report(self._end())
            return False
        data: bytes | None = b""
        try:
            reader.wait()
            data = next(self._body, None)
            if self._finished:
                raise reader.closed()
            if data is None:
                self._close()
            self._feed(data)
        except BaseException as error:
            closed = self._finished and data is not None
            data = b""  # error reporters show it, and servers echo keys
            if reader.ended_by_server:
                self._drain()
            self._close()
            try:
                self._fail(error, closed=closed)
            except BaseException:  # the caller ended the call, or its task
                self._report(self._end())
                raise
        if self._observed is not None:
            self._report(self._progress(data))
        if self._finished:
            self._report(self._end())
        return True

    def _drain(self) -> None:
        """Read the few bytes after the end, so that the connection can be reused."""
        deadline, size = time.monotonic() + DRAIN_SECONDS, 0
        try:
            while self._may_drain(deadline, size) and (data := next(self._body, None)) is not None:
                size += len(data)
        except Exception as error:  # the reply is complete; only the connection is lost
            log_drained(error)
        finally:
            self._close()


class AsyncStream(BaseStream[C, R], AsyncIterator[C]):
    """A stream of typed chunks for coroutines. Use it in an `async with` block, which always closes it.

    Leaving the loop does not close it; see `Stream`.
    """

    _body: AsyncIterator[bytes]
    _busy = False  # whether a task is opening or reading the stream

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except Exception as error:
            drop_frames(error)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> C:
        ready = self._ready
        try:
            while not ready:
                await self._open()
                if not ready and not await self._more():
                    raise StopAsyncIteration
        except Exception as error:
            drop_frames(error)
            raise
        chunk: C = ready.popleft()
        return chunk

    def text(self) -> AsyncIterator[str]:
        """Yield only the text of each chunk, as it arrives; of several choices, that of the first."""
        text_of = self._accumulator.text_of
        return _MappedStream(self, lambda wire: [text] if (text := text_of(wire)) else [], list)

    def events(self) -> AsyncIterator[StreamEvent | Done[R]]:
        """Yield helper events, the same few for every kind of stream; see `Stream.events`."""
        from ..reply.stream_events import Done

        self._check_kept()
        helper = self._helper()
        return _MappedStream(self, helper.of, lambda: [*helper.end(), Done(self._reply())])

    async def each(self, callback: Callable[[C], object | Awaitable[object]]) -> R:
        """Call `callback` with every chunk, awaiting what it returns, then return the complete reply."""
        self._check_kept()
        async for chunk in self:
            result = callback(chunk)
            if isinstance(result, Awaitable):
                await result
        return self._reply()

    async def final(self) -> R:
        """Read to the end and return the complete typed reply; see `Stream.final`."""
        self._check_kept()
        try:
            async for _ in self:
                pass
            return self._reply()
        except Exception as error:
            drop_frames(error)
            raise

    async def aclose(self) -> None:
        """Close the stream and release its place among the calls in flight."""
        await self._aclose()
        await self._report(self._end())

    async def _aclose(self) -> None:
        if self._opened is not None and not self._finished:
            self._finished = True
            try:
                await self._opened.response.aclose()
                close = getattr(self._body, "aclose", None)
                if close is not None:  # an async generator over httpx: abandoning it schedules `aclose()` on the loop
                    await close()
            finally:
                self._release()
        self._finished = True

    async def _report(self, steps: Steps) -> None:
        """Report the call to its hooks; see `Stream._report`."""
        if steps is not None:
            await areport(self._client._context, steps)

    async def _open(self) -> None:
        if self._opened is None and not self._finished:
            self._begin_reading()
            try:
                opened = await self._client._aopen(self._request)
                if self._begin(opened):
                    self._body = opened.response.aiter_bytes()
            finally:
                self._busy = False

    def _begin_reading(self) -> None:
        """Raise RuntimeError if another task opens or reads the stream: one of the two would wait forever."""
        if self._busy:
            raise RuntimeError("another task is reading this stream: read it in one task, and pass the chunks on")
        self._busy = True

    async def _more(self) -> bool:
        """See `Stream._more`."""
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
            await self._report(self._end())
            return False
        data: bytes | None = b""
        try:
            reader.wait()
            data = await anext(self._body, None)
            if self._finished:
                raise reader.closed()
            if data is None:
                await self._aclose()
            self._feed(data)
        except BaseException as error:
            closed = self._finished and data is not None
            data = b""  # error reporters show it, and servers echo keys
            if reader.ended_by_server:
                await self._drain()
            await self._aclose()
            try:
                self._fail(error, closed=closed)
            except BaseException:  # the caller ended the call, or its task
                await self._report(self._end())
                raise
        if self._observed is not None:
            await self._report(self._progress(data))
        if self._finished:
            await self._report(self._end())
        return True

    async def _drain(self) -> None:
        """See `Stream._drain`."""
        deadline, size = time.monotonic() + DRAIN_SECONDS, 0
        try:
            while self._may_drain(deadline, size) and (data := await anext(self._body, None)) is not None:
                size += len(data)
        except Exception as error:  # as in Stream
            log_drained(error)
        finally:
            await self._aclose()


class _MappedStream(AsyncIterator[T]):
    """An iterator over values of the chunks. Not a generator: abandoning one schedules `aclose()` on the loop."""

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
