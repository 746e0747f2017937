"""Inline types of operations: of parameters, bodies and replies that are not component schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..normalise.normaliser import Normaliser
from . import Ref, Schema, Type, Union, mentioned, names
from .schemas import SchemaBuilder


class Inliner:
    """Build inline types. One that holds an object, or has to be decoded, becomes a schema: `extra` has these."""

    def __init__(self, normaliser: Normaliser, schemas: SchemaBuilder) -> None:
        self.normaliser, self.schemas = normaliser, schemas
        self.extra: list[Schema] = []

    def type(self, schema: Mapping[str, Any], owner: str, key: str, pointer: str, *, decoded: bool = False) -> Type:
        """Return the type of a canonical schema; a class in it is named after its owner and its key there.

        `decoded` is for replies, whose dates are read.
        """
        if "$ref" in schema:
            return Ref(self.schemas.python(schema["$ref"], pointer))
        if not _holds_object(schema) and not (decoded and _holds_date(schema)):
            return self.schemas.named_inline(schema, pointer)
        name = names.overlaid(schema, pointer) or names.class_name(names.part(owner) + names.part(key))
        named = self.schemas.named(key, schema, pointer, self.schemas.claim(name, pointer))
        self.extra.append(named)
        return Ref(named.name)

    def union(self, members: Sequence[Type], owner: str, key: str, pointer: str) -> Type:
        """Return the union of types; one with classes becomes a schema, named after its owner and its key there."""
        union = Union(tuple(dict.fromkeys(members)))
        if len(union.members) == 1:
            return union.members[0]
        if not mentioned(union):
            return union
        name = self.schemas.claim(names.class_name(names.part(owner) + names.part(key)), pointer)
        self.extra.append(self.schemas.alias(key, union, pointer, name))
        return Ref(name)

    def deref(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow references to their target."""
        while "$ref" in raw:
            raw = self.normaliser.lookup(raw["$ref"], raw["$ref"])
        return raw


def _holds_object(schema: Mapping[str, Any]) -> bool:
    if schema.get("properties"):
        return True
    return any("$ref" in p or _holds_object(p) for p in _parts(schema))


def _holds_date(schema: Mapping[str, Any]) -> bool:
    if schema.get("type") == "string" and schema.get("format") in ("date", "date-time"):
        return True
    return any(map(_holds_date, _parts(schema)))


def _parts(schema: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    inner = (schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), Mapping))
    return [*schema.get("anyOf", ()), *inner]
