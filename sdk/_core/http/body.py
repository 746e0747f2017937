"""What this room takes as the body of a request: for type checkers, so that no call pays for a Protocol."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Protocol


class Body(Protocol):
    """A body that is read while it is sent, by blocking callers and by coroutines."""

    @property
    def length(self) -> int | None:
        """The bytes of the body; None where they are not known before its end."""

    def __iter__(self) -> Iterator[bytes]: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def joined(self, most: int) -> bytes | None:
        """Return the whole body if it is in memory and no larger than `most` bytes, else None."""

    def stuck(self) -> str | None:
        """Return to where each file stood; the name of the field whose file cannot, or None."""

    def close(self) -> None:
        """Close the files that were opened from a path."""
