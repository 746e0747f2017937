"""Objects without a name of their own that are the same are one class.

Inline objects are named after their place, so that the same object in two places is two classes. They become one where
its name is true of both: in one schema, where the first in the document stays, and in variants of one schema, such as
`Response` and `BetaResponse`, where that of the schema with the shortest name stays. Elsewhere they keep their names:
nobody looks for the error of a job in the class of another one's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import evolve, frozen

from . import Api, ObjectType, Schema
from .rename import renamed

#: Words of a name in PascalCase; an abbreviation is one word.
_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z][^A-Z]*|[^A-Z]+")


def merged(api: Api) -> Api:
    """Return the API with one class for objects that are the same; what contains such becomes the same by that."""
    while new := _merges(api):
        api = renamed(api, new)
    return api


def words(name: str) -> list[str]:
    """Return the words of a name in PascalCase."""
    return _WORD.findall(name)


@frozen
class _Place:
    """An inline object and the schema that it stands in."""

    obj: ObjectType
    schema: Schema

    @property
    def path(self) -> str | None:
        """The name without that of the schema; None where the overlay has named it otherwise."""
        own = self.schema.name
        return self.obj.name.removeprefix(own) if self.obj.name.startswith(own) else None

    def is_named_by(self, other: _Place) -> bool:
        """Tell whether the name of another place is true of this one."""
        if self.schema.name == other.schema.name:
            return True
        return self.path is not None and self.path == other.path and _within(other.schema.name, self.schema.name)


def _merges(api: Api) -> dict[str, str]:
    """Return the new names of objects that are the same as one that stays."""
    alike: dict[str, list[_Place]] = {}
    for place in _places(api):
        alike.setdefault(_content(place.obj), []).append(place)
    new: dict[str, str] = {}
    for places in alike.values():
        staying: list[_Place] = []
        for place in places:
            stays = next((other for other in staying if place.is_named_by(other)), None)
            if stays is None:
                staying.append(place)
            else:
                new[place.obj.name] = stays.obj.name
    return new


def _places(api: Api) -> Iterator[_Place]:
    """Give the inline objects, those of schemas with short names first, and within a schema in the document's order."""
    for schema in sorted(api.schemas, key=lambda schema: (len(schema.name), schema.name)):
        yield from (_Place(obj, schema) for obj in schema.inline)


def _content(obj: ObjectType) -> str:
    return repr(evolve(obj, name="", pointer="", former=()))


def _within(short: str, long: str) -> bool:
    """Tell whether the words of a name stand side by side in another name."""
    some, all_ = words(short), words(long)
    return any(all_[at : at + len(some)] == some for at in range(len(all_) - len(some) + 1))
