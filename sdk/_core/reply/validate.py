"""Validate JSON against the API description, for strict mode and the local server.

A small validator for the keywords that the description has (JSON Schema, draft 2020-12): types, values, ranges,
required and extra keys, unions. `format` is ignored; `oneOf` means `anyOf`: alternatives overlap in real documents.

Each problem has a JSON path. The path of a missing or extra key is that of its object. The path of a value that
matches no member of a union is that of the value, and the message names the first problem of the closest member.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from .json_types import JSON_TYPES, json_type, same

Schema = dict[str, Any]
Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """One place where a value breaks its schema."""

    path: Path
    message: str
    inner: Problem | None = None  # the problem of the closest member of a union
    keyword: str = ""  # the keyword that is broken: required, type, const, enum or additionalProperties; else ""
    key: str | None = None  # the key that is missing
    wanted: tuple[Any, ...] = ()  # the allowed values or types

    def __str__(self) -> str:
        return f"{format_path(self.path) or 'the reply'}: {self.message}"


def format_path(path: Path) -> str:
    """Write a JSON path as in Python and JavaScript: `choices[0].message`; '' is the value itself."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


class Description:
    """The schemas of an API's requests and replies, from the generated package."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.operations: dict[str, dict[str, Any]] = content["operations"]
        self.schemas: dict[str, Schema] = content["schemas"]
        self.websockets: dict[str, dict[str, Any]] = content.get("websockets", {})
        #: The path of the base URL, and the security schemes: place, name and prefix of each key.
        self.base: str = content.get("base", "")
        self.schemes: dict[str, tuple[str, str, str]] = content.get("schemes", {})

    def problems(self, operation: str, kind: str, value: Any) -> list[Problem]:
        """Return the problems of a reply, or of an event of a stream or WebSocket; `kind` is the media type.

        An operation without a description, as `client.request` sends, has no problems.
        """
        if operation in self.websockets:
            return list(self.check(self.websockets[operation]["receive"], value, ()))
        replies = self.operations.get(operation, {}).get("replies", {})
        schema = replies.get(kind)
        if schema is None and "json" in kind:
            schema = next((found for name, found in replies.items() if "json" in name), None)
        return list(self.check(schema, value, ())) if schema else []

    def check(self, schema: Any, value: Any, path: Path) -> Iterator[Problem]:
        """Yield the problems of one value."""
        if schema is True:
            return
        if schema is False:
            yield Problem(path, "must not be there")
            return
        if "$ref" in schema:
            yield from self.check(self.schemas[schema["$ref"]], value, path)
        yield from _of_value(schema, value, path)
        if isinstance(value, dict):
            yield from self._of_object(schema, value, path)
        elif isinstance(value, list):
            yield from self._of_array(schema, value, path)
        for part in schema.get("allOf", ()):
            yield from self.check(part, value, path)
        if "anyOf" in schema:
            yield from self._of_union(schema["anyOf"], value, path)
        if "not" in schema and not any(self.check(schema["not"], value, path)):
            yield Problem(path, "has a shape that the description rules out")

    def _of_object(self, schema: Schema, value: dict[str, Any], path: Path) -> Iterator[Problem]:
        for key in schema.get("required", ()):
            if key not in value:
                yield Problem(path, f"the key {key!r} is missing", None, "required", key)
        properties = schema.get("properties", {})
        for key, inner in properties.items():
            if key in value:
                yield from self.check(inner, value[key], (*path, key))
        extra = schema.get("additionalProperties", True)
        if extra is False:
            if len(value) > sum(key in value for key in properties):
                yield Problem(path, "has a key that the description does not know", None, "additionalProperties")
        elif extra is not True:
            for key, item in value.items():
                if key not in properties:
                    yield from self.check(extra, item, (*path, key))
        if "propertyNames" in schema and any(any(self.check(schema["propertyNames"], key, path)) for key in value):
            yield Problem(path, "has a key that is not allowed as a name")
        yield from _size(schema, len(value), path, "Properties", "keys")

    def _of_array(self, schema: Schema, value: list[Any], path: Path) -> Iterator[Problem]:
        if "items" in schema:
            if schema["items"] is False and value:
                yield Problem(path, "has items where none may be")
            for index, item in enumerate(value if schema["items"] is not False else ()):
                yield from self.check(schema["items"], item, (*path, index))
        if schema.get("uniqueItems") and any(same(a, b) for i, a in enumerate(value) for b in value[:i]):
            yield Problem(path, "has the same item twice")
        yield from _size(schema, len(value), path, "Items", "items")

    def _of_union(self, members: list[Schema], value: Any, path: Path) -> Iterator[Problem]:
        everything: list[list[Problem]] = []
        for member in members:
            found = list(self.check(member, value, path))
            if not found:
                return
            everything.append(found)
        if everything:
            inner = _closest(everything, len(path))
            yield Problem(path, f"fits none of {len(members)} alternatives; in the closest, {inner}", inner)


#: The keywords that list the allowed values.
_FIXED = ("const", "enum")


def _closest(everything: list[list[Problem]], depth: int) -> Problem:
    """Return the problem to report for a union: that of the closest members, with all the values that they allow."""

    def distance(problems: list[Problem]) -> tuple[int, int, int]:
        """A member whose tags match is closest, then one with fewer problems, then one with deeper ones."""
        tags = sum(p.keyword in _FIXED and len(p.path) > depth for p in problems)
        return tags, len(problems), -min(len(p.path) for p in problems)

    closest = min(everything, key=distance)
    first = next((p for p in closest if p.keyword in _FIXED), closest[0])
    first = first.inner or first
    near = [found for found in everything if distance(found)[0] == distance(closest)[0]]
    same_path = [[p for q in found if (p := q.inner or q).path == first.path and p.wanted] for found in near]
    alike = [p for found in same_path for p in found if (p.keyword == "type") == (first.keyword == "type")]
    wanted = tuple(dict.fromkeys(w for p in alike for w in p.wanted))
    if all(same_path) and len(wanted) > len(first.wanted):
        shown = first.message.partition(" where ")[0].partition(", which")[0]
        if first.keyword == "type":
            return first._replace(message=f"{shown} where {' or '.join(wanted)} was expected", wanted=wanted)
        first = first._replace(message=f"{shown}, which is not one of {', '.join(map(repr, wanted))}", wanted=wanted)
    return first


def _size(schema: Schema, size: int, path: Path, what: str, noun: str) -> Iterator[Problem]:
    minimum, maximum = schema.get(f"min{what}"), schema.get(f"max{what}")
    if minimum is not None and size < minimum:
        yield Problem(path, f"has {size} {noun}, and the least is {minimum}")
    if maximum is not None and size > maximum:
        yield Problem(path, f"has {size} {noun}, and the most is {maximum}")


def _of_value(schema: Schema, value: Any, path: Path) -> Iterator[Problem]:
    if "type" in schema:
        types = schema["type"]
        if not any(JSON_TYPES[t](value) for t in ([types] if isinstance(types, str) else types)):
            wanted = types if isinstance(types, str) else " or ".join(types)
            message = f"is {json_type(value)} where {wanted} was expected"
            yield Problem(path, message, None, "type", None, (types,) if isinstance(types, str) else tuple(types))
    if "enum" in schema and not any(same(value, allowed) for allowed in schema["enum"]):
        message = f"is {_shown(value)}, which is not one of {', '.join(map(repr, schema['enum']))}"
        yield Problem(path, message, None, "const" if len(schema["enum"]) == 1 else "enum", None, tuple(schema["enum"]))
    if "const" in schema and not same(value, schema["const"]):
        yield Problem(path, f"is {_shown(value)} where {schema['const']!r} was expected", None, "const", None,
                      (schema["const"],))  # fmt: skip
    if isinstance(value, str):
        yield from _size(schema, len(value), path, "Length", "characters")
        if "pattern" in schema and not _matches(schema["pattern"], value):
            yield Problem(path, f"does not match {schema['pattern']}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _of_number(schema, value, path)


#: Keyword → whether a number breaks it, and the words for it.
_LIMITS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "minimum": (lambda value, limit: value < limit, "less than"),
    "maximum": (lambda value, limit: value > limit, "more than"),
    "exclusiveMinimum": (lambda value, limit: value <= limit, "not more than"),
    "exclusiveMaximum": (lambda value, limit: value >= limit, "not less than"),
    "multipleOf": (lambda value, factor: not _is_multiple(value, factor), "no multiple of"),
}


def _is_multiple(value: float, factor: float) -> bool:
    """Return whether a number is a multiple, as far as binary fractions can say: 19.99 is one of 0.01."""
    if isinstance(value, int) and isinstance(factor, int):
        return value % factor == 0
    try:
        quotient = value / factor
        return abs(quotient - round(quotient)) <= 1e-9 * max(1.0, abs(quotient))
    except OverflowError:  # of such numbers every fraction is rounded
        return True


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error:  # of ECMA-262, such as a class of Unicode: what Python cannot read decides nothing
        return True


def _of_number(schema: Schema, value: float, path: Path) -> Iterator[Problem]:
    for keyword, (broken, words) in _LIMITS.items():
        if keyword in schema and broken(value, schema[keyword]):
            yield Problem(path, f"is {words} {schema[keyword]}")


def _shown(value: Any) -> str:
    """Show a value that looks like a name. Any other may be user content, so only its type is shown."""
    return repr(value) if isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9_.]{0,31}", value) else json_type(value)


@functools.cache
def description(root: str) -> Description:
    """Return the description of the generated package `root`. The first call reads the file (a few milliseconds)."""
    from importlib.resources import files

    import orjson

    return Description(orjson.loads(files(f"{root}.api").joinpath("_description.json").read_bytes()))
