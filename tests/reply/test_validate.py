"""Strict mode: the small validator agrees with jsonschema, and a client says where a reply breaks the description."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from sdk import Client
from sdk._core.reply.validate import Description, Problem, format_path
from sdk.api.chat import create
from sdk.errors import APIResponseError

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, 1.0, -1, 2, 2.5, 3, 4, 10, "", "a", "ab", "abc", "1", [], [1], [1, 1], [1, True], ["a"],
    [None, "a", 3], {}, {"a": 1}, {"a": "x"}, {"b": 2}, {"a": 1, "b": 2}, {"a": {"a": 0}}, {"long name": 1},
)  # fmt: skip
SCHEMAS: tuple[dict[str, Any], ...] = (
    *({"type": t} for t in ("null", "boolean", "string", "integer", "number", "array", "object")),
    {"type": ["string", "null"]},
    {"enum": ["a", 1, None]},
    {"enum": [True, "abc"]},
    {"const": 1},
    {"const": False},
    {"minimum": 1, "maximum": 3},
    {"exclusiveMinimum": 1, "exclusiveMaximum": 3},
    {"multipleOf": 2},
    {"minLength": 1, "maxLength": 2},
    {"pattern": "^a+$"},
    {"minItems": 1, "maxItems": 1},
    {"uniqueItems": True},
    {"items": {"type": "integer"}},
    {"items": False},
    {"required": ["a", "b"]},
    {"properties": {"a": {"type": "integer"}, "c": False}},
    {"properties": {"a": {}}, "additionalProperties": False},
    {"properties": {"a": {}}, "additionalProperties": {"type": "string"}},
    {"propertyNames": {"maxLength": 3}},
    {"minProperties": 1, "maxProperties": 1},
    {"not": {"required": ["a"]}},
    {"allOf": [{"minimum": 2}, {"maximum": 3}]},
    {"anyOf": [{"type": "string"}, {"properties": {"a": {"type": "integer"}}, "required": ["a"]}]},
    {"properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}}},
    {"anyOf": [{"type": "array"}], "minItems": 2},
)


@pytest.mark.parametrize("schema", SCHEMAS, ids=json.dumps)
def test_agrees_with_jsonschema(schema: dict[str, Any]) -> None:
    """For every keyword, the same values are refused at the same paths as by the independent validator."""
    description = Description({"operations": {}, "schemas": {}})
    judge = Draft202012Validator(schema)
    for value in VALUES:
        expected = {tuple(error.absolute_path) for error in judge.iter_errors(value)}
        assert {problem.path for problem in description.check(schema, value, ())} == expected, value
    assert any(not judge.is_valid(value) for value in VALUES)


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"multipleOf": 0.01}, (19.99, 0.07, 1e300, 3), (19.995, 0.001)),
        ({"multipleOf": 0.1}, (0.3, 1.1), (0.25,)),
        ({"multipleOf": 3}, (9, 9.0, 30000000000000000003), (10, 9.5, 30000000000000000001)),
    ],
)
def test_multiples_of_fractions(schema: dict[str, Any], right: tuple[float, ...], wrong: tuple[float, ...]) -> None:
    """A price is a multiple of 0.01, though binary fractions say that it is nearly one."""
    description = Description({"operations": {}, "schemas": {}})
    assert [list(description.check(schema, value, ())) for value in right] == [[]] * len(right)
    assert [len(list(description.check(schema, value, ()))) for value in wrong] == [1] * len(wrong)


def test_a_pattern_of_another_dialect_decides_nothing() -> None:
    r"""Python's `re` has no `\\p{L}`: a reply is not refused for it, and the check does not raise."""
    description = Description({"operations": {}, "schemas": {}})
    assert list(description.check({"pattern": r"^\p{L}+$"}, "é", ())) == []


def test_references_hold_beside_other_keywords() -> None:
    """A reference and what stands beside it both hold, and a schema may contain itself."""
    tree = {"properties": {"a": {"$ref": "Tree", "maxProperties": 1}}, "required": ["a"]}
    description = Description({"operations": {}, "schemas": {"Tree": tree}})
    value = {"a": {"a": {"b": 1, "c": 2}}}
    assert [p.path for p in description.check({"$ref": "Tree"}, value, ())] == [("a", "a"), ("a", "a")]


def test_a_union_tells_its_own_path_and_the_closest_member() -> None:
    """What fits no member of a union is reported once, at the union, with what the closest member lacks."""
    members = [
        {"properties": {"type": {"const": "x"}, "n": {"type": "integer"}}, "required": ["type", "n"]},
        {"properties": {"type": {"const": "y"}}, "required": ["type", "m", "o"]},
    ]
    description = Description({"operations": {}, "schemas": {}})
    [problem] = description.check({"properties": {"u": {"anyOf": members}}}, {"u": {"type": "x", "n": "1"}}, ())
    reported = "u: fits none of 2 alternatives; in the closest, u.n: is a string where integer was expected"
    assert (problem.path, str(problem)) == (("u",), reported)


