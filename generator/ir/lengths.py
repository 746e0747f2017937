"""Shorten class names to 60 characters.

An inline object is named after the path to it, which can be long. A short name has the name of the schema, and as many
of the last words as fit: `CreateThreadRequestSearchVectorStoreChunkingStrategyStatic`.
"""

from __future__ import annotations

from attrs import evolve

from ..normalise.components import numbered
from ..policy import Report
from . import Api
from .rename import renamed
from .twins import words

LONGEST = 60


def shortened(api: Api) -> Api:
    """Return the API with short class names; its report lists the long ones."""
    new: dict[str, str] = {}
    for schema in api.schemas:
        for name in (schema.name, *(obj.name for obj in schema.inline)):
            if len(name) > LONGEST:
                head = schema.name if name != schema.name and name.startswith(schema.name) else words(name)[0]
                new[name] = _free(name, head, api.modules.keys() | set(new.values()))
    notes = tuple(f"shortened: {name} is {short}" for name, short in new.items())
    return evolve(renamed(api, new), report=api.report + Report(notes))


def _free(name: str, head: str, taken: set[str]) -> str:
    short = _short(name, head, LONGEST)
    return short if short not in taken else numbered(_short(name, head, LONGEST - len(str(len(taken)))), taken)


def _short(name: str, head: str, room: int) -> str:
    """Return the head of a name with its last words; the beginning of a name that is all head."""
    tail = words(name.removeprefix(head))
    while tail and len(head) + len("".join(tail)) > room:
        del tail[0]
    return f"{head}{''.join(tail)}"[:room]
