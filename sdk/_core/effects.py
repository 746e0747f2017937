"""The effects of a call, which its flow yields and its driver carries out: input, output and waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .http import HttpRequest


class Acquire:
    """Acquire a slot of the client. `taken` is set atomically, so that an interrupted acquire is released.

    0 means that it is not taken; see `ConcurrencyLimiter.release` for other values.
    """

    __slots__ = ("taken", "timeout")

    def __init__(self, timeout: float | None = None) -> None:
        self.timeout, self.taken = timeout, 0


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
