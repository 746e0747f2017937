"""Keys that OpenAPI does not have: a misspelt method loses an operation."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from generator.document.pointer import escape
from generator.document.shape import METHODS, SHAPES, is_method, objects, written

#: Keys that say nothing to a generator, and that SHAPES leaves out.
_MORE: Mapping[str, frozenset[str]] = {
    "path_item": frozenset({"additionalOperations"}),
    "parameter": frozenset({"allowEmptyValue"}),
    "media_type": frozenset({"prefixEncoding", "itemEncoding"}),
    "response": frozenset({"summary"}),
    "schema": frozenset(
        {
            *("multipleOf", "maximum", "minimum", "exclusiveMaximum", "exclusiveMinimum", "maxLength", "minLength"),
            *("pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties"),
            *("minProperties", "dependentRequired", "contentEncoding", "contentMediaType", "xml", "externalDocs"),
            *("$schema", "$comment", "$vocabulary", "additionalItems", "dependencies"),
        }
    ),
}
#: Where a key is reported if it is like one that OpenAPI has: other keys there are comments of tools.
_CHECKED = ("operation", "parameter", "request_body", "response", "media_type", "schema")
_LIKE = 0.8


class UnknownKey(NamedTuple):
    """A key that nothing reads: where it is, and the key that may be meant, "" if none is like it."""

    pointer: str
    key: str
    meant: str


def lost_operations(paths: Mapping[str, Any]) -> Iterator[UnknownKey]:
    """Yield the keys of paths that are not a known method, and have an operation below them."""
    known = {*SHAPES["path_item"], *_MORE["path_item"]}
    for path, item in paths.items():
        for key, value in item.items() if isinstance(item, Mapping) and path.startswith("/") else ():
            if key not in known and not is_method(key) and not key.startswith("x-") and isinstance(value, Mapping):
                yield UnknownKey(f"/paths/{escape(path)}/{escape(key)}", key, _meant(key.lower(), METHODS, 0.6))


def unknown_keys(document: Mapping[str, Any]) -> Iterator[UnknownKey]:
    """Yield keys of other objects that are like one that OpenAPI has: `requierd`, `readonly`."""
    for path, kind, value in objects(dict(document)):
        known = {*SHAPES[kind], *_MORE.get(kind, ())} if kind in _CHECKED else {}
        for key in value if known else ():
            if key in known or key.startswith("x-"):
                continue
            if meant := _meant(key, [one for one in known if one not in value and one[0] != "$"], _LIKE):
                yield UnknownKey(f"{written(path)}/{escape(key)}", key, meant)


def _meant(key: str, known: Any, like: float) -> str:
    return next(iter(difflib.get_close_matches(key, known, 1, like)), "")
