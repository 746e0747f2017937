"""Class names that people can read: none is longer than 60 characters.

Inline objects are named after the path to them, and paths can be long. Of a long name the schema's name stays, and as
many of the last words as fit: `CreateThreadRequestSearchVectorStoreChunkingStrategyStatic`.
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
    """Return the API without long class names; its report lists them."""
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
    """Return a name of its head and its last words; of one that is all head the beginning."""
    tail = words(name.removeprefix(head))
    while tail and len(head) + len("".join(tail)) > room:
        del tail[0]
    return f"{head}{''.join(tail)}"[:room]
