"""What a tool takes: defaults, limits, whole numbers, and the types of pydantic."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, make_dataclass
from enum import IntEnum
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
import pytest

from sdk import ChatSession, Tool
from sdk.errors import ToolError
from sdk.tools import as_tool

from .wire import Answers

MISSING = object()


@dataclass
class Limits:
    low: float = -math.inf
    high: int = 3


class Level(IntEnum):
    LOW = 1


@pytest.mark.parametrize("default", [math.inf, math.nan, MISSING, [math.inf], {"a": MISSING}, "\ud800", (1, MISSING)])
def test_a_default_that_json_cannot_hold(default: Any) -> None:
    """The model is told nothing of it, the request goes out, and the function gets it all the same."""

    def search(text: str, limit: Any = default) -> str:
        return str(limit is default)

    calls = [{"id": "a", "type": "function", "function": {"name": "search", "arguments": '{"text": "x"}'}}]
    answers = Answers({"tool_calls": calls}, "ok")
    session = ChatSession(answers.client, "m", tools=[search])
    session.run("go")
    assert answers.asked[0]["tools"][0]["function"]["parameters"] == {
        "type": "object",
        "properties": {"text": {"type": "string"}, "limit": {}},
        "required": ["text"],
        "additionalProperties": False,
    }
    assert session.messages[2]["content"] == "True"


def test_defaults_within_a_type() -> None:
    """Of the defaults of a dataclass those are told that JSON can hold."""

    def search(limits: Limits) -> str:
        return repr(limits)

    (part,) = Tool(search).parameters["$defs"].values()
    assert part["properties"] == {"low": {"type": "number"}, "high": {"type": "integer", "default": 3}}
    assert Tool(search).call('{"limits": {}}').text == "Limits(low=-inf, high=3)"


class Between(NamedTuple):
    """A limit as annotated-types has it."""

    ge: int | None = None
    le: int | None = None


class Field(NamedTuple):
    """A description, and a list of limits."""

    description: str
    metadata: list[Any]


def test_limits_of_annotated_types() -> None:
    """Limits in Annotated are told and checked, whatever library they are of, and wherever they are in the type."""

    def f(
        days: Annotated[int, Field("how many", [Between(1, 14)])],
        ages: list[Annotated[int, Between(0)]],
        rest: dict[str, Annotated[int, Between(le=3)] | None],
    ) -> str:
        return "done"

    reported = Tool(f).parameters["properties"]
    assert reported["days"] == {"type": "integer", "description": "how many", "minimum": 1, "maximum": 14}
    assert reported["ages"]["items"] == {"type": "integer", "minimum": 0}
    assert {"type": "integer", "maximum": 3} in reported["rest"]["additionalProperties"]["anyOf"]
    good = {"days": 3, "ages": [1], "rest": {"a": 3, "b": None}}
    assert Tool(f).call(json.dumps(good)).text == "done"
    for bad in ({"days": 999}, {"ages": [-1]}, {"rest": {"a": 4}}):
        assert Tool(f).call(json.dumps(good | bad)).text.startswith("error: the arguments do not fit: Expected `int`")


def _take(
    n: int,
    many: list[int] = [],  # noqa: B006  # it is not changed
    limits: Limits = Limits(),  # noqa: B008  # it is not changed
    level: Level = Level.LOW,
    one: Literal[1, 2] | None = None,
    kinds: tuple[int, str] = (1, ""),
    by_name: dict[str, int] = {},  # noqa: B006  # it is not changed
) -> str:
    return repr([n, many, limits.high, level.value, one, kinds, by_name])


@pytest.mark.parametrize("two", ["2.0", "2e0", "0.2E1", "2"])
def test_whole_numbers(two: str) -> None:
    """A number without a fraction is an integer, wherever one is asked for, as JSON Schema has it."""
    text = (
        f'{{"n": {two}, "many": [1, {two}], "limits": {{"high": {two}}}, "level": 1.0, "one": {two}, '
        f'"kinds": [{two}, "a"], "by_name": {{"a": {two}}}}}'
    )
    assert Tool(_take).call(text).text == "[2, [1, 2], 2, 1, 2, (2, 'a'), {'a': 2}]"


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        ('{"n": 2.5}', "Expected `int`, got `float` - at `$.n`"),
        ('{"n": 1e400}', "Number out of range"),
        ('{"n": "2"}', "Expected `int`, got `str` - at `$.n`"),
        ('{"n": 2.0, "many": ["a"]}', "Expected `int`, got `float` - at `$.n`"),
    ],
)
def test_what_is_no_whole_number(arguments: str, reported: str) -> None:
    """All else is told as before."""
    assert reported in Tool(_take).call(arguments).text


def test_floats_stay_floats() -> None:
    """Where a number may have a fraction, or anything may come, 2.0 stays what it is."""

    def f(n: int, a: float, b: int | float, c: Any, d: Limits) -> str:
        return repr([n, a, b, c, d.low])

    assert Tool(f).call('{"n": 2.0, "a": 2.0, "b": 2.0, "c": 2.0, "d": {"low": 2.0}}').text == "[2, 2.0, 2.0, 2.0, 2.0]"


def pay(cents: int) -> str:
    """Pay."""
    return f"paid {cents}"


def _only_small(function: Callable[[int], str]) -> Callable[[int], str]:
    @functools.wraps(function)
    def checked(cents: int) -> str:
        return function(cents) if cents < 100 else "refused: too much"

    return checked


def test_a_wrapper_of_a_tool_is_called() -> None:
    """functools.wraps copies what a function has of its own; the wrapper is a tool of its own all the same."""
    assert as_tool(pay) is as_tool(pay)
    guarded, twice = _only_small(pay), _only_small(_only_small(pay))
    for wrapper in (guarded, twice):
        assert as_tool(wrapper).call('{"cents": 99999}').text == "refused: too much"
        calls = [{"id": "a", "type": "function", "function": {"name": "pay", "arguments": '{"cents": 99999}'}}]
        session = ChatSession(Answers({"tool_calls": calls}, "ok").client, "m", tools=[wrapper])
        session.run("go")
        assert session.messages[2]["content"] == "refused: too much"
    assert as_tool(pay).call('{"cents": 99999}').text == "paid 99999"


def test_pydantic_models_are_parameters() -> None:
    """A model, or a type made of models, describes and reads itself; the model is told what is wrong and where."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")

    class City(pydantic.BaseModel):  # type: ignore[misc, name-defined]  # a module that may be missing
        name: str = pydantic.Field(description="without its country")
        people: int = pydantic.Field(0, ge=0)

    class Trip(pydantic.BaseModel):  # type: ignore[misc, name-defined]
        stops: list[City]

    def book(trip: Trip, home: City | None = None, others: list[City] = [], n: int = 1) -> str:  # noqa: B006
        """Book.

        Args:
            trip: where to go
        """
        return repr([trip, home, others, n])

    book.__annotations__ |= {"trip": Trip, "home": City | None, "others": list[City]}
    tool = Tool(book)
    reported = tool.parameters
    assert reported["properties"]["trip"]["description"] == "where to go"
    assert reported["properties"]["trip"]["properties"]["stops"]["items"] == {"$ref": "#/$defs/City"}
    assert reported["$defs"]["City"]["properties"]["name"]["description"] == "without its country"
    assert reported["properties"]["others"]["default"] == []
    assert reported["required"] == ["trip"]
    call = '{"trip": {"stops": [{"name": "Ulm", "people": 3.0}]}, "home": {"name": "Rom"}, "n": 2.0}'
    assert tool.call(call).text == ("[Trip(stops=[City(name='Ulm', people=3)]), City(name='Rom', people=0), [], 2]")
    wrong = tool.call('{"trip": {"stops": [{"name": "Ulm", "people": -1}]}}')
    assert wrong.text == (
        "error: the arguments do not fit: Input should be greater than or equal to 0 (in .stops[0].people) "
        "- at `$.trip`"
    )
    assert not wrong.good


