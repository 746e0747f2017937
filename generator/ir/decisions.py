"""How the class of an object of a union is found: by the value of one key, or by its shape."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


class JsonType(StrEnum):
    """What a JSON value is; an integer is a number."""

    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    NULL = "null"
    ARRAY = "array"
    OBJECT = "object"


@frozen
class Shape:
    """The JSON keys and values by which objects of one class are recognized, for unions without a tag."""

    name: str
    required: tuple[str, ...]
    values: tuple[tuple[str, tuple[str, ...]], ...]  # key → the values it may hold, as text
    types: tuple[tuple[str, frozenset[JsonType]], ...]  # key → what it may hold, where that is not anything
    only: tuple[str, ...] | None = None  # the only keys that it may have
    known: tuple[str, ...] = ()  # the keys that its class declares


@frozen
class Scored:
    """Decide by score: fewest contradictions, then most required keys, then most known keys, then declared order."""

    shapes: tuple[Shape, ...]


@frozen
class Tagged:
    """Decide by the value of one key."""

    tag: str
    cases: tuple[tuple[str, str | Tagged | Scored], ...]
    rest: str = ""  # the class for every other value, where there is one


Decision = str | Tagged | Scored
