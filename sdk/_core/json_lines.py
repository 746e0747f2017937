"""Decode lines of JSON from bytes: NDJSON, JSON Lines, JSON text sequences. Pure, as `sse` is.

Source: RFC 7464 (a record separator before each value), https://jsonlines.org.
"""

from __future__ import annotations

from .errors import StreamError
from .sse import Raw


class LineDecoder:
    """Decode the bytes of one stream into the values of its lines, with the interface of `sse.Decoder.raw`.

    `max_line_bytes` limits one line (None: no limit). Blank lines are heartbeats.
    """

    __slots__ = ("_max_line", "_tail")

    def __init__(self, max_line_bytes: int | None = None) -> None:
        self._max_line = max_line_bytes
        self._tail = bytearray()  # a line whose end has not arrived

    @property
    def pending(self) -> bool:
        """Whether the buffer holds part of a line."""
        return bool(self._tail.strip(b"\x1e \t\r\n"))

    def raw(self, chunk: bytes) -> list[Raw]:
        """Decode the next bytes, and return the lines that they complete as unnamed events.

        Raises: StreamError for a line that is longer than its limit.
        """
        before, end, rest = chunk.rpartition(b"\n")
        values: list[bytes] = []
        if end:
            self._tail += before
            values = [line.strip(b"\x1e \t\r") for line in bytes(self._tail).split(b"\n")]
            self._tail.clear()
        self._tail += rest
        if self._max_line is not None and any(len(line) > self._max_line for line in (*values, self._tail)):
            raise StreamError(f"one line of the stream is longer than {self._max_line} bytes (max_line_bytes)")
        return [(b"", value, "", None) for value in values if value]
