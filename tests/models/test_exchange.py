"""Models go through the encoders and copies of other libraries."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from sdk.models import Batch, ChatCompletion

WIRE: dict[str, Any] = {
    "id": "chatcmpl-1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "Grüße"}}],
    "created": 1,
    "model": "m",
    "object": "chat.completion",
    "vendor": [1, None],
}


@pytest.fixture
def reply() -> ChatCompletion:
    return ChatCompletion.from_dict(WIRE)


@pytest.mark.parametrize(
    "same", [lambda one: pickle.loads(pickle.dumps(one)), copy.copy, copy.deepcopy], ids=["pickle", "copy", "deepcopy"]
)
def test_copies_are_equal(reply: ChatCompletion, same: Callable[[Any], Any]) -> None:
    """A copy has the same fields and unknown keys, and a change of it stays its own."""
    reply.model = "other"
    found = same(reply)
    assert found == reply
    assert found.to_dict() == {**WIRE, "model": "other"}
    found.model = "third"
    assert reply.model == "other"


def test_to_json(reply: ChatCompletion) -> None:
    """The JSON is that of the reply, on one line or indented, and not limited to ASCII."""
    assert json.loads(reply.to_json()) == WIRE
    assert "\n" not in reply.to_json()
    assert reply.to_json(indent=2).splitlines()[1] == '  "id": "chatcmpl-1",'
    assert "Grüße" in reply.to_json()
    assert "Grüße" in reply.to_json(indent=4)


def test_to_json_writes_every_integer() -> None:
    """An integer that orjson refuses is written all the same."""
    batch = Batch.from_dict({"id": "b", "size": 10**30})
    assert json.loads(batch.to_json()) == {"id": "b", "size": 10**30}


@pytest.mark.parametrize("dumps", [json.dumps, orjson.dumps])
def test_encoders_take_vars_as_default(reply: ChatCompletion, dumps: Callable[..., str | bytes]) -> None:
    """`default=vars` makes an encoder write models; `vars` returns the JSON object."""
    assert json.loads(dumps({"reply": [reply]}, default=vars)) == {"reply": [WIRE]}
    assert vars(reply) == WIRE


@pytest.mark.parametrize(
    ("indent", "error"),
    [(10**30, ValueError), (-1, ValueError), (101, ValueError), (True, TypeError), ("  ", TypeError)],
)
def test_an_indent_that_is_none(reply: ChatCompletion, indent: Any, error: type[Exception]) -> None:
    """It is a number of spaces, told by its name."""
    with pytest.raises(error, match=r"^indent= must be "):
        reply.to_json(indent=indent)


@pytest.mark.parametrize("indent", [None, 2])
def test_to_json_of_a_deep_value(indent: int | None) -> None:
    """A reply of thousands of levels is a ValueError, as is an object that JSON does not have a TypeError."""
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValueError, match="nested too deeply"):
        ChatCompletion.from_dict({"vendor": deep}).to_json(indent=indent)
    with pytest.raises(TypeError):
        ChatCompletion.from_dict({"vendor": object()}).to_json(indent=indent)
