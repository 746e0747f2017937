"""Decide, at generation time, how to find the class of a JSON object of a union: by a table of tags, if there is a tag.

A tag is a key that every member has, with an enum of scalars that differs between members. If several members share a
value, they are decided by another tag; members without such a tag are scored (see `Scored`). No decision decodes an
object to try a class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from . import (
    AnyType,
    Array,
    Binary,
    Decision,
    Enum,
    JsonType,
    Map,
    ObjectType,
    Ref,
    Resolved,
    Scalar,
    Scored,
    Shape,
    Tagged,
    Type,
    Union,
)

#: Among several possible tags, the usual names of one come first.
PREFERRED = ("type", "object", "event", "role", "status", "action", "kind")

#: The types of values that hold other values.
NESTED = frozenset({JsonType.ARRAY, JsonType.OBJECT})
_ANY = frozenset(JsonType)
_STRING, _ARRAY, _OBJECT = (frozenset({one}) for one in (JsonType.STRING, JsonType.ARRAY, JsonType.OBJECT))
_SCALARS = {
    **{kind: frozenset({JsonType(kind)}) for kind in ("string", "number", "boolean", "null")},
    "integer": frozenset({JsonType.NUMBER}),
}
Resolve = Callable[[Type], Resolved]
#: Class → tag → the values that the document's discriminators give it, where the class does not declare them itself.
Declared = Mapping[str, Mapping[str, tuple[str, ...]]]


def decide(
    members: Sequence[ObjectType], resolve: Resolve, declared: str | None = None, mapped: Declared | None = None
) -> Decision:
    """Return the decision for these members; `declared` is the document's discriminator, `mapped` its mapping."""
    if len(members) == 1:
        return members[0].name
    mapped = mapped or {}
    tags = [_tag_values(member, resolve, mapped) for member in members]
    shared = [key for key in tags[0] if all(key in t for t in tags)]
    shared.sort(key=lambda key: (key != declared, _rank(key)))
    best: tuple[int, str] | None = None
    for key in shared:
        overlap = sum(len(t[key]) for t in tags) - len({v for t in tags for v in t[key]})
        separates = len({frozenset(t[key]) for t in tags}) > 1
        if separates and (best is None or overlap < best[0]):
            best = (overlap, key)
    scored = Scored(tuple(shape(member, resolve, mapped) for member in members))
    if best is None:
        return scored
    key = best[1]
    groups: dict[str, list[ObjectType]] = {}
    for member, values in zip(members, tags, strict=True):
        for value in values[key]:
            groups.setdefault(value, []).append(member)
    if any(len(group) == len(members) for group in groups.values()):
        return scored
    return Tagged(key, tuple((value, decide(group, resolve, None, mapped)) for value, group in groups.items()))


def shape(member: ObjectType, resolve: Resolve, mapped: Declared) -> Shape:
    """Return the keys and values by which objects of a class are recognized."""
    return Shape(
        member.name,
        tuple(f.key for f in member.fields if f.required and not f.write_only),
        tuple(sorted(_tag_values(member, resolve, mapped).items())),
        tuple((f.key, types) for f in member.fields if (types := json_types(f.type, resolve)) != _ANY),
        tuple(f.key for f in member.fields) if member.closed else None,
        tuple(f.key for f in member.fields),
    )


def json_types(type_: Type, resolve: Resolve) -> frozenset[JsonType]:
    """Return what JSON values of a type can be."""
    target = resolve(type_)
    match target:
        case ObjectType() | Map():
            return _OBJECT
        case Array():
            return _ARRAY
        case Binary():
            return _STRING
        case Scalar(kind):
            return _SCALARS[kind]
        case Enum(values):
            return frozenset(map(_json_type, values))
        case Union(members):
            return frozenset[JsonType]().union(*(json_types(member, resolve) for member in members))
        case AnyType():
            return _ANY
        case _:
            assert_never(target)


def _json_type(value: object) -> JsonType:
    if isinstance(value, str):
        return JsonType.STRING
    return JsonType.BOOLEAN if isinstance(value, bool) else JsonType.NUMBER


def object_members(type_: Type, resolve: Resolve) -> list[ObjectType]:
    """Return the object types that a value of this type can be, nested unions flattened, in declared order."""
    target = resolve(type_)
    if isinstance(target, ObjectType):
        return [target]
    if isinstance(target, Union):
        found: dict[str, ObjectType] = {}
        for member in target.members:
            found.update({m.name: m for m in object_members(member, resolve)})
        return list(found.values())
    return []


def mapped_values(type_: Type, resolve: Resolve) -> Declared:
    """Return the values that the discriminators of a union, and of the unions inside it, give to its classes."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    target = resolve(type_)
    if isinstance(target, Union):
        for value, name in target.mapping:
            for member in object_members(Ref(name), resolve):
                tags = found.setdefault(member.name, {})
                tags[str(target.tag)] = (*tags.get(str(target.tag), ()), value)
        for inner in target.members:
            for name, values in mapped_values(inner, resolve).items():
                found[name] = {**values, **found.get(name, {})}
    return found


def _tag_values(member: ObjectType, resolve: Resolve, mapped: Declared) -> dict[str, tuple[str, ...]]:
    tags: dict[str, tuple[str, ...]] = {}
    for f in member.fields:
        target = resolve(f.type)
        if isinstance(target, Union):  # a nullable tag
            rest = [m for m in target.members if resolve(m) != Scalar("null")]
            target = resolve(rest[0]) if len(rest) == 1 else target
        if isinstance(target, Enum) and all(isinstance(v, str | int | float) for v in target.values):
            tags[f.key] = tuple(dict.fromkeys(map(tag_text, target.values)))
    for key, values in mapped.get(member.name, {}).items():
        own = tags.get(key, values)  # what the class declares itself holds for every validator
        others = {v for name, tags_of in mapped.items() if name != member.name for v in tags_of.get(key, ())}
        tags[key] = tuple(v for v in own if v in values or v not in others) or own
    return tags


def tag_text(value: str | float) -> str:
    """Return the value of a tag as the runtime looks it up: numbers and booleans as JSON writes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _rank(key: str) -> tuple[int, str]:
    return (PREFERRED.index(key) if key in PREFERRED else len(PREFERRED), key)
