"""Component schemas: where they are in a document, and keys that are still free."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ..document.pointer import escape
from ..errors import GeneratorError

#: Where component schemas are: as references write it, and as a JSON pointer.
PREFIX = "#/components/schemas/"
PLACE = PREFIX[1:]


def component_pointer(key: str) -> str:
    """Return the JSON pointer of a component schema."""
    return f"{PLACE}{escape(key)}"


def numbered(name: str, taken: Collection[str], separator: str = "") -> str:
    """Return a name that is free: the given one, else with the first number, from 2, that makes it so."""
    free, number = name, 2
    while free in taken:
        free, number = f"{name}{separator}{number}", number + 1
    return free


def leads_back(names: Sequence[str]) -> GeneratorError:
    """Return the error of schemas that are defined by each other alone."""
    return GeneratorError(
        f"the schema is defined by itself alone: {' → '.join(names)}",
        pointer=component_pointer(names[0]),
        hint="say what it is; through properties or items it may contain itself",
    )
