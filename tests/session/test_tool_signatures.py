"""What a tool is made of: its signature, annotations and docstring."""

from __future__ import annotations

import enum
import functools
import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Optional, TypedDict

import attrs
import pytest

from sdk import Tool
from sdk._core.operation.schema import OutputType
from sdk.errors import RequestError, ToolError
from sdk.tools import definitions, name_of


class Place(TypedDict):
    """A place."""

    city: str


@attrs.define
class Guest:
    name: str
    age: int | None = None


@dataclass
class Stay:
    nights: int


def book(
    place: Place, guest: Guest, stay: Stay, *, meal: Literal["none", "all"] = "none", note: str | None = None
) -> Any:
    """Book a room.

    Parameters
    ----------
    place : Place
        where it is
    stay
        how long
    """
    return [place["city"], guest.name, guest.age, stay.nights, meal, note]


def test_types_of_arguments() -> None:
    """TypedDicts, attrs classes and dataclasses arrive as such; defaults hold; NumPy docstrings describe."""
    tool = Tool(book)
    arguments = {"place": {"city": "Ulm"}, "guest": {"name": "Ann"}, "stay": {"nights": 2}}
    assert tool.call(json.dumps(arguments)).text == '["Ulm","Ann",null,2,"none",null]'
    assert tool.description == "Book a room."
    reported = {k: v.get("description") for k, v in tool.parameters["properties"].items()}
    assert (reported["place"], reported["stay"], reported["meal"]) == ("where it is", "how long", None)
    assert tool.parameters["required"] == ["place", "guest", "stay"]


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


