"""What a schema of the description allows: keys, JSON types, items; references and alternatives are followed."""

from collections.abc import Iterator
from typing import Any

from .document import Path, description

Schema = dict[str, Any]


def fits(schema: Any, value: Any) -> bool:
    """Return whether a value is valid by a schema."""
    return not any(description().check(schema, value, ()))


def known_keys(schema: Any) -> dict[str, Any] | None:
    """Return the keys that an object may have, with their schemas; None if it may have any key."""
    known: dict[str, Any] = {}
    for part in _parts(schema):
        if part.get("additionalProperties", False) is not False:
            return None
        known.update(part.get("properties", {}))
    return known


def required_keys(schema: Schema) -> set[str]:
    """Return the keys that an object must have. Keys that only some alternatives require are not among them."""
    found = set(schema.get("required", ()))
    if "$ref" in schema:
        found |= required_keys(description().schemas[schema["$ref"]])
    for part in schema.get("allOf", ()):
        found |= required_keys(part)
    return found


def unknown_paths(schema: Any, value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the path of each key, at any depth, that no alternative of its object's schema has."""
    parts = list(_parts(schema))
    if isinstance(value, list):
        items = {"anyOf": [part["items"] for part in parts if isinstance(part.get("items"), dict)]}
        for index, item in enumerate(value if items["anyOf"] else ()):
            yield from unknown_paths(items, item, (*path, index))
    elif isinstance(value, dict) and value.get("role") != "assistant":  # users send a reply back as they received it
        named: dict[str, list[Any]] = {}
        for part in parts:
            if part.get("additionalProperties", False) is not False:
                return
            for key, inner in part.get("properties", {}).items():
                named.setdefault(key, []).append(inner)
        for key, inner in value.items() if named else ():  # an object without properties may have any key
            if key in named:
                yield from unknown_paths({"anyOf": named[key]}, inner, (*path, key))
            else:
                yield (*path, key)


def json_types(schema: Any) -> set[str]:
    """Return the JSON types that a schema allows."""
    types = set[str]()
    for part in _parts(schema):
        found = part.get("type", "object" if "properties" in part else "string" if "enum" in part else ())
        types |= {found} if isinstance(found, str) else set(found)
    return types


def items_schema(schema: Any) -> Any:
    """Return the schema of an array's items; {} if there is none."""
    return next((part["items"] for part in _parts(schema) if "items" in part), {})


def _parts(schema: Any) -> Iterator[Schema]:
    """Yield a schema, the one that it refers to, its parts and its alternatives."""
    if not isinstance(schema, dict):
        return
    yield schema
    if "$ref" in schema:
        yield from _parts(description().schemas[schema["$ref"]])
    for keyword in ("allOf", "anyOf"):
        for part in schema.get(keyword, ()):
            yield from _parts(part)
