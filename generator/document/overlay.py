"""Apply an OpenAPI Overlay: corrections and names as data, each with its reason.

Source: OpenAPI Overlay Specification 1.0.0; JSONPath is RFC 9535.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonpath_rfc9535 as jsonpath

from generator.document import pointer as pointers
from generator.document.read import Document, read

Location = tuple[str | int, ...]

_KEYS = {"target", "description", "update", "remove"}
#: The key of an action that only says which source of the pin is right where two differ: "first" or "last".
PREFER = "x-sdk-prefer"


@dataclass(frozen=True)
class Action:
    """One action that was applied; `locations` are the JSON pointers of the places that it is about."""

    number: int
    target: str
    reason: str
    remove: bool
    locations: tuple[str, ...]


def apply(data: dict[str, Any], path: Path, *, tolerant: bool = False) -> tuple[dict[str, Any], list[Action]]:
    """Apply the overlay in `path` to a document, action by action; the given document stays as it is.

    Updates merge: objects key by key, arrays by appending, everything else by replacing. Only the objects on the way
    to a change are copied: the rest of the result is shared with `data`. `tolerant` skips actions that match nothing:
    for a document that the overlay was not written for, such as an older one to compare with.

    Raises: GeneratorError with file and line for an action without a reason, with a broken target, that matches
    nothing, or whose update does not fit. Source: Overlay 1.0.0, section 4.4.
    """
    overlay = read(path)
    tree = _Tree(data)
    applied: list[Action] = []
    for index, action in enumerate(_actions(overlay)):
        done = _apply_one(tree, overlay, index, action, tolerant)
        if done is not None:
            applied.append(done)
    return tree.root, applied


def correct(data: dict[str, Any], changes: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Apply actions that the generator has made for a document; the result shares nothing with `data`.

    What a change before it has removed needs no other change.
    """
    tree = _Tree(copy.deepcopy(data))
    for change in changes:
        locations = [node.location for node in jsonpath.compile(change["target"]).find(tree.root)]
        for location in sorted(locations, key=_document_order, reverse=True):
            if change.get("remove"):
                del tree.own(location[:-1])[location[-1]]
            else:
                _merge_into(tree, location, change["update"])
    return tree.root


def preferences(data: dict[str, Any], conflicts: Collection[str], path: Path) -> dict[str, str]:
    """Return which source is right, "first" or "last", by the JSON pointers of conflicts that the overlay settles.

    `data` is the document that the sources give together. Raises: GeneratorError with file and line for an action with
    `x-sdk-prefer` that settles nothing, and for all that `apply` raises for it.
    """
    overlay, tree = read(path), _Tree(data)
    found: dict[str, str] = {}
    for index, action in enumerate(_actions(overlay)):
        if not isinstance(action, dict) or PREFER not in action:
            continue
        done = _apply_one(tree, overlay, index, action, tolerant=False)
        settled = [location for location in (done.locations if done else ()) if location in conflicts]
        if not settled:
            raise overlay.error(
                f"action {index + 1} settles nothing: the sources agree on {action['target']}",
                f"/actions/{index}/target",
                "remove the action or correct its target",
            )
        found |= dict.fromkeys(settled, str(action[PREFER]))
    return found


def _actions(overlay: Document) -> list[Any]:
    data = overlay.data
    if not isinstance(data, dict) or data.get("overlay") != "1.0.0":
        raise overlay.error("not an OpenAPI Overlay 1.0.0", "/overlay", "start the file with: overlay: 1.0.0")
    info = data.get("info")
    for key in ("title", "version"):
        if not isinstance(info, dict) or not isinstance(info.get(key), str):
            raise overlay.error(f"info.{key} is missing", "/info", f"add a {key}, as a string")
    # The specification requires at least one action; an empty overlay is accepted all the same.
    actions = data.get("actions")
    if not isinstance(actions, list):
        raise overlay.error("actions is missing", "/actions", "add the list of actions, or: actions: []")
    return actions


