"""Split a multipart body into its parts (RFC 7578)."""

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from python_multipart.multipart import MultipartParser, parse_options_header


@dataclass
class Part:
    """One part of a form; `filename` is None if the part is not a file."""

    headers: dict[str, str]
    content: bytes = b""

    @property
    def _disposition(self) -> dict[bytes, bytes]:
        # As bytes: the parser writes a str as ISO-8859-1, which most file names of the world are beyond.
        return parse_options_header(self.headers.get("content-disposition", "").encode())[1]

    @property
    def name(self) -> str:
        """The field's name."""
        return self._disposition.get(b"name", b"").decode(errors="replace")

    @property
    def filename(self) -> str | None:
        """The name of the file."""
        found = self._disposition.get(b"filename")
        return None if found is None else found.decode(errors="replace")

    @property
    def media_type(self) -> str:
        """The content type, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def text(self) -> str:
        """The content, decoded as UTF-8."""
        return self.content.decode(errors="replace")


def read_parts(content_type: str, body: bytes) -> list[tuple[str, Part]]:
    """Return the parts by name, in order. A malformed part ends the list: the handler reports what is missing."""
    boundary = re.search(r'boundary="?([^";,]+)"?', content_type)
    if boundary is None:
        return []
    collector = _Collector()
    parser = MultipartParser(boundary[1].encode(), collector.callbacks())  # type: ignore[arg-type]  # the library wants a TypedDict
    with suppress(ValueError):  # the handler refuses a malformed form
        parser.write(body)
        parser.finalize()
    return [(part.name, part) for part in collector.parts]


class _Collector:
    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._field = self._value = b""
        self._content: list[bytes] = []
        self._headers: dict[str, str] = {}

    def callbacks(self) -> dict[str, Any]:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._on_field,
            "on_header_value": self._on_value,
            "on_header_end": self._end_header,
            "on_part_data": lambda data, start, end: self._content.append(data[start:end]),
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._content, self._headers = [], {}

    def _on_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _on_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._field.decode("latin-1").lower()] = self._value.decode("utf-8", "replace")
        self._field = self._value = b""

    def _end(self) -> None:
        self.parts.append(Part(self._headers, b"".join(self._content)))
