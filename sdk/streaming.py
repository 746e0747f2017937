"""Streams of typed chunks. What the bytes mean is decided in `_events`; here they are only read."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ._accumulate import accumulator
from ._client import client_of
from ._events import Reader
from ._flow import Opened
from .errors import APIError
from .response import APIResponse

if TYPE_CHECKING:
    from typing_extensions import TypeIs

    from ._request import Request

C = TypeVar("C")
R = TypeVar("R")

LOGGER = logging.getLogger("sdk")
#: How long, and how much, is read after the end of a stream so that its connection can be used again.
DRAIN_SECONDS, DRAIN_BYTES = 0.1, 16 * 1024


class _Base(Generic[C, R]):
    """What the sync and the async stream share: state, and everything that does no input or output."""

    def __init__(self, request: Request[R, C]) -> None:
        self._request = request
        self._client = client_of(request.options)
        self._opened: Opened | None = None
        self._reader: Reader | None = None
        self._ready: list[Any] = []
        self._total = accumulator(request.settings)
        self._finished = False

    @property
    def response(self) -> APIResponse[None]:
        """The response that the stream comes in: status, headers, request id, attempts. Its content is not kept."""
        if self._opened is None:
            raise RuntimeError("the stream has not been opened: use it in a `with` block, or iterate over it")
        opened = self._opened
        return APIResponse(
            status_code=opened.response.status_code,
            headers=opened.headers,
            content=b"",
            parsed=None,
            request_id=opened.headers.get("x-request-id"),
            attempts=opened.attempts,
            elapsed=time.monotonic() - opened.started,
            request=self._request,
        )

    def _begin(self, opened: Opened | APIResponse[Any]) -> TypeIs[Opened]:
        """Start reading; a complete reply in place of a stream is a stream of one."""
        if isinstance(opened, Opened):
            self._opened = opened
            self._reader = Reader(self._request.settings, self._client.options, self._total, opened)
            return True
        self._ready.extend(self._total.whole(opened))
        self._finished = True
        return False

    def _take(self, chunk: bytes) -> None:
        assert self._reader is not None
        self._ready.extend(self._reader.feed(chunk))

    def _failure(self, error: BaseException) -> BaseException:
        assert self._reader is not None
        return self._reader.failure(error)

    def _release(self) -> None:
        if self._opened is not None:
            self._client._slots.release()

    def __del__(self) -> None:
        if self._opened is not None and not self._finished:
            warnings.warn(f"{self!r} was dropped without being closed: use it in a with block", ResourceWarning, 2)
            self._release()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._request.settings.name}>"


class Stream(_Base[C, R]):
    """A stream of typed chunks, read as you iterate. Use it in a `with` block, which closes it in any case."""

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
                batch, self._ready = ready, []
                ready = self._ready
                yield from batch
            if self._finished or not self._more():
                return
            ready = self._ready

    def text(self) -> Iterator[str]:
        """Yield the pieces of text as they come, and nothing else."""
        for chunk in self:
            piece = self._total.text_of(chunk)
            if piece:
                yield piece

    def each(self, callback: Callable[[C], object]) -> R:
        """Call `callback` with every chunk, then return the complete reply."""
        for chunk in self:
            callback(chunk)
        return self.final()

    def final(self) -> R:
        """Read to the end and return the complete typed reply, as the unstreamed call would have."""
        for _ in self:
            pass
        reply: R = self._total.reply()
        return reply

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
        assert self._reader is not None
        try:
            self._take(next(self._pieces))
        except StopIteration:
            self.close()
            self._reader.end()
            return False
        except BaseException as error:
            self.close()
            raise self._failure(error) from (None if isinstance(error, APIError) else error)
        if self._reader.done:
            self._drain()
        return True

    def _drain(self) -> None:
        """Read what little comes after the end, so that the connection can be used again."""
        assert self._opened is not None
        self._opened.timeouts["read"] = DRAIN_SECONDS
        until, size = time.monotonic() + DRAIN_SECONDS, 0
        try:
            for piece in self._pieces:
                size += len(piece)
                if size > DRAIN_BYTES or time.monotonic() > until:
                    break
        except Exception as error:  # the reply is complete: what is wrong after it only costs the connection
            LOGGER.debug("after the end of a stream: %s", type(error).__name__)
        finally:
            self.close()


class AsyncStream(_Base[C, R]):
    """A stream of typed chunks for coroutines. Use it in an `async with` block, which closes it in any case."""

    _pieces: AsyncIterator[bytes]

    async def __aenter__(self) -> Self:
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def __aiter__(self) -> AsyncIterator[C]:
        await self._open()
        while True:
            while self._ready:
                batch, self._ready = self._ready, []
                for chunk in batch:
                    yield chunk
            if self._finished or not await self._more():
                return

    async def text(self) -> AsyncIterator[str]:
        """Yield the pieces of text as they come, and nothing else."""
        async for chunk in self:
            piece = self._total.text_of(chunk)
            if piece:
                yield piece

    async def each(self, callback: Callable[[C], object | Awaitable[object]]) -> R:
        """Call `callback` with every chunk, awaiting what it returns, then return the complete reply."""
        async for chunk in self:
            result = callback(chunk)
            if isinstance(result, Awaitable):
                await result
        return await self.final()

    async def final(self) -> R:
        """Read to the end and return the complete typed reply, as the unstreamed call would have."""
        async for _ in self:
            pass
        reply: R = self._total.reply()
        return reply

    async def aclose(self) -> None:
        """Close the stream and give its place in flight back."""
        if self._opened is not None and not self._finished:
            self._finished = True
            try:
                await self._opened.response.aclose()
            finally:
                self._release()
        self._finished = True

    async def _open(self) -> None:
        if self._opened is None and not self._finished:
            opened = await self._client._aopen(self._request)
            if self._begin(opened):
                self._pieces = opened.response.aiter_bytes()

    async def _more(self) -> bool:
        assert self._reader is not None
        try:
            self._take(await anext(self._pieces))
        except StopAsyncIteration:
            await self.aclose()
            self._reader.end()
            return False
        except BaseException as error:
            await self.aclose()
            raise self._failure(error) from (None if isinstance(error, APIError) else error)
        if self._reader.done:
            await self._drain()
        return True

    async def _drain(self) -> None:
        assert self._opened is not None
        self._opened.timeouts["read"] = DRAIN_SECONDS
        until, size = time.monotonic() + DRAIN_SECONDS, 0
        try:
            async for piece in self._pieces:
                size += len(piece)
                if size > DRAIN_BYTES or time.monotonic() > until:
                    break
        except Exception as error:  # as in Stream
            LOGGER.debug("after the end of a stream: %s", type(error).__name__)
        finally:
            await self.aclose()
