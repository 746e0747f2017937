"""What stands for an argument that is left out."""

from __future__ import annotations

from typing import Any, Literal


class NotGiven:
    """The type of NOT_GIVEN: the argument is left out, and a default of the client applies."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "NOT_GIVEN"


class Omit:
    """The type of omit: the argument, or a header that the client sends by default, is left out."""

    def __bool__(self) -> Literal[False]:
        return False

    def __repr__(self) -> str:
        return "omit"


#: Any to type checkers: every argument that can be left out takes them.
NOT_GIVEN: Any = NotGiven()
not_given: Any = NotGiven()
omit: Any = Omit()

_LEFT_OUT = frozenset((NotGiven, Omit))


def given(values: dict[str, Any]) -> dict[str, Any]:
    """Return arguments without those that are left out."""
    for value in values.values():
        if value.__class__ in _LEFT_OUT:
            return {name: one for name, one in values.items() if one.__class__ not in _LEFT_OUT}
    return values


def is_given(value: object) -> bool:
    """Return whether an argument has a value."""
    return value.__class__ not in _LEFT_OUT
