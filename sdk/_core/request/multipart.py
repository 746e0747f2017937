"""Multipart bodies (RFC 7578), with names escaped as browsers escape them (WHATWG HTML, 4.10.21.8)."""

from __future__ import annotations

import io
import os
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from typing import TYPE_CHECKING

from ..files import file_parts, is_file
from ..model import ApiModel
from ..unset import UNSET
from .file_stream import FileStream, Source, file_position
from .styles import flat, json, scalar

if TYPE_CHECKING:
    from .spec import Style

#: The characters that browsers escape in names.
_ESCAPES = str.maketrans({"\r": "%0D", "\n": "%0A", '"': "%22"})


def multipart(
    fields: Mapping[str, object],
    part_types: Mapping[str, str],
    styles: Mapping[str, Style],
    starts: MutableMapping[int, int | None],
    files_only: Collection[str] = (),
    nulls: Collection[str] = (),
) -> tuple[str, FileStream]:
    """Return the content type, with its boundary, and the body.

    Files come last, so that a server has read the fields when the file arrives. `starts` stores the first known
    position of each open file, by id(). A field of `files_only` accepts no number, and no str: it could be a path or
    the content. A form has no null, so None omits a field; the fields `nulls` become parts with the JSON value null.
    Raises: RequestError for a value that cannot be sent, OSError for a path that cannot be read.
    """
    boundary = os.urandom(16).hex()  # 128 random bits do not occur in any content by chance
    pieces: list[bytes | Source] = []
    files: list[bytes | Source] = []
    pieces += [_head(boundary, key, None, "application/json") + b"null\r\n" for key in nulls]
    for key, value in fields.items():
        for name, part in _flat(key, value, styles.get(key)):
            if is_file(part) or (key in files_only and isinstance(part, str | int | float | io.TextIOBase)):
                content, filename, kind, on_progress = file_parts(part, key, part_types.get(key))
                start = starts.setdefault(id(content), file_position(content)) if hasattr(content, "read") else None
                source = Source(content, key, start=start, on_progress=on_progress)
                files += [_head(boundary, name, filename, kind), source, b"\r\n"]
            else:
                text, text_kind = _text(part, key, part_types.get(key))
                pieces.append(_head(boundary, name, None, text_kind) + text + b"\r\n")
    everything = [*pieces, *files, f"--{boundary}--\r\n".encode()]
    return f"multipart/form-data; boundary={boundary}", FileStream(everything)


def _flat(key: str, value: object, style: Style | None) -> Iterator[tuple[str, object]]:
    """Yield the parts of a field: one for each item of an array; in the style deepObject, names have brackets."""
    if value is UNSET or value is None:
        return
    deep = style is not None and style.name == "deepObject"
    delimiter = style.delimiter if style is not None else None
    if isinstance(value, ApiModel):
        value = value.to_dict()
    if delimiter is not None and isinstance(value, list | tuple | set | frozenset | Mapping) and not is_file(value):
        yield key, delimiter.join(flat(value, key))
    elif style is not None and style.name == "form" and isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, list | tuple | set | frozenset) and not is_file(value):
        for item in value:
            yield from _flat(f"{key}[]", item, style) if deep else [(key, item)]
    elif deep and isinstance(value, Mapping):
        for name, member in value.items():
            yield from _flat(f"{key}[{name}]", member, style)
    else:
        yield key, value


def _text(value: object, key: str, content_type: str | None) -> tuple[bytes, str | None]:
    if isinstance(value, ApiModel | Mapping | list | tuple | set | frozenset):
        return json(value), content_type or "application/json"
    return scalar(value, key).encode(), content_type


def _head(boundary: str, name: str, filename: str | None, content_type: str | None) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{escaped(name)}"'
    if filename is not None:
        head += f'; filename="{escaped(filename)}"'
    if content_type:
        head += f"\r\nContent-Type: {content_type}"
    # A file name that the encoding of the file system cannot decode holds lone surrogates.
    return f"{head}\r\n\r\n".encode(errors="replace")


def escaped(name: str) -> str:
    """Escape the name of a field or file: percent-encode quotes and line breaks."""
    return name.translate(_ESCAPES)
