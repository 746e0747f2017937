"""What a spec update means for those who use the SDK: each change, and whether it breaks a caller.

The direction decides. What callers send must still be taken: a newly required argument breaks, a new optional one does
not, a value that is no longer taken breaks. What callers read must still be there: a field that goes breaks, a new one
does not, and neither does a new value, because the enums of replies are open.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from attrs import frozen

from .surface import REPLY, REQUEST, ModelSurface, OperationSurface, Slot, Surface

T = TypeVar("T")

#: From this share of fields in common on, a class that went and one that came are taken for one that was renamed.
_SAME = 0.8


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
class Diff:
    """All changes between two surfaces, in a fixed order."""

    old: Surface
    new: Surface
    changes: tuple[Change, ...]
    renamed_operations: tuple[tuple[str, str], ...]
    renamed_models: tuple[tuple[str, str], ...]

    @property
    def breaking(self) -> tuple[Change, ...]:
        return tuple(c for c in self.changes if c.breaking)


def compare(old: Surface, new: Surface) -> Diff:
    """Return the changes from one surface to another."""
    operations = _renamed_operations(old, new)
    models = _renamed_models(old, new)
    names = dict(models)
    changes = [
        *(Change("operation", a, "renamed", True, f"now {b}") for a, b in operations),
        *(Change("model", a, "renamed", True, f"now {b}") for a, b in models),
        *_operations(old, new, dict(operations), names),
        *_models(old, new, names),
    ]
    changes.sort(key=lambda c: (not c.breaking, c.kind, c.name, c.what, c.detail))
    return Diff(old, new, tuple(changes), operations, models)


def next_version(version: str, diff: Diff) -> str:
    """Return the version that semantic versioning asks for; before 1.0.0 a break raises the minor version."""
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    if not diff.changes:
        return version
    if diff.breaking:
        return f"{major + 1}.0.0" if major else f"0.{minor + 1}.0"
    return f"{major}.{minor + 1}.0" if major else f"0.{minor}.{patch + 1}"


# -- operations ------------------------------------------------------------------------------------------------------


def _operations(old: Surface, new: Surface, renamed: Mapping[str, str], models: Mapping[str, str]) -> Iterator[Change]:
    came_from = {b: a for a, b in renamed.items()}
    for name in old.operations.keys() - new.operations.keys() - renamed.keys():
        yield Change("operation", name, "removed", True, _route(old.operations[name]))
    for name, after in new.operations.items():
        before = old.operations.get(came_from.get(name, name))
        if before is None:
            yield Change("operation", name, "added", False, _route(after))
            continue
        yield from _operation(name, before, after, models)


def _operation(
    name: str, before: OperationSurface, after: OperationSurface, models: Mapping[str, str]
) -> Iterator[Change]:
    if _route(before) != _route(after):
        yield Change("operation", name, "moved", False, f"{_route(before)} → {_route(after)}")
    if before.security != after.security:
        yield Change("operation", name, "needs another key", True, f"{before.security} → {after.security}")
    if after.deprecated and not before.deprecated:
        yield Change("operation", name, "deprecated", False)
    yield from _slots("argument", name, before.arguments, after.arguments, frozenset({REQUEST}), models)
    was, now = _translate(before.reply, models), after.reply
    if was != now:
        yield Change("operation", name, "replies with another type", True, f"{_list(was)} → {_list(now)}")
    was, now = _translate(before.events, models), after.events
    if not was and now:
        yield Change("event", name, "can be streamed now", False, _list(now))
    elif was and not now:
        yield Change("event", name, "can no longer be streamed", True)
    elif was != now:
        yield Change("event", name, "streams another type", True, f"{_list(was)} → {_list(now)}")


def _route(operation: OperationSurface) -> str:
    return f"{operation.method} {operation.path}"


# -- models ----------------------------------------------------------------------------------------------------------


def _models(old: Surface, new: Surface, renamed: Mapping[str, str]) -> Iterator[Change]:
    came_from = {b: a for a, b in renamed.items()}
    for name in old.models.keys() - new.models.keys() - renamed.keys():
        yield Change("model", name, "removed", True)
    for name, after in new.models.items():
        before = old.models.get(came_from.get(name, name))
        if before is None:
            yield Change("model", name, "added", False)
        elif (before.fields is None) != (after.fields is None):
            yield Change("model", name, "changed its kind", True, "a class and a named type are used differently")
        elif before.fields is not None and after.fields is not None:
            yield from _slots("field", name, before.fields, after.fields, before.sides | after.sides, renamed)
        else:
            sides = before.sides | after.sides
            yield from _values(name, _translate(before.alternatives, renamed), after.alternatives, sides)


def _slots(
    kind: str,
    owner: str,
    before: Mapping[str, Slot],
    after: Mapping[str, Slot],
    sides: frozenset[str],
    models: Mapping[str, str],
) -> Iterator[Change]:
    for key in before.keys() - after.keys():
        yield Change(kind, f"{owner}.{key}", "removed", True)
    for key, slot in after.items():
        name, old = f"{owner}.{key}", before.get(key)
        if old is None:
            breaking = slot.required and REQUEST in sides
            yield Change(kind, name, "added", breaking, "required" if slot.required else "optional")
            continue
        if slot.required and not old.required:
            yield Change(kind, name, "now required", REQUEST in sides)
        elif old.required and not slot.required:
            yield Change(kind, name, "now optional", REPLY in sides)
        if slot.deprecated and not old.deprecated:
            yield Change(kind, name, "deprecated", False)
        yield from _values(name, _translate(old.alternatives, models), slot.alternatives, sides)


def _values(name: str, was: frozenset[str], now: frozenset[str], sides: frozenset[str]) -> Iterator[Change]:
    """Compare what may stand somewhere: values of enums, members of unions, types."""
    came, went = now - was, was - now
    if not came and not went:
        return
    if all(_is_value(text) for text in came | went):
        for text in sorted(came):
            yield Change("value", name, "added", False, text)
        for text in sorted(went):
            yield Change("value", name, "removed", REQUEST in sides, text)
    elif not went:  # more can come back, or may be sent: a union of a reply grows like an open enum
        yield Change("field", name, "takes more types", False, _list(came))
    elif not came:
        yield Change("field", name, "takes fewer types", REQUEST in sides, _list(went))
    else:
        yield Change("field", name, "changed its type", True, f"{_list(went)} → {_list(came)}")


def _is_value(text: str) -> bool:
    return text[0] in "'\"-0123456789" or text in ("True", "False")


# -- renames ---------------------------------------------------------------------------------------------------------


def _renamed_operations(old: Surface, new: Surface) -> tuple[tuple[str, str], ...]:
    """Pair operations whose name changed though method and path did not."""
    came = {_route(o): n for n, o in new.operations.items() if n not in old.operations}
    pairs = [(n, came.get(_route(o))) for n, o in old.operations.items() if n not in new.operations]
    return tuple(sorted((a, b) for a, b in pairs if b is not None))


def _renamed_models(old: Surface, new: Surface) -> tuple[tuple[str, str], ...]:
    """Pair classes of which one went and one came with nearly the same fields; each class once, best pairs first."""
    gone = [n for n in old.models if n not in new.models]
    fresh = [n for n in new.models if n not in old.models]
    scored = sorted(
        ((_likeness(old.models[a], new.models[b]), a, b) for a in gone for b in fresh),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    pairs: dict[str, str] = {}
    for likeness, a, b in scored:
        if likeness >= _SAME and a not in pairs and b not in pairs.values():
            pairs[a] = b
    return tuple(sorted(pairs.items()))


def _likeness(a: ModelSurface, b: ModelSurface) -> float:
    if (a.fields is None) != (b.fields is None):
        return 0.0
    if a.fields is None or b.fields is None:
        return _share(a.alternatives, b.alternatives)
    one = {(key, *sorted(slot.alternatives)) for key, slot in a.fields.items()}
    other = {(key, *sorted(slot.alternatives)) for key, slot in b.fields.items()}
    return _share(one, other)


def _share(a: Iterable[T], b: Iterable[T]) -> float:
    one, other = set(a), set(b)
    return len(one & other) / len(one | other) if one | other else 0.0


def _translate(alternatives: frozenset[str], models: Mapping[str, str]) -> frozenset[str]:
    """Write alternatives with the names that classes have now; values, which stand in quotes, stay."""
    if not models:
        return alternatives
    return frozenset(
        text if _is_value(text) else re.sub(r"\w+", lambda word: models.get(word[0], word[0]), text)
        for text in alternatives
    )


def _list(texts: Iterable[str]) -> str:
    return ", ".join(sorted(texts))
