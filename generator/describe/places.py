"""Name the places of a document as descriptions do: `Schema`, `Schema.property`, `Schema.property[]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..document import pointer as pointers

_SCHEMAS = ("components", "schemas")
#: Keywords whose schemas are alternatives or parts of one place.
_PARTS = ("anyOf", "oneOf", "allOf")


def key_of(pointer: str) -> str:
    """Return the key of the schema at a JSON pointer, or "" if it is not within a component schema."""
    tokens = pointers.split(pointer)
    if tuple(tokens[:2]) != _SCHEMAS or len(tokens) < 3:
        return ""
    key, rest = tokens[2], tokens[3:]
    while rest:
        keyword = rest.pop(0)
        if keyword == "properties" and rest:
            key += f".{rest.pop(0)}"
        elif keyword == "items":
            key += "[]"
        elif keyword == "additionalProperties":
            key += "{}"
        elif keyword in _PARTS and rest:
            rest.pop(0)
        else:
            return ""
    return key


def properties(document: Mapping[str, Any]) -> dict[str, set[str]]:
    """Return the names of the properties that are declared at each place of the component schemas."""
    found: dict[str, set[str]] = {}
    for name, schema in document.get("components", {}).get("schemas", {}).items():
        for key, names in _declared(schema, name):
            found.setdefault(key, set()).update(names)
    return found


def _declared(schema: Any, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(schema, Mapping):
        return
    own = schema.get("properties") or {}
    yield key, own
    for name, inner in own.items():
        yield from _declared(inner, f"{key}.{name}")
    yield from _declared(schema.get("items"), f"{key}[]")
    yield from _declared(schema.get("additionalProperties"), key + "{}")
    for keyword in _PARTS:
        for part in schema.get(keyword) or ():
            yield from _declared(part, key)
