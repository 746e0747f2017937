"""Map schemas that repeat others onto these: a source may write again, under names of its own, what another source has.

The overlay says which schemas of an addition may be repeats, by patterns of their names in `x-sdk-repeats` of the
components. Of these, a schema that is the same as another one goes, and what refers to it refers to that one: to one of
the base if there is one, and to the one with the closest name. Repeats that are the same as each other alone become the
one with the shortest name.

Two schemas are the same if the same JSON has the same meaning by both. Limits, formats and defaults do not count, since
types of a programming language cannot express them; nor does null for a property that may be left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from ..document.merge import MARK
from ..document.pointer import reference
from ..errors import GeneratorError
from .components import PREFIX

KEY = "x-sdk-repeats"
_WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z][^A-Z]*|[^A-Z]+")
_Schema = Mapping[str, Any]
#: What the schema `false` is: the same as itself alone.
_NOTHING: _Schema = {"type": "nothing"}


class Repeats(NamedTuple):
    """A document without the schemas that repeat others, and what each of those repeats."""

    document: dict[str, Any]
    mapped: dict[str, str]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what was mapped, as a sentence for the report."""
        pairs = ", ".join(f"{name} is {other}" for name, other in self.mapped.items())
        return (f"mapped: {len(self.mapped)} schemas that repeat others: {pairs}",) if self.mapped else ()


def without_repeats(document: dict[str, Any]) -> Repeats:
    """Return a document without the schemas that repeat others; `document` stays as it is.

    Raises: GeneratorError for a pattern that no schema of an addition has.
    """
    components = document.get("components") or {}
    patterns = components.get(KEY)
    if not patterns:
        return Repeats(document, {})
    schemas: dict[str, Any] = components["schemas"]
    added = [name for name, schema in schemas.items() if isinstance(schema, Mapping) and MARK in schema]
    for index, pattern in enumerate(patterns):
        if not any(fnmatchcase(name, pattern) for name in added):
            raise GeneratorError(
                f"no schema of an addition is called {pattern}", pointer=f"/components/{KEY}/{index}",
                hint="correct the pattern in spec/overlay.yaml, or remove it",
            )  # fmt: skip
    mapped = _mapped(schemas, added, [name for name in added if any(fnmatchcase(name, p) for p in patterns)])
    if not mapped:
        return Repeats(document, mapped)
    kept = {**components, "schemas": {name: schema for name, schema in schemas.items() if name not in mapped}}
    targets = {PREFIX + name: PREFIX + other for name, other in mapped.items()}
    return Repeats(_redirected({**document, "components": kept}, targets), mapped)


def _mapped(schemas: Mapping[str, Any], added: Collection[str], names: Iterable[str]) -> dict[str, str]:
    """Return the schema that each of the named ones repeats, for those that repeat one."""
    same = _Sameness(schemas)
    waiting = sorted(names, key=lambda name: (len(name), name))
    repeating = set(waiting)
    groups: dict[Any, list[str]] = {}
    for name in sorted(schemas.keys() - repeating):
        groups.setdefault(same.outline(schemas[name]), []).append(name)
    found: dict[str, str] = {}
    for name in waiting:
        group = groups.setdefault(same.outline(schemas[name]), [])
        equal = [other for other in group if same.are(schemas[name], schemas[other])]
        if equal:
            found[name] = min(equal, key=lambda o: (o in repeating, o in added, *_distance(name, o)))
        else:
            group.append(name)
    return found


def _distance(name: str, other: str) -> tuple[int, int, str]:
    """Return how far another name is from a name: by its words that the name does not have, then by its length."""
    words = set(_WORD.findall(name))
    return len([word for word in _WORD.findall(other) if word not in words]), len(other), other


