"""Canonical schemas: how two of them join into one (allOf), and several into a union.

`normaliser` lists the kinds of canonical schemas.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

Schema = dict[str, Any]
Resolve = Callable[[Schema], Schema]

NULL: Schema = {"type": "null"}
#: Keywords that describe the place of a schema, or narrow it, without giving it another type.
ANNOTATIONS = frozenset({
    "default", "deprecated", "description", "readOnly", "writeOnly",
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems", "minProperties", "maxProperties",
})  # fmt: skip
#: On a member of a union that was joined with something: the schema that it was, which the discriminator names.
OF = "x-sdk-of"
#: On what an allOf became: the properties that it takes over from another schema, where it has some of its own.
INHERITED = "x-sdk-inherited"
_TYPING = ("type", "anyOf", "$ref", "const", "enum")


def annotations_of(schema: Mapping[str, Any]) -> Schema:
    """Return what a schema has besides its type; `x-sdk-` keys come from the overlay."""
    return {k: v for k, v in schema.items() if k in ANNOTATIONS or k.startswith("x-sdk-")}


def bare(schema: Mapping[str, Any]) -> Schema:
    """Return a schema without its annotations."""
    return {k: v for k, v in schema.items() if k not in ANNOTATIONS and not k.startswith("x-sdk-")}


def means_null(raw: Any) -> bool:
    """Return whether a schema says of a value only whether it may be null: 3.0 has no type for that."""
    return isinstance(raw, Mapping) and set(raw) - {"description", "title"} == {"nullable"}


def has_type(schema: Mapping[str, Any]) -> bool:
    """Return whether a schema limits the type of a value at all."""
    return any(key in schema for key in _TYPING)


def make_union(members: Iterable[Schema]) -> Schema:
    """Join canonical schemas into one union: nested anonymous unions flattened, duplicates removed, null last."""
    flat: list[Schema] = []
    for member in members:
        for inner in member["anyOf"] if "anyOf" in member and "discriminator" not in member else [member]:
            if not any(_same(inner, other) for other in flat):
                flat.append(inner)
    if not all(map(has_type, flat)):
        return {}  # any value makes the others redundant
    if NULL in flat:
        flat = [m for m in flat if m != NULL] + [NULL]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def or_null(schema: Schema) -> Schema:
    """Return the union of a schema and null; annotations of the place move up to the union."""
    if not has_type(schema) or schema == NULL:
        return schema
    moved = {k: v for k, v in annotations_of(schema).items() if k in ("default", "deprecated", "description")}
    inner = schema if "anyOf" in schema else {k: v for k, v in schema.items() if k not in moved}
    return {**make_union([inner, NULL]), **annotations_of(schema)}


def both(a: Schema, b: Schema, resolve: Resolve) -> Schema | None:
    """Return the schema that satisfies both, None if no value can; the annotations of the later one win.

    If one of them is a reference and the other adds nothing to it, the result is the reference, which has a name.
    """
    if not has_type(b):
        return {**a, **annotations_of(b)}
    if not has_type(a):
        return {**annotations_of(a), **b}
    left, right = resolve(a), resolve(b)
    if not (has_type(left) and has_type(right)):
        return {**annotations_of(a), **annotations_of(b), **bare(b if has_type(right) else a)}
    joined = a if a.get("$ref", 0) == b.get("$ref", 1) else _join(bare(left), bare(right), resolve)
    if joined is None:
        return None
    for whole, resolved in ((a, left), (b, right)):
        if "$ref" in whole and _same(bare(joined), bare(resolved)):
            joined = bare(whole)
            break
    return {**joined, **annotations_of(a), **annotations_of(b)}


def _join(a: Schema, b: Schema, resolve: Resolve) -> Schema | None:
    for union, other, flipped in ((a, b, False), (b, a, True)):
        if "anyOf" in union:
            tagged = "discriminator" in union
            own = [{**m, OF: m["$ref"]} if tagged and "$ref" in m else m for m in union["anyOf"]]
            pairs = [(other, m) if flipped else (m, other) for m in own]
            members = [joined for x, y in pairs if (joined := both(x, y, resolve)) is not None]
            if not members:
                return None
            result = make_union(members)
            return {**result, "discriminator": union["discriminator"]} if tagged and "anyOf" in result else result
    for value, other in ((a, b), (b, a)):
        if "const" in value or "enum" in value:
            return _join_values(value, other)
    kinds = {a["type"], b["type"]}
    if kinds == {"integer", "number"}:
        return {**a, **b, "type": "integer"}
    if len(kinds) == 2:
        return None
    if kinds == {"object"}:
        return _join_objects(a, b, resolve)
    if kinds == {"array"}:
        items = both(a["items"], b["items"], resolve)
        return {**a, **b, "items": {} if items is None else items}
    return {**a, **b}


def _join_values(value: Schema, other: Schema) -> Schema | None:
    values = values_of(value)
    if "const" in other or "enum" in other:
        values = [v for v in values if any(_same(v, o) for o in values_of(other))]
    elif "type" in other:
        values = [v for v in values if fits(v, other["type"])]
    if not values:
        return None
    rest = {k: v for k, v in {**other, **value}.items() if k not in ("const", "enum")}
    return {**rest, **({"const": values[0]} if len(values) == 1 else {"enum": values})}


def _join_objects(a: Schema, b: Schema, resolve: Resolve) -> Schema:
    result = {**a, **b}
    properties = dict(a.get("properties", {}))
    for key, value in b.get("properties", {}).items():
        joined = both(properties[key], value, resolve) if key in properties else value
        # If they contradict each other no value is valid: the later description is the more specific one.
        properties[key] = value if joined is None else joined
    if "properties" in a or "properties" in b:
        result["properties"] = properties
    if "required" in a or "required" in b:
        result["required"] = list(dict.fromkeys([*a.get("required", ()), *b.get("required", ())]))
    if isinstance(a.get("additionalProperties"), dict) and isinstance(b.get("additionalProperties"), dict):
        extra = both(a["additionalProperties"], b["additionalProperties"], resolve)
        result["additionalProperties"] = {} if extra is None else extra
    return result


def values_of(schema: Mapping[str, Any]) -> list[Any]:
    """Return the values that a schema lists."""
    return [schema["const"]] if "const" in schema else list(schema.get("enum", ()))


def of_values(values: Sequence[Any], out: Schema) -> Schema:
    """Return a constant or an enum; null among the values makes it a union with null."""
    if out.get("type") == "string":  # unquoted in YAML, 1 or true is not a string, but the document declares one
        values = [v if v is None or isinstance(v, str) else json.dumps(v) for v in values]
    distinct = list({(type(v), v): v for v in values}.values())
    kept = [v for v in distinct if v is not None]
    if not kept:
        return dict(NULL)
    result = {**out, **({"const": kept[0]} if len(kept) == 1 else {"enum": kept})}
    return or_null(result) if len(kept) < len(distinct) else result


def fits(value: object, kind: str) -> bool:
    """Return whether a JSON value is of a JSON type."""
    if isinstance(value, bool) or kind == "boolean":
        return isinstance(value, bool) and kind == "boolean"
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    types: dict[str, Any] = {"string": str, "number": (int, float), "null": type(None), "object": dict, "array": list}
    return isinstance(value, types[kind]) if kind in types else True


def _same(a: object, b: object) -> bool:
    # For Python True == 1 == 1.0, for JSON they are three values.
    return a == b and repr(a) == repr(b)
