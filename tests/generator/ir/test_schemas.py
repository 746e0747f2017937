"""Schemas: classes, aliases, and the names of what stands inline, from tiny schemas of our own."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

import pytest

from generator.errors import GeneratorError
from generator.ir import AnyType, Array, Binary, Enum, Map, ObjectType, Ref, Scalar, Shortcut, Type, Union

from ..mini import api_of

TEXT, NULL = Scalar("string"), Scalar("null")


def body(schema: str, more: str = "") -> ObjectType | Type:
    """Return what the schema `It` becomes."""
    return next(s for s in api_of(f"It: {schema}\n{more}").schemas if s.name == "It").body


CAT = "Cat: {type: object, properties: {name: {type: string}}}"
REF = "{$ref: '#/components/schemas/Cat'}"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ("{}", AnyType()),
        ("{type: integer, format: int64}", Scalar("integer", "int64")),
        ("{type: string, format: binary}", Binary()),
        ("{enum: [a, b]}", Enum(("a", "b"))),
        ("{const: 1}", Enum((1,))),
        ("{type: 'null'}", NULL),
        (f"{{type: array, items: {REF}}}", Array(Ref("Cat"))),
        ("{type: object}", Map(AnyType())),
        (f"{{additionalProperties: {REF}}}", Map(Ref("Cat"))),
        (f"{{anyOf: [{REF}, {{type: string}}, {{type: 'null'}}]}}", Union((Ref("Cat"), TEXT, NULL))),
        (REF, Ref("Cat")),
    ],
)
def test_a_schema_becomes_a_type(schema: str, expected: Type) -> None:
    """A component that is no object is an alias of its type."""
    assert body(schema, CAT) == expected


def test_an_object_becomes_a_class() -> None:
    """Its fields know key, requiredness, facts and deprecation; its other keys their type."""
    made = body(
        "{properties: {a: {type: string, maxLength: 3}, b: {deprecated: true}}, required: [a], "
        "additionalProperties: {type: integer}, deprecated: true}"
    )
    assert isinstance(made, ObjectType)
    assert [(f.key, f.type, f.required, tuple(map(str, f.facts)), f.deprecated) for f in made.fields] == [
        ("a", TEXT, True, ("at most 3 characters",), False), ("b", AnyType(), False, (), True),
    ]  # fmt: skip
    assert (made.extra, made.closed, made.deprecated) == (Scalar("integer"), False, True)


def test_an_object_or_null_is_still_that_class() -> None:
    """Null beside an object makes the name nullable, not an alias."""
    api = api_of("It: {type: object, nullable: true, properties: {a: {}}}")
    assert isinstance(api.schemas[0].body, ObjectType)
    assert api.nullable == {"It"}


def test_inline_objects_are_named_by_their_place() -> None:
    """A property, the singular of a list, the value of a map, a member of a union."""
    made = api_of("""
It:
  properties:
    leg: {properties: {a: {}}}
    choices: {type: array, items: {properties: {b: {}}}}
    data: {type: array, items: {properties: {c: {}}}}
    map: {additionalProperties: {properties: {d: {}}}}
    union: {anyOf: [{properties: {type: {const: big_cat}}}, {properties: {type: {const: dog}}}]}
    odd: {anyOf: [{properties: {x: {}}}, {properties: {y: {}}}]}
    maybe: {anyOf: [{properties: {z: {}}}, {type: string}]}
