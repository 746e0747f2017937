"""Show a model to people: at most 20 lines, long values cut with their size, secrets hidden. Loaded with the first use.

A value becomes a tree of a few hundred nodes at most, however large and deep it is. The tree is laid out like Python
code: on one line if it fits, else with one field on each line, or with several short ones if that takes too many lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..errors.redact import hide_keys
from .base import ApiModel, _layout

WIDTH, ROWS = 100, 20
_INDENT = "  "
#: How much is shown: levels, and items of a list. The first that fits into the rows is taken.
_DETAIL = ((6, 8), (6, 3), (4, 3), (3, 2), (2, 1), (1, 1))
_MAX_NODES = 600
#: A longer str is cut to this many characters, a longer list of numbers to this many of them.
_LONG, _CUT, _BASE64_CUT = 120, 80, 12
_MANY_NUMBERS, _FIRST_NUMBERS = 8, 3
_BASE64 = re.compile(r"(?:data:[\w.+/-]*;base64,)?[A-Za-z0-9+/_-]{100}")
#: Fields of replies whose values are credentials, such as those that a response echoes of its tools.
_SECRET = re.compile(r"(?i)authorization|api_?key|secret|password|credential")


class _Node(NamedTuple):
    """A part of the text: a leaf, or items between `head` and `tail`."""

    head: str
    items: tuple[_Node, ...] = ()
    tail: str = ""

    @property
    def flat(self) -> str:
        """The text on one line."""
        return f"{self.head}{', '.join(item.flat for item in self.items)}{self.tail}"


class _TooLargeError(Exception):
    """The tree has too many nodes for the rows."""


class Shown:
    """A part of a text that `repr` shows as it is."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def lines(model: ApiModel, width: int = WIDTH) -> list[str]:
    """Return the lines of a model's `repr`, at most `ROWS`."""
    found: list[str] = []
    for depth, most in _DETAIL:
        try:
            tree = _Builder(depth, most).node(model)
        except _TooLargeError:
            continue
        for filled in (False, True):
            found = list(_laid_out(tree, width, filled=filled))
            if len(found) <= ROWS:
                return found
    return [*found[: ROWS - 2], f"{_INDENT}... {len(found) - ROWS + 1} more", found[-1]]


