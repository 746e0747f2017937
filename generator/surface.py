"""The surface of an SDK as plain data, so that two of them can be compared: operations, arguments, models, values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from .ir import AnyType, Api, Array, Binary, Enum, Map, ObjectType, Operation, Ref, Scalar, Type, Union

REQUEST, REPLY = "request", "reply"


@frozen
class Slot:
    """An argument of an operation, or a field of a model: what may stand there, each alternative spelt out."""

    alternatives: frozenset[str]
    required: bool
    deprecated: bool = False


@frozen
class OperationSurface:
    method: str
    path: str
    arguments: Mapping[str, Slot]
    reply: frozenset[str]
    events: frozenset[str]
    security: str
    deprecated: bool


@frozen
class ModelSurface:
    """A class (`fields`) or a named type (`alternatives`); `sides` says where the API uses it."""

    key: str
    fields: Mapping[str, Slot] | None
    alternatives: frozenset[str]
    sides: frozenset[str] = field(factory=frozenset)


@frozen
class Surface:
    title: str
    version: str
    operations: Mapping[str, OperationSurface]
    models: Mapping[str, ModelSurface]


def surface(api: Api, version: str) -> Surface:
    """Return the surface of an API as the SDK shows it."""
    sides = _sides(api)
    models: dict[str, ModelSurface] = {}
    for schema in api.schemas:
        objects = [*schema.inline, *([schema.body] if isinstance(schema.body, ObjectType) else [])]
        for obj in objects:
            models[obj.name] = ModelSurface(
                schema.key, {f.attr: Slot(spell(f.type), f.required, f.deprecated) for f in obj.fields}, frozenset(),
                frozenset(s for s in (REQUEST, REPLY) if obj.name in sides[s]),
            )  # fmt: skip
        if not isinstance(schema.body, ObjectType):
            used = frozenset(s for s in (REQUEST, REPLY) if schema.name in sides[s])
            models[schema.name] = ModelSurface(schema.key, None, spell(schema.body), used)
    return Surface(api.title, version, {o.name: _operation(o) for o in api.operations}, models)


def spell(type_: Type) -> frozenset[str]:
    """Return the alternatives of a type as texts that do not depend on their order."""
    match type_:
        case Union(members):
            return frozenset(text for member in members for text in spell(member))
        case Enum(values):
            return frozenset(repr(v) for v in values)
        case Array(item):
            return frozenset({f"array of {_one(spell(item))}"})
        case Map(value):
            return frozenset({f"object of {_one(spell(value))}"})
        case Ref(name):
            return frozenset({name})
        case Scalar(kind):
            return frozenset({kind})
        case Binary():
            return frozenset({"file"})
        case AnyType():
            return frozenset({"any"})
    raise AssertionError(type_)


def _one(alternatives: frozenset[str]) -> str:
    text = " | ".join(sorted(alternatives))
    return f"({text})" if len(alternatives) > 1 else text


def _operation(o: Operation) -> OperationSurface:
    return OperationSurface(
        o.method,
        o.path + "".join(f"?{k}={v}" for k, v in o.fixed_query),
        {p.attr: Slot(spell(p.type), p.required, p.deprecated) for p in o.params},
        spell(o.reply.type) if o.reply.type else frozenset({o.reply.kind}),
        spell(o.events.type) if o.events else frozenset(),
        o.security,
        o.deprecated,
    )


def _sides(api: Api) -> dict[str, set[str]]:
    requests = [p.type for o in api.operations for p in o.params]
    replies = [t for o in api.operations for t in (o.reply.type, o.events.type if o.events else None) if t is not None]
    return {REQUEST: _reached(api, requests), REPLY: _reached(api, replies)}


def _reached(api: Api, types: Iterable[Any]) -> set[str]:
    found: set[str] = set()
    todo = list(types)
    while todo:
        match todo.pop():
            case Ref(name) if name not in found:
                found.add(name)
                obj = api.objects.get(name)
                todo.extend([f.type for f in obj.fields] if obj else [api.aliases[name]])
            case Array(inner) | Map(inner):
                todo.append(inner)
            case Union(members):
                todo.extend(members)
    return found
