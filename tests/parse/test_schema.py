"""A type as a strict JSON schema, and JSON as its value."""

from __future__ import annotations

import dataclasses
import enum
import json
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypedDict, TypeVar
from uuid import UUID

import attrs
import msgspec
import pytest
from jsonschema import Draft202012Validator

from sdk._core.operation.schema import DoesNotFit, OutputType
from sdk.errors import RequestError

T = TypeVar("T")


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


@attrs.define
class Person:
    """Someone."""

    name: Annotated[str, msgspec.Meta(description="as in the passport", min_length=2)]
    age: int | None = None
    color: Color = Color.RED
    points: list[Point] = attrs.field(factory=list)


@attrs.define
class Tree:
    label: str
    children: list[Tree] = attrs.field(factory=list)


class Partial(TypedDict, total=False):
    a: int
    b: Literal["x", "y"]


class Pair(NamedTuple):
    left: int
    right: str


class Struct(msgspec.Struct):
    when: datetime
    day: date
    who: UUID
    much: Decimal


class Cat(msgspec.Struct, tag="cat"):
    lives: int


class Dog(msgspec.Struct, tag="dog"):
    name: str


@dataclasses.dataclass
class Home:
    pet: Cat | Dog


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    WORD = "word"
    NUMBER = 1
    OTHER = 2


@dataclasses.dataclass
class Trip:
    start: Annotated[Point, msgspec.Meta(description="where it begins")]
    end: Annotated[Point, msgspec.Meta(description="where it ends")]
    level: Annotated[Level, msgspec.Meta(description="how hard")]
    back: Annotated[Trip | None, msgspec.Meta(description="the way back")] = None
    inner: Annotated[Tree, msgspec.Meta(description="its parts")] | None = None


@dataclasses.dataclass
class Enums:
    level: Level
    one: Literal[1]
    many: Literal["a", 1, None]
    said: Annotated[Literal["enum", "const"], msgspec.Meta(description="a word")]
    enum: str
    const: list[Literal[3]]


@dataclasses.dataclass
class Box(Generic[T]):
    item: T


STRICT: list[tuple[Any, str, Any]] = [
    (Point, '{"x": 1, "y": 2}', Point(1, 2)),
    (Person, '{"name": "Ann", "age": null, "color": "blue", "points": [{"x": 1, "y": 2}]}',
     Person("Ann", None, Color.BLUE, [Point(1, 2)])),
    (Tree, '{"label": "a", "children": [{"label": "b", "children": []}]}', Tree("a", [Tree("b")])),
    (Partial, '{"a": 1, "b": "x"}', {"a": 1, "b": "x"}),
    (Struct, '{"when": "2026-01-02T03:04:05Z", "day": "2026-01-02", "much": "1.5", "who": '
     '"00000000-0000-0000-0000-000000000001"}',
     Struct(datetime.fromisoformat("2026-01-02T03:04:05+00:00"), date(2026, 1, 2), UUID(int=1), Decimal("1.5"))),
    (Home, '{"pet": {"type": "dog", "name": "Rex"}}', Home(Dog("Rex"))),
    (Box[int], '{"item": 3}', Box(3)),
    (Pair, '{"left": 1, "right": "a"}', Pair(1, "a")),
    (list[Point], '{"value": [{"x": 1, "y": 2}]}', [Point(1, 2)]),
    (Enums, '{"level": 2, "one": 1, "many": null, "said": "enum", "enum": "a", "const": [3]}',
     Enums(Level.HIGH, 1, None, "enum", "a", [3])),
    (Trip, '{"start": {"x": 1, "y": 2}, "end": {"x": 3, "y": 4}, "level": 1, "back": null, "inner": null}',
     Trip(Point(1, 2), Point(3, 4), Level.LOW)),
    (Level, '{"value": 2}', Level.HIGH),
    (Annotated[Point, msgspec.Meta(description="here")], '{"x": 1, "y": 2}', Point(1, 2)),
    (int, '{"value": 3}', 3),
    (Literal["a", "b"], '{"value": "b"}', "b"),
    (Color, '{"value": "red"}', Color.RED),
    (int | None, '{"value": null}', None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "value"), STRICT, ids=lambda p: getattr(p, "__name__", None))
def test_types(kind: Any, text: str, value: Any) -> None:
    """A type has a strict schema by which its JSON is valid, and the JSON is read as its value."""
    shape = OutputType(kind)
    assert shape.strict
    assert _loose(shape.schema) == []
    Draft202012Validator.check_schema(shape.schema)
    Draft202012Validator(shape.schema).validate(json.loads(text))
    assert shape.read(text) == value


