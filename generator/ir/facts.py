"""The limits and the default of a value, as phrases for docstrings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import Fact

#: Facts that a docstring can give, in the order in which it gives them.
FACTS = (
    ("minimum", "minimum {}"), ("exclusiveMinimum", "more than {}"),
    ("maximum", "maximum {}"), ("exclusiveMaximum", "less than {}"), ("multipleOf", "a multiple of {}"),
    ("minLength", "at least {} characters"), ("maxLength", "at most {} characters"), ("pattern", "matches `{}`"),
    ("minItems", "at least {} items"), ("maxItems", "at most {} items"), ("maxProperties", "at most {} keys"),
)  # fmt: skip


def facts(schema: Mapping[str, Any]) -> tuple[Fact, ...]:
    """Return the limits and the default of a value."""
    keywords = dict(schema)
    for new, old in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if keywords.get(new) is True:  # OpenAPI 3.0: a flag beside the limit
            keywords[new] = keywords.pop(old, True)
    found = [
        Fact(key, keywords[key], text.format(keywords[key]).removesuffix("s" if keywords[key] == 1 else ""))
        for key, text in FACTS
        if key in keywords and not isinstance(keywords[key], bool)
    ]
    for member in schema.get("anyOf", ()):
        found += [fact for fact in facts(member) if fact not in found and "anyOf" not in member]
    if "default" in schema and schema["default"] is not None:
        found.append(Fact("default", schema["default"], f"the server's default is {schema['default']!r}"))
    if schema.get("format") == "unixtime":
        found.append(Fact("format", "unixtime", "seconds since 1970-01-01 UTC"))
    return tuple(found)
