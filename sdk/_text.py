"""A text that grows by pieces."""

from __future__ import annotations


class Text:
    """What pieces add up to, in the memory of the text alone: io.StringIO would keep each piece until it is read."""

    __slots__ = ("_data",)

    def __init__(self) -> None:
        self._data = bytearray()

    def write(self, piece: str) -> None:
        """Add a piece."""
        self._data += piece.encode("utf-8", "surrogatepass")

    def getvalue(self) -> str:
        """Return the text. A surrogate pair that a server cut in two, which JSON allows, is one character again."""
        try:
            return self._data.decode()
        except UnicodeDecodeError:
            halves = self._data.decode("utf-8", "surrogatepass")
            return halves.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
