"""Text buffers for streamed deltas, and repair of lone surrogates."""

from __future__ import annotations

from typing import Any

#: orjson encodes 254 levels; a message is some levels deep in its request.
_MAX_DEPTH = 200


class TextBuffer:
    """A buffer for deltas that needs only the memory of the text; io.StringIO keeps each delta until it is read."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, delta: str) -> None:
        """Append a delta."""
        self._data += delta.encode("utf-8", "surrogatepass")

    def holds(self, text: str) -> bool:
        """Return whether the text so far is `text`."""
        return self._data == text.encode("utf-8", "surrogatepass")

    def getvalue(self) -> str:
        """Return the text. A surrogate pair that the server split between two deltas becomes one character."""
        try:
            return self._data.decode()
        except UnicodeDecodeError:
            halves = self._data.decode("utf-8", "surrogatepass")
            return halves.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def replace_surrogates(value: Any, depth: int = 0) -> Any:
    """Return JSON with U+FFFD in place of lone surrogates, which JSON allows and UTF-8 cannot encode.

    Raises RecursionError for JSON that is nested too deeply for a request.
    """
    if depth > _MAX_DEPTH:
        raise RecursionError("nested too deeply")
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    if isinstance(value, dict):
        return {replace_surrogates(key): replace_surrogates(inner, depth + 1) for key, inner in value.items()}
    return [replace_surrogates(inner, depth + 1) for inner in value] if isinstance(value, list) else value