def test_enums_have_a_type() -> None:
    """Gemini refuses an enum without a type, wherever it is among the parameters."""

    def go(level: Level, kind: Literal["a", "b"], many: list[Literal[1, 2]], both: Literal["a", 1] = 1) -> None: ...

    parameters = Tool(go).parameters
    assert parameters["properties"] == {
        "level": {"$ref": "#/$defs/Level"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "many": {"type": "array", "items": {"type": "integer", "enum": [1, 2]}},
        "both": {
            "anyOf": [{"type": "integer", "enum": [1]}, {"type": "string", "enum": ["a"]}],
            "default": 1,
        },
    }
    assert parameters["$defs"] == {"Level": {"title": "Level", "type": "integer", "enum": [1, 2]}}


def test_methods_partials_and_decorated_functions() -> None:
    """What is called need not be a plain function."""

    class Desk:
        def ring(self, times: int) -> int:
            return times

    def plain(a: int, b: int) -> int:
        return a * b

    @functools.wraps(plain)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return plain(*args, **kwargs)

    assert Tool(Desk().ring).call('{"times": 2}').text == "2"
    assert Tool(wrapped).call('{"a": 2, "b": 5}').text == "10"


@pytest.mark.parametrize(
    "text",
    [
        "Do it.\n\nArgs:\n    n (int): how many,\n        at most\n    other: x\n\nReturns:\n    nothing",
        "Do it.\n\n:param n: how many,\n    at most\n:param other: x\n:returns: nothing",
        "Do it.\n\n:param int n: how many,\n    at most",
        "Do it.\n\nParameters\n----------\nn : int, optional\n    how many,\n    at most\nother\n    x\n\n"
        "Returns\n-------\nint\n    y",
    ],
)  # fmt: skip
def test_docstrings(text: str) -> None:
    """Google, Sphinx and NumPy docstrings tell what a parameter means."""

    def f(n: int) -> None: ...

    f.__doc__ = text
    tool = Tool(f)
    assert tool.description == "Do it."
    assert tool.parameters["properties"] == {"n": {"type": "integer", "description": "how many, at most"}}


def test_a_type_that_only_the_function_knows() -> None:
    """An annotation that cannot be resolved is told with the tool's name."""

    class Local: ...

    def f(x: Local) -> None: ...

    with pytest.raises(ToolError, match="the tool f: name 'Local' is not defined"):
        Tool(f)


def test_without_annotations() -> None:
    """A parameter without a type takes anything."""

    def anything(x, y=1):  # type: ignore[no-untyped-def]
        return [x, y]

    assert Tool(anything).call('{"x": {"a": [1]}}').text == '[{"a":[1]},1]'


def test_what_a_partial_binds_is_not_the_models() -> None:
    """A bound parameter is neither shown nor taken; name and docstring are those of the function."""

    def read(path: str, *, user: str) -> str:
        """Read a file."""
        return f"{user}: {path}"

    tool = Tool(functools.partial(functools.partial(read, user="ann"), user="bob"))
    assert (tool.name, tool.description, list(tool.parameters["properties"])) == ("read", "Read a file.", ["path"])
    assert tool.call('{"path": "x"}').text == "bob: x"
    assert not tool.call('{"path": "x", "user": "eve"}').good


class Doc:
    """As PEP 727 has it."""

    def __init__(self, documentation: str) -> None:
        self.documentation = documentation


def test_annotated_texts_describe() -> None:
    """A text in Annotated, or a Doc, describes a parameter; the docstring goes before it."""

    def f(
        a: Annotated[str, "a town"],
        b: Annotated[int, Doc("how many")],
        c: Optional[Annotated[int, "most"]] = None,  # noqa: UP045  # as older programs write it
        d: Annotated[str, 7, "ignored"] = "",
    ) -> None:
        """Do it.

        Args:
            d: from the docstring
        """

    reported = {name: wire.get("description") for name, wire in Tool(f).parameters["properties"].items()}
    assert reported == {"a": "a town", "b": "how many", "c": "most", "d": "from the docstring"}


def test_a_default_of_none_takes_null() -> None:
    """`x: str = None` means that None is fine, and models do say null then."""

    def f(x: str = None) -> str:  # type: ignore[assignment]  # noqa: RUF013  # as older programs write it
        return repr(x)

    assert [Tool(f).call(given).text for given in ("{}", '{"x": null}', '{"x": "a"}')] == ["None", "None", "'a'"]
    assert not Tool(f).call('{"x": 1}').good


def test_defaults_of_lists_and_dicts() -> None:
    """The model is told of them as of other defaults, and what JSON cannot hold is left unsaid."""

    def f(a: list[int] = [1], b: dict[str, int] = {}, c: Any = [object]) -> int:  # noqa: B006  # as some programs do
        """Do it.

        Args:
            a: numbers
        """
        return sum(a) + len(b) + len(c)

    reported = Tool(f).parameters["properties"]
    assert (reported["a"]["default"], reported["a"]["description"]) == ([1], "numbers")
    assert (reported["b"]["default"], "default" in reported["c"]) == ({}, False)
    assert Tool(f).call("{}").text == "2"


def test_a_type_that_json_cannot_describe() -> None:
    """The error says which in one line."""

    def f(x: complex | Place) -> None: ...

    def g(x: range) -> None: ...

    for tool in (f, g):
        with pytest.raises(ToolError, match="cannot describe") as raised:
            Tool(tool)
        assert len(str(raised.value).splitlines()) == 1


def _no_message(self: object) -> str:
    raise LookupError


def test_an_error_that_cannot_be_read() -> None:
    """An exception, or a result, whose own text raises is told as far as it can be."""
    broken = type("Broken", (Exception,), {"__str__": _no_message})

    def fails() -> None:
        raise broken

    def returns() -> Any:
        return type("Odd", (), {"__slots__": ("_x",), "__str__": _no_message})()

    assert Tool(fails).call("").text == "error: Broken: its message cannot be read (LookupError)"
    assert Tool(returns).call("").text == "error: LookupError: "


@pytest.mark.parametrize(
    "annotation",
    ["", "1 +", "file:///etc", "nope", "nope.a", "json.nope", "[][0]", "1/0", [1], {"a": 1}, 5, b"x"],
    ids=repr,
)
def test_an_annotation_that_is_no_type(annotation: Any) -> None:
    """Whatever evaluating it raises, it is an error of the tool that names the tool."""

    def odd(x):  # type: ignore[no-untyped-def]
        """Do it.

        Args:
            x: a value
        """

    odd.__annotations__["x"] = annotation
    with pytest.raises((ToolError, TypeError), match=r"odd|forward reference|type"):
        Tool(odd)


@pytest.mark.parametrize("given", [None, 5, "f", [], object()], ids=lambda given: type(given).__name__)
def test_a_tool_that_is_no_dict(given: Any) -> None:
    """A tool in the form of the API is a dict."""
    with pytest.raises(ToolError, match=rf"a tool .* a dict, not {type(given).__name__}"):
        name_of(given)


@pytest.mark.parametrize("annotation", ["Nope", "int.nope", "1 +", "1/0", "[][0]"])
def test_a_class_whose_annotations_cannot_be_evaluated(annotation: str) -> None:
    """A class that a type checker alone can read is an error of the tool, and of an answer, too."""
    kinds: list[Any] = [
        dataclass(type("Odd", (), {"__annotations__": {"a": annotation}})),
        attrs.define(type("Odd", (), {"__annotations__": {"a": annotation}})),
        type("Odd", (tuple,), {"__annotations__": {"a": annotation}, "_fields": ("a",)}),
    ]
    for kind in kinds:

        def odd(x: Any) -> None: ...

        odd.__annotations__["x"] = kind
        if not issubclass(kind, tuple):
            with pytest.raises(ToolError, match="odd"):
                Tool(odd)
        with pytest.raises(RequestError, match="cannot be described as JSON"):
            OutputType(kind)


def _nested(levels: int) -> list[object]:
    value: list[object] = []
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("given", [_nested(100_000), [], "name", None, 3], ids=["deep", "list", "str", "none", "int"])
def test_a_tool_that_is_no_function(given: Any) -> None:
    """What cannot be called is refused by its type alone, however deep it is, even with a name."""
    kind = type(given).__name__
    for made in (lambda: Tool(given, name="made"), lambda: Tool(given), lambda: definitions([given])):
        with pytest.raises(ToolError, match=f"^a tool must be a function, a Tool or a dict, not {kind}$"):
            made()
