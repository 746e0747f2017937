"""Unions of inheritance: a schema with a discriminator that others extend by allOf can be any of them.

    Pet: {discriminator: {propertyName: petType}, properties: ...}      AnyPet = Cat | Dog | Pet
    Cat: {allOf: [{$ref: Pet}, {properties: ...}]}               →      and references to Pet become AnyPet

Source: OpenAPI 3.1.1, section 4.8.25.4 ("Models with Polymorphism Support").
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from ..document import pointer as pointers
from ..document import shape
from ..document.pointer import escape
from .components import PREFIX, numbered
from .normaliser import STRUCTURAL


def with_unions_of_children(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the document with a union for each parent, used wherever a value can be a child; unchanged without any."""
    schemas = (document.get("components") or {}).get("schemas") or {}
    parents = {key: found for key, schema in schemas.items() if (found := _members(schemas, key, schema))}
    if not parents:
        return document
    result: dict[str, Any] = copy.deepcopy(dict(document))
    keys: dict[str, str] = {}
    for parent in parents:
        keys[parent] = numbered(f"Any{parent[:1].upper()}{parent[1:]}", schemas.keys() | set(keys.values()))
    objects = {shape.written(path): value for path, _, value in shape.objects(result)}
    for path, kind, value in shape.objects(result):
        parent = _component(value) if kind == "schema" else ""
        if parent in parents and not _means_parent(shape.written(path), objects, parents[parent]):
            value["$ref"] = PREFIX + escape(keys[parent])
    for parent, members in parents.items():
        discriminator = schemas[parent]["discriminator"]
        union = {
            "oneOf": [{"$ref": PREFIX + escape(key)} for key in (*members, parent)],
            "discriminator": {**discriminator, "x-sdk-rest": parent},
        }
        if "x-sdk-name" in schemas[parent]:
            union["x-sdk-name"] = f"Any{schemas[parent]['x-sdk-name']}"
        result["components"]["schemas"][keys[parent]] = union
    return result


def _members(schemas: Mapping[str, Any], key: str, schema: Any) -> list[str]:
    """Return the schemas that extend a parent, in the document's order; none if it is not a parent."""
    discriminator = schema.get("discriminator") if isinstance(schema, Mapping) else None
    if not isinstance(discriminator, Mapping) or "oneOf" in schema or "anyOf" in schema:
        return []
    mapped = {str(target).rpartition("/")[2] for target in (discriminator.get("mapping") or {}).values()}
    named = {pointers.reference(name)[-1] for name in mapped if name}
    children = _children(schemas, {key})
    return [name for name in schemas if name != key and (name in children or name in named)] if children else []


def _children(schemas: Mapping[str, Any], above: set[str]) -> set[str]:
    """Return the schemas that extend one of others, at any depth."""
    found = {
        name
        for name, schema in schemas.items()
        if isinstance(schema, Mapping) and any(_component(part) in above for part in schema.get("allOf") or ())
    } - above
    return found | _children(schemas, above | found) if found else found


def _component(schema: Any) -> str:
    """Return the key of the component that a schema is a reference to, or ""."""
    tokens = pointers.reference(str(schema["$ref"])) if isinstance(schema, Mapping) and "$ref" in schema else []
    return tokens[2] if len(tokens) == 3 and tokens[:2] == ["components", "schemas"] else ""


def _means_parent(place: str, objects: Mapping[str, Any], children: Iterable[str]) -> bool:
    """Return whether a reference means only the parent: in an allOf that extends it, or in a union with children."""
    tokens = pointers.split(place)
    if len(tokens) < 2 or tokens[-2] not in ("allOf", "anyOf", "oneOf"):
        return False
    owner = objects.get(pointers.join(tokens[:-2]), {})
    parts = owner.get(tokens[-2])
    if not isinstance(parts, list):  # a property of that name
        return False
    others = [part for index, part in enumerate(parts) if str(index) != tokens[-1]]
    if tokens[-2] != "allOf":
        return "discriminator" in owner or any(_component(part) in children for part in others)
    # 3.0 documents annotate a reference with an allOf that has nothing else of a type.
    is_component = tokens[:2] == ["components", "schemas"] and len(tokens) == 5
    shapes = (*others, {key: owner[key] for key in owner if key != "allOf"})
    return is_component or any("$ref" in part or part.keys() & STRUCTURAL for part in shapes if isinstance(part, dict))
