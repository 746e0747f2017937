"""Find the dates among the arguments of an operation: for these the runtime refuses values of the wrong class."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..ir import Array, JsonType, Map, ObjectType, Operation, Ref, Scalar, Type, Union
from ..ir.unions import Resolve, json_types

#: The format of a str, [the dates of items], {key: dates} with "*" for all other keys, or a tuple of these for a value
#: of several JSON types. None is a value without dates.
Dates = str | list[Any] | dict[str, Any] | tuple[Any, ...] | None
#: The format of a str that is either.
EITHER = "date or date-time"
FORMATS = ("date", "date-time")


#: Classes that hold each other have more ways into each other than can be followed: this many parts of an argument are
#: looked at, else the classes in it only so deep.
_PARTS, _DEPTHS = 5_000, (99, 6, 4, 3, 2, 1)


def dates_of(operation: Operation, resolve: Resolve) -> dict[str, Any]:
    """Return the dates of an operation's arguments by location, then by key, which a body of one argument has not."""
    found: dict[str, Any] = {}
    for param in operation.params:
        dates = _without_none(_of_argument(param.type, resolve))
        if dates is not None and param.location == "body" and operation.body and operation.body.whole:
            found["body"] = dates
        elif dates is not None:
            found.setdefault(param.location, {})[param.key] = dates
    return found


def _of_argument(type_: Type, resolve: Resolve) -> Dates:
    """Return the dates of a type, as deep as they can be followed."""
    for deepest in _DEPTHS:
        search = _Search(resolve, deepest)
        dates = search.of(type_, ())
        if search.parts <= _PARTS:
            return dates
    return None


class _Search:
    """A search for the dates of one argument, which ends once there are too many parts."""

    def __init__(self, resolve: Resolve, deepest: int) -> None:
        self._resolve, self._deepest = resolve, deepest
        self.parts = 0

    def of(self, type_: Type, above: tuple[str, ...]) -> Dates:
        """Return the dates of a type; `above` are the names around it, whose dates are not repeated inside them."""
        self.parts += 1
        if self.parts > _PARTS:
            return None
        target = self._resolve(type_)
        if isinstance(type_, Ref) and not isinstance(target, ObjectType):
            if type_.name in above:
                return None
            above = (*above, type_.name)
        match target:
            case Scalar("string", format_) if format_ in FORMATS:
                return format_
            case Array(item):
                return [self.of(item, above)]
            case Map(value):
                return {"*": self.of(value, above)}
            case ObjectType(name):
                if name in above or len(above) >= self._deepest:
                    return {}
                found = {f.key: self.of(f.type, (*above, name)) for f in target.fields}
                others = {} if target.extra is None else {"*": self.of(target.extra, (*above, name))}
                return found | others
            case Union(members):
                return self._of_union(members, above)
            case _:
                return None

    def _of_union(self, members: Iterable[Type], above: tuple[str, ...]) -> Dates:
        by_type: dict[JsonType, list[Dates]] = {}
        for member in members:
            dates = self.of(member, above)
            parts = dates if isinstance(dates, tuple) else (dates,)
            for type_ in json_types(member, self._resolve):
                by_type.setdefault(type_, []).append(next((part for part in parts if _json_type(part) is type_), None))
        return tuple(_merged(all_of) for all_of in by_type.values())


def _json_type(dates: Dates) -> JsonType | None:
    if isinstance(dates, str):
        return JsonType.STRING
    return JsonType.ARRAY if isinstance(dates, list) else JsonType.OBJECT if isinstance(dates, dict) else None


def _merged(members: list[Dates]) -> Dates:
    """Return the dates of a value that may be of several members: of a key, those of all members that have it."""
    first, *rest = members
    if not rest or None in members:
        return first if not rest else None
    other = _merged(rest)
    if isinstance(first, str) and isinstance(other, str):
        return first if first == other else EITHER
    if isinstance(first, list) and isinstance(other, list):
        return [_merged([first[0], other[0]])]
    if isinstance(first, dict) and isinstance(other, dict):
        both = {key: _merged([first[key], other[key]]) for key in first.keys() & other.keys()}
        return {**first, **other, **both}
    return None


def _without_none(dates: Dates) -> Dates:
    if isinstance(dates, list):
        item = _without_none(dates[0])
        return None if item is None else [item]
    if isinstance(dates, dict):
        inner = {key: _without_none(value) for key, value in dates.items()}
        if inner.get("*") is None:  # else a key without dates is known: "*" does not hold for it
            inner = {key: value for key, value in inner.items() if value is not None}
        return inner or None
    if isinstance(dates, tuple):
        found = [some for part in dates if (some := _without_none(part)) is not None]
        return tuple(found) if len(found) > 1 else found[0] if found else None
    return dates
