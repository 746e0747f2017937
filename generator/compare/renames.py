"""Find renames: pairs of a removed and an added name that mean the same.

A document does not state renames, so each pair is a guess that the reader decides on. Names that the overlay
declares as former are certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import TypeVar

from .surface import ModelSurface, OperationSurface, Slot, Surface

T = TypeVar("T")

#: The share of common fields from which a removed and an added class count as renamed.
_SAME = 0.8
#: The likeness of names from which two slots of the same type count as renamed.
_ALIKE = 0.6
_PLAIN = frozenset({"string", "integer", "number", "boolean", "null", "any"})


def route(operation: OperationSurface) -> str:
    """Return the method and path of an operation."""
    return f"{operation.method} {operation.path}"


def operations(old: Surface, new: Surface) -> dict[str, str]:
    """Pair operations whose name changed and whose method and path, or else operationId, did not."""
    other = replaced(old, new)
    removed = {n: o for n, o in sorted(old.operations.items()) if n not in new.operations or n in other}
    added = {n: o for n, o in sorted(new.operations.items()) if n not in old.operations or n in other}
    pairs: dict[str, str] = {}
    for key in (route, lambda operation: operation.id):
        matches = {key(o): n for n, o in added.items() if n not in pairs.values()}
        pairs |= {n: matches.pop(key(o)) for n, o in removed.items() if n not in pairs and key(o) and key(o) in matches}
    return pairs


def replaced(old: Surface, new: Surface) -> frozenset[str]:
    """Return the names that another operation has now: its method or path, and its operationId, are others."""
    both = (
        (name, old.operations[name], new.operations[name]) for name in old.operations.keys() & new.operations.keys()
    )
    return frozenset(n for n, a, b in both if a.id and b.id and a.id != b.id and route(a) != route(b))


def models(old: Surface, new: Surface) -> dict[str, str]:
    """Pair removed and added classes with nearly the same fields; each class once, best pairs first."""
    removed = [n for n in old.models if n not in new.models]
    added = [n for n in new.models if n not in old.models]
    declared = {a: b for b in added for a in new.models[b].former if a in removed}
    scored = ((_likeness(old.models[a], new.models[b]), a, b) for a in removed for b in added)
    return declared | _best((row for row in scored if row[0] >= _SAME), declared)


def slots(before: Mapping[str, Slot], after: Mapping[str, Slot], models: Mapping[str, str]) -> dict[str, str]:
    """Pair removed and added arguments or fields of one owner.

    Both have the same type and are both required or both optional. Besides, their names are alike, or they have the
    same neighbours, or they are the only pair and their type is more than a plain string or number.
    """
    removed = [k for k in before if k not in after]
    if not removed:
        return {}
    added = [k for k in after if k not in before]
    declared = {a: b for b in after for a in after[b].former if a in removed}
    by_gap = {gap: a for a, gap in _gaps(list(before), removed).items()}
    same_gap = {b: by_gap.get(gap) for b, gap in _gaps(list(after), added).items()}
    scored = []
    for a in removed:
        for b in added:
            type_ = translated(before[a].alternatives, models)
            if type_ != after[b].alternatives or before[a].required != after[b].required:
                continue
            likeness = _alike(a, b) + (same_gap.get(b) == a)
            alone = len(removed) == len(added) == 1 and not type_ <= _PLAIN
            if likeness >= _ALIKE or alone:
                scored.append((likeness, a, b))
    return declared | _best(scored, declared)


def _alike(a: str, b: str) -> float:
    """Return how alike two names are, from 0 to 1; the words of one inside the other make them alike."""
    one, other = set(a.split("_")), set(b.split("_"))
    inside = one <= other or other <= one
    return max(SequenceMatcher(None, a, b, autojunk=False).ratio(), _ALIKE if inside else 0.0)


def is_value(text: str) -> bool:
    """Return whether an alternative is the value of an enum, not the name of a type."""
    return text[0] in "'\"-0123456789" or text in ("True", "False")


def translated(alternatives: frozenset[str], models: Mapping[str, str]) -> frozenset[str]:
    """Return alternatives with the new names of classes; values, which are in quotes, stay."""
    if not models:
        return alternatives
    return frozenset(
        text if is_value(text) else re.sub(r"\w+", lambda word: models.get(word[0], word[0]), text)
        for text in alternatives
    )


def _best(scored: Iterable[tuple[float, str, str]], taken: Mapping[str, str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    used = set(taken) | set(taken.values())
    for _, a, b in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
        if a not in used and b not in used:
            pairs[a] = b
            used |= {a, b}
    return pairs


def _gaps(order: list[str], changed: list[str]) -> dict[str, tuple[str | None, str | None]]:
    """Return the neighbours of each changed name, if it has any and none of them changed."""
    row = [None, *order, None]
    beside = {key: (before, after) for before, key, after in zip(row, order, row[2:], strict=False)}
    return {
        key: gap for key in changed if (gap := beside[key]) != (None, None) and not any(name in changed for name in gap)
    }


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