def _loose(node: Any) -> list[Any]:
    """Return the objects of a schema that are not strict, and keywords that strict schemas cannot have."""
    if isinstance(node, list):
        return [found for item in node for found in _loose(item)]
    if not isinstance(node, dict):
        return []
    found = [node] if node.keys() & {"default", "title", "oneOf", "discriminator", "minLength"} else []
    if node.get("type") == "object":
        strict = node["additionalProperties"] is False and node["required"] == list(node["properties"])
        found += [] if strict else [node]
    if "$ref" in node and len(node) > 1:
        found.append(node)
    if ("enum" in node or "const" in node) and "type" not in node:
        found.append(node)
    inner = {k: v for k, v in node.items() if k not in ("properties", "$defs")}
    named = [*node.get("properties", {}).values(), *node.get("$defs", {}).values()]
    return found + _loose(list(inner.values())) + _loose(named)


@pytest.mark.parametrize("kind", [dict[str, int], Any, tuple[int, str], Box[Pair], Box[dict[str, int]]])
def test_what_cannot_be_strict(kind: Any) -> None:
    """Free keys, Any and tuples cannot be strict, and are asked for all the same."""
    assert not OutputType(kind).strict


def test_a_tuple_tells_its_types() -> None:
    """In a field a tuple is a list, whose items are told one by one."""
    (part,) = OutputType(Box[Pair]).schema["$defs"].values()
    assert part["prefixItems"] == [{"type": "integer"}, {"type": "string"}]


def test_names() -> None:
    """The schema's name is the type's, in the letters that servers take."""
    assert OutputType(Person).name == "Person"
    assert OutputType(list[Point]).name == "list"
    assert OutputType(Box[int]).name == "Box"


@pytest.mark.parametrize(
    ("name", "reported"), [("Größe", "Gr_e"), ("天気", "answer"), ("_", "answer"), ("Ж" * 80, "answer")]
)
def test_a_name_in_other_letters(name: str, reported: str) -> None:
    """Where a name has no letter that servers take, the schema is called `answer`."""
    assert OutputType(dataclasses.make_dataclass(name, [("a", int)])).name == reported


def test_recursion_keeps_its_definition() -> None:
    """A type that holds itself is defined beside the root; others are not defined twice."""
    assert list(OutputType(Tree).schema["$defs"]) == ["Tree"]
    assert list(OutputType(Person).schema["$defs"]) == ["Color", "Point"]


def test_descriptions_reach_the_model() -> None:
    """What docstrings and annotations say goes along; what strict schemas cannot say is checked when read."""
    shape = OutputType(Person)
    assert shape.schema["description"] == "Someone."
    assert shape.schema["properties"]["name"] == {"type": "string", "description": "as in the passport"}
    with pytest.raises(DoesNotFit, match=r"length >= 2 - at `\$\.name`"):
        shape.read('{"name": "A", "age": 1, "color": "red", "points": []}')


def test_a_description_beside_a_reference() -> None:
    """Two fields of one type are told apart by what is said of each, also where the type holds itself."""
    shape = OutputType(Trip)
    fields = shape.schema["properties"]
    reported = {name: field.get("description") for name, field in fields.items()}
    assert reported == {
        "start": "where it begins",
        "end": "where it ends",
        "level": "how hard",
        "back": "the way back",
        "inner": None,
    }
    assert fields["start"]["anyOf"] == [{"$ref": "#/$defs/Point"}]
    assert fields["inner"]["anyOf"][0]["description"] == "its parts"
    assert OutputType(Annotated[Point, msgspec.Meta(description="here")]).schema["description"] == "here"


def test_an_enum_of_several_types() -> None:
    """Values of several types are one enum for each type; what else is said of them stays."""
    fields = OutputType(Enums).schema["properties"]
    assert fields["many"] == {
        "anyOf": [{"type": "null"}, {"type": "integer", "enum": [1]}, {"type": "string", "enum": ["a"]}]
    }
    assert fields["said"] == {"type": "string", "enum": ["const", "enum"], "description": "a word"}
    assert fields["enum"] == {"type": "string"}
    assert fields["const"] == {"type": "array", "items": {"type": "integer", "enum": [3]}}


