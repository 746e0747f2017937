"""Unions: which class an object becomes, by the tables of a package generated from tiny schemas."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.ir import Api, Enum, Field, ObjectType, Tagged
from generator.ir.unions import decide

from ..mini import imported

ZOO = """
# tags: constants, disjoint enums, a tag inside a tag
Cat: {type: object, required: [type], properties: {type: {const: cat}, name: {type: string}}}
Dog: {type: object, required: [type, name], properties: {type: {enum: [dog, puppy]}, name: {type: string}}}
Lion: {type: object, required: [type, of], properties: {type: {const: cat}, of: {const: lions}}}
ByConst: {properties: {pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}}
Felines: {oneOf: [{$ref: '#/components/schemas/House'}, {$ref: '#/components/schemas/Lion'}, {$ref: '#/components/schemas/Dog'}]}
House: {type: object, required: [type, of], properties: {type: {const: cat}, of: {const: house}}}
# a tag that a discriminator declares: with mapping, by the schemas' names, optional
Red: {type: object, properties: {color: {type: string}, r: {type: integer}}}
Blue: {type: object, properties: {color: {type: string}, b: {type: integer}}}
Mapped:
  oneOf: [{$ref: '#/components/schemas/Red'}, {$ref: '#/components/schemas/Blue'}]
  discriminator: {propertyName: color, mapping: {r: '#/components/schemas/Red', rouge: Red, b: Blue}}
Implied:
  oneOf: [{$ref: '#/components/schemas/Red'}, {$ref: '#/components/schemas/Blue'}]
  discriminator: {propertyName: color}
Nested: {oneOf: [{$ref: '#/components/schemas/Mapped'}, {$ref: '#/components/schemas/Dog'}]}
# two possible tags, a tag that the mapping names otherwise, a tag that only one member requires
X: {type: object, properties: {type: {const: x}, mode: {const: a}}}
Z: {type: object, properties: {type: {const: z}, mode: {const: c}}}
XY: {type: object, properties: {type: {enum: [x, y]}, mode: {const: b}}}
Disjoint: {oneOf: [{$ref: '#/components/schemas/X'}, {$ref: '#/components/schemas/XY'}, {$ref: '#/components/schemas/Z'}]}
Otherwise:
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
  discriminator: {propertyName: type, mapping: {katze: Cat, dog: Dog}}
Animal: {type: object, properties: {type: {enum: [ant, bee]}}}
Ant: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {legs: {}}}]}
Bee: {allOf: [{$ref: '#/components/schemas/Animal'}, {properties: {wings: {}}}]}
Inherited:
  oneOf: [{$ref: '#/components/schemas/Ant'}, {$ref: '#/components/schemas/Bee'}]
  discriminator: {propertyName: type, mapping: {ant: Ant, bee: Bee}}
