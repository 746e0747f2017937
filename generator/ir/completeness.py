"""Check that the intermediate representation has all of the document.

This reads the document itself, not the results of the other stages, so that it finds their faults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from ..document.pointer import escape, resolved
from ..document.shape import METHODS, UNSENT
from ..errors import GeneratorError
from ..normalise.components import component_pointer
from . import AnyType, Api, Array, Binary, Enum, Map, ObjectType, Operation, Ref, Scalar, Type, Union, mentioned

#: Steps of a path through a schema that are not keys.
ITEM, VALUE = ("items",), ("additionalProperties",)
Step = str | tuple[str]
_HINT = "this is a fault of the generator: please report it with the document"


def check_completeness(document: Mapping[str, Any], api: Api, events: str | None = None) -> None:
    """Check that each operation, parameter, schema, property and webhook of the document is in the representation.

    `events` is the key of the union of all webhooks. Raises: GeneratorError that names what is missing.
    """
    _check_operations(document, api)
    _check_schemas(document, api)
    if events is not None:
        _check_webhooks(document, api, events)


def _check_operations(document: Mapping[str, Any], api: Api) -> None:
    built = {operation.pointer: operation for operation in api.operations}
    found = 0
    for path, item in document.get("paths", {}).items():
        for method in METHODS if path.startswith("/") else ():
            if method not in item:
                continue
            found += 1
            pointer = f"/paths/{escape(path)}/{method}"
            if pointer in api.report.skipped:
                continue
            if pointer not in built:
                raise GeneratorError(f"{method.upper()} {path} got lost", pointer=pointer, hint=_HINT)
            for raw in (*item.get("parameters", ()), *item[method].get("parameters", ())):
                _check_parameter(resolved(document, raw), built[pointer])
    represented = sum(not operation.replaced_by for operation in api.operations)
    if found != represented + sum(pointer.startswith("/paths/") for pointer in api.report.skipped):
        raise GeneratorError(f"{found} operations became {represented}", pointer="/paths", hint=_HINT)


def _check_parameter(raw: Mapping[str, Any], operation: Operation) -> None:
    place = (raw["in"], raw["name"])
    if place[0] == "header" and place[1].lower() in UNSENT:
        return
    events = operation.events
    flag = events.stream_flag[:2] if events and events.stream_flag else None  # `.stream` sets it
    if place not in {(p.location, p.key) for p in operation.params} and place != flag:
        raise GeneratorError(f"the {place[0]} parameter {place[1]!r} got lost", pointer=operation.pointer, hint=_HINT)


def _check_schemas(document: Mapping[str, Any], api: Api) -> None:
    built = {schema.pointer: schema for schema in api.schemas}
    for key, raw in document.get("components", {}).get("schemas", {}).items():
        pointer = component_pointer(key)
        if pointer not in built:
            raise GeneratorError(f"the schema {key} got lost", pointer=pointer, hint=_HINT)
        for path in _paths(raw, ()) if pointer not in api.report.skipped else ():
            types: list[Type] = [Ref(built[pointer].name)]
            for step in path:
                types = [inner for type_ in types for inner in _inside(api, type_, step)]
            if not types:
                shown = ".".join(step if isinstance(step, str) else f"[{step[0]}]" for step in path)
                raise GeneratorError(f"the property {shown} of the schema {key} got lost", pointer=pointer, hint=_HINT)


def _paths(raw: Any, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Yield the paths of all properties of a schema, references not followed."""
    if not isinstance(raw, Mapping):
        return
    kinds = raw.get("type")
    may_be = {kinds} if isinstance(kinds, str) else set(kinds or ("object", "array"))
    for keyword in ("allOf", "anyOf", "oneOf"):
        members = raw.get(keyword, ())
        if keyword == "allOf" or not any(m is True or m == {} for m in members):  # any value makes the others redundant
            for member in members:
                yield from _paths(member, path)
    if "object" in may_be:
        for key, value in raw.get("properties", {}).items():
            if value is not False:
                yield (*path, key)
                yield from _paths(value, (*path, key))
        for value in (raw.get("additionalProperties"), *raw.get("patternProperties", {}).values()):
            yield from _paths(value, (*path, VALUE))
    if "array" in may_be:
        for item in (raw.get("items"), *raw.get("prefixItems", ())):
            yield from _paths(item, (*path, ITEM))


def _inside(api: Api, type_: Type, step: Step) -> Iterator[Type]:
    target = api.resolve(type_)
    match target:
        case Union(members):
            for member in members:
                yield from _inside(api, member, step)
        case ObjectType():
            yield from (f.type for f in target.fields if f.key == step)
            if step == VALUE and target.extra is not None:
                yield target.extra
        case Array(inner) if step == ITEM:
            yield inner
        case Map(inner) if step == VALUE:
            yield inner
        case AnyType() | Scalar() | Enum() | Binary() | Array() | Map():
            pass  # no step leads into it
        case _:
            assert_never(target)


def _check_webhooks(document: Mapping[str, Any], api: Api, key: str) -> None:
    events = document["components"]["schemas"][key]["oneOf"]
    built = next(s for s in api.schemas if s.pointer == component_pointer(key))
    named = {event["$ref"] for event in events if isinstance(event, Mapping) and "$ref" in event}
    free = any(event is True or event == {} for event in events)  # any value makes the others redundant
    if not (isinstance(built.body, ObjectType) or free) and len(set(mentioned(built.body))) < len(named):
        raise GeneratorError("some events of the webhooks have no name", pointer="/webhooks", hint=_HINT)
