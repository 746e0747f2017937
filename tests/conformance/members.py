"""The object members of every union of the document, and the SDK's way to decode a value at that place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from attrs import fields, frozen

import sdk.models
from sdk._core.model import ApiModel

from .document import SCHEMAS, Document, Schema
from .payload import Endless, Maker, merge

Decode = Callable[[Any], Any]


@frozen
class Member:
    """One object schema that a union's value can have; `name` is that of the class, None for an inline one."""

    name: str | None
    schema: Schema

    @property
    def required(self) -> int:
        return len(set(self.schema.get("required", ())))

    def judged(self) -> Schema:
        """Return the schema as the independent validator takes it."""
        assert not self.schema["unions"]
        return {key: value for key, value in self.schema.items() if key != "unions"}

    def is_of(self, value: Any) -> bool:
        """Tell whether a decoded value is of this member's class."""
        if self.name is not None:
            return type(value) is getattr(sdk.models, self.name)  # a schema that only names another is that class
        return isinstance(value, ApiModel) and keys(type(value)) == set(self.schema.get("properties", ()))


@frozen
class Union:
    """One union, where it stands, and how the SDK decodes a value there."""

    place: str
    schema: Schema
    members: tuple[Member, ...]
    decode: Decode


def keys(cls: type[ApiModel]) -> set[str]:
    """Return the JSON keys of a class."""
    return {cls._renamed.get(a.name, a.name) for a in fields(cls) if a.name != "_wire"}


class Unions:
    """Find the unions of a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._maker = Maker(document, full=False)
        self._repeats = document.repeats(dir(sdk.models))

    def all(self) -> Iterator[Union]:
        """Yield every union that has an object among its members, component by component."""
        emitted = set(dir(sdk.models))
        for name, schema in self._document.schemas.items():
            if self._document.python(name) not in emitted:
                continue
            model = getattr(sdk.models, self._document.python(name))
            decode = getattr(model, "from_dict", None)
            whole = getattr(model, "decode", None)
            found = whole or decode
            if found is not None:
                yield from self._below(schema, name, found)

    def _below(self, schema: Schema, place: str, decode: Decode) -> Iterator[Union]:
        """Yield the unions inside one schema; a reference leads to a component, which has its own turn."""
        if not isinstance(schema, dict) or set(schema) == {"$ref"}:
            return
        flat = self._maker.flat(schema)
        if flat["unions"]:
            members = tuple(self.members(schema))
            if members:
                yield Union(place, schema, members, decode)
            for index, member in enumerate(m for union in flat["unions"] for m in union):
                if "$ref" not in member:
                    yield from self._below(member, f"{place}|{index}", decode)
        for key, inner in flat.get("properties", {}).items():
            yield from self._below(inner, f"{place}.{key}", self._at_key(schema, decode, key))
        if isinstance(flat.get("items"), dict):
            yield from self._below(flat["items"], f"{place}[]", lambda value: decode([value])[0])
        if isinstance(flat.get("additionalProperties"), dict) and not flat.get("properties"):
            inside = flat["additionalProperties"]
            yield from self._below(inside, f"{place}{{}}", lambda value: decode({"a_key": value})["a_key"])

    def _at_key(self, schema: Schema, decode: Decode, key: str) -> Decode:
        try:
            around = self._maker.make(schema)
        except Endless:
            around = {}

        def below(value: Any) -> Any:
            holder = decode({**around, key: value})
            attr = next((a for a, k in holder._renamed.items() if k == key), key)
            return getattr(holder, attr)

        return below

    def members(self, schema: Schema) -> Iterator[Member]:
        """Yield the objects that a schema's value can be, in declared order; maps without named keys are none."""
        flat = self._maker.flat(schema)
        if flat["unions"]:
            first, *others = flat["unions"]
            rest = {**flat, "unions": others}
            alone = not others and not rest.get("properties")
            for part in first:
                for member in self.members({**part, "unions": others} if others else part):
                    yield member if alone else Member(None, merge(rest, member.schema))
                if not alone and not any(True for _ in self.members(part)) and rest.get("properties"):
                    yield Member(None, merge(rest, self._maker.flat(part)))
        elif flat.get("properties"):
            key = schema["$ref"].removeprefix(SCHEMAS) if set(schema) == {"$ref"} else None
            yield Member(self._document.python(key) if key and key not in self._repeats else None, flat)
