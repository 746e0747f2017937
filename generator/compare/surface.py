"""The surface of an SDK as plain data, so that two of them can be compared: operations, arguments, models, values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from attrs import field, frozen

from .. import ir
from ..document.locator import SourceLocator
from ..ir import AnyType, Api, Array, Binary, Enum, Map, ObjectType, Ref, Scalar, Type, Union, WebSocket

REQUEST, REPLY = "request", "reply"


@frozen
class Slot:
    """An argument of an operation, or a field of a model, with its alternatives as strings."""

    alternatives: frozenset[str]
    required: bool
    deprecated: bool = False
    limits: Mapping[str, Any] = field(factory=dict)  # by keyword of JSON Schema, "default" among them
    former: tuple[str, ...] = ()  # names that still work
    place: str = ""  # where the document has it, as a JSONPath


@frozen
class OperationSurface:
    method: str
    path: str
    arguments: Mapping[str, Slot]
    reply: frozenset[str]
    events: frozenset[str]
    security: ir.Security
    deprecated: bool
    bodies: tuple[str, ...] = ()  # the classes whose fields are arguments
    place: str = ""  # where the document has it, as a JSONPath
    id: str = ""  # its operationId
    headers: Mapping[str, str] = field(factory=dict)  # what it always sends


@frozen
class ModelSurface:
    """A class (`fields`) or a named type (`alternatives`); `sides` are where the API uses it."""

    place: str
    fields: Mapping[str, Slot] | None
    alternatives: frozenset[str]
    sides: frozenset[str] = field(factory=frozenset)
    former: tuple[str, ...] = ()


@frozen
class Surface:
    """The public surface of an SDK; `version` names its document, `release` is the document's `info.version`."""

    title: str
    version: str
    release: str
    operations: Mapping[str, OperationSurface]
    models: Mapping[str, ModelSurface]


def surface(api: Api, version: str, document: Mapping[str, Any]) -> Surface:
    """Return the surface of an API as the SDK shows it; `document` is what the API was built from."""
    sides, locator = _sides(api), SourceLocator(document)
    models: dict[str, ModelSurface] = {}
    for schema in api.schemas:
        objects = [*schema.inline, *([schema.body] if isinstance(schema.body, ObjectType) else [])]
        for obj in objects:
            used = frozenset(s for s in (REQUEST, REPLY) if obj.name in sides[s])
            fields = {f.attr: _slot(f, locator.property(obj.pointer, f.key)) for f in obj.fields}
            former = schema.former if obj is schema.body else obj.former
            models[obj.name] = ModelSurface(locator.path(obj.pointer), fields, frozenset(), used, former)
        if not isinstance(schema.body, ObjectType):
            used = frozenset(s for s in (REQUEST, REPLY) if schema.name in sides[s])
            place = locator.path(schema.pointer)
            models[schema.name] = ModelSurface(place, None, alternatives(schema.body), used, schema.former)
    operations = {o.name: _operation(o, api, locator) for o in api.operations}
    operations |= {w.name: _websocket(w) for w in api.websockets}
    return Surface(api.title, version, str(document["info"]["version"]), operations, models)


def alternatives(type_: Type) -> frozenset[str]:
    """Return the alternatives of a type as strings that do not depend on their order."""
    match type_:
        case Union(members):
            return frozenset(text for member in members for text in alternatives(member))
        case Enum(values):
            return frozenset(repr(v) for v in values)
        case Array(item):
            return frozenset({f"array of {_one(alternatives(item))}"})
        case Map(value):
            return frozenset({f"object of {_one(alternatives(value))}"})
        case Ref(name):
            return frozenset({name})
        case Scalar(kind):
            return frozenset({kind})
        case Binary():
            return frozenset({"file"})
        case AnyType():
            return frozenset({"any"})
        case _:
            assert_never(type_)


def _one(alternatives: frozenset[str]) -> str:
    text = " | ".join(sorted(alternatives))
    return f"({text})" if len(alternatives) > 1 else text


def _operation(o: ir.Operation, api: Api, locator: SourceLocator) -> OperationSurface:
    bodies = o.body.classes if o.body else ()
    return OperationSurface(
        o.method,
        o.path + "".join(f"?{k}={v}" for k, v in o.fixed_query),
        {p.attr: _slot(p, _place(p, o, [api.objects[name].pointer for name in bodies], locator)) for p in o.params},
        alternatives(o.reply.type) if o.reply.type else frozenset({o.reply.kind}),
        alternatives(o.events.type) if o.events else frozenset(),
        o.security,
        o.deprecated,
        bodies,
        locator.path(o.pointer),
        o.id,
        dict(o.fixed_headers),
    )


def _websocket(w: WebSocket) -> OperationSurface:
    """Return a WebSocket as an operation: its reply are the events of the server."""
    arguments = {p.attr: _slot(p, "") for p in w.params}
    return OperationSurface("WEBSOCKET", w.path, arguments, alternatives(w.receives), frozenset(), w.security, False)


def _slot(source: ir.Field | ir.Param, place: str) -> Slot:
    limits = {fact.keyword: fact.value for fact in source.facts if fact.keyword != "format"}
    return Slot(alternatives(source.type), source.required, source.deprecated, limits, source.former, place)


def _place(param: ir.Param, operation: ir.Operation, bodies: Iterable[str], locator: SourceLocator) -> str:
    if param.location != "body":
        return locator.parameter(operation.pointer, param.location, param.key)
    return next(filter(None, (locator.property(body, param.key) for body in bodies)), "")


def _sides(api: Api) -> dict[str, set[str]]:
    requests = [p.type for o in api.operations for p in o.params]
    requests += [type_ for w in api.websockets for type_ in w.request_types]
    replies = [t for o in api.operations for t in (o.reply.type, o.events.type if o.events else None) if t is not None]
    replies += [w.receives for w in api.websockets]
    return {REQUEST: api.reached(requests), REPLY: api.reached(replies)}
