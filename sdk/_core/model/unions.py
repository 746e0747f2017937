"""Named types that are not a class: unions of objects, distinguished by a tag or by the best match, and aliases.

They refer to models by name, so that a model is imported when its first object arrives. `module` is the module of the
type; its package is that of the models.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import fields

from .base import ApiModel, Unknown, Wire, required
from .decoder import Reader, alias_decoder, check_object, load, reader


class NamedType:
    """A named type that is not a class; pydantic reads it by these hooks, and JSON schemas by `shape`."""

    __slots__ = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from .pydantic import core_schema_of

        return core_schema_of(self)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        from .pydantic import json_schema_of

        return json_schema_of(self, handler)


class TaggedUnion(NamedType):
    """A union of objects distinguished by the value of one key, the tag; numbers and booleans are keys as JSON text.

    An unknown value that differs from a known one in case or separators alone is that one: documents imply the names of
    schemas, which servers write in their own way. Any other gives the class `rest`, else `Unknown`. If a server omits
    the tag, the member with the fewest missing required keys is taken, then the one that another tag names, then the
    one with the most required keys present, then the one that knows the most keys, then the first in declared order.
    """

    __slots__ = ("_cases", "_package", "_readers", "_rest", "_spellings", "_tag")

    def __init__(self, module: str, tag: str, cases: dict[str, Case], rest: str = "") -> None:
        self._package, self._tag, self._cases, self._rest = _package(module), tag, cases, rest
        self._spellings: dict[str, str] = {}  # the letters and digits of a known value → that value
        self._readers: dict[str, Reader] = {}

    def from_dict(self, wire: Wire) -> Any:
        if type(wire) is not dict:
            check_object("a union", wire)
        value: Any = wire.get(self._tag)
        if value.__class__ is not str:
            if value is None:
                return self._untagged(wire)
            value = _tag_text(value)
        read = self._readers.get(value)
        if read is None:
            if value not in self._cases and (value := self._spelt_otherwise(value)) is None:
                return self._other(wire)
            case = self._cases[value]
            read = self._readers[value] = reader(self._package, case) if isinstance(case, str) else case.from_dict
        return read(wire)

    def _spelt_otherwise(self, value: str | None) -> str | None:
        """Return the known value with the same letters and digits, None where there is none, or several are."""
        if not self._spellings:
            for known in self._cases:
                letters = _letters(known)
                self._spellings[letters] = "" if letters in self._spellings or not letters else known
        return self._spellings.get(_letters(value or "")) or None

    def _other(self, wire: Wire) -> Any:
        return reader(self._package, self._rest)(wire) if self._rest else Unknown.from_dict(wire)

    def _untagged(self, wire: Wire) -> Any:
        best = min(self.members(), key=lambda cls: _missing(cls, wire), default=Unknown)
        missing, present, _ = _missing(best, wire)
        for case in self._cases.values():
            if isinstance(case, TaggedUnion) and case._recognizes(wire):
                found = case.from_dict(wire)
                if _missing(type(found), wire)[0] <= missing:
                    return found
        return best.from_dict(wire) if not missing or present else self._other(wire)

    def _recognizes(self, wire: Wire) -> bool:
        value: Any = wire.get(self._tag)
        return value is not None and (value if isinstance(value, str) else _tag_text(value)) in self._cases

    def shape(self, names: Any) -> Any:
        return names.union(self.members())

    def members(self) -> Iterable[type[ApiModel]]:
        """Import the classes of the union and return each once, in declared order."""
        return dict.fromkeys(cls for case in self._cases.values() for cls in _classes(self._package, case))

    def within(self, package: str) -> TaggedUnion:
        """Return the same union of the models of another package."""
        cases = {tag: case if isinstance(case, str) else case.within(package) for tag, case in self._cases.items()}
        return TaggedUnion(f"{package}._", self._tag, cases, self._rest)

    def __repr__(self) -> str:
        return f"<union by {self._tag!r} of {len(self._cases)} cases>"


class Candidate:
    """The keys and values by which objects of one class are recognized; see `ScoredUnion`.

    `required`, `values`, `kinds` and `more` together are the keys that the class knows, `only` all that it may have.
    """

    __slots__ = ("kinds", "model", "more", "only", "required", "values")

    def __init__(
        self,
        model: str,
        required: tuple[str, ...],
        values: dict[str, tuple[str, ...]],
        kinds: dict[str, str],
        only: tuple[str, ...] | None = None,
        more: tuple[str, ...] = (),
    ) -> None:
        self.model, self.required, self.values, self.kinds, self.only = model, required, values, kinds, only
        self.more = more

    def misfit(self, wire: Wire) -> tuple[int, int]:
        """Return (contradictions, minus the number of required keys present); the smallest is the best match."""
        present = sum(key in wire for key in self.required)
        wrong = len(self.required) - present
        for key, allowed in self.values.items():
            value = wire.get(key)
            if value.__class__ is str:
                wrong += value not in allowed
            elif value is not None:
                text = _tag_text(value)
                wrong += text is not None and text not in allowed
        for key, kinds in self.kinds.items():
            wrong += key in wire and _kind(wire[key]) not in kinds
        if self.only is not None:
            wrong += sum(key not in self.only for key in wire)
        return wrong, -present

    def known(self, wire: Wire) -> int:
        """Return how many keys of the object the class knows."""
        return sum(k in self.required or k in self.values or k in self.kinds or k in self.more for k in wire)


class ScoredUnion(NamedType):
    """A union of objects without a tag: the best match by required keys, values, JSON types, and then known keys.

    `rest` is the type of objects that contradict every class.
    """

    __slots__ = ("_candidates", "_package", "_readers", "_rest")

    def __init__(self, module: str, *candidates: Candidate, rest: Alias | None = None) -> None:
        self._package, self._candidates, self._rest = _package(module), candidates, rest
        self._readers: dict[str, Reader] = {}

    def from_dict(self, wire: Wire) -> Any:
        if type(wire) is not dict:
            check_object("a union", wire)
        fits = [candidate.misfit(wire) for candidate in self._candidates]
        least = min(fits)
        if self._rest is not None and least > (0, 0):
            return self._rest.decode(wire)
        if fits.count(least) == 1:
            best = self._candidates[fits.index(least)].model
        else:  # max() returns the first of equal candidates
            equal = (one for one, fit in zip(self._candidates, fits, strict=True) if fit == least)
            best = max(equal, key=lambda one: one.known(wire)).model
        read = self._readers.get(best)
        if read is None:
            read = self._readers[best] = reader(self._package, best)
        return read(wire)

    def shape(self, names: Any) -> Any:
        return names.union(self.members())

    def members(self) -> Iterable[type[ApiModel]]:
        """Import the classes of the union and return them in declared order."""
        return [cls for candidate in self._candidates for cls in _classes(self._package, candidate.model)]

    def within(self, package: str) -> ScoredUnion:
        """Return the same union of the models of another package."""
        rest = None if self._rest is None else self._rest.within(package)
        return ScoredUnion(f"{package}._", *self._candidates, rest=rest)


#: The name of a class or named union, or an inner union.
Case = str | TaggedUnion | ScoredUnion


class Alias(NamedType):
    """A named type that is not only an object, such as a str or a list of parts; `decode` reads a value of it."""

    __slots__ = ("_annotation", "_package", "_unions", "decode")

    decode: Reader

    def __init__(self, module: str, annotation: str, unions: dict[str, Any] | None = None) -> None:
        self._package, self._annotation, self._unions = _package(module), annotation, unions or {}

    def __getattr__(self, name: str) -> Any:
        if name != "decode":
            raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
        self.decode = alias_decoder(self._package, self._annotation, self._unions)
        return self.decode

    def from_dict(self, wire: Wire) -> Any:
        return self.decode(wire)

    def shape(self, names: Any) -> Any:
        return names.evaluated(self._annotation)

    def within(self, package: str) -> Alias:
        """Return the same type with the models of another package."""
        unions = {place: union.within(package) for place, union in self._unions.items()}
        return Alias(f"{package}._", self._annotation, unions)


def _package(module: str) -> str:
    return module.rpartition(".")[0]


def _classes(package: str, case: Case) -> list[Any]:
    return members_of(load(package, case) if isinstance(case, str) else case)


def members_of(model: Any) -> list[Any]:
    """Return the classes of a model or union."""
    return list(model.members()) if isinstance(model, TaggedUnion | ScoredUnion) else [model]


def _missing(cls: type[ApiModel], wire: Wire) -> tuple[int, int, int]:
    """Return the number of missing required keys, and minus the numbers of present and of known ones."""
    keys, renamed = required(cls), cls._renamed
    present = sum(key in wire for key in keys)
    return len(keys) - present, -present, -sum(renamed.get(a.name, a.name) in wire for a in fields(cls))


def _letters(text: str) -> str:
    """Return a tag without case and separators; a number has nothing else that it could be, and gives ""."""
    bare = text.replace("_", "").replace("-", "").replace(" ", "").lower()
    return "" if bare.replace(".", "").isdigit() else bare


def _tag_text(value: Any) -> str | None:
    """Return the value of a tag that is not a str as JSON writes it, None for a list, an object or null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, int | float):
        return None
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _kind(value: Any) -> str:
    if value is None:
        return "0"
    if isinstance(value, bool):
        return "b"
    return {str: "s", int: "n", float: "n", list: "a", dict: "o"}.get(type(value), "?")
