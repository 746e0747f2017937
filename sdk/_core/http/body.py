"""The type of a streamed body. Only type checkers import it, since creating a Protocol takes time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Protocol


class Body(Protocol):
    """A body that is read while it is sent, by blocking callers and by coroutines."""

    @property
    def length(self) -> int | None:
        """The number of bytes; None if it is unknown before the end of the body."""

    def __iter__(self) -> Iterator[bytes]: ...

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    def joined(self, limit: int) -> bytes | None:
        """Return the whole body if it is in memory and no larger than `limit` bytes, else None."""

    def unrepeatable_field(self) -> str | None:
        """Return the field whose file cannot be sent again, or None if the whole body can."""

    def close(self) -> None:
        """Close the files that were opened from a path."""
