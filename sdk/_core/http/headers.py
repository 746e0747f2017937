"""The headers of a response: a mapping that does not mind the case of names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors.redact import visible_headers


class Headers(Mapping[str, str]):
    """Response headers by name, in any case. A header that came more than once reads joined with ", " (RFC 9110, 5.3).

    Its `repr` shows what may be shown, and never a cookie; names are kept in lower case.
    """

    __slots__ = ("_pairs", "_values")

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        """Take (name, value) pairs, names in lower case."""
        self._pairs = pairs
        self._values = dict(pairs)
        if len(self._values) < len(pairs):
            self._values.clear()
            for name, value in pairs:
                self._values[name] = f"{self._values[name]}, {value}" if name in self._values else value

    def get_list(self, name: str) -> list[str]:
        """Return every value of a header, in order; Set-Cookie can be read no other way."""
        name = name.lower()
        return [value for key, value in self._pairs if key == name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header's value, or `default`."""
        return self._values.get(name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return self._values[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Headers({visible_headers(self._values)})"