""")
    assert [o.name for o in made.schemas[0].inline] == [
        "ItLeg", "ItChoice", "ItDataItem", "ItMapValue", "ItUnionBigCat", "ItUnionDog", "ItOddVariant1", "ItOddVariant2",
        "ItMaybe",
    ]  # fmt: skip
    assert {made.modules[o.name] for o in made.schemas[0].inline} == {"it"}


WRONG = {
    "foo_bar: {properties: {}}\nFooBar: {properties: {}}": ("two schemas would both be called FooBar", "/foo_bar"),
    "FooBar: {properties: {}}\nFoo: {properties: {bar: {properties: {x: {}}}}}": (
        "two schemas would both be called FooBar", "/Foo/properties/bar",
    ),
    "FooBAR: {properties: {}}\nFooBar: {properties: {}}": ("needs the module foo_bar.py", "/FooBar"),
    "A: {properties: {a-b: {}, a.b: {}}}": ("'a.b' and 'a-b' would both be called a_b", "/A/properties/a.b"),
    "A: {x-sdk-accepts: [B], properties: {}}": ("names B, which is not a class", "/A/x-sdk-accepts"),
    "A: {type: file}": ("'file' is not a JSON type", "/A/type"),
    "A: {oneOf: [{$ref: '#/components/schemas/B'}, {type: string}], discriminator: {propertyName: t, mapping: {c: C}}}\n"
    "B: {properties: {}}\nC: {properties: {}}": ("gives 'c' to C, which is not a member of the union", "/A"),
}  # fmt: skip


@pytest.mark.parametrize(("schemas", "wrong"), WRONG.items())
def test_what_cannot_be_named_is_one_error(schemas: str, wrong: tuple[str, str]) -> None:
    """The error says what, where, and what to do."""
    with pytest.raises(GeneratorError) as caught:
        api_of(schemas)
    assert wrong[0] in caught.value.problem
    assert caught.value.pointer == f"/components/schemas{wrong[1]}"
    assert caught.value.hint


def test_shortcuts() -> None:
    """x-sdk-shortcuts gives a class read-only attributes for texts that lie deeper."""
    made = body("{properties: {a: {type: array, items: {}}}, x-sdk-shortcuts: {text: [a, 0, {type: t}, b]}}")
    assert isinstance(made, ObjectType)
    assert made.shortcuts == (Shortcut("text", ("a", 0, {"type": "t"}, "b")),)


def test_vendor_keys() -> None:
    """x-sdk-vendor-keys gives a class read-only attributes for keys that it has no property for."""
    made = body("{properties: {a: {}}, x-sdk-vendor-keys: [b, c]}")
    assert isinstance(made, ObjectType)
    assert made.vendor_keys == ("b", "c")


@pytest.mark.parametrize("key", ["a", "text", "no name"])
def test_vendor_keys_that_cannot_be(key: str) -> None:
    """A key whose name is a property, a shortcut, or no name is an error."""
    with pytest.raises(GeneratorError, match="x-sdk-vendor-keys"):
        body(f"{{properties: {{a: {{}}}}, x-sdk-shortcuts: {{text: [a]}}, x-sdk-vendor-keys: ['{key}']}}")


@pytest.mark.parametrize("shortcut", ["{a: [a]}", "{text: []}", "{text: [b]}", "{'no name': [a]}"])
def test_shortcuts_that_cannot_be(shortcut: str) -> None:
    """A shortcut whose name is taken or no name, or that leads nowhere, is an error."""
    with pytest.raises(GeneratorError, match="x-sdk-shortcuts") as raised:
        body(f"{{properties: {{a: {{}}}}, x-sdk-shortcuts: {shortcut}}}")
    assert "/components/schemas/It/x-sdk-shortcuts" in str(raised.value)


def test_media() -> None:
    """x-sdk-media names the attributes that hold an image, whatever their properties are called."""
    made = body("{properties: {a b: {type: string}, u: {type: string}}, x-sdk-media: {base64: a b, url: u}}")
    assert isinstance(made, ObjectType)
    assert made.media == ("a_b", "u")


@pytest.mark.parametrize("media", ["{base64: b}", "{url: a}", "a", "{base64: a, url: b}"])
def test_media_that_cannot_be(media: str) -> None:
    """An image in a property that does not exist is an error, and so is a class with an attribute of that name."""
    for properties in ("{a: {type: string}}", "{a: {}, bytes: {}}"):
        with pytest.raises(GeneratorError, match="x-sdk-media"):
            body(f"{{properties: {properties}, x-sdk-media: {media}}}")


def test_media_and_its_methods() -> None:
    """A property cannot be called like a method of an image."""
    with pytest.raises(GeneratorError, match="of the name bytes or save"):
        body("{properties: {a: {type: string}, save: {type: string}}, x-sdk-media: {base64: a}}")
