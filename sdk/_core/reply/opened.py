"""Responses that are not read yet: one whose stream begins, and one that was read before it proved to be a stream."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..errors.attempt import Attempt, RequestInfo
    from ..request.data import RequestData


class OpenStream:
    """A response whose body is still to come: what a stream starts from. It holds its place in flight.

    `timeouts["read"]` may be changed while it is read: the seconds until the next piece must have come.
    """

    __slots__ = (
        "attempts", "deadline", "headers", "info", "release", "request", "response", "secrets", "started", "timeouts",
    )  # fmt: skip

    def __init__(
        self,
        response: Any,
        request: RequestData[Any, Any],
        info: RequestInfo,
        headers: Mapping[str, str],
        attempts: tuple[Attempt, ...],
        started: float,
        timeouts: dict[str, float | None],
        deadline: float | None,
        secrets: Callable[[], Iterable[str]],
        release: Callable[[], None],
    ) -> None:
        #: Gives the place in flight back.
        self.release = release
        #: What was sent and no error may show; asked for only when there is one.
        self.secrets = secrets
        self.response, self.request, self.info, self.headers = response, request, info, headers
        self.attempts, self.started, self.timeouts, self.deadline = attempts, started, timeouts, deadline


class BufferedResponse:
    """A response that was read whole before it showed itself to be a stream, and is handed out once more."""

    def __init__(self, response: Any, body: bytes) -> None:
        self.status_code, self.headers, self.has_framing = response.status_code, response.headers, response.has_framing
        self.on_close: Callable[[], None] | None = None
        self._chunks = [body]

    def iter_bytes(self) -> Iterator[bytes]:
        """Return the body, as a response does that is still to be read."""
        return iter(self._chunks)

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Do the same for a coroutine."""
        return _Chunks(self._chunks)

    def close(self) -> None:
        """Be done with it."""
        done, self.on_close = self.on_close, None
        if done is not None:
            done()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()


class _Chunks:
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def __aiter__(self) -> _Chunks:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration
