"""Convert forms and queries to JSON, by the API description."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from ..description.schemas import Schema, items_schema, json_types, known_keys
from .multipart import Part, read_parts
from .recorded_request import RecordedRequest

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


@dataclass
class Parsed:
    """A value, and the names in it that the description does not have."""

    value: Any
    unknown: list[str] = field(default_factory=list)


def read_form(schema: Schema, request: RecordedRequest) -> Parsed:
    """Read the form of a request. A file counts as a string, as it does in the description."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return read_pairs(schema, read_parts(request.headers["content-type"], request.body))
    return read_pairs(schema, parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))


def read_pairs(schema: Schema, pairs: Iterable[tuple[str, str | Part]]) -> Parsed:
    """Build an object from pairs of name and value: `a[]` and a repeated `a` are lists, `a[b]` is a member of `a`."""
    known = known_keys(schema)
    values: dict[str, Any] = {}
    unknown: list[str] = []
    grouped: dict[str, list[tuple[str, str | Part]]] = {}
    for name, part in pairs:
        holder, _, rest = name.partition("[")
        holder = name if known is not None and name in known else holder
        grouped.setdefault(holder, []).append((rest.rstrip("]") if holder != name else "", part))
    for name, parts in grouped.items():
        inner = (known or {}).get(name)
        if inner is None and f"{name}[]" in (known or {}):  # the description has the brackets in the name
            name = f"{name}[]"
            inner = (known or {})[name]
        if inner is None:
            unknown += [name] if known is not None else []
        else:
            values[name] = _value(inner, parts)
    return Parsed(values, unknown)


def _value(schema: Any, parts: list[tuple[str, str | Part]]) -> Any:
    types = json_types(schema)
    members = [(key, part) for key, part in parts if key]
    if members and "object" in types:
        inner = known_keys(schema) or {}
        return {key: _value(inner.get(key, {}), [("", part)]) for key, part in members}
    if "array" in types and (len(parts) > 1 or not types & {"string", "object"}):
        items = items_schema(schema)
        values = [value for _, part in parts for value in _split(part, parts)]
        return [_scalar(items, value) for value in values]
    return _scalar(schema, parts[-1][1])


def _split(part: str | Part, parts: list[Any]) -> list[str | Part]:
    """Split a list at its commas if it came as one string (style form, not exploded)."""
    return list(part.split(",")) if isinstance(part, str) and len(parts) == 1 and "," in part else [part]


def _scalar(schema: Any, part: str | Part) -> Any:
    if isinstance(part, Part):
        if part.media_type == "application/json" and part.filename is None:
            try:
                return json.loads(part.content)
            except ValueError:
                return part.text
        if part.filename is not None:
            return "a file"
        part = part.text
    types = json_types(schema)
    if types & {"integer", "number"} and _NUMBER.fullmatch(part):
        return json.loads(part)
    if "boolean" in types and part.lower() in ("true", "false"):
        return part.lower() == "true"
    if types & {"object", "array"} and part[:1] in ("{", "["):
        try:
            return json.loads(part)
        except ValueError:
            return part
    return part
