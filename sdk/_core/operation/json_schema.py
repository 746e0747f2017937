"""Convert the JSON schemas of msgspec and pydantic to the form that all servers accept, and decode JSON by them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import msgspec

Schema = dict[str, Any]

# The keywords whose value is a schema, a list of schemas, and a mapping from names to schemas.
_ONE = ("items", "additionalProperties", "not", "contains", "propertyNames")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs")
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


def portable(node: Schema) -> Schema:
    """Return a schema that all servers accept: enums have a type, and defaults are JSON.

    JSON Schema does not require a type beside an enum, but the hosted API (strict schemas) and Gemini do. Values of
    several types become one enum for each type.
    """
    node = rebuild(node, portable)
    if "default" in node and not is_json(node["default"]):
        del node["default"]
    values = node["enum"] if isinstance(node.get("enum"), list) else [node["const"]] if "const" in node else []
    if "type" in node or not values or "anyOf" in node:
        return node
    members: dict[str, list[Any]] = {}
    for value in values:
        members.setdefault(_TYPES.get(type(value), "null"), []).append(value)
    if len(members) == 1:
        return {**node, "type": next(iter(members))}
    parts = [{"type": kind} if kind == "null" else {"type": kind, "enum": found} for kind, found in members.items()]
    return {"anyOf": parts, **{key: value for key, value in node.items() if key != "enum"}}


def is_json(value: Any) -> bool:
    """Return whether JSON can represent a value; it cannot represent infinity, or a lone surrogate."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def rebuild(node: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return a schema in which `change` replaces each direct subschema. Values, such as defaults, stay as they are."""
    found = dict(node)
    for key in _ONE:
        if isinstance(found.get(key), dict):
            found[key] = change(found[key])
    for key in _LISTS:
        if isinstance(found.get(key), list):
            found[key] = [change(inner) if isinstance(inner, dict) else inner for inner in found[key]]
    for key in _NAMED:
        if isinstance(found.get(key), dict):
            found[key] = {
                name: change(inner) if isinstance(inner, dict) else inner for name, inner in found[key].items()
            }
    return found


def decode(text: str, decoder: msgspec.json.Decoder[Any], schema: Schema, parts: dict[str, Schema]) -> Any:
    """Decode JSON with a decoder of msgspec. In JSON Schema, and so here, 3.0 and 3e0 are integers.

    Raises the errors of the decoder.
    """
    from msgspec import ValidationError

    try:
        return decoder.decode(text)
    except ValidationError as error:
        try:
            return decoder.decode(json.dumps(_with_integers(json.loads(text), schema, parts)))
        except ValueError:  # ValidationError, or a number that JSON cannot represent
            raise error from None


def _with_integers(value: Any, node: Schema, parts: dict[str, Schema]) -> Any:
    """Return JSON with an int for each float without a fraction, where the schema allows integers and no floats."""
    node = parts.get(str(node.get("$ref", "")).rpartition("/")[2], node)
    members: list[Any] = [parts.get(str(m.get("$ref", "")).rpartition("/")[2], m) for m in node.get("anyOf", ())]
    if value.__class__ is float:
        types = {member.get("type") for member in (node, *members)}
        return int(value) if "integer" in types and "number" not in types and value.is_integer() else value
    for member in members:
        value = _with_integers(value, member, parts)
    if isinstance(value, list):
        first = node.get("prefixItems") or []
        return [
            _with_integers(v, first[i] if i < len(first) else _one(node, "items"), parts) for i, v in enumerate(value)
        ]
    if isinstance(value, dict):
        known, others = node.get("properties", {}), _one(node, "additionalProperties")
        return {key: _with_integers(inner, known.get(key, others), parts) for key, inner in value.items()}
    return value


def _one(node: Schema, key: str) -> Schema:
    found = node.get(key)
    return found if isinstance(found, dict) else {}
