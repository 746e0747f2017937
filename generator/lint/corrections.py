"""The overlay actions that turn a document into its corrected form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..document import pointer as pointers
from .finding import Action, target

Place = tuple[str, ...]


class Correction(NamedTuple):
    """A change of one place, as actions that follow each other."""

    place: Place
    actions: tuple[Action, ...]


def corrections(before: Any, after: Any) -> list[Correction]:
    """Return the changes from one document to another, each a place; later removals of a list come first.

    The actions are applied in this order: each target is right after those before it.
    """
    return list(_changes(before, after, (), before))


def _changes(before: Any, after: Any, place: Place, root: Any) -> Iterator[Correction]:
    if isinstance(before, dict) and isinstance(after, dict):
        if before and not after and place:
            yield _replaced(root, place, after)
            return
        for key in before:
            if key not in after:
                yield Correction((*place, key), (Action(target(root, (*place, key)), remove=True),))
            elif not _same(before[key], after[key]):
                yield from _changes(before[key], after[key], (*place, key), root)
        for key in after:
            if key not in before:
                yield Correction((*place, key), (Action(target(root, place), {key: after[key]}),))
    elif isinstance(before, list) and isinstance(after, list):
        yield from _list_changes(before, after, place, root)
    elif not _same(before, after):
        yield _replaced(root, place, after)


def _list_changes(before: list[Any], after: list[Any], place: Place, root: Any) -> Iterator[Correction]:
    if len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            if not _same(one, other):
                yield from _changes(one, other, (*place, str(index)), root)
        return
    kept, rest = 0, list(before)
    gone: list[int] = []
    for index, one in enumerate(before):
        if kept < len(after) and _same(one, after[kept]):
            kept += 1
        else:
            gone.append(index)
    if len(before) - len(gone) != kept:
        yield _replaced(root, place, after)
        return
    for index in reversed(gone):
        del rest[index]
        yield Correction((*place, str(index)), (Action(target(root, (*place, str(index))), remove=True),))
    for one in after[kept:]:
        yield Correction(place, (Action(target(root, place), one),))


def _replaced(root: Any, place: Place, value: Any) -> Correction:
    """Return the correction that puts a value in place of another one: an update alone merges."""
    *above, last = place
    old = pointers.at(root, place)
    around = pointers.at(root, above)
    removal = Action(target(root, place), remove=True)
    if isinstance(around, list):  # the order of a list of schemas or servers is not kept
        return Correction(place, (removal, Action(target(root, tuple(above)), value)))
    update = Action(target(root, tuple(above)), {last: value})
    return Correction(place, (removal, update) if isinstance(old, dict | list) else (update,))


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