@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ('{"name": 3}', "Expected `str`, got `int` - at `$.name`"),
        ('{"name": "Ann", "color": "secret"}', "Invalid enum value - at `$.color`"),
        ('{"name": "Ann", "points": [{"y": 1}]}', "Object missing required field `x` - at `$.points[0]`"),
        ("not JSON", "not JSON"),
        ("", "not JSON"),
        ('{"name": "Ann"', "not JSON"),
    ],
)
def test_what_does_not_fit(text: str, reported: str) -> None:
    """The error tells the place and the rule, and never what stands there."""
    with pytest.raises(DoesNotFit) as raised:
        OutputType(Person).read(text)
    assert str(raised.value) == reported


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Point, '{"x": 3.0, "y": 1e3}', Point(3, 1000)),
        (list[Point], '{"value": [{"x": 3, "y": 1.0}]}', [Point(3, 1)]),
        (Home, '{"pet": {"type": "cat", "lives": 7.0}}', Home(Cat(7))),
        (Level | None, '{"value": 1.0}', Level.LOW),
        (Box[Pair], '{"item": [1.0, "a"]}', Box(Pair(1, "a"))),
        (dict[str, int], '{"a": 2.0}', {"a": 2}),
    ],
)
def test_whole_numbers(kind: Any, text: str, value: Any) -> None:
    """A number without a fraction is an integer, as JSON Schema has it."""
    assert OutputType(kind).read(text) == value


def test_numbers_with_a_fraction() -> None:
    """A fraction is none of an int, and an int or a float keeps what it is."""
    with pytest.raises(DoesNotFit, match=r"got `float` - at `\$\.x`"):
        OutputType(Point).read('{"x": 3.5}')
    assert repr(OutputType(Box[int | float]).read('{"item": 3.0}')) == "Box(item=3.0)"


def test_fields_of_pydantic_in_a_dataclass() -> None:
    """The limits of pydantic in a dataclass are told and checked, as those of a model are."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")
    field = Annotated[int, pydantic.Field(ge=1, description="how many")]
    shape = OutputType(dataclasses.make_dataclass("Stay", [("nights", field)]))
    assert shape.schema["properties"]["nights"] == {"type": "integer", "minimum": 1, "description": "how many"}
    with pytest.raises(DoesNotFit, match=r"greater_than_equal - at `\$\.nights`"):
        shape.read('{"nights": 0}')


@pytest.mark.parametrize("kind", [object, lambda: 1, complex])
def test_what_json_cannot_describe(kind: Any) -> None:
    """A type without a JSON form is refused before anything is sent, in one line."""
    with pytest.raises(RequestError, match="cannot be described as JSON") as raised:
        OutputType(kind)
    assert len(str(raised.value).splitlines()) == 1


def test_pydantic() -> None:
    """A pydantic model describes and reads itself."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")

    class Inner(pydantic.BaseModel):  # type: ignore[misc, name-defined]  # a module that may be missing
        n: int = pydantic.Field(ge=0, description="how many")

    class Outer(pydantic.BaseModel):  # type: ignore[misc, name-defined]
        name: str
        inner: Inner
        maybe: int | None = None
        many: tuple[Inner, ...] = ()
        best: Inner = pydantic.Field(default=None, description="the best one")
        mixed: Mixed = pydantic.Field(default=Mixed.WORD, description="a kind")

    shape = OutputType(Outer)
    assert shape.strict
    assert _loose(shape.schema) == []
    fields = shape.schema["properties"]
    assert [fields[name]["description"] for name in ("best", "mixed")] == ["the best one", "a kind"]
    assert shape.read('{"name": "a", "inner": {"n": 1}, "maybe": null, "many": []}') == Outer(
        name="a", inner=Inner(n=1)
    )
    with pytest.raises(DoesNotFit, match=r"greater_than_equal - at `\$\.many\[1\]\.n`"):
        shape.read('{"name": "a", "inner": {"n": 1}, "many": [{"n": 1}, {"n": -1}]}')
    with pytest.raises(DoesNotFit):
        shape.read("no")


def test_types_made_of_pydantic_models() -> None:
    """A list of models, or a model or None, is asked for and read like any other type that is no object."""
    pydantic = pytest.importorskip("pydantic", reason="pydantic is not installed")

    class City(pydantic.BaseModel):  # type: ignore[misc, name-defined]
        name: str

    for kind, text, value in (
        (list[City], '{"value": [{"name": "Ulm"}]}', [City(name="Ulm")]),
        (City | None, '{"value": null}', None),
    ):
        shape = OutputType(kind)
        assert (shape.strict, list(shape.schema["properties"])) == (True, ["value"])
        assert _loose(shape.schema) == []
        assert shape.read(text) == value
    with pytest.raises(DoesNotFit, match=r"missing - at `\$\[0\]\.name`"):
        OutputType(list[City]).read('{"value": [{}]}')
