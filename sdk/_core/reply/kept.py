"""How much a stream keeps: the size of what its accumulator holds, as JSON would have it."""

from __future__ import annotations

from typing import Any


def kept_size(value: Any) -> tuple[int, int]:
    """Return the size of a value in characters and bytes, and the number of values in it.

    A value is no larger than the JSON that it came from, so that a stream has to be measured only when it has sent as
    many bytes as it may keep. Objects are measured by their slots.
    """
    size = count = 0
    waiting = [value]
    while waiting:
        one = waiting.pop()
        count += 1
        if isinstance(one, str | bytes | bytearray):
            size += len(one)
        elif isinstance(one, dict):
            size += sum(len(key) if isinstance(key, str) else 1 for key in one)
            waiting += one.values()
        elif isinstance(one, list | tuple):
            size += len(one)
            waiting += one
        elif (slots := getattr(type(one), "__slots__", None)) is not None:
            waiting += [getattr(one, name, None) for name in slots]
        else:
            size += 1
    return size, count
