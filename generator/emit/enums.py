"""Named enums of a package: a class with a member for each value."""

from __future__ import annotations

import keyword
import re

from ..ir import Enum
from ..ir.operation_ids import words
from .types import literal_value

#: What every enum has for itself, besides names with an underscore around them.
_TAKEN = frozenset({"decode", "name", "value", "mro"})


def base_of(enum: Enum) -> str:
    """Return the class of the runtime that an enum is made of."""
    return "OpenStrEnum" if isinstance(enum.values[0], str) else "OpenIntEnum"


def members_of(enum: Enum) -> list[tuple[str, str]]:
    """Return the members of an enum: the name that the document gives, else the value in capitals; and the value."""
    found: dict[str, str] = {}
    for index, value in enumerate(enum.values):
        given = enum.names[index] if index < len(enum.names) else ""
        name, number = _name(given or str(value), given=bool(given)), 2
        free = name
        while free in found:
            free, number = f"{name}_{number}", number + 1
        found[free] = literal_value(value)
    return list(found.items())


def _name(text: str, *, given: bool) -> str:
    plain = text.isidentifier() and text.isascii() and not text.startswith("_")
    if given and plain and not keyword.iskeyword(text) and text not in _TAKEN:
        return text
    sign = "MINUS_" if re.match(r"-\d", text) else ""
    name = sign + "_".join(word for word in words(text)).upper()
    name = re.sub(r"\W", "_", name, flags=re.ASCII)
    return name if re.match(r"[A-Z]", name) else f"VALUE_{name}".rstrip("_")
