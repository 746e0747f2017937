"""Responses whose body is still to be read: an open stream, and a response whose stream has been buffered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..errors.attempt import Attempt, RequestInfo
    from ..request.data import RequestData


class OpenStream:
    """A response whose body is still to be read. It holds the permit of its call until it is released.

    `timeouts["read"]` is the time in seconds for the next read; it may be changed while the stream is read.
    """

    __slots__ = (
        "attempts", "deadline", "headers", "info", "observer", "release", "request", "reserved", "response", "secrets",
        "started", "timeouts", "tokens",
    )  # fmt: skip

    def __init__(
        self,
        response: Any,
        request: RequestData[Any, Any],
        info: Callable[[], RequestInfo],
        headers: Mapping[str, str],
        attempts: tuple[Attempt, ...],
        started: float,
        timeouts: dict[str, float | None],
        deadline: float | None,
        secrets: Callable[[], Iterable[str]],
        release: Callable[[], None],
    ) -> None:
        #: Releases the permit.
        self.release = release
        #: Returns the request as errors show it.
        self.info = info
        #: Returns the credentials that were sent and that no error may show.
        self.secrets = secrets
        self.response, self.request, self.headers = response, request, headers
        self.attempts, self.started, self.timeouts, self.deadline = attempts, started, timeouts, deadline
        #: What reports the call to its hooks, None without hooks.
        self.observer: Any = None
        #: The tokens that were estimated for the call.
        self.tokens = 0
        #: The part of a budget that the call may use, None without a budget.
        self.reserved: Any = None


class BufferedResponse:
    """A response that was read completely before it turned out to be an event stream."""

    def __init__(self, response: Any, body: bytes) -> None:
        self.status_code, self.headers, self.has_framing = response.status_code, response.headers, response.has_framing
        self.on_close: Callable[[], None] | None = None
        self._chunks = [body]

    def iter_bytes(self) -> Iterator[bytes]:
        """Iterate over the body; see `Response.iter_bytes`."""
        return iter(self._chunks)

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Iterate over the body from a coroutine."""
        return _Chunks(self._chunks)

    def close(self) -> None:
        """Call `on_close`, once."""
        on_close, self.on_close = self.on_close, None
        if on_close is not None:
            on_close()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()


class _Chunks:
    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)

    def __aiter__(self) -> _Chunks:
        return self

    async def __anext__(self) -> bytes:
        for chunk in self._chunks:
            return chunk
        raise StopAsyncIteration
