"""Count the parts of an API that a package types as any value though their document has a schema for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.document import pointer as pointers
from generator.ir import AnyType, Api, Array, Map, ObjectType, Type, Union

Schemas = list[Mapping[str, Any]]

#: Keywords that limit what a value may be.
_LIMITS = frozenset(
    {
        *("type", "enum", "const", "properties", "required", "items", "prefixItems", "patternProperties"),
        *("additionalProperties", "format"),
    }
)
_JOINED, _CHOICES = ("allOf",), ("anyOf", "oneOf")
_DEPTH = 12


def parts_of(document: Mapping[str, Any], api: Api) -> tuple[int, list[str]]:
    """Return the number of arguments, replies, events and properties, and the places of those that are any value."""
    count, found = 0, list[str]()
    for place, type_, schemas in _parts(document, api):
        count += 1
        if _is_any(document, api, type_, schemas, 0):
            found.append(place)
    return count, found


def _parts(document: Mapping[str, Any], api: Api) -> Iterator[tuple[str, Type, Schemas]]:
    """Yield each part with its place, its type, and the schemas that the document has for it."""
    for schema in api.schemas:
        objects = [*schema.inline, *([schema.body] if isinstance(schema.body, ObjectType) else [])]
        if not isinstance(schema.body, ObjectType):
            yield schema.pointer, schema.body, _at(document, schema.pointer)
        for one in objects:
            around = _at(document, one.pointer)
            for f in one.fields:
                yield f"{one.pointer}/properties/{f.key}", f.type, _below(document, around, "properties", f.key)
    for operation in api.operations:
        raw = pointers.at(document, pointers.split(operation.pointer))
        item = pointers.at(document, pointers.split(operation.pointer.rpartition("/")[0]))
        declared = [pointers.resolved(document, p) for p in [*item.get("parameters", ()), *raw.get("parameters", ())]]
        for param in operation.params:
            if param.location == "body":
                continue  # a property of the schema of the body, or the schema itself
            found = [one for one in declared if (one.get("in"), one.get("name")) == (param.location, param.key)]
            schemas = [schema for one in found if _is_schema(schema := _schema_of(one))]
            yield f"{operation.pointer}/parameters/{param.key}", param.type, schemas
        yield from _bodies(document, operation, raw)


def _bodies(document: Mapping[str, Any], operation: Any, raw: Mapping[str, Any]) -> Iterator[tuple[str, Type, Schemas]]:
    """Yield the whole body and the reply of an operation."""
    body = pointers.resolved(document, raw.get("requestBody") or {})
    if operation.body and operation.body.whole and operation.body.kind != "raw":
        type_ = next(p.type for p in operation.params if p.location == "body")
        yield f"{operation.pointer}/requestBody", type_, _contents(body)
    if operation.reply.type is not None:
        codes = raw.get("responses") or {}
        good = [c for c in codes if str(c).startswith("2")] or [c for c in codes if c == "default"]
        schemas = [s for c in good for s in _contents(pointers.resolved(document, codes[c]))]
        yield f"{operation.pointer}/responses", operation.reply.type, schemas


def _contents(holder: Mapping[str, Any]) -> Schemas:
    content = holder.get("content") or {}
    found = [media.get("schema") for kind, media in content.items() if "json" in kind or "*" in kind]
    return [s for s in found if _is_schema(s)]


def _schema_of(parameter: Mapping[str, Any]) -> Any:
    content: Mapping[str, Any] = parameter.get("content") or {}
    return parameter.get("schema") or next((media.get("schema") for media in content.values()), None)


def _is_schema(value: Any) -> bool:
    return isinstance(value, Mapping)


def _at(document: Mapping[str, Any], pointer: str) -> Schemas:
    """Return the schemas at the place of a type: pointers of types leave out `schema`, and number joined members."""
    found: Schemas = [document]
    tokens = pointers.split(pointer)
    while tokens:
        token, *tokens = tokens
        if token in (*_JOINED, *_CHOICES) and tokens and tokens[0].isdigit():
            tokens = tokens[1:]
            continue
        found = [inner for one in found for inner in _step(document, one, token, 0)]
    return found


def _step(document: Mapping[str, Any], one: Mapping[str, Any], token: str, depth: int) -> Schemas:
    """Return what is under a token, also in what an object refers to, joins, chooses from, or has as its schema."""
    inner = one.get(token)
    if isinstance(inner, Mapping) or depth > _DEPTH:
        return [inner] if isinstance(inner, Mapping) else []
    others = [m for keyword in (*_JOINED, *_CHOICES) for m in one.get(keyword) or ()]
    others += [one["schema"]] if isinstance(one.get("schema"), Mapping) else []
    others += [_target(document, one)] if "$ref" in one else []
    return [found for m in others if isinstance(m, Mapping) for found in _step(document, m, token, depth + 1)]


def _target(document: Mapping[str, Any], one: Mapping[str, Any]) -> Any:
    return pointers.at(document, pointers.reference(str(one["$ref"])))


def _below(document: Mapping[str, Any], schemas: Schemas, keyword: str, key: str = "", depth: int = 0) -> Schemas:
    """Return the schemas under a keyword, in all parts and alternatives of schemas."""
    found: Schemas = []
    for schema in schemas if depth < _DEPTH else ():
        inner = schema.get(keyword)
        inner = inner.get(key) if key and isinstance(inner, Mapping) else inner
        found += [inner] if isinstance(inner, Mapping) else []
        others = [m for k in (*_JOINED, *_CHOICES) for m in schema.get(k) or ()]
        if "$ref" in schema:
            others.append(_target(document, schema))
        found += _below(document, [m for m in others if isinstance(m, Mapping)], keyword, key, depth + 1)
    return found


def _is_any(document: Mapping[str, Any], api: Api, type_: Type, schemas: Schemas, depth: int) -> bool:
    """Return whether a type is any value, or holds any value, where a schema for it says what it is."""
    match type_:
        case AnyType():
            return any(_limits(document, one, 0) for one in schemas)
        case Array(item) if depth < _DEPTH:
            return _is_any(document, api, item, _below(document, schemas, "items"), depth + 1)
        case Map(value) if depth < _DEPTH:
            return _is_any(document, api, value, _below(document, schemas, "additionalProperties"), depth + 1)
        case Union(members) if len(members) == 2 and depth < _DEPTH:  # with null
            return any(_is_any(document, api, one, schemas, depth + 1) for one in members)
    return False


def _limits(document: Mapping[str, Any], schema: Mapping[str, Any], depth: int) -> bool:
    """Return whether a schema says what a value is."""
    if schema.keys() & _LIMITS:
        return True
    if depth > _DEPTH:
        return False
    if "$ref" in schema:
        target = _target(document, schema)
        return isinstance(target, Mapping) and _limits(document, target, depth + 1)
    if any(_limits(document, one, depth + 1) for one in schema.get("allOf") or () if isinstance(one, Mapping)):
        return True
    choices = [one for keyword in _CHOICES for one in schema.get(keyword) or ()]
    return any(isinstance(one, Mapping) and _limits(document, one, depth + 1) for one in choices)