Strict: {type: object, required: [kind, a], properties: {kind: {const: strict}, a: {}}}
Loose: {type: object, required: [a], properties: {kind: {const: loose}, a: {}}}
Optional: {oneOf: [{$ref: '#/components/schemas/Strict'}, {$ref: '#/components/schemas/Loose'}]}
# no tag: required keys, kinds of values, closed objects, declared order
File: {type: object, required: [file, size], properties: {file: {type: string}, size: {type: integer}}}
Link: {type: object, required: [url], properties: {url: {type: string}}}
Sized: {type: object, required: [size], properties: {size: {type: string}}}
Easy: {type: object, required: [role], properties: {role: {enum: [user, system]}, note: {type: string}}}
Full: {type: object, required: [role, id], properties: {role: {enum: [user, system]}, id: {type: string}}}
OnlyA: {type: object, properties: {a: {}}, additionalProperties: false}
OnlyB: {type: object, properties: {b: {}}, additionalProperties: false}
Shaped: {anyOf: [{$ref: '#/components/schemas/Sized'}, {$ref: '#/components/schemas/File'}, {$ref: '#/components/schemas/Link'}]}
Tied: {anyOf: [{$ref: '#/components/schemas/Easy'}, {$ref: '#/components/schemas/Full'}]}
Closed: {anyOf: [{$ref: '#/components/schemas/OnlyA'}, {$ref: '#/components/schemas/OnlyB'}]}
# beside other kinds of values
Mixed:
  properties:
    maybe: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {type: 'null'}]}
    text: {oneOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Mapped'}}]}
    arrays:
      anyOf:
      - {type: array, items: {$ref: '#/components/schemas/Cat'}}
      - {type: array, items: {$ref: '#/components/schemas/Dog'}}
    map: {type: object, additionalProperties: {$ref: '#/components/schemas/Shaped'}}
    maps: {type: object, additionalProperties: {type: array, items: {type: object, additionalProperties: {$ref: '#/components/schemas/Cat'}}}}
    rows: {type: array, items: {type: array, items: {$ref: '#/components/schemas/Link'}}}
    free: {anyOf: [{$ref: '#/components/schemas/Link'}, {type: object}]}
    cats: {anyOf: [{$ref: '#/components/schemas/Link'}, {type: object, additionalProperties: {$ref: '#/components/schemas/Cat'}}]}
    inline: {anyOf: [{type: object, properties: {k: {const: a}}}, {type: object, properties: {k: {const: b}}}]}
    merged: {allOf: [{$ref: '#/components/schemas/Mapped'}, {properties: {extra: {type: string}}}]}
    when: {type: string, format: date-time}
    day: {type: string, format: date}
    loose: {anyOf: [{type: string, format: date}, {type: string}]}
    a: {type: array, items: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}
    a_item: {oneOf: [{$ref: '#/components/schemas/Red'}, {$ref: '#/components/schemas/Link'}]}
    named: {anyOf: [{$ref: '#/components/schemas/Texts'}, {$ref: '#/components/schemas/Pets'}]}
    dated: {anyOf: [{$ref: '#/components/schemas/Pets'}, {type: string, format: date}]}
    held: {anyOf: [{$ref: '#/components/schemas/Pets'}, {$ref: '#/components/schemas/Link'}]}
    both: {anyOf: [{$ref: '#/components/schemas/Pets'}, {$ref: '#/components/schemas/Links'}]}
    nothing: {type: array, items: {type: 'null'}}
    paired: {anyOf: [{$ref: '#/components/schemas/Pair'}, {$ref: '#/components/schemas/Cat'}]}
    soft: {anyOf: [{$ref: '#/components/schemas/Red'}, {type: object}]}
# named types that a decoder reads, and that it keeps
Pets: {anyOf: [{type: integer}, {type: array, items: {$ref: '#/components/schemas/ByTag'}}]}
ByTag: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Links: {type: array, items: {$ref: '#/components/schemas/Link'}}
Texts: {type: array, items: {type: string}}
Pair: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {type: array, items: {$ref: '#/components/schemas/Cat'}}]}
# named types that contain themselves
Tree: {properties: {next: {$ref: '#/components/schemas/Tree'}, trees: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
Json: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Json'}}]}
JsonOrNot: {anyOf: [{$ref: '#/components/schemas/Json'}, {type: 'null'}]}
Even: {anyOf: [{type: integer}, {type: array, items: {$ref: '#/components/schemas/Odd'}}]}
Odd: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Even'}}]}
Nest: {anyOf: [{$ref: '#/components/schemas/Cat'}, {type: array, items: {$ref: '#/components/schemas/Nest'}}]}
Holder: {properties: {nest: {$ref: '#/components/schemas/Nest'}, json: {$ref: '#/components/schemas/JsonOrNot'}}}
# two tags, of which the document declares one, or none
Come: {type: object, required: [type, mode], properties: {type: {const: come}, mode: {const: in}}}
Go: {type: object, required: [type, mode], properties: {type: {const: go}, mode: {const: out}}}
ByMode:
  oneOf: [{$ref: '#/components/schemas/Come'}, {$ref: '#/components/schemas/Go'}]
  discriminator: {propertyName: mode}
ByType: {oneOf: [{$ref: '#/components/schemas/Come'}, {$ref: '#/components/schemas/Go'}]}
# aliases
Feline: {$ref: '#/components/schemas/Cat'}
Name: {type: string}
Names: {type: array, items: {$ref: '#/components/schemas/Name'}}
"""


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give the models of the zoo."""
    with imported(tmp_path_factory.mktemp("zoo"), ZOO) as mini:
        yield mini.models


# union, an object of it, the class that it becomes
OBJECTS = [
    ("Felines", {"type": "dog", "name": "x"}, "Dog"),
    ("Felines", {"type": "puppy", "name": "x"}, "Dog"),
    ("Felines", {"type": "cat", "of": "lions"}, "Lion"),
    ("Felines", {"type": "cat", "of": "house"}, "House"),
    ("Felines", {"type": "cat", "of": "tigers"}, "Unknown"),
    ("Felines", {"type": "bird", "wings": 2}, "Unknown"),
    ("Felines", {"type": 7}, "Unknown"),
    ("Felines", {"name": "without a tag"}, "Dog"),
    ("Mapped", {"color": "r"}, "Red"),
    ("Mapped", {"color": "rouge", "b": 1}, "Red"),
    ("Mapped", {"color": "b"}, "Blue"),
    ("Mapped", {"color": "Red"}, "Unknown"),
    ("Implied", {"color": "Blue"}, "Blue"),
    ("Implied", {"color": "Red"}, "Red"),
    ("Nested", {"color": "b"}, "Blue"),
    ("Disjoint", {"mode": "b"}, "XY"),
    ("Disjoint", {"mode": "a", "type": "y"}, "X"),
    ("ByMode", {"type": "go", "mode": "in"}, "Come"),
    ("ByMode", {"type": "come", "mode": "out"}, "Go"),
    ("ByType", {"type": "go", "mode": "in"}, "Go"),
    ("Otherwise", {"type": "cat"}, "Cat"),
    ("Otherwise", {"type": "puppy", "name": "x"}, "Dog"),
    ("Otherwise", {"type": "dog", "name": "x"}, "Dog"),
    ("Inherited", {"type": "bee", "legs": 6}, "Bee"),
    ("Inherited", {"type": "ant", "wings": 0}, "Ant"),
    ("Optional", {"kind": "strict"}, "Strict"),
    ("Optional", {"a": 1}, "Loose"),
    ("Nested", {"type": "dog", "name": "x"}, "Dog"),
    ("Shaped", {"file": "x", "size": 1}, "File"),
    ("Shaped", {"url": "x"}, "Link"),
    ("Shaped", {"size": "x"}, "Sized"),
    ("Tied", {"role": "user"}, "Easy"),
    ("Tied", {"role": "user", "id": "x"}, "Full"),
    ("Closed", {"a": 1}, "OnlyA"),
    ("Closed", {"b": 1}, "OnlyB"),
    ("Closed", {}, "OnlyA"),
]


@pytest.mark.parametrize(("union", "wire", "name"), OBJECTS)
def test_an_object_becomes_the_class_that_its_union_names(zoo: Any, union: str, wire: Any, name: str) -> None:
    """The tag decides, declared or found; else required keys, kinds of values, closedness, declared order."""
    made = getattr(zoo, union).from_dict(wire)
    assert type(made).__name__ == name
    assert made.to_dict() == wire


def test_the_tag_that_the_document_declares_comes_first() -> None:
    """Of two tags that tell the members apart equally well, the discriminator's decides, else the usual word for it."""
    members = [
        ObjectType(name, (Field("type", "type", Enum((name,)), True), Field("mode", "mode", Enum((mode,)), True)), "")
        for name, mode in (("Come", "in"), ("Go", "out"))
    ]
    resolve = Api("", (), (), {}, {}, {}).resolve
    cases = {"mode": (("in", "Come"), ("out", "Go")), "type": (("Come", "Come"), ("Go", "Go"))}
    for declared, tag in (("mode", "mode"), ("type", "type"), (None, "type"), ("color", "type")):
        assert decide(members, resolve, declared=declared) == Tagged(tag, cases[tag])


def mixed(zoo: Any, **wire: Any) -> Any:
    """Decode the object that has one property of each kind, and prove that it comes back equal."""
    made = zoo.Mixed.from_dict(wire)
    assert made.to_dict() == wire
    return made


def names(values: Any) -> Any:
    """Replace decoded objects by the names of their classes."""
    if isinstance(values, list):
        return [names(v) for v in values]
    if isinstance(values, dict):
        return {k: names(v) for k, v in values.items()}
    return type(values).__name__


CAT, DOG, LINK = {"type": "cat"}, {"type": "dog", "name": "x"}, {"url": "x"}
VALUES = [
    ("maybe", None, "NoneType"),
    ("maybe", CAT, "Cat"),
    ("maybe", "odd", "str"),
    ("text", "plain", "str"),
    ("text", [{"color": "b"}, "odd"], ["Blue", "str"]),
    ("arrays", [CAT, DOG], ["Cat", "Dog"]),
    ("map", {"a": LINK, "b": {"size": "x"}}, {"a": "Link", "b": "Sized"}),
    ("maps", {"a": [{"b": CAT}]}, {"a": [{"b": "Cat"}]}),
    ("rows", [[LINK], []], [["Link"], []]),
    ("free", LINK, "Link"),
    ("free", {"else": 1}, {"else": "int"}),
    ("cats", LINK, "Link"),
    ("cats", {"tom": CAT}, {"tom": "Cat"}),
    ("inline", {"k": "a"}, "MixedInlineA"),
    ("inline", {"k": "b"}, "MixedInlineB"),
    ("merged", {"color": "r", "extra": "x"}, "MixedMergedRed"),
    ("merged", {"color": "b", "extra": "x"}, "MixedMergedBlue"),
    ("when", "2026-01-02T03:04:05Z", "datetime"),
    ("when", "soon", "str"),
    ("day", "2026-01-02", "date"),
    ("loose", "2026-01-02", "str"),
    ("named", [CAT, "x", 1], ["Cat", "str", "int"]),
    ("named", None, "NoneType"),
    ("dated", [DOG], ["Dog"]),
    ("dated", "2026-01-02", "date"),
    ("held", [CAT], ["Cat"]),
    ("held", LINK, "Link"),
    ("both", [CAT, LINK], ["Cat", "Link"]),
    ("nothing", [None], ["NoneType"]),
    ("paired", DOG, "Dog"),
    ("paired", [CAT], ["Cat"]),
    ("soft", {"color": "x"}, "Red"),
    ("soft", {"color": 1}, {"color": "int"}),
    ("a", [CAT, DOG], ["Cat", "Dog"]),
    ("a_item", {"color": "x"}, "Red"),
    ("a_item", LINK, "Link"),
]


@pytest.mark.parametrize(("key", "wire", "decoded"), VALUES)
def test_a_union_beside_other_values(zoo: Any, key: str, wire: Any, decoded: Any) -> None:
    """Objects are decoded at any depth; null, text and what the schema does not know stay as they are."""
    assert names(getattr(mixed(zoo, **{key: wire}), key)) == decoded


def test_types_that_contain_themselves(zoo: Any) -> None:
    """A class, a union and a list decode themselves inside themselves."""
    tree = zoo.Tree.from_dict({"next": {"trees": [{"next": {}}]}})
    assert type(tree.next.trees[0].next) is zoo.Tree
    wire = {"nest": [[CAT], CAT], "json": [["x"]]}
    holder = zoo.Holder.from_dict(wire)
    assert names(holder.nest) == [["Cat"], "Cat"]
    assert holder.json is wire["json"]  # plain JSON costs nothing
    assert holder.to_dict() == wire


def test_aliases_are_python_names(zoo: Any) -> None:
    """A component that is no object is a name, too: of a class, or of a type."""
    assert zoo.Feline is zoo.Cat
    assert zoo.Name is str
    assert zoo.Names == list[str]
    assert zoo.Json == "str | list[Json]"
    assert zoo.Even == "int | list[Odd]"
    assert set(dir(zoo)) >= {"Feline", "Name", "Names", "Json", "Even", "Odd", "Nest", "Mapped", "Unknown"}


def test_a_class_is_imported_when_its_first_object_comes(tmp_path: Path) -> None:
    """Decoding one member of a union imports no other member."""
    with imported(tmp_path, ZOO, name="lazy_zoo") as mini:
        mini.models.ByConst.from_dict({"pet": CAT})
        loaded = {name.rpartition(".")[2] for name in sys.modules if name.startswith("lazy_zoo.models.")}
        assert loaded == {"_index", "by_const", "cat"}
