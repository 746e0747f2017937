"""The headers of a response: a mapping with case-insensitive names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..errors.redact import visible_headers


class Headers(Mapping[str, str]):
    """Response headers by case-insensitive name. The values of a repeated header are joined with ", " (RFC 9110, 5.3).

    `repr` shows only headers that hold no secret. Names are stored in lower case.
    """

    __slots__ = ("_pairs", "by_name")

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        """Take (name, value) pairs, names in lower case."""
        self._pairs = pairs
        #: The values by lower-case name: a dict, for those who look up names that they know.
        self.by_name = dict(pairs)
        if len(self.by_name) < len(pairs):
            several: dict[str, list[str]] = {}
            for name, value in pairs:
                several.setdefault(name, []).append(value)
            self.by_name = {name: ", ".join(values) for name, values in several.items()}

    def get_list(self, name: str) -> list[str]:
        """Return every value of a header, in order. Set-Cookie needs this, since its values cannot be joined."""
        name = name.lower()
        return [value for key, value in self._pairs if key == name]

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header's value, or `default`."""
        return self.by_name.get(name.lower(), default)

    def __getitem__(self, name: str) -> str:
        return self.by_name[name.lower()]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self.by_name

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_name)

    def __len__(self) -> int:
        return len(self.by_name)

    def __repr__(self) -> str:
        return f"Headers({visible_headers(self.by_name)})"
