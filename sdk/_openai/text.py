"""Texts: such as grow by pieces, and such as UTF-8 cannot hold."""

from __future__ import annotations

from typing import Any

#: orjson writes 254 levels; a message lies some levels deep in its request.
_DEEPEST = 200


class TextBuffer:
    """What pieces add up to, in the memory of the text alone: io.StringIO would keep each piece until it is read."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, piece: str) -> None:
        """Add a piece."""
        self._data += piece.encode("utf-8", "surrogatepass")

    def holds(self, text: str) -> bool:
        """Tell whether the pieces add up to this text."""
        return self._data == text.encode("utf-8", "surrogatepass")

    def getvalue(self) -> str:
        """Return the text. A surrogate pair that a server cut in two, which JSON allows, is one character again."""
        try:
            return self._data.decode()
        except UnicodeDecodeError:
            halves = self._data.decode("utf-8", "surrogatepass")
            return halves.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def replace_surrogates(value: Any, depth: int = 0) -> Any:
    """Return JSON without half characters: lone surrogates, which JSON allows and UTF-8 cannot hold, become U+FFFD.

    Raises RecursionError for what is nested so deeply that no request can hold it.
    """
    if depth > _DEEPEST:
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