def _apply_one(tree: _Tree, overlay: Document, index: int, action: Any, tolerant: bool) -> Action | None:
    place, name = f"/actions/{index}", f"action {index + 1}"
    if not isinstance(action, dict) or not isinstance(action.get("target"), str):
        raise overlay.error(f"{name} has no target", place, "add a target, a JSONPath such as: $.paths['/x'].get")
    for key in action:
        if key not in _KEYS and not key.startswith("x-"):
            raise overlay.error(f"{name}: {key!r} is unknown here", f"{place}/{key}", f"one of {sorted(_KEYS)}")
    reason = action.get("x-reason") or action.get("description")
    if not isinstance(reason, str) or not reason.strip():
        raise overlay.error(f"{name} has no reason", place, "say in x-reason why the document has to be corrected")
    remove = action.get("remove", False)
    prefers = action.get(PREFER, "")
    if not isinstance(remove, bool) or [bool(prefers), "update" in action, remove].count(True) != 1:
        raise overlay.error(
            f"{name} must have one of update, remove: true and {PREFER}", place, "give it one of the three"
        )
    if prefers not in ("", "first", "last"):
        raise overlay.error(f"{name}: {PREFER} is {prefers!r}", f"{place}/{PREFER}", "write first or last")
    target = action["target"]
    locations = _find(tree, overlay, place, name, target)
    if not locations:
        if tolerant:
            return None
        raise overlay.error(
            f"{name} matches nothing: {target}; the document may have changed",
            f"{place}/target",
            "remove the action or correct its target",
        )
    if remove:
        if () in locations:
            raise overlay.error(f"{name} would remove the whole document", place, "correct its target")
        # From the back and from inside: no removal moves or hides a place that is still to be removed.
        for location in sorted(locations, key=_document_order, reverse=True):
            del tree.own(location[:-1])[location[-1]]
    elif not prefers:  # that one is for the pin
        for location in locations:
            try:
                _merge_into(tree, location, action["update"])
            except _MisfitError as error:
                raise overlay.error(f"{name}: {error.args[0]}", place, error.args[1]) from None
    return Action(index + 1, target, reason.strip(), remove, tuple(pointers.join(location) for location in locations))


def _find(tree: _Tree, overlay: Document, place: str, name: str, target: str) -> list[Location]:
    try:
        nodes = jsonpath.compile(target).find(tree.root)
    except (jsonpath.JSONPathError, RecursionError) as error:
        raise overlay.error(
            f"{name}: {target!r} is no JSONPath: {error.args[0] if error.args else error}",
            f"{place}/target",
            "write it by RFC 9535, for example: $.paths['/x'].get.parameters[?@.name == 'q']",
        ) from error
    # A query with several selectors may find one place twice.
    return list(dict.fromkeys(node.location for node in nodes))


def _document_order(location: Location) -> list[tuple[bool, str | int]]:
    return [(isinstance(token, int), token) for token in location]


class _MisfitError(Exception):
    """An update that cannot be merged: (problem, way out)."""


class _Tree:
    """A document that copies an object or array the first time that it is about to change."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.root = dict(data)
        # The objects themselves, not only their ids: a freed object's id may come back as another's.
        self._owned: dict[int, Any] = {id(self.root): self.root}

    def own(self, location: Iterable[str | int]) -> Any:
        """Return the container at a location, ready to be changed."""
        value: Any = self.root
        for token in location:
            inside = value[token]
            if id(inside) not in self._owned:
                inside = value[token] = copy.copy(inside)
                self._owned[id(inside)] = inside
            value = inside
        return value


def _merge_into(tree: _Tree, location: Location, update: Any) -> None:
    target = tree.own(location[:-1])[location[-1]] if location else tree.root
    if isinstance(target, list):
        tree.own(location).append(copy.deepcopy(update))
    elif isinstance(target, dict):
        if not isinstance(update, dict):
            raise _MisfitError("the target is an object, the update is not", "make the update an object")
        _merge(tree, location, target, update)
    else:
        raise _MisfitError("the target is a plain value", "target the object around it and name the key in the update")


def _merge(tree: _Tree, location: Location, target: dict[str, Any], update: dict[str, Any]) -> None:
    for key, value in update.items():
        here = (*location, key)
        old = target.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            _merge(tree, here, old, value)
        elif isinstance(old, list) and isinstance(value, list):
            tree.own(here).extend(copy.deepcopy(value))
        elif isinstance(old, dict | list):
            kinds = "an object" if isinstance(old, dict) else "an array"
            problem = f"{pointers.join(here)} is {kinds}, its update is not"
            raise _MisfitError(problem, "remove it in an action of its own first, then add the new value")
        else:
            tree.own(location)[key] = copy.deepcopy(value)
