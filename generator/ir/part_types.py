"""What a document says of single parts of a multipart body (OpenAPI 3.1.1, section 4.8.15: Encoding Object)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..document.media import essence, is_file, is_json
from . import AnyType, Binary, Body, JsonType, Scalar, Type
from .unions import Resolve, json_types

Encoding = Mapping[str, Any]


def one_type(content_type: str | None) -> str | None:
    """Return the content type of a part, None where it is one of several, or a range."""
    return None if content_type is None or "," in content_type or "*" in content_type else content_type


def written_type(type_: Type, encoding: Encoding, resolve: Resolve) -> Type | None:
    """Return the type of a part that only the caller can write: an object as XML is text, one in bytes is a file."""
    kind = encoding.get("contentType")
    if kind is None or is_json(essence(kind)) or encoding.keys() & {"style", "explode", "allowReserved"}:
        return None
    if JsonType.OBJECT not in json_types(type_, resolve) or isinstance(resolve(type_), AnyType):
        return None
    return Binary() if is_file(essence(kind)) else Scalar("string")


def part_headers(encoding: Encoding) -> list[str]:
    """Return the headers of a part that its other keywords do not write."""
    return [name for name in encoding.get("headers") or {} if name.lower() != "content-type"]


def note_parts(encodings: Iterable[Mapping[str, Encoding]], body: Body, title: str) -> tuple[str, ...]:
    """Return notes on what of the parts of a body is not written: headers, and the parts of other kinds of multipart.

    Source: RFC 2046, section 5.1.
    """
    parts = [(key, encoding) for one in encodings for key, encoding in one.items()]
    notes = [f"left out: the headers of the part {key!r} of {title}" for key, one in parts if part_headers(one)]
    if body.kind == "raw" and (kind := essence(body.content_type or "")).startswith("multipart/"):
        notes.append(f"not written: the parts of {kind} of {title}: give the body as it is sent")
    return tuple(notes)
