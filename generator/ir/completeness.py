"""Check that the intermediate representation has all of the document.

This reads the document itself, not the results of the other stages, so that it finds their faults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, assert_never

from ..document.pointer import escape, resolved
from ..document.shape import UNSENT, methods
from ..errors import Fault, raise_all
from ..normalise.components import PLACE, component_pointer
from . import AnyType, Api, Array, Binary, Enum, Map, ObjectType, Operation, Ref, Scalar, Type, Union, mentioned

#: Steps of a path through a schema that are not keys.
ITEM, VALUE = ("items",), ("additionalProperties",)
Step = str | tuple[str]
#: Keywords that limit a value: a member of a union without any of them is any value.
_LIMITS = frozenset(
    {
        *("type", "$ref", "$recursiveRef", "$dynamicRef", "allOf", "anyOf", "oneOf", "enum", "const", "properties"),
        *("required", "items", "prefixItems", "additionalProperties", "patternProperties"),
    }
)


def check_completeness(document: Mapping[str, Any], api: Api, events: str | None = None) -> None:
    """Check that each operation, parameter, schema, property and webhook of the document is in the representation.

    `events` is the key of the union of all webhooks. Raises: Fault, or several, that name what is missing.
    """
    raise_all(list(faults(document, api, events)))


def faults(document: Mapping[str, Any], api: Api, events: str | None = None) -> Iterator[Fault]:
    """Yield what is missing in the representation; see `check_completeness`."""
    yield from _operations(document, api)
    yield from _schemas(document, api)
    if events is not None:
        yield from _webhooks(document, api, events)


def _operations(document: Mapping[str, Any], api: Api) -> Iterator[Fault]:
    built = {operation.pointer: operation for operation in api.operations}
    skipped = api.report.skipped
    found = 0
    for path, item in document.get("paths", {}).items():
        for method in methods(item) if path.startswith("/") else ():
            found += 1
            pointer = f"/paths/{escape(path)}/{method}"
            if pointer in skipped:
                continue
            if pointer not in built:
                yield Fault(f"{method.upper()} {path} got lost", pointer=pointer)
                continue
            for where, owner in ((pointer.rpartition("/")[0], item), (pointer, item[method])):
                for index, raw in enumerate(owner.get("parameters") or ()):
                    if f"{where}/parameters/{index}" not in skipped:
                        yield from _parameter(resolved(document, raw), built[pointer])
    represented = sum(not operation.replaced_by for operation in api.operations)
    left_out = sum(pointer.startswith("/paths/") and pointer.count("/") == 3 for pointer in skipped)
    if found != represented + left_out:
        yield Fault(f"{found} operations became {represented}", pointer="/paths")


def _parameter(raw: Mapping[str, Any], operation: Operation) -> Iterator[Fault]:
    place = (raw["in"], raw["name"])
    if place[0] == "header" and place[1].lower() in UNSENT:
        return
    events = operation.events
    flag = events.stream_flag[:2] if events and events.stream_flag else None  # `.stream` sets it
    if place not in {(p.location, p.key) for p in operation.params} and place != flag:
        yield Fault(f"the {place[0]} parameter {place[1]!r} got lost", pointer=operation.pointer)


def _schemas(document: Mapping[str, Any], api: Api) -> Iterator[Fault]:
    built = {schema.pointer: schema for schema in api.schemas}
    skipped = {pointer.split("/", 4)[3] for pointer in api.report.skipped if pointer.startswith(PLACE)}
    for key, raw in document.get("components", {}).get("schemas", {}).items():
        pointer = component_pointer(key)
        if pointer not in built:
            yield Fault(f"the schema {key} got lost", pointer=pointer)
            continue
        for path in _paths(raw, ()) if escape(key) not in skipped else ():
            types: list[Type] = [Ref(built[pointer].name)]
            for step in path:
                types = [inner for type_ in types for inner in _inside(api, type_, step)]
            if not types:
                shown = ".".join(step if isinstance(step, str) else f"[{step[0]}]" for step in path)
                yield Fault(f"the property {shown} of the schema {key} got lost", pointer=pointer)


def _paths(raw: Any, path: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Yield the paths of all properties of a schema, references not followed."""
    if not isinstance(raw, Mapping):
        return
    kinds = raw.get("type")
    may_be = {kinds} if isinstance(kinds, str) else set(kinds or ("object", "array"))
    for keyword in ("allOf", "anyOf", "oneOf"):
        members = raw.get(keyword, ())
        # Any value makes the other members of a union redundant, unless something beside the union says what it is.
        if keyword == "allOf" or raw.get("properties") or not any(map(_is_any, members)):
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


def _is_any(member: Any) -> bool:
    return member is True or (isinstance(member, Mapping) and not member.keys() & _LIMITS)


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


def _webhooks(document: Mapping[str, Any], api: Api, key: str) -> Iterator[Fault]:
    events = document["components"]["schemas"][key]["oneOf"]
    built = next((s for s in api.schemas if s.pointer == component_pointer(key)), None)
    named = {event["$ref"] for event in events if isinstance(event, Mapping) and "$ref" in event}
    if built is None or isinstance(built.body, ObjectType) or any(map(_is_any, events)):
        return
    if len(set(mentioned(built.body))) < len(named):
        yield Fault("some events of the webhooks have no name", pointer="/webhooks")
