"""What a call's flow asks its driver to do: each effect is one input or output, or one wait."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .http import HttpRequest


class Acquire:
    """Take a place among the calls in flight. `taken` is set atomically, so that an interrupted acquire is released."""

    __slots__ = ("taken", "timeout")

    def __init__(self, timeout: float | None = None) -> None:
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
