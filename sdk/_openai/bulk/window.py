"""Decide which input of a map is read next, and which result is handed out next. No I/O."""

from __future__ import annotations

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Window(Generic[T]):
    """At most `size` inputs are read whose results are not handed out, so that any source needs bounded memory.

    With `ordered` the results come in the order of the inputs, else as they arrive.
    """

    def __init__(self, size: int, *, ordered: bool) -> None:
        self._size, self._ordered = size, ordered
        self._read = self._taken = 0
        self._ended = False
        self._arrived: deque[T] = deque()
        self._early: dict[int, T] = {}

    def may_read(self) -> bool:
        """Return whether another input may be read."""
        return not self._ended and self._read - self._taken < self._size

    def read(self) -> int:
        """Count an input that was read, and return its place."""
        self._read += 1
        return self._read - 1

    def end(self) -> None:
        """Record that the source has no more inputs."""
        self._ended = True

    def add(self, index: int, result: T) -> None:
        """Take a result that has arrived."""
        if self._ordered:
            self._early[index] = result
        else:
            self._arrived.append(result)

    @property
    def ready(self) -> bool:
        """Whether a result can be handed out."""
        return bool(self._arrived) or self._taken in self._early

    def take(self) -> T | None:
        """Return the next result; None if it has not arrived."""
        found = self._early.pop(self._taken, None) if self._ordered else None
        if self._arrived:
            found = self._arrived.popleft()
        if found is not None:
            self._taken += 1
        return found

    @property
    def finished(self) -> bool:
        """Whether the result of every input was handed out."""
        return self._ended and self._taken == self._read