def test_classes_of_one_name() -> None:
    """Two models of one name are two definitions."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")
    lists: Any = list
    one, two = (
        pydantic.create_model("List", items=(lists[pydantic.create_model("Item", **{key: (int, ...)})], ...))
        for key in "ab"
    )

    def f(x: Any, y: Any) -> str:
        return repr([x.items[0].a, y.items[0].b])

    f.__annotations__ |= {"x": one, "y": two}
    tool = Tool(f)
    assert [list(part["properties"]) for part in tool.parameters["$defs"].values()] == [["a"], ["b"]]
    assert tool.call('{"x": {"items": [{"a": 1}]}, "y": {"items": [{"b": 2}]}}').text == "[1, 2]"


def test_fields_of_pydantic() -> None:
    """A Field in Annotated, as a default, deep in a type or in a dataclass, and validators: told and checked."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")

    Part = make_dataclass("Part", [("n", Annotated[int, pydantic.Field(le=9)], 1)])  # it is a class
    many, one = pydantic.Field(2, ge=1, description="how many"), pydantic.Field(ge=1)

    def f(days: Any, nights: Any = many, deep: Any = None, part: Any = None, code: Any = "", must: Any = one) -> str:
        return repr([days, nights, deep, part, code, must])

    f.__annotations__ |= {
        "days": Annotated[int, pydantic.Field(ge=1, le=14, description="number of days")],
        "nights": int,
        "deep": list[Annotated[int, pydantic.Field(gt=0)]] | None,
        "part": Part | None,
        "code": Annotated[str, pydantic.AfterValidator(str.upper)],
        "must": int,
    }
    tool = Tool(f)
    reported = tool.parameters["properties"]
    assert reported["days"] == {"type": "integer", "description": "number of days", "minimum": 1, "maximum": 14}
    assert reported["nights"] == {"type": "integer", "description": "how many", "minimum": 1, "default": 2}
    assert tool.parameters["required"] == ["days", "must"]
    assert tool.call('{"days": 3, "code": "ab", "must": 1}').text == "[3, 2, None, None, 'AB', 1]"
    for bad in ({"days": 999}, {"nights": 0}, {"deep": [0]}, {"part": {"n": 10}}, {"must": 0}):
        assert tool.call(json.dumps({"days": 3, "must": 1} | bad)).text.startswith("error: the arguments do not fit:")


def test_what_pydantic_cannot_describe() -> None:
    """The error names the tool and the parameter."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")

    class Odd: ...

    def f(x: Any) -> None: ...

    for kind in (Annotated[Odd, pydantic.Field(description="x")], Annotated[Callable[[], int], pydantic.Field(ge=1)]):
        f.__annotations__ |= {"x": kind}
        with pytest.raises(ToolError, match="the tool f: pydantic cannot describe the parameter x"):
            Tool(f)


def test_limits_of_msgspec_stay() -> None:
    """msgspec.Meta goes on to count."""

    def f(n: Annotated[int, msgspec.Meta(ge=1, description="how many")]) -> None: ...

    assert Tool(f).parameters["properties"]["n"] == {"type": "integer", "minimum": 1, "description": "how many"}
