"""JSON schemas as libraries write them, in the form that all servers take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Schema = dict[str, Any]

# The keywords that hold a schema, a list of schemas, and schemas by name.
_ONE = ("items", "additionalProperties", "not", "contains", "propertyNames")
_LISTS = ("anyOf", "oneOf", "allOf", "prefixItems")
_NAMED = ("properties", "patternProperties", "$defs")
_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


def with_types(node: Schema) -> Schema:
    """Return a schema whose enums and constants have a type; enums of several types become one enum for each.

    JSON Schema does not ask for it, but the hosted API (strict schemas) and Gemini do.
    """
    node = rebuild(node, with_types)
    values = node["enum"] if isinstance(node.get("enum"), list) else [node["const"]] if "const" in node else []
    if "type" in node or not values or "anyOf" in node:
        return node
    types = [_TYPES.get(type(value), "null") for value in values]
    if len(set(types)) == 1:
        return {**node, "type": types[0]}
    members: dict[str, list[Any]] = {}
    for value, kind in zip(values, types, strict=True):
        members.setdefault(kind, []).append(value)
    anyof = [{"type": kind} if kind == "null" else {"type": kind, "enum": found} for kind, found in members.items()]
    return {"anyOf": anyof, **{key: value for key, value in node.items() if key != "enum"}}


def rebuild(node: Schema, change: Callable[[Schema], Schema]) -> Schema:
    """Return a schema with each schema directly within it changed. Values, such as defaults, stay as they are."""
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
