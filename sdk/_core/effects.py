"""The effects of a call, which its flow yields and its driver carries out: input, output and waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from .http import HttpRequest


class Queue(Protocol):
    """What calls wait for, first come, first served."""

    def acquire(self, timeout: float | None, permit: Acquire) -> None:
        """Take a permit, waiting at most `timeout` seconds, and set `permit.taken`."""

    async def aacquire(self, timeout: float | None, permit: Acquire) -> None:
        """Take a permit from a coroutine."""


class Acquire:
    """Acquire a slot of the client. `taken` is set atomically, so that an interrupted acquire is released.

    0 means that it is not taken; see `ConcurrencyLimiter.release` for other values. `queue` is what the call waits for;
    the other attributes are what its `Line` knows of the call.
    """

    __slots__ = (
        "answers", "number", "progress", "queue", "ready_at", "rests", "sent_at", "taken", "ticket", "timeout",
        "tokens", "tokens_sent", "waits",
    )  # fmt: skip

    def __init__(self, timeout: float | None = None, queue: Queue | None = None) -> None:
        self.timeout, self.queue, self.taken = timeout, queue, 0
        #: The place in the order in which calls came, which a refused call keeps; 0 before it has one.
        self.ticket = self.tokens = 0
        self.waits = self.rests = False
        # Set by the line. They are of the latest attempt, but for `answers`, which counts attempts that were accepted.
        self.answers: int
        self.number: int
        self.progress: int
        self.tokens_sent: int
        self.sent_at: float
        self.ready_at: float


class Ask:
    """Call a function of the user that returns a value or an awaitable: a key source or a hook.

    A call from a coroutine calls `coroutine` instead, if there is one. An awaitable that takes longer than `limit`
    seconds raises TimeoutError.
    """

    __slots__ = ("arguments", "coroutine", "function", "limit")

    def __init__(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        limit: float | None = None,
        coroutine: Callable[..., Any] | None = None,
    ) -> None:
        self.function, self.arguments, self.limit, self.coroutine = function, arguments, limit, coroutine


class Read:
    """Read the body of a response to its end, and close it."""

    __slots__ = ("limit", "response")

    def __init__(self, response: Any, limit: int | None) -> None:
        self.response, self.limit = response, limit


class Close:
    """Close a response without its body; with `drain`, read a small body first, to keep the connection."""

    __slots__ = ("drain", "response")

    def __init__(self, response: Any, drain: bool = False) -> None:
        self.response, self.drain = response, drain


class Sleep:
    """Wait some seconds."""

    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


Effect = Acquire | Ask | HttpRequest | Read | Close | Sleep
