"""Count the bytes that a reader scans and copies: work that does not depend on the machine, as time does."""

from __future__ import annotations

import re
from types import ModuleType
from typing import Any

import pytest

#: How often a byte may be scanned, and copied, on average.
SCANNED, COPIED = 4, 12


class Meter:
    """Bytes read, and bytes scanned or copied while they were read.

    `Data` and `Buffer` are bytes and bytearray that report what their methods touch; what is cut out of them reports
    too. `watch` puts them, and patterns that report, into a module.
    """

    def __init__(self) -> None:
        self.read = self.scanned = self.copied = 0
        meter = self

        def measured(kind: Any) -> Any:
            class Measured(kind):  # type: ignore[misc]  # bytes or bytearray
                def __new__(cls, *given: Any) -> Any:
                    made = super().__new__(cls, *given)
                    if given and kind is bytes:
                        meter.copied += len(made)
                    return made

                def __init__(self, *given: Any) -> None:
                    if kind is bytearray:
                        super().__init__(*given)
                        meter.copied += len(self)

                def __getitem__(self, key: Any) -> Any:
                    found = super().__getitem__(key)
                    return found if isinstance(found, int) else Measured(found)

                def __delitem__(self, key: Any) -> None:
                    before = len(self)
                    super().__delitem__(key)
                    # What is cut off in front moves no byte: CPython moves the start.
                    meter.copied += 0 if key.start is None else before - key.start

                def __add__(self, other: Any) -> Any:
                    return Measured(super().__add__(other))

                def __radd__(self, other: Any) -> Any:
                    return Measured(other + memoryview(self).tobytes())

                def __iadd__(self, other: Any) -> Any:
                    if kind is bytes:
                        return self + other
                    meter.copied += len(other)
                    return super().__iadd__(other)

                def __contains__(self, item: Any) -> Any:
                    at = super().find(item) if not isinstance(item, int) else -1
                    meter.scanned += len(self) if at < 0 else at + len(item)
                    return super().__contains__(item)

                def find(self, what: Any, start: int = 0, end: int | None = None) -> Any:
                    found = super().find(what, start, len(self) if end is None else end)
                    meter.scanned += (found + len(what) if found >= 0 else len(self)) - start
                    return found

                def splitlines(self, *given: Any) -> Any:
                    meter.scanned += len(self)
                    return [Measured(line) for line in super().splitlines(*given)]

                def split(self, *given: Any) -> Any:
                    meter.scanned += len(self)
                    return [Measured(part) for part in super().split(*given)]

                def partition(self, what: bytes) -> Any:
                    parts = super().partition(what)
                    meter.scanned += len(parts[0]) + len(parts[1])
                    return tuple(map(Measured, parts))

                def decode(self, *given: Any) -> str:
                    meter.copied += len(self)
                    return super().decode(*given)  # type: ignore[no-any-return]

            return Measured

        self.Data, self.Buffer = measured(bytes), measured(bytearray)

    def watch(self, patch: pytest.MonkeyPatch, module: ModuleType) -> None:
        """Let a module make such bytes, and measure the patterns that it has for bytes."""
        patch.setattr(module, "bytes", self.Data, raising=False)
        patch.setattr(module, "bytearray", self.Buffer, raising=False)
        for name, value in vars(module).copy().items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, bytes):
                patch.setattr(module, name, _Pattern(self, value))

    def pieces(self, data: bytes, size: int) -> list[bytes]:
        """Return data in pieces of a size, which report; they count as read."""
        self.read += len(data)
        pieces = [self.Data(data[at : at + size]) for at in range(0, len(data), size)]
        self.scanned = self.copied = 0
        return pieces

    def is_linear(self) -> bool:
        """Tell whether each byte was scanned, and copied, only a few times on average; else say how often, and fail."""
        scanned, copied = self.scanned / self.read, self.copied / self.read
        assert (scanned <= SCANNED, copied <= COPIED) == (True, True), (scanned, copied)
        return True


class _Pattern:
    """A regular expression that reports how far it looks."""

    def __init__(self, meter: Meter, pattern: re.Pattern[bytes]) -> None:
        self._meter, self._pattern = meter, pattern

    def __getattr__(self, name: str) -> Any:
        look = getattr(self._pattern, name)

        def measured(data: Any, start: int = 0, *end: int) -> Any:
            found = look(data, start, *end)
            stop = found.end() if found else (*end, len(data))[0]
            if found is None and name == "match":  # it has failed at the first byte behind blank lines
                stop = min(stop, start + len(data) - len(bytes(data).lstrip(b"\xef\xbb\xbf\r\n")) + 1)
            self._meter.scanned += stop - start
            return found

        return measured
