"""What a call's flow asks its driver to do: each effect is one input or output, or one wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from .http import HttpRequest

if TYPE_CHECKING:
    from .errors.attempt import Attempt, RequestInfo
    from .request.data import Request


class Acquire:
    """Take a place among the calls in flight. `taken` says that there is one to give back, were it after Ctrl-C."""

    __slots__ = ("taken", "timeout")

    def __init__(self, timeout: float | None) -> None:
        self.timeout, self.taken = timeout, False


class Ask:
    """Call a function that returns a value or an awaitable: the user's key source or hook.

    `limit` is the seconds that an awaitable may take; TimeoutError then.
    """

    __slots__ = ("arguments", "function", "limit")

    def __init__(self, function: Callable[..., Any], *arguments: Any, limit: float | None = None) -> None:
        self.function, self.arguments, self.limit = function, arguments, limit


class Read:
    """Read the body of a response to its end, and close it."""

    __slots__ = ("limit", "response")

    def __init__(self, response: Any, limit: int | None) -> None:
        self.response, self.limit = response, limit


class Close:
    """Close a response whose body is not wanted; `drain` reads what little there is of it, to keep the connection."""

    __slots__ = ("drain", "response")

    def __init__(self, response: Any, drain: bool = False) -> None:
        self.response, self.drain = response, drain


class Sleep:
    """Wait, in seconds."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


Effect = Acquire | Ask | HttpRequest | Read | Close | Sleep


class Opened:
    """A response whose body is still to come: what a stream starts from. It holds its place in flight.

    `timeouts["read"]` may be changed while it is read: the seconds until the next piece must have come.
    """

    __slots__ = ("attempts", "deadline", "headers", "info", "request", "response", "secrets", "started", "timeouts")

    def __init__(
        self,
        response: Any,
        request: Request[Any, Any],
        info: RequestInfo,
        headers: Mapping[str, str],
        attempts: tuple[Attempt, ...],
        started: float,
        timeouts: dict[str, float | None],
        deadline: float | None,
        secrets: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        #: What was sent and no error may show; asked for only when there is one.
        self.secrets = secrets
        self.response, self.request, self.info, self.headers = response, request, info, headers
        self.attempts, self.started, self.timeouts, self.deadline = attempts, started, timeouts, deadline


class Kept:
    """A response that was read whole before it showed itself to be a stream, and is handed out once more."""

    def __init__(self, response: Any, body: bytes) -> None:
        self.status_code, self.headers, self.has_framing = response.status_code, response.headers, response.has_framing
        self.on_close: Callable[[], None] | None = None
        self._body = [body]

    def iter_bytes(self) -> Iterator[bytes]:
        """Return the body, as a response does that is still to be read."""
        return iter(self._body)

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Do the same for a coroutine."""
        return _Ready(self._body)

    def close(self) -> None:
        """Be done with it."""
        done, self.on_close = self.on_close, None
        if done is not None:
            done()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()


class _Ready:
    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    def __aiter__(self) -> _Ready:
        return self

    async def __anext__(self) -> bytes:
        for piece in self._pieces:
            return piece
        raise StopAsyncIteration
