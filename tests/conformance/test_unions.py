"""Every member of every union: its payload becomes its class, by the table or by the tie rule."""

from __future__ import annotations

from typing import Any

import pytest

import sdk.models

from .document import pinned
from .members import Member, Union, Unions
from .payload import Maker


def expected(union: Union, payload: Any) -> Member:
    """Return the member that a payload is decoded as.

    It accepts it, has most required keys, then knows most keys of the payload, and then is declared first.
    """
    accepting = [m for m in union.members if pinned().valid(m.judged(), payload)]
    assert accepting, f"{union.place}: no member accepts its own payload"
    return max(accepting, key=lambda m: (m.required, sum(key in m.schema.get("properties", {}) for key in payload)))


@pytest.mark.parametrize("full", [False, True], ids=["required fields", "all fields"])
def test_union_members(full: bool) -> None:
    """A payload of any member gives an object of the class whose schema accepts it."""
    wrong: list[str] = []
    tried = 0
    for union in Unions(pinned()).all():
        for member in union.members:
            payload = Maker(pinned(), full=full).make(member.judged())
            assert pinned().valid(union.schema, payload), f"{union.place}: the payload is none of the union's"
            wanted, found = expected(union, payload), union.decode(payload)
            tried += 1
            if not wanted.is_of(found):
                wrong.append(f"{union.place}: {type(found).__name__} in place of {wanted.name or wanted.schema}")
            elif found.to_dict() != payload:
                wrong.append(f"{union.place}: to_dict differs")
    assert wrong == []
    assert tried > 1_300


def test_every_schema_in_use_has_a_model() -> None:
    """What operations and webhooks send or receive has a name; what nothing refers to has none."""
    document, emitted = pinned(), set(dir(sdk.models))
    used = {document.python(name) for name in document.used(parts=False, without=document.repeats(emitted))}
    assert used - emitted == set()
    referred = {document.python(name) for name in document.used(parts=True)}
    assert {document.python(name) for name in document.schemas} & emitted - referred == set()
