"""Streams of chunks: they iterate, close, and are context managers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, Self, TypeVar

from ...errors import SDKError
from .errors import translated
from .raw import StreamedHTTPResponse

T = TypeVar("T")


class Stream(Generic[T]):
    """A stream that is being received. One that is cut raises; leave its `with` block to stop early."""

    def __init__(self, ours: Any, response: StreamedHTTPResponse) -> None:
        self._ours, self.response = ours, response

    def __iter__(self) -> Iterator[T]:
        try:
            yield from self._ours
        except SDKError as error:
            raise translated(error)  # noqa: B904 - it is the same error
        finally:
            self.close()

    def __next__(self) -> T:
        try:
            chunk: T = next(self._ours)
        except SDKError as error:
            raise translated(error)  # noqa: B904 - it is the same error
        return chunk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the stream and its response."""
        self._ours.close()
        self.response.is_closed = True

    def __del__(self) -> None:  # as there, a stream that is not read further is closed without a warning
        ours = self.__dict__.get("_ours")
        if ours is not None:
            ours.close()


class AsyncStream(Generic[T]):
    """A stream for coroutines; see `Stream`."""

    def __init__(self, ours: Any, response: StreamedHTTPResponse) -> None:
        self._ours, self.response = ours, response

    def __aiter__(self) -> Self:  # not a generator: one that is left half way leaves a task to its event loop
        return self

    async def __anext__(self) -> T:
        try:
            chunk: T = await anext(self._ours)
        except SDKError as error:
            raise translated(error)  # noqa: B904 - it is the same error
        return chunk

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the stream and its response."""
        await self._ours.aclose()
        self.response.is_closed = True

    aclose = close
