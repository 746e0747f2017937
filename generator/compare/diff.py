"""Compare two surfaces: each change for users of the SDK, and whether it breaks their code.

The direction decides. In requests, a newly required argument and a removed value break callers, a new optional argument
does not. In replies, a removed field breaks callers, a new field or a new value does not, because the enums of replies
are open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import frozen

from ..ir import Security
from . import limits, renames
from .renames import is_value, route, translated
from .surface import REPLY, REQUEST, OperationSurface, Slot, Surface


@frozen
class Change:
    """One change. `kind` is operation, argument, model, field, value or event; `what` is added, removed, ..."""

    kind: str
    name: str
    what: str
    breaking: bool
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.what}" + (f" ({self.detail})" if self.detail else "")


@frozen
class Rename:
    """A renamed name; `place` is its place in the new document, as a JSONPath, or ""."""

    old: str
    new: str
    place: str


@frozen
class Diff:
    """All changes between two surfaces, in a fixed order; `renamed` are those for which an alias can be kept."""

    old: Surface
    new: Surface
    changes: tuple[Change, ...]
    renamed: tuple[Rename, ...]

    @property
    def breaking(self) -> tuple[Change, ...]:
        return tuple(c for c in self.changes if c.breaking)


def compare(old: Surface, new: Surface) -> Diff:
    """Return the changes from one surface to another."""
    differ = _Differ(old, new)
    changes = sorted(differ.all(), key=lambda c: (not c.breaking, c.kind, c.name, c.what, c.detail))
    renamed = sorted(set(differ.renamed), key=lambda r: (r.place, r.old, r.new))
    return Diff(old, new, tuple(changes), tuple(renamed))


def next_version(version: str, diff: Diff) -> str:
    """Return the version that semantic versioning asks for; before 1.0.0 a break raises the minor version."""
    major, minor, patch = (int(part) for part in f"{version}.0.0".split(".")[:3])
    if not diff.changes:
        return version
    if diff.breaking:
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    return f"{major}.{minor + 1}.0" if major else f"0.{minor}.{patch + 1}"


class _Differ:
    """Two surfaces side by side; `renamed` fills as the changes are found."""

    def __init__(self, old: Surface, new: Surface) -> None:
        self._old, self._new = old, new
        self._operations = renames.operations(old, new)
        self._replaced = renames.replaced(old, new)
        self._names = renames.models(old, new)
        self.renamed: list[Rename] = []

    def all(self) -> Iterator[Change]:
        """Yield every change, in no order."""
        yield from self._all_operations()
        yield from self._all_models()

    # -- operations ----------------------------------------------------------------------------------------------

    def _all_operations(self) -> Iterator[Change]:
        old, new, came_from = self._old.operations, self._new.operations, _inverse(self._operations)
        for name in old.keys() - new.keys() - self._operations.keys():
            yield Change("operation", name, "removed", True, route(old[name]))
        for name, after in new.items():
            was = came_from.get(name, name)
            before = old.get(was)
            if name in self._replaced:
                detail = f"{old[name].id}, {route(old[name])} → {after.id}, {route(after)}"
                yield Change("operation", name, "is another operation", True, detail)
                if was == name:
                    continue
            if before is None:
                yield Change("operation", name, "added", False, route(after))
                continue
            if was != name:
                moved = "" if route(before) == route(after) else f", at {route(after)}"
                place = "" if was in new else after.place  # an alias cannot have a name that is taken
                yield self._rename("operation", was, name, place, was, (), moved)
            yield from self._operation(name, before, after)

    def _operation(self, name: str, before: OperationSurface, after: OperationSurface) -> Iterator[Change]:
        if route(before) != route(after) and name in self._old.operations and name not in self._replaced:
            yield Change("operation", name, "moved", False, f"{route(before)} → {route(after)}")
        if before.security != after.security:
            yield _keys(name, before.security, after.security)
        if before.headers != after.headers:
            detail = f"{_sent(before.headers)} → {_sent(after.headers)}"
            yield Change("operation", name, "sends other headers", False, detail)
        if after.deprecated and not before.deprecated:
            yield Change("operation", name, "deprecated", False)
        yield from self._slots("argument", name, before.arguments, after.arguments, frozenset({REQUEST}))
        was, now = translated(before.reply, self._names), after.reply
        if was != now:
            yield Change("operation", name, "replies with another type", True, f"{_list(was)} → {_list(now)}")
        was, now = translated(before.events, self._names), after.events
        if not was and now:
            yield Change("event", name, "can be streamed now", False, _list(now))
        elif was and not now:
            yield Change("event", name, "can no longer be streamed", True)
        elif was != now:
            yield Change("event", name, "streams another type", True, f"{_list(was)} → {_list(now)}")

    # -- models --------------------------------------------------------------------------------------------------

    def _all_models(self) -> Iterator[Change]:
        old, new, came_from = self._old.models, self._new.models, _inverse(self._names)
        shown = self._shown_as_arguments()
        bodies = {name for operation in self._new.operations.values() for name in operation.bodies}
        for name in old.keys() - new.keys() - self._names.keys():
            yield Change("model", name, "removed", True)
        for name, after in new.items():
            was = came_from.get(name, name)
            before = old.get(was)
            if before is None:
                yield Change("model", name, "added", False)
                continue
            if was != name:
                yield self._rename("model", was, name, after.place, was, after.former)
            sides = before.sides | after.sides
            if (before.fields is None) != (after.fields is None):
                yield Change("model", name, "changed its kind", True, "a class and a named type are used differently")
            elif before.fields is None or after.fields is None:
                yield from _values(
                    "model", name, translated(before.alternatives, self._names), after.alternatives, sides
                )
            elif name not in shown or sides:
                sent = sides | ({REQUEST} if name in bodies else set())
                yield from self._slots("field", name, before.fields, after.fields, sent)

    def _shown_as_arguments(self) -> set[str]:
        """Return the classes whose fields are arguments of an operation in both: the arguments show the changes."""
        pairs = [(self._old.operations.get(self._was(n)), o) for n, o in self._new.operations.items()]
        return {
            after.bodies[0]
            for before, after in pairs
            if before and len(before.bodies) == len(after.bodies) == 1
            and self._names.get(before.bodies[0], before.bodies[0]) == after.bodies[0]
        }  # fmt: skip

    def _was(self, operation: str) -> str:
        return _inverse(self._operations).get(operation, operation)

    # -- arguments and fields ------------------------------------------------------------------------------------

    def _slots(
        self, kind: str, owner: str, before: Mapping[str, Slot], after: Mapping[str, Slot], sides: frozenset[str]
    ) -> Iterator[Change]:
        if before == after:  # no class that is named in both was renamed
            return
        pairs = renames.slots(before, after, self._names)
        came_from = _inverse(pairs)
        for key in before.keys() - after.keys() - pairs.keys():
            yield Change(kind, f"{owner}.{key}", "removed", True)
        for key, slot in after.items():
            name, was = f"{owner}.{key}", came_from.get(key, key)
            old = before.get(was)
            if old is None:
                breaking = slot.required and REQUEST in sides
                yield Change(kind, name, "added", breaking, "required" if slot.required else "optional")
                continue
            if was != key:
                yield self._rename(kind, f"{owner}.{was}", name, slot.place, was, slot.former)
            if slot.required and not old.required:
                yield Change(kind, name, "now required", REQUEST in sides)
            elif old.required and not slot.required:
                yield Change(kind, name, "now optional", REPLY in sides)
            if slot.deprecated and not old.deprecated:
                yield Change(kind, name, "deprecated", False)
            alternatives = translated(old.alternatives, self._names)
            old_types = self._expanded(alternatives, slot.alternatives, self._old)
            new_types = self._expanded(slot.alternatives, alternatives, self._new)
            yield from _values(kind, name, old_types, new_types, sides)
            if not old_types & new_types:
                continue  # the limits of another type cannot be compared with this one's
            for what, tighter, detail in limits.changes(old.limits, slot.limits):
                yield Change(kind, name, what, tighter and REQUEST in sides, detail)

    def _expanded(self, types: frozenset[str], others: frozenset[str], surface: Surface) -> frozenset[str]:
        """Expand the named types that only one side has: giving a type a name changes nothing."""
        was = _inverse(self._names) if surface is self._old else {}
        found: set[str] = set()
        for text in types:
            model = surface.models.get(was.get(text, text)) if text not in others else None
            named = model is not None and model.fields is None
            found |= translated(model.alternatives, self._names if was else {}) if model and named else {text}
        return frozenset(found)

    def _rename(
        self, kind: str, old: str, new: str, place: str, alias: str, former: tuple[str, ...], more: str = ""
    ) -> Change:
        """Return the change of a rename: an alias that the overlay declares keeps the old name working."""
        called = new.rpartition(".")[2] if kind in ("argument", "field") else new
        if alias in former:
            return Change(kind, old, "renamed", False, f"now {called}; the old name works and warns")
        if place:
            self.renamed.append(Rename(alias, called, place))
        return Change(kind, old, "renamed", True, f"now {called}{more}")


#: An array, with what it may hold between its brackets.
_ITEMS = re.compile(r"array of \(?([^()]+)\)?")


def _keys(name: str, old: Security, new: Security) -> Change:
    """Return the change to other keys: it breaks where a key that was enough no longer is."""
    enough = all(any({*after} <= {*before} for after in new or [()]) for before in old or [()])
    what = "takes other keys" if enough else "needs another key"
    return Change("operation", name, what, not enough, f"{_ways(old)} → {_ways(new)}")


def _ways(security: Security) -> str:
    return "|".join("+".join(schemes) or "none" for schemes in security or [()])


def _sent(headers: Mapping[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in headers.items()) or "none"


def _values(kind: str, name: str, was: frozenset[str], now: frozenset[str], sides: frozenset[str]) -> Iterator[Change]:
    """Compare the alternatives of one place: values of enums, members of unions, types."""
    added, removed = now - was, was - now
    if not added and not removed:
        return
    inside = [_ITEMS.fullmatch(text) for text in (*removed, *added)]
    if len(removed) == len(added) == 1 and inside[0] and inside[1]:
        inner = [frozenset(found[1].split(" | ")) for found in inside if found]
        yield from _values(kind, name, inner[0], inner[1], sides)
    elif all(is_value(text) for text in added | removed):
        for text in sorted(added):
            yield Change("value", name, "added", False, text)
        for text in sorted(removed):
            yield Change("value", name, "removed", REQUEST in sides, text)
    elif not removed:  # more can come back, or may be sent: a union of a reply grows like an open enum
        yield Change(kind, name, "takes more types", False, _list(added))
    elif not added:
        yield Change(kind, name, "takes fewer types", REQUEST in sides, _list(removed))
    else:
        yield Change(kind, name, "changed its type", True, f"{_list(removed)} → {_list(added)}")


def _inverse(pairs: Mapping[str, str]) -> dict[str, str]:
    return {new: old for old, new in pairs.items()}


def _list(texts: Iterable[str]) -> str:
    return ", ".join(sorted(texts))
