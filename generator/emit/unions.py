"""Write the class attributes that a decoder needs besides annotations: unnamed unions, and unambiguous annotations.

The runtime generates a decoder from annotations when a class is first read. An annotation cannot express how to decide
an unnamed union, and it can be ambiguous, as a date beside other strings is. `supplement` returns what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_
from typing import assert_never

from attrs import define, field, frozen

from ..ir import Array, Decision, JsonType, Map, Ref, Scored, Shape, Tagged, Type, Union
from ..ir.decoding import DecodePlan, Planner
from .types import literal_value

#: How the runtime writes the types of JSON values.
_LETTERS = {
    JsonType.STRING: "s", JsonType.NUMBER: "n", JsonType.NULL: "0",
    JsonType.BOOLEAN: "b", JsonType.ARRAY: "a", JsonType.OBJECT: "o",
}  # fmt: skip


@frozen
class Reading:
    """How a decoder reads an annotation, by the JSON types of values: its names, and the readings of its parts."""

    objects: frozenset[str] = frozenset()
    aliases: frozenset[str] = frozenset()
    items: Reading | None = None
    values: Reading | None = None
    strings: frozenset[str] = frozenset()

    def __or__(self, other: Reading) -> Reading:
        return Reading(
            self.objects | other.objects, self.aliases | other.aliases,
            _merged(self.items, other.items), _merged(self.values, other.values),
            self.strings | other.strings,
        )  # fmt: skip


@frozen
class Supplement:
    """What a decoder needs besides an annotation: expressions of unions by place, and an annotation in its place."""

    unions: Mapping[str, str] = field(factory=dict)
    read_as: str = ""


@define
class UnionWriter:
    """Write the unions of one module; `helpers` collects the names that it imports from the runtime."""

    planner: Planner
    helpers: set[str] = field(factory=set)

    def supplement(self, type_: Type, place: str) -> Supplement:
        """Return what a decoder needs besides the annotation of a type."""
        plan, reading = self.planner.plan(type_), self._reading(type_)
        if reading.aliases and self._is_meant(reading, plan):
            return Supplement()
        unions = self.unions(plan, place)
        return Supplement(unions) if self._is_meant(reading, plan) else Supplement(unions, annotation(plan))

    def alias(self, plan: DecodePlan) -> str:
        """Return the expression that builds a named type."""
        self.helpers.add("Alias")
        unions = mapping(self.unions(plan, ""))
        return f"Alias(__name__, {literal_value(annotation(plan))}{f', {unions}' if unions else ''})"

    def unions(self, plan: DecodePlan, place: str) -> dict[str, str]:
        """Return the expressions of the unnamed unions, by their place."""
        found: dict[str, str] = {}
        if plan.object is not None and not isinstance(plan.object, str):
            rest = "" if plan.rest is None else f", rest={self.alias(plan.rest)}"
            found[place] = f"{self.table(plan.object)[:-1]}{rest})"
        if plan.array is not None:
            found |= self.unions(plan.array, f"{place}[]")
        if plan.map is not None:
            found |= self.unions(plan.map, f"{place}{{}}")
        return found

    def table(self, decision: Decision) -> str:
        """Return the expression that builds a union, or the name of a class, in quotes."""
        match decision:
            case Tagged(tag, cases, rest):
                self.helpers.add("TaggedUnion")
                rows = ", ".join(f"{literal_value(value)}: {self.table(target)}" for value, target in cases)
                last = f", {self.table(rest)}" if rest else ""
                return f"TaggedUnion(__name__, {literal_value(tag)}, {{{rows}}}{last})"
            case Scored(shapes):
                self.helpers.update({"Candidate", "ScoredUnion"})
                return f"ScoredUnion(__name__, {', '.join(map(_candidate, shapes))})"
            case str():
                return literal_value(decision)
            case _:
                assert_never(decision)

    def _reading(self, type_: Type) -> Reading:
        match type_:
            case Ref():
                plan = self.planner.plan(type_)
                if isinstance(plan.object, str):
                    return Reading(objects=frozenset({plan.object}))
                return Reading(aliases=frozenset({plan.alias})) if plan.alias else Reading()
            case Array(item):
                return Reading(items=_some(self._reading(item)))
            case Map(value):
                return Reading(values=_some(self._reading(value)))
            case Union(members):
                return reduce(or_, map(self._reading, members))
        text = self.planner.plan(type_).text
        return Reading(strings=frozenset({text})) if text else Reading()

    def _is_meant(self, reading: Reading, plan: DecodePlan) -> bool:
        """Return whether a decoder that reads the annotation this way follows the plan."""
        if reading.aliases:
            name, *others = reading.aliases
            alone = not others and reading == Reading(aliases=reading.aliases)
            return alone and plan in (DecodePlan(alias=name), self.planner.inside(name))
        if isinstance(plan.object, str):
            objects = reading.objects == {plan.object} and reading.values is None
        else:
            objects = bool(reading.objects) == (plan.object is not None)
        return (
            objects
            and not plan.alias
            and reading.strings == ({plan.text} if plan.text else set())
            and self._are_meant(reading.items, plan.array)
            and (plan.object is not None or self._are_meant(reading.values, plan.map))
        )

    def _are_meant(self, reading: Reading | None, plan: DecodePlan | None) -> bool:
        if reading is None or plan is None:
            return reading is None and plan is None
        return self._is_meant(reading, plan)


def annotation(plan: DecodePlan) -> str:
    """Return an annotation for which a decoder, given the unions of the plan, follows the plan."""
    if plan.alias:
        return plan.alias
    parts = [] if plan.object is None else [_first(plan.object)]
    if plan.array is not None:
        parts.append(f"list[{annotation(plan.array)}]")
    if plan.map is not None:
        parts.append(f"dict[str, {annotation(plan.map)}]")
    if plan.text is not None:
        parts.append(plan.text.removeprefix("to_"))
    return " | ".join(parts) or "Any"


def mapping(expressions: Mapping[str, str]) -> str:
    """Return the code of a dict of expressions; "" for an empty one."""
    inner = ", ".join(f"{literal_value(key)}: {expression}" for key, expression in expressions.items())
    return f"{{{inner}}}" if inner else ""


def _merged(one: Reading | None, other: Reading | None) -> Reading | None:
    return one | other if one is not None and other is not None else one or other


def _some(reading: Reading) -> Reading | None:
    return None if reading == Reading() else reading


def _first(decision: Decision) -> str:
    """Return the name of one class of a union."""
    match decision:
        case Tagged(_, cases):
            return _first(cases[0][1])
        case Scored(shapes):
            return shapes[0].name
    return decision


def _candidate(shape: Shape) -> str:
    values = mapping({key: _tuple(strings) for key, strings in shape.values})
    types = mapping({key: literal_value(_letters(types)) for key, types in shape.types})
    more = _tuple(key for key in shape.known if key not in {*shape.required, *dict(shape.values), *dict(shape.types)})
    optional = f", only={_tuple(shape.only)}" if shape.only is not None else ""
    optional += f", more={more}" if more != "()" else ""
    required = _tuple(shape.required)
    return f"Candidate({literal_value(shape.name)}, {required}, {values or '{}'}, {types or '{}'}{optional})"


def _letters(types: frozenset[JsonType]) -> str:
    return "".join(sorted(_LETTERS[one] for one in types))


def _tuple(strings: Iterable[str]) -> str:
    return f"({''.join(f'{literal_value(string)}, ' for string in strings)})"