@pytest.mark.parametrize(
    ("path", "text"), [((), ""), (("a", 0, "b"), "a[0].b"), ((1,), "[1]"), (("a", "b c"), "a.b c")]
)
def test_paths(path: tuple[str | int, ...], text: str) -> None:
    """A JSON path is written as code reaches the value."""
    assert format_path(path) == text


def test_long_values_are_not_shown() -> None:
    """A value that could be anyone's text is told by its kind alone; one that could be a name is shown."""
    description = Description({"operations": {}, "schemas": {}})
    secret, name = (str(next(description.check({"enum": ["a"]}, v, ()))) for v in ("My secret text", "eos"))
    assert secret == "the reply: is a string, which is not one of 'a'"
    assert name == "the reply: is 'eos', which is not one of 'a'"
    assert str(Problem((0,), "is odd")) == "[0]: is odd"


REPLY = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "m",
    "choices": [
        {
            "index": 0, "finish_reason": "stop", "logprobs": None,
            "message": {"role": "assistant", "content": "hi", "refusal": None},
        }
    ],
}  # fmt: skip
CHUNK = {
    "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m",
    "choices": [{"index": 0, "finish_reason": "stop", "delta": {"content": "hi"}}],
}  # fmt: skip
MESSAGES: Any = [{"role": "user", "content": "Hi"}]


def client(reply: dict[str, Any], *, strict: bool, stream: bool = False) -> Client:
    """Return a client that always gets one reply, or a stream with it as its only event."""
    events = f"data: {json.dumps(reply)}\n\ndata: [DONE]\n\n"
    response: dict[str, Any] = (
        {"text": events, "headers": {"content-type": "text/event-stream"}} if stream else {"json": reply}
    )
    transport = httpx.MockTransport(lambda request: httpx.Response(200, **response))
    return Client(api_base="http://server.test/v1", api_key=None, transport=transport, strict=strict)


def broken(reply: dict[str, Any], place: str) -> dict[str, Any]:
    """Return a reply with a role that the description does not know."""
    choice = {**reply["choices"][0], place: {**reply["choices"][0][place], "role": "robot"}}
    return {**reply, "choices": [choice]}


@pytest.mark.parametrize("mode", ["sync", "asyncio"])
def test_strict_names_the_path(mode: str) -> None:
    """A strict client refuses a reply with an unknown role, says where, and how to be lenient; the body is kept."""
    wire = broken(REPLY, "message")
    with client(wire, strict=True) as strict, pytest.raises(APIResponseError) as raised:
        if mode == "sync":
            create.sync(client=strict, model="m", messages=MESSAGES)
        else:
            asyncio.run(_create(strict))
    assert raised.value.message == "choices[0].message.role: is 'robot', which is not one of 'assistant'"
    assert raised.value.body == wire
    assert str(raised.value).endswith("Leave out strict=True to accept what servers send.")


async def _create(strict: Client) -> Any:
    async with strict:
        return await create.asyncio(client=strict, model="m", messages=MESSAGES)


def test_strict_counts_the_other_problems() -> None:
    """The first problem is told, the others are counted."""
    wire = {key: value for key, value in REPLY.items() if key not in ("id", "model")}
    with client(wire, strict=True) as strict, pytest.raises(APIResponseError) as raised:
        create.sync(client=strict, model="m", messages=MESSAGES)
    assert raised.value.message == "the reply: the key 'id' is missing (and 1 more)"


def test_strict_takes_what_fits() -> None:
    """A strict client returns a reply that keeps to the description, unknown keys included."""
    with client({**REPLY, "vendor": 1}, strict=True) as strict:
        assert create.sync(client=strict, model="m", messages=MESSAGES).to_dict() == {**REPLY, "vendor": 1}


def test_lenient_is_the_default() -> None:
    """A client that is not strict reads the same odd reply."""
    wire = broken(REPLY, "message")
    with client(wire, strict=False) as lenient:
        assert create.sync(client=lenient, model="m", messages=MESSAGES).to_dict() == wire


def test_strict_streams() -> None:
    """A strict client refuses a chunk that breaks the description, and takes one that keeps to it."""
    with (
        client(CHUNK, strict=True, stream=True) as strict,
        create.stream(client=strict, model="m", messages=MESSAGES) as stream,
    ):
        assert [chunk.to_dict() for chunk in stream] == [CHUNK]
    with (
        client(broken(CHUNK, "delta"), strict=True, stream=True) as strict,
        create.stream(client=strict, model="m", messages=MESSAGES) as stream,
        pytest.raises(APIResponseError, match=r"choices\[0\]\.delta\.role: is 'robot'"),
    ):
        list(stream)
