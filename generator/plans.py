"""How a value of a type is decoded: which part of it needs work, by the kind of JSON value that it is.

A plan is empty for most fields (text, numbers, free JSON are kept as they come), so that `from_dict` stays straight.
"""

from __future__ import annotations

from attrs import evolve, frozen

from .ir import Array, Decision, Map, ObjectType, Ref, Scalar, Type, Union
from .unions import Resolve, decide, object_members


@frozen
class Plan:
    """What to do with an object, with an array's items, with a map's values, with text; None means keep."""

    object: Decision | None = None
    array: Plan | None = None
    map: Plan | None = None
    text: str | None = None
    alias: str | None = None  # a named type with a decoder of its own, for all kinds at once

    def __bool__(self) -> bool:
        return self != Plan()


class Planner:
    """Make plans; a union that has a name is decoded by that name, so that its table exists once."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve
        self._alias: dict[str, Plan] = {}

    def plan(self, type_: Type, *, inside: str | None = None) -> Plan:
        """Return the plan for a type; `inside` names the alias that is being defined right now."""
        match type_:
            case Ref(name) if name != inside:
                return self._reference(name, type_)
            case Array(item):
                plan = self.plan(item)
                return Plan(array=plan) if plan else Plan()
            case Map(value):
                plan = self.plan(value)
                return Plan(map=plan) if plan else Plan()
            case Scalar("string", "date-time" | "date" as text):
                return Plan(text="to_datetime" if text == "date-time" else "to_date")
            case Union(members):
                return self._union(type_, members)
        return Plan()

    def _reference(self, name: str, type_: Type) -> Plan:
        target = self._resolve(type_)
        if isinstance(target, ObjectType):
            return Plan(object=target.name)
        if name not in self._alias:
            self._alias[name] = Plan(alias=name)  # holds while an alias that contains itself is being planned
            self._alias[name] = self.plan(target)
        plan = self._alias[name]
        if not plan:
            return plan
        only_objects = plan.object is not None and plan == Plan(object=plan.object)
        if only_objects:
            return plan if isinstance(plan.object, str) else Plan(object=name)
        return Plan(alias=name)

    def _union(self, type_: Union, members: tuple[Type, ...]) -> Plan:
        objects = object_members(type_, self._resolve)
        plan = Plan(object=decide(objects, self._resolve)) if objects else Plan()
        # Of one named union and plain values, the name decodes the objects.
        named = [m for m in members if isinstance(m, Ref) and object_members(m, self._resolve)]
        if (
            len(named) == 1
            and not isinstance(plan.object, str)
            and len(object_members(named[0], self._resolve)) == len(objects)
        ):
            inner = self.plan(named[0])
            if inner.object is not None:
                plan = Plan(object=inner.object)
        items: list[Type] = []
        for member in self._flat(members):
            if isinstance(member, Array):
                items.append(member.item)
            elif isinstance(member, Map) and plan.object is None:
                plan = evolve(plan, map=self.plan(member).map)
            elif isinstance(member, Scalar):
                plan = evolve(plan, text=plan.text or self.plan(member).text)
        unique = tuple(dict.fromkeys(items))
        if unique:
            item = self.plan(unique[0] if len(unique) == 1 else Union(unique))
            plan = evolve(plan, array=item if item else None)
        return plan

    def _flat(self, members: tuple[Type, ...]) -> list[Type]:
        flat: list[Type] = []
        for member in members:
            target = self._resolve(member)
            if isinstance(target, Union):
                flat.extend(self._flat(target.members))
            elif not isinstance(target, ObjectType):
                flat.append(target)
        return flat
