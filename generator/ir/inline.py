"""Types that stand in an operation: of parameters, bodies and replies that are no component schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..normalise.normaliser import Normaliser
from . import Ref, Schema, Type, names
from .schemas import SchemaBuilder


class Inliner:
    """Build those types. What holds an object, or has to be decoded, gets a name: `extra` collects these."""

    def __init__(self, normaliser: Normaliser, schemas: SchemaBuilder) -> None:
        self.normaliser, self.schemas = normaliser, schemas
        self.extra: list[Schema] = []

    def type(self, schema: Mapping[str, Any], owner: str, key: str, pointer: str, *, decoded: bool = False) -> Type:
        """Return the type of a canonical schema; a class in it is named after its owner and its key there.

        `decoded`: values of it are read, so that dates have to be found.
        """
        if "$ref" in schema:
            return Ref(self.schemas.python(schema["$ref"], pointer))
        if not _holds_object(schema) and not (decoded and _holds_date(schema)):
            return self.schemas.named_inline(schema, pointer)
        name = names.given(schema, pointer) or names.class_name(names.part(owner) + names.part(key))
        named = self.schemas.named(key, schema, pointer, self.schemas.claim(name, pointer))
        self.extra.append(named)
        return Ref(named.name)

    def deref(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Follow references to what they lead to."""
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
