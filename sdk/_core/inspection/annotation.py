"""What a value of an argument may be, read from the text of its annotation."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import NamedTuple

#: Returns the text of the type that a name stands for, or None for an object.
Lookup = Callable[[str], str | None]

_DEEPEST = 4
#: Above this many well-known values help names none.
_MOST_SHOWN = 8


class Kind(NamedTuple):
    """The values that an argument accepts.

    `choices` are all values, or well-known ones if `text` is True. `item` are those of an array, `member` those of an
    object whose names are free.
    """

    text: bool = False
    whole: bool = False
    number: bool = False
    flag: bool = False
    null: bool = False
    file: bool = False
    mapping: bool = False
    anything: bool = False
    choices: tuple[str | int | bool, ...] = ()
    item: Kind | None = None
    member: Kind | None = None

    @property
    def nested(self) -> bool:
        """Whether objects or arrays are among the values."""
        return self.mapping or self.anything or self.item is not None

    @property
    def switch(self) -> bool:
        """Whether True and False are the only values besides null."""
        return self.flag and not (self.text or self.whole or self.number or self.choices or self.file or self.nested)

    def describe(self) -> str:
        """Return a short name of the values, for help."""
        if self.choices and not (self.text or self.nested or self.whole or self.number):
            return "|".join(map(_shown, self.choices))
        words = [
            word
            for word, given in (
                ("FILE", self.file), ("TEXT", self.text), ("INTEGER", self.whole), ("NUMBER", self.number),
                ("BOOLEAN", self.flag), ("JSON", self.anything or self.mapping),
            )
            if given
        ]  # fmt: skip
        if self.choices and len(self.choices) <= _MOST_SHOWN:
            words.insert(0, "|".join(map(_shown, self.choices)))
        if self.item is not None and not words:
            return f"{self.item.describe()}..."
        return "|".join(words) or "JSON"


def _shown(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def kind_of(annotation: str, lookup: Lookup) -> Kind:
    """Return the values that an annotation allows; `lookup` resolves the names that are not builtins."""
    names = annotation.split(" | ")
    if all(name in _NAMES for name in names):  # as most are: they need no parser
        found = Kind()
        for name in names:
            found = _either(found, _NAMES[name])
        return found
    return _kind(ast.parse(annotation, mode="eval").body, lookup, 0)


def _kind(node: ast.expr, lookup: Lookup, depth: int) -> Kind:
    match node:
        case ast.BinOp(left, ast.BitOr(), right):
            return _either(_kind(left, lookup, depth), _kind(right, lookup, depth))
        case ast.Constant(None):
            return Kind(null=True)
        case ast.Constant(str() as quoted):
            return _kind(ast.parse(quoted, mode="eval").body, lookup, depth)
        case ast.Subscript(value, inner):
            return _subscript(_name(value), inner, lookup, depth)
    return _named(_name(node), lookup, depth)


def _subscript(name: str, inner: ast.expr, lookup: Lookup, depth: int) -> Kind:
    if name == "Literal":
        values = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        found = [value.value for value in values if isinstance(value, ast.Constant)]
        choices = tuple(value for value in found if isinstance(value, str | int))
        return Kind(choices=choices, null=None in found)
    if name in ("Sequence", "AbstractSet", "list", "Iterable", "tuple"):
        return Kind(item=_kind(inner, lookup, depth))
    if name in ("Required", "NotRequired", "Annotated"):
        return _kind(inner, lookup, depth)
    member = inner.elts[-1] if isinstance(inner, ast.Tuple) else None
    return Kind(mapping=True, member=None if member is None else _kind(member, lookup, depth))


#: Kinds of the names in annotations; a date is given as text.
_NAMES: Mapping[str, Kind] = {
    "str": Kind(text=True),
    "datetime": Kind(text=True),
    "date": Kind(text=True),
    "UUID": Kind(text=True),
    "int": Kind(whole=True),
    "float": Kind(number=True),
    "bool": Kind(flag=True),
    "bytes": Kind(file=True),
    "FileInput": Kind(file=True),
    "FileContent": Kind(file=True),
    "Any": Kind(anything=True),
    "object": Kind(anything=True),
    "Unset": Kind(),
    "None": Kind(null=True),
}


def _named(name: str, lookup: Lookup, depth: int) -> Kind:
    known = _NAMES.get(name)
    if known is not None:
        return known
    text = lookup(name) if depth < _DEEPEST else None
    return Kind(mapping=True) if text is None else _kind(ast.parse(text, mode="eval").body, lookup, depth + 1)


_FLAGS = ("text", "whole", "number", "flag", "null", "file", "mapping", "anything")


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _either(left: Kind, right: Kind) -> Kind:
    item = left.item if right.item is None else right.item if left.item is None else _either(left.item, right.item)
    member = left.member if right.member is None else right.member
    flags = {name: getattr(left, name) or getattr(right, name) for name in _FLAGS}
    return Kind(**flags, choices=tuple(dict.fromkeys((*left.choices, *right.choices))), item=item, member=member)