def rich_fields(model: ApiModel) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a model for rich, which lays out the models among them itself."""
    depth, most = _DETAIL[1]
    for name, value in _fields_of(model):
        builder = _Builder(depth, most)
        if isinstance(value, ApiModel):
            yield name, value
        elif isinstance(value, list | tuple) and any(isinstance(item, ApiModel) for item in value[:most]):
            shown = [item if isinstance(item, ApiModel) else Shown(builder.node(item).flat) for item in value[:most]]
            yield name, [*shown, Shown(f"... {len(value) - most:,} more")] if len(value) > most else shown
        else:
            yield name, Shown(builder.node(value, name=name).flat)


def _fields_of(model: ApiModel) -> Iterator[tuple[str, Any]]:
    for attribute, _, _ in _layout(type(model)):
        if (value := getattr(model, attribute)) is not None:
            yield attribute, value
    if extra := model.additional_properties:
        yield "additional_properties", extra


def _laid_out(node: _Node, width: int, *, filled: bool, indent: str = "", end: str = "") -> Iterator[str]:
    """Yield the lines of a node. `filled` puts several items on a line, and an only item beside its parent."""
    flat = f"{indent}{node.flat}{end}"
    if len(flat) <= width or not node.items:
        yield flat
        return
    if filled and len(node.items) == 1:
        only = node.items[0]
        only = only._replace(head=node.head + only.head, tail=only.tail + node.tail)
        yield from _laid_out(only, width, filled=filled, indent=indent, end=end)
        return
    yield f"{indent}{node.head}"
    inner, row = indent + _INDENT, ""
    for item in node.items:
        part = f"{item.flat},"
        if filled and len(f"{inner}{row} {part}") <= width:
            row = f"{row} {part}" if row else part
            continue
        if row:
            yield inner + row
            row = ""
        yield from _laid_out(item, width, filled=filled, indent=inner, end=",")
    if row:
        yield inner + row
    yield f"{indent}{node.tail}{end}"


class _Builder:
    """Builds the tree of a value, with at most `depth` levels and `most` items of a list."""

    def __init__(self, depth: int, most: int) -> None:
        self._depth, self._most, self._count = depth, most, 0

    def node(self, value: Any, label: str = "", level: int = 0, name: str = "") -> _Node:
        """Return the node of a value. `label` precedes it; `name` is the field's, which says whether it is secret."""
        self._count += 1
        if self._count > _MAX_NODES:
            raise _TooLargeError
        if isinstance(value, str | bytes | bytearray):
            return _Node(label + ("'***'" if _SECRET.search(name) else _characters(value)))
        if isinstance(value, ApiModel):
            return self._of_model(value, f"{label}{type(value).__name__}", level)
        if isinstance(value, Mapping):
            return self._of_mapping(value, label, level, name)
        if isinstance(value, list | tuple):
            return self._of_list(value, label, level, name)
        return _Node(label + _other(value))

    def _of_model(self, model: ApiModel, head: str, level: int) -> _Node:
        fields = list(_fields_of(model))
        if level >= self._depth:
            return _Node(f"{head}({'...' if fields else ''})")
        inner = tuple(self.node(value, f"{name}=", level + 1, name) for name, value in fields)
        return _Node(f"{head}(", inner, ")")

    def _of_mapping(self, value: Mapping[Any, Any], label: str, level: int, name: str) -> _Node:
        if value and level >= self._depth:
            return _Node(f"{label}{{... {_counted(len(value), 'key')}}}")
        most = max(self._most, 3)
        secret = "secret" if name == "headers" else ""  # a vendor's or a tool's: any of them may carry a key
        inner = [
            self.node(item, f"{_key(key)}: ", level + 1, secret or str(key))
            for key, item in _first(value.items(), most)
        ]
        return _Node(f"{label}{{", (*inner, *_more(len(value) - most)), "}")

    def _of_list(self, value: list[Any] | tuple[Any, ...], label: str, level: int, name: str) -> _Node:
        if len(value) > _MANY_NUMBERS and all(type(item) in (int, float) for item in value[:_MANY_NUMBERS]):
            shown = ", ".join(format(item, ".3g") for item in value[:_FIRST_NUMBERS])
            return _Node(f"{label}[{shown}, ... {len(value):,} numbers]")
        if value and level >= self._depth:
            return _Node(f"{label}[... {_counted(len(value), 'item')}]")
        inner = [self.node(item, "", level + 1, name) for item in value[: self._most]]
        return _Node(f"{label}[", (*inner, *_more(len(value) - self._most)), "]")


def _first(items: Any, most: int) -> Iterator[Any]:
    return (item for _, item in zip(range(most), items, strict=False))


def _more(count: int) -> tuple[_Node, ...]:
    return (_Node(f"... {count:,} more"),) if count > 0 else ()


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _key(key: Any) -> str:
    return _characters(key) if isinstance(key, str) else _other(key)


def _characters(value: str | bytes | bytearray) -> str:
    """Return a str or bytes as `repr` does, a long one cut, with its size."""
    if not isinstance(value, str):
        cut = value[:_CUT]
        return repr(value) if len(value) <= _LONG else f"{cut!r}... ({size(len(value))})"
    if type(value) is not str and type(value).__repr__ is not str.__repr__:  # it hides itself, or is an enum
        return _other(value)
    if len(value) <= _LONG:
        return repr(hide_keys(value))
    if _BASE64.match(value):
        data = value.partition(";base64,")[2] or value
        start = value[: len(value) - len(data) + _BASE64_CUT]
        return f"'{start}...' ({size(len(data) * 3 // 4)} of base64)"
    start = hide_keys(value[: 4 * _CUT])[:_CUT]
    return f"{(start + '...')!r} ({len(value):,} characters)"


def size(count: int) -> str:
    """Return a number of bytes for people."""
    if count < 1000:
        return f"{count} bytes"
    for unit in ("kB", "MB"):
        count_of_unit = count / (1e3 if unit == "kB" else 1e6)
        if count_of_unit < 999.5:
            return f"{count_of_unit:.3g} {unit}"
    return f"{count / 1e9:.3g} GB"


def _other(value: Any) -> str:
    try:
        text = repr(value)
    except Exception:  # of a class of the user's, which was assigned
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONG else f"{text[:_CUT]}..."
