"""Plan how to decode the values of a type, by their JSON type.

The plan of most fields is empty: strings, numbers and free JSON stay as they are.
"""

from __future__ import annotations

from typing import Any, assert_never

from attrs import evolve, frozen

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
    Tagged,
    Type,
    Union,
    mentioned,
    parts,
)
from .unions import Resolve, decide, json_types, mapped_values, object_members, shape


@frozen
class DecodePlan:
    """How to decode an object, the items of an array, the values of a map, or a str; None keeps the value.

    `rest` is the plan of objects that match no class of a union, if the union has a free object.
    """

    object: Decision | None = None
    array: DecodePlan | None = None
    map: DecodePlan | None = None
    rest: DecodePlan | None = None
    text: str | None = None
    alias: str | None = None  # a named type with a decoder of its own, for all types of JSON at once

    def __bool__(self) -> bool:
        return self != DecodePlan()

    @property
    def is_decision(self) -> bool:
        """Whether the plan only chooses among classes."""
        return self.object is not None and self == DecodePlan(object=self.object)


class Planner:
    """Plan the decoding of types; a named union is decoded by its name, so that its table exists once."""

    def __init__(self, resolve: Resolve, *, typed: bool = False) -> None:
        """`typed`: named enums and UUIDs have classes; see `Api`."""
        self._resolve, self._typed = resolve, typed
        self._alias: dict[str, DecodePlan] = {}

    def plan(self, type_: Type, *, inside: str | None = None) -> DecodePlan:
        """Return the plan of a type; `inside` is the name of the alias that is being defined."""
        match type_:
            case Ref(name) if name != inside:
                return self._reference(name, type_)
            case Array(item):
                plan = self.plan(item)
                return DecodePlan(array=plan) if plan else DecodePlan()
            case Map(value):
                plan = self.plan(value)
                return DecodePlan(map=plan) if plan else DecodePlan()
            case Scalar("string", "date-time" | "date" as text):
                return DecodePlan(text="to_datetime" if text == "date-time" else "to_date")
            case Scalar("string", "uuid") if self._typed:
                return DecodePlan(text="to_uuid")
            case Union(members):
                return self._union(type_, members)
            case AnyType() | Scalar() | Enum() | Binary() | Ref():
                return DecodePlan()
            case _:
                assert_never(type_)

    def inside(self, name: str) -> DecodePlan:
        """Return the plan of the definition of a named type."""
        target = self._resolve(Ref(name))
        return DecodePlan(object=target.name) if isinstance(target, ObjectType) else self.plan(target)

    def _reference(self, name: str, type_: Type) -> DecodePlan:
        target = self._resolve(type_)
        if isinstance(target, ObjectType):
            return DecodePlan(object=target.name)
        if self._is_enum(target):
            return DecodePlan(alias=name)
        if not self._needs_decoding(name, set()):
            return DecodePlan()
        if name not in self._alias:
            self._alias[name] = DecodePlan(alias=name)  # holds while an alias that contains itself is being planned
            self._alias[name] = self.plan(target)
        plan = self._alias[name]
        if not plan:
            return plan
        if plan.object is not None and plan.is_decision:
            return plan if isinstance(plan.object, str) else DecodePlan(object=name)
        return DecodePlan(alias=name)

    def _needs_decoding(self, name: str, seen: set[str]) -> bool:
        """Return whether a named type contains a class or a date at any depth."""
        seen.add(name)
        target = self._resolve(Ref(name))
        if isinstance(target, ObjectType) or (name and self._is_enum(target)):
            return True
        return _has_date(target, typed=self._typed) or any(
            self._needs_decoding(n, seen) for n in mentioned(target) if n not in seen
        )

    def _is_enum(self, target: Resolved) -> bool:
        return self._typed and is_class(target)

    def _union(self, type_: Union, members: tuple[Type, ...]) -> DecodePlan:
        named = [member for member in members if member != Scalar("null")]
        if len(named) == 1 and isinstance(named[0], Ref) and self._is_enum(self._resolve(named[0])):
            return DecodePlan(alias=named[0].name)
        flat = self._flat(members)
        return DecodePlan(
            array=self._items(flat), text=self._text(flat),
            **self._objects(type_, [m for m in flat if isinstance(m, Map)]),
        )  # fmt: skip

    def _objects(self, type_: Union, maps: list[Map]) -> dict[str, Any]:
        """Decide among classes; objects that match none are free objects, if the union has one."""
        objects = object_members(type_, self._resolve)
        values = [plan for m in maps if (plan := self.plan(m).map)]
        free = DecodePlan(map=values[0]) if values else DecodePlan()
        if not objects:
            return {"map": free.map}
        mapped = mapped_values(type_, self._resolve)
        if maps:
            return {"object": Scored(tuple(shape(m, self._resolve, mapped) for m in objects)), "rest": free}
        # In a union of one named union and plain values, the name decodes the objects.
        named = [m for m in type_.members if isinstance(m, Ref) and object_members(m, self._resolve)]
        if len(named) == 1 and len(object_members(named[0], self._resolve)) == len(objects):
            inner = self.plan(named[0])
            if inner.object is not None:
                return {"object": inner.object}
        decision = decide(objects, self._resolve, type_.tag, mapped)
        if isinstance(decision, Tagged) and decision.tag == type_.tag:
            decision = evolve(decision, rest=type_.rest)
        return {"object": decision}

    def _items(self, flat: list[Type]) -> DecodePlan | None:
        items = tuple(dict.fromkeys(m.item for m in flat if isinstance(m, Array)))
        if not items:
            return None
        return self.plan(items[0] if len(items) == 1 else Union(items)) or None

    def _text(self, flat: list[Type]) -> str | None:
        """Read dates only if no other str is possible: the lenient parser reads "may" as a date."""
        plans = {self.plan(m).text for m in flat if JsonType.STRING in json_types(m, self._resolve)}
        return plans.pop() if len(plans) == 1 else None

    def _flat(self, members: tuple[Type, ...]) -> list[Type]:
        flat: list[Type] = []
        for member in members:
            target = self._resolve(member)
            if isinstance(target, Union):
                flat.extend(self._flat(target.members))
            elif not isinstance(target, ObjectType):
                flat.append(target)
        return flat


def is_class(type_: Resolved) -> bool:
    """Return whether a named type is an enum with members: several strings, or several integers."""
    if not isinstance(type_, Enum) or len(type_.values) < 2:
        return False
    return {type(value) for value in type_.values} in ({str}, {int})


def _has_date(type_: Type, *, typed: bool) -> bool:
    match type_:
        case Scalar("string", "date-time" | "date"):
            return True
        case Scalar("string", "uuid"):
            return typed
        case _:
            return any(_has_date(one, typed=typed) for one in parts(type_))
