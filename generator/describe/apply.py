"""Put the texts on the operations, arguments, classes and fields of an API. They change docstrings alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve

from ..document.locator import SourceLocator
from ..errors import GeneratorError, raise_all
from ..ir import Api, Field, ObjectType, Operation, Param, Schema
from .places import key_of, properties
from .source import Descriptions


def described(api: Api, document: Mapping[str, Any], texts: Descriptions) -> Api:
    """Return the API with descriptions; a text of the file takes the place of the document's.

    Raises: GeneratorError for each text whose operation, argument, schema or property does not exist.
    """
    raise_all([*_stale(api, document, texts)])
    writer = _Writer(api, document, texts)
    schemas = tuple(map(writer.schema, api.schemas))
    objects = {o.name: o for s in schemas for o in (*s.inline, s.body) if isinstance(o, ObjectType)}
    return evolve(api, objects=objects, schemas=schemas, operations=tuple(map(writer.operation, api.operations)))


class _Writer:
    """Find the text of each part of an API."""

    def __init__(self, api: Api, document: Mapping[str, Any], texts: Descriptions) -> None:
        self._api, self._texts, self._locator = api, texts, SourceLocator(document)

    def schema(self, schema: Schema) -> Schema:
        """Return a component schema and its objects with their texts."""
        return evolve(
            schema,
            body=self._object(schema.body) if isinstance(schema.body, ObjectType) else schema.body,
            inline=tuple(map(self._object, schema.inline)),
            description=self._texts.schemas.get(schema.key, {}).get("") or schema.description,
        )

    def _object(self, obj: ObjectType) -> ObjectType:
        """Return a class with its text and those of its fields."""
        return evolve(
            obj,
            description=self._texts.schemas.get(key_of(obj.pointer), {}).get("") or obj.description,
            fields=tuple(self._field(f, obj) for f in obj.fields),
        )

    def _field(self, field: Field, obj: ObjectType) -> Field:
        text = self._property(obj.pointer, field.key) or field.description or self._texts.fields.get(field.key)
        return evolve(field, description=text)

    def _property(self, owner: str, key: str) -> str | None:
        """Return the text of a property: that of the schema itself, or of the part which declares it."""
        own = self._texts.schemas.get(key_of(owner), {}).get(key)
        if own is not None:
            return own
        place = self._locator.property_pointer(owner, key)
        return self._texts.schemas.get(key_of(place.rpartition("/properties/")[0]), {}).get(key)

    def operation(self, operation: Operation) -> Operation:
        """Return an operation with its text and those of its arguments."""
        bodies = [self._api.objects[name].pointer for name in (operation.body.classes if operation.body else ())]
        return evolve(
            operation,
            description=self._texts.operations.get(operation.replaced_by or operation.name) or operation.description,
            params=tuple(self._param(p, operation, bodies) for p in operation.params),
        )

    def _param(self, param: Param, operation: Operation, bodies: list[str]) -> Param:
        texts = self._texts
        text = texts.parameters.get(f"{operation.replaced_by or operation.name}.{param.attr}")
        if text is None and param.location == "body":
            text = next(filter(None, (self._property(body, param.key) for body in bodies)), None)
        text = text or param.description or texts.parameters.get(param.attr)
        if text is None and param.location == "body":
            text = texts.fields.get(param.key)
        return evolve(param, description=text)


def _stale(api: Api, document: Mapping[str, Any], texts: Descriptions) -> list[GeneratorError]:
    """Return an error for each text of something that does not exist."""
    hint = "remove the text, or correct its key"
    names = {operation.name for operation in api.operations}
    arguments = {p.attr for operation in api.operations for p in operation.params}
    arguments |= {f"{operation.name}.{p.attr}" for operation in api.operations for p in operation.params}
    places = properties(document)
    keys = {key for found in places.values() for key in found}
    problems: list[tuple[str, tuple[str, ...]]] = [
        *((f"there is no operation {name}", ("operations", name)) for name in texts.operations if name not in names),
        *((f"there is no argument {name}", ("parameters", name)) for name in texts.parameters if name not in arguments),
        *((f"no schema has a property {name}", ("fields", name)) for name in texts.fields if name not in keys),
    ]
    for schema, fields in texts.schemas.items():
        if schema not in places:
            problems.append((f"there is no schema {schema}", ("schemas", schema)))
            continue
        problems += [
            (f"{schema} declares no property {name}", ("schemas", schema, name))
            for name in fields
            if name and name not in places[schema]
        ]
    return [texts.error(problem, *place, hint=hint) for problem, place in problems]
