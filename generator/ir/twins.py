"""Merge equal inline objects into one class.

An inline object is named after its place, so equal objects in two places are two classes. They become one if the name
that remains fits both places: in one schema, where the first in the document remains, and in variants of one schema,
such as `Response` and `BetaResponse`, where the one of the schema with the shortest name remains. Equal objects of
unrelated schemas remain separate, because the name of one would mislead about the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve, frozen

from . import Api, ObjectType, Schema
from .rename import renamed

#: A word of a name in PascalCase; an abbreviation is one word.
_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z][^A-Z]*|[^A-Z]+")


def merged(api: Api) -> Api:
    """Return the API with one class for equal inline objects; merging inner ones can make their owners equal."""
    while new := _merges(api):
        api = renamed(api, new)
    return api


def words(name: str) -> list[str]:
    """Return the words of a name in PascalCase."""
    return _WORD.findall(name)


@frozen
class _Place:
    """An inline object and the schema that it is in."""

    obj: ObjectType
    schema: Schema

    @property
    def path(self) -> str | None:
        """The name without that of the schema; None if the overlay sets another name."""
        own = self.schema.name
        return self.obj.name.removeprefix(own) if self.obj.name.startswith(own) else None

    def is_named_by(self, other: _Place) -> bool:
        """Return whether the name of another place fits this one, too."""
        if self.schema.name == other.schema.name:
            return True
        return self.path is not None and self.path == other.path and _within(other.schema.name, self.schema.name)


def _merges(api: Api) -> dict[str, str]:
    """Return the names of objects that have a remaining equal, with its name."""
    alike: dict[str, list[_Place]] = {}
    for place in _places(api):
        alike.setdefault(_content(place.obj), []).append(place)
    new: dict[str, str] = {}
    for places in alike.values():
        remaining: list[_Place] = []
        for place in places:
            equal = next((other for other in remaining if place.is_named_by(other)), None)
            if equal is None:
                remaining.append(place)
            else:
                new[place.obj.name] = equal.obj.name
    return new


def _places(api: Api) -> Iterator[_Place]:
    """Yield the inline objects: of schemas with short names first, and of one schema in the document's order."""
    for schema in sorted(api.schemas, key=lambda schema: (len(schema.name), schema.name)):
        yield from (_Place(obj, schema) for obj in schema.inline)


def _content(obj: ObjectType) -> str:
    return repr(evolve(obj, name="", pointer="", former=()))


def _within(short: str, long: str) -> bool:
    """Return whether a name contains the words of another one, in a row."""
    some, all_ = words(short), words(long)
    return any(all_[at : at + len(some)] == some for at in range(len(all_) - len(some) + 1))
