"""The values and keys that fit a place, by annotations."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sdk._core.inspection.literals import Literals, Step, literals_at
from sdk._core.inspection.params import alias_of, fields_of

_USER = {"role": "Required[Literal['user']]", "content": "Required[str | Sequence[Part]]", "name": "str"}

_TOOL = {"role": "Required[Literal['tool']]"}


class _Names:
    """Two aliases, one of them without an end, and two objects."""

    def alias_of(self, name: str) -> str | None:
        return {"Message": "User | Tool", "Loop": "Loop | Literal['z']"}.get(name)

    def fields_of(self, name: str) -> Mapping[str, str]:
        return {"User": _USER, "Tool": {"role": "Required[Literal['tool']]"}, "Part": {"type": "Literal['t']"}}.get(
            name, {}
        )


@pytest.mark.parametrize(
    ("annotation", "path", "values"),
    [
        ("str | Literal['a', 1, None] | Unset", (), ("a", 1)),
        ("Sequence[Literal['a']]", (0,), ("a",)),
        ("Sequence[Literal['a']]", (), ()),
        ("Mapping[str, Literal['a']]", ("k",), ("a",)),
        ("Sequence[Message] | None", (0, "role"), ("user", "tool")),
        ("Sequence[Message]", (0, "content", 0, "type"), ("t",)),
        ("\"Literal['a']\"", (), ("a",)),
        ("Loop", (), ("z",)),
        ("Message", ("nothing",), ()),
    ],
)
def test_values(annotation: str, path: tuple[Step, ...], values: tuple[object, ...]) -> None:
    """Values are found in unions, arrays, objects and the names that stand for them."""
    assert literals_at(annotation, path, _Names()).values == values


def test_keys_and_objects() -> None:
    """The keys of all objects of a union fit, and whole objects that one value tells apart."""
    assert literals_at("Message", (), _Names()) == Literals(
        (), ("role", "content", "name"), ({"role": "user"}, {"role": "tool"})
    )


def test_fields_of_the_api() -> None:
    """The keys of a TypedDict are read from its module, in both spellings; an alias and an unknown name have none."""
    assert list(fields_of("sdk", "ChatCompletionRequestUserMessageParam")) == ["content", "role", "name"]
    assert fields_of("sdk", "AgentCreateParamsCompactionParam") == {"async": "bool | None"}
    assert fields_of("sdk", "ChatCompletionRequestMessageParam") == fields_of("sdk", "Nothing") == {}
    assert alias_of("sdk", "ChatCompletionRequestUserMessageParam") is None
