"""Find the place of a name of the SDK in a document, to propose an action of the overlay for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import pointer as pointers

#: Keys of objects whose keys are names of the document's own: a JSONPath has those in brackets.
_NAMED = frozenset({"schemas", "properties", "paths", "parameters"})


class SourceLocator:
    """Find properties and parameters in the original document: behind references, and in the parts of an allOf."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def path(self, pointer: str) -> str:
        """Return the JSONPath of a pointer, or "" if the original document does not have that place."""
        return self._written(pointer) if self._at(pointer) is not pointers.MISSING else ""

    def property(self, owner: str, key: str) -> str:
        """Return the JSONPath of a property of the schema at `owner`, or ""."""
        found = self.property_pointer(owner, key)
        return found and self._written(found)

    def property_pointer(self, owner: str, key: str) -> str:
        """Return the JSON pointer of a property of the schema at `owner`, or ""."""
        return self._property(owner, key, ())

    def _property(self, owner: str, key: str, seen: tuple[str, ...]) -> str:
        schema = self._at(owner)
        if not isinstance(schema, dict) or owner in seen:
            return ""
        seen = (*seen, owner)
        if isinstance(schema.get("$ref"), str):
            return self._property(_target(schema["$ref"]), key, seen)
        if key in (schema.get("properties") or {}):
            return owner + pointers.join(("properties", key))
        parts = (f"{owner}/allOf/{index}" for index in range(len(schema.get("allOf") or ())))
        return next(filter(None, (self._property(part, key, seen) for part in parts)), "")

    def parameter(self, operation: str, location: str, key: str) -> str:
        """Return the JSONPath of a parameter of an operation, its own or that of its path, or ""."""
        for owner in (operation, operation.rpartition("/")[0]):
            listed = self._at(f"{owner}/parameters")
            for index in range(len(listed) if isinstance(listed, list) else 0):
                place = f"{owner}/parameters/{index}"
                while isinstance(parameter := self._at(place), dict) and isinstance(parameter.get("$ref"), str):
                    place = _target(parameter["$ref"])
                if isinstance(parameter, dict) and (parameter.get("in"), parameter.get("name")) == (location, key):
                    return self._written(place)
        return ""

    def _at(self, pointer: str) -> Any:
        return pointers.at(self._document, pointers.split(pointer))

    def _written(self, pointer: str) -> str:
        """Write a pointer as a JSONPath, as the targets of the overlay are. Source: RFC 9535, section 2.7."""
        value: Any = self._document
        path, last = "$", ""
        for token in pointers.split(pointer):
            path += f"[{token}]" if isinstance(value, list) else _segment(token, named=last in _NAMED)
            value, last = pointers.child(value, token), token
        return path


def _segment(name: str, *, named: bool) -> str:
    if name.isidentifier() and name.isascii() and not named:
        return f".{name}"
    return "['" + json.dumps(name, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("'", "\\'") + "']"


def _target(reference: str) -> str:
    return pointers.join(pointers.reference(reference))
