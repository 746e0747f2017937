"""The values and keys that fit a place within an argument, read from its annotation."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

#: A step into an array; a step into an object is its key.
ITEM = 0
Step = str | int

_DEEPEST = 12
_WRAPPERS = ("Required", "NotRequired", "Annotated", "ReadOnly")
_ARRAYS = ("Sequence", "AbstractSet", "Iterable", "list", "tuple", "List", "Tuple")
_OBJECTS = ("Mapping", "dict", "Dict")


class Names(Protocol):
    """What names in annotations stand for."""

    def alias_of(self, name: str) -> str | None:
        """Return the text of a type."""

    def fields_of(self, name: str) -> Mapping[str, str]:
        """Return the annotations of the keys of an object; {} if it has none that are known."""


class Literals(NamedTuple):
    """What fits a place: values, the keys of objects, and whole objects that their values distinguish."""

    values: tuple[str | int | bool, ...]
    keys: tuple[str, ...]
    objects: tuple[dict[str, str], ...]


def literals_at(annotation: str, path: Sequence[Step], names: Names) -> Literals:
    """Return what fits the place that `path` leads to, within an argument of this annotation."""
    values: dict[str | int | bool, None] = {}
    keys: dict[str, None] = {}
    objects: list[dict[str, str]] = []
    for found in _leaves(ast.parse(annotation.strip(), mode="eval").body, list(path), names, 0):
        if isinstance(found, Mapping):
            keys |= dict.fromkeys(found)
            tag = _tag(found)
            if tag and tag not in objects:
                objects.append(tag)
        else:
            values[found] = None
    return Literals(tuple(values), tuple(keys), tuple(objects))


def _leaves(
    node: ast.expr, path: Sequence[Step], names: Names, depth: int
) -> Iterator[str | int | bool | Mapping[str, str]]:
    if depth > _DEEPEST:
        return
    match node:
        case ast.BinOp(left, ast.BitOr(), right):
            yield from _leaves(left, path, names, depth)
            yield from _leaves(right, path, names, depth)
        case ast.Constant(str() as quoted):
            yield from _leaves(ast.parse(quoted, mode="eval").body, path, names, depth + 1)
        case ast.Subscript(value, inner):
            yield from _subscript(_name(value), inner, path, names, depth)
        case ast.Name() | ast.Attribute():
            yield from _named(_name(node), path, names, depth)


def _subscript(
    name: str, inner: ast.expr, path: Sequence[Step], names: Names, depth: int
) -> Iterator[str | int | bool | Mapping[str, str]]:
    parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
    if name == "Literal" and not path:
        constants = [part.value for part in parts if isinstance(part, ast.Constant)]
        yield from (value for value in constants if isinstance(value, str | int))
    elif name in _WRAPPERS:
        yield from _leaves(parts[0], path, names, depth)
    elif (name in _ARRAYS and path and path[0] == ITEM) or (name in _OBJECTS and path and path[0] != ITEM):
        yield from _leaves(parts[-1], path[1:], names, depth)


def _named(name: str, path: Sequence[Step], names: Names, depth: int) -> Iterator[str | int | bool | Mapping[str, str]]:
    text = names.alias_of(name)
    if text is not None:
        yield from _leaves(ast.parse(text, mode="eval").body, path, names, depth + 1)
        return
    fields = names.fields_of(name)
    if fields and not path:
        yield fields
    elif path and path[0] in fields:
        kind = ast.parse(fields[str(path[0])], mode="eval").body
        yield from _leaves(kind, path[1:], names, depth + 1)


def _tag(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of an object that have one value each, and are required: they distinguish it from others."""
    found = {}
    for name, annotation in fields.items():
        match ast.parse(annotation, mode="eval").body:
            case ast.Subscript(ast.Name("Required"), ast.Subscript(ast.Name("Literal"), ast.Constant(str() as value))):
                found[name] = value
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
