"""The types of JSON Schema: 1.0 is an integer, true is not a number (draft 2020-12, validation, section 6.1.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

JSON_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
    "number": lambda value: _is_number(value),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
_WITH_ARTICLE = {
    "null": "null", "boolean": "a boolean", "string": "a string", "integer": "an integer", "number": "a number",
    "array": "an array", "object": "an object",
}  # fmt: skip


def json_type(value: Any) -> str:
    """Return the JSON type of a value, with its article."""
    return next((text for name, text in _WITH_ARTICLE.items() if JSON_TYPES[name](value)), f"a {type(value).__name__}")


def same(a: Any, b: Any) -> bool:
    """Return whether two JSON values are equal: true is not 1, and 1 is 1.0."""
    return bool(a == b) and isinstance(a, bool) == isinstance(b, bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