class _Sameness:
    """Compare schemas of one document."""

    def __init__(self, schemas: Mapping[str, Any]) -> None:
        self._schemas = schemas
        self._compared: dict[tuple[int, int, bool], bool] = {}

    def outline(self, schema: _Schema) -> Any:
        """Return what same schemas have in common and is quick to find: values, kinds, the names of properties."""
        values, rest = self._split(schema)
        kinds = []
        for member in rest:
            fields, required = self._fields(member)
            kinds.append((str(member.get("type")), tuple(sorted(fields)), tuple(sorted(required))))
        return values, tuple(sorted(kinds))

    def are(self, one: _Schema, other: _Schema, *, optional: bool = False) -> bool:
        """Return whether two schemas are the same; `optional` ignores null.

        A pair that is met again while it is compared is the same, unless something else differs.
        """
        if one is other:
            return True
        pair = (id(one), id(other), optional)
        if pair not in self._compared:
            self._compared[pair] = True
            self._compared[pair] = self._compare(one, other, optional)
        return self._compared[pair]

    def _compare(self, one: _Schema, other: _Schema, optional: bool) -> bool:
        values, mine = self._split(one, optional)
        other_values, theirs = self._split(other, optional)
        if values != other_values or len(mine) != len(theirs):
            return False
        for member in mine:
            match = next((index for index, found in enumerate(theirs) if self._alike(member, found)), None)
            if match is None:
                return False
            del theirs[match]
        return True

    def _alike(self, one: _Schema, other: _Schema) -> bool:
        """Return whether two schemas that are not unions are the same."""
        if one.get("type") != other.get("type") or (one.get("format") == "binary") != (other.get("format") == "binary"):
            return False
        if one.get("type") == "array":
            return self.are(one.get("items", {}), other.get("items", {}))
        (fields, required), (other_fields, other_required) = self._fields(one), self._fields(other)
        if fields.keys() != other_fields.keys() or required != other_required:
            return False
        if not fields:
            more, other_more = (schema.get("additionalProperties", True) for schema in (one, other))
            if isinstance(more, Mapping) and isinstance(other_more, Mapping):
                return self.are(more, other_more)
            return bool(more == {} or more) == bool(other_more == {} or other_more)
        return all(self.are(value, other_fields[key], optional=key not in required) for key, value in fields.items())

    def _split(self, schema: _Schema, optional: bool = False) -> tuple[frozenset[str], list[_Schema]]:
        """Return the values of a union's enums, written as JSON, and its other members; any schema is a union."""
        values: set[str] = set()
        rest: list[_Schema] = []
        for member in self._members(schema, ()):
            if optional and member.get("type") == "null":
                continue
            if "const" in member or "enum" in member:
                values |= {json.dumps(value) for value in member.get("enum", [member.get("const")])}
            else:
                rest.append(member)
        return frozenset(values), rest

    def _members(self, schema: Any, above: tuple[str, ...]) -> list[_Schema]:
        """Return the members of a union, those of unions in it included, references followed."""
        if not isinstance(schema, Mapping):
            return [_NOTHING]
        if "$ref" in schema:
            name = reference(str(schema["$ref"]))[-1]
            return [] if name in above else self._members(self._schemas.get(name, {}), (*above, name))
        branches = schema.get("anyOf") or schema.get("oneOf")
        if branches:
            members = [member for branch in branches for member in self._members(branch, above)]
        elif len(schema.get("allOf", ())) == 1 and "properties" not in schema:
            members = self._members(schema["allOf"][0], above)
        elif isinstance(schema.get("type"), list):
            members = [{**schema, "type": kind} for kind in schema["type"]]
        else:
            members = [schema if "type" in schema or "properties" not in schema else {**schema, "type": "object"}]
        return [*members, {"type": "null"}] if schema.get("nullable") is True else members

    def _fields(self, schema: _Schema) -> tuple[dict[str, Any], set[str]]:
        """Return the properties of an object, and the names of those that it must have."""
        fields: dict[str, Any] = {}
        required: set[str] = set()
        for part in schema.get("allOf", ()):
            for member in self._members(part, ()):
                inherited, needed = self._fields(member)
                fields |= inherited
                required |= needed
        return {**fields, **schema.get("properties", {})}, required | set(schema.get("required", ()))


def _redirected(value: Any, targets: Mapping[str, str]) -> Any:
    """Return a value with other targets of its references; what has none of them is the same object."""
    if isinstance(value, str):
        return targets.get(value, value)
    if isinstance(value, list):
        items = [_redirected(item, targets) for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    if isinstance(value, dict):
        inside = {key: _redirected(item, targets) for key, item in value.items()}
        return inside if any(inside[key] is not item for key, item in value.items()) else value
    return value
