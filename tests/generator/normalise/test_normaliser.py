"""Normalise: each rule on a schema or two of our own."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from generator.errors import GeneratorError
from generator.normalise.normaliser import Normaliser

from ..mini import document

COMPONENTS = """
Cat: {type: object, properties: {name: {type: string}, kind: {type: string, enum: [cat]}}, required: [name]}
Dog: {type: object, properties: {name: {type: string}, kind: {type: string, enum: [dog]}}}
Size: {type: string, enum: [s, m, l]}
Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Anything: {}
Deep: {type: object, $defs: {Leg: {type: integer}}, properties: {leg: {$ref: '#/components/schemas/Deep/$defs/Leg'}}}
"""
CAT, DOG = ({"$ref": name} for name in ("Cat", "Dog"))
NULL = {"type": "null"}
TEXT = {"type": "string"}
WHOLE = {"type": "integer"}
NAME_KIND = {"name": TEXT, "kind": {"type": "string", "const": "cat"}}
LEGS = {"type": "integer"}

# rule: (schema as a document says it, in YAML, its canonical form)
RULES: dict[str, tuple[str, Any]] = {
    # allOf
    "allOf of objects is one object": (
        "allOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {legs: {type: integer}}, required: [legs]}]",
        {"type": "object", "properties": {**NAME_KIND, "legs": LEGS}, "required": ["name", "legs"], "x-sdk-inherited": ["name", "kind"]},
    ),
    "allOf beside own properties": (
        "{allOf: [{$ref: '#/components/schemas/Cat'}], properties: {legs: {type: integer}}}",
        {"type": "object", "properties": {**NAME_KIND, "legs": LEGS}, "required": ["name"], "x-sdk-inherited": ["name", "kind"]},
    ),
    "allOf over a union multiplies out": (
        "allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {legs: {type: integer}}}]",
        {
            "anyOf": [
                {"type": "object", "properties": {**NAME_KIND, "legs": LEGS}, "required": ["name"]},
                {
                    "type": "object",
                    "properties": {"name": TEXT, "kind": {"type": "string", "const": "dog"}, "legs": LEGS},
                },
            ]
        },
    ),
    "allOf[T, nullable] is T or null": ("allOf: [{$ref: '#/components/schemas/Cat'}, {nullable: true}]", {"anyOf": [CAT, NULL]}),
    "allOf[T] with words is T": ("allOf: [{$ref: '#/components/schemas/Cat'}, {description: Ours.}]", {**CAT, "description": "Ours."}),
    "allOf that only repeats a reference keeps its name": ("allOf: [{$ref: '#/components/schemas/Cat'}, {type: object}]", CAT),
    "allOf keeps the narrower of two properties": (
        "allOf: [{properties: {k: {type: string, enum: [a]}}}, {properties: {k: {type: string}}}]",
        {"type": "object", "properties": {"k": {"type": "string", "const": "a"}}},
    ),
    "allOf of texts is a narrower text": (
        "allOf: [{$ref: '#/components/schemas/Size'}, {enum: [m, l, xl]}]",
        {"type": "string", "enum": ["m", "l"]},
    ),
    "allOf of numbers takes the narrower": ("allOf: [{type: number}, {type: integer}]", WHOLE),
    "allOf of lists joins the items": (
        "allOf: [{type: array, items: {}}, {type: array, items: {type: string}}]",
        {"type": "array", "items": TEXT},
    ),
    "allOf takes only what both unions allow": (
        "allOf: [{type: [string, integer]}, {type: [integer, 'null']}]",
        WHOLE,
    ),
    # unions
    "oneOf is anyOf": ("oneOf: [{type: string}, {type: integer}]", {"anyOf": [TEXT, WHOLE]}),
    "oneOf beside anyOf: both hold": (
        "{oneOf: [{type: string}, {type: integer}], anyOf: [{type: string}, {type: boolean}]}",
        TEXT,
    ),
    "a union inside a union is flat": (
        "anyOf: [{anyOf: [{type: string}, {type: integer}]}, {type: string}, {type: boolean}]",
        {"anyOf": [TEXT, WHOLE, {"type": "boolean"}]},
    ),
    "a union of one": ("oneOf: [{$ref: '#/components/schemas/Cat'}]", CAT),
    "a union with anything is anything": ("anyOf: [{type: string}, {}]", {}),
    "null in a union comes last": ("anyOf: [{type: 'null'}, {type: string}]", {"anyOf": [TEXT, NULL]}),
    "type beside a union": (
        "{type: object, anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}",
        {"anyOf": [CAT, DOG]},
    ),
    "type beside a union is that of a member without one": (
        "{type: string, anyOf: [{enum: [a, b]}, {pattern: '^x'}]}",
        {"anyOf": [{"enum": ["a", "b"]}, {"type": "string", "pattern": "^x"}]},
    ),
    "properties beside a union": (
        "{properties: {legs: {type: integer}}, oneOf: [{$ref: '#/components/schemas/Dog'}]}",
        {"type": "object", "properties": {"name": TEXT, "kind": {"type": "string", "const": "dog"}, "legs": LEGS}, "x-sdk-inherited": ["name", "kind"]},
    ),
    "a union of requireds chooses fields of one object": (
        "{type: object, properties: {a: {type: string}}, anyOf: [{required: [a]}, {required: [b]}]}",
        {"type": "object", "properties": {"a": TEXT}},
    ),
    "a discriminator keeps its mapping": (
        "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], "
        "discriminator: {propertyName: kind, mapping: {c: '#/components/schemas/Cat', d: Dog}}}",
        {"anyOf": [CAT, DOG], "discriminator": {"propertyName": "kind", "mapping": {"c": "Cat", "d": "Dog"}}},
    ),
    # null
    "nullable": ("{type: string, nullable: true}", {"anyOf": [TEXT, NULL]}),
    "nullable: false": ("{type: string, nullable: false}", TEXT),
    "$ref beside nullable": ("{$ref: '#/components/schemas/Cat', nullable: true}", {"anyOf": [CAT, NULL]}),
    "nullable union": ("{nullable: true, oneOf: [{type: string}, {type: integer}]}", {"anyOf": [TEXT, WHOLE, NULL]}),
    "nullable anything": ("{nullable: true}", {}),
    "null among the values": ("{type: string, enum: [a, null]}", {"anyOf": [{"type": "string", "const": "a"}, NULL]}),
    "only null": ("{enum: [null]}", NULL),
    "a default moves up with null": ("{type: string, nullable: true, default: x}", {"anyOf": [TEXT, NULL], "default": "x"}),
    # values
    "one value is a constant": ("{type: string, enum: [cat]}", {"type": "string", "const": "cat"}),
    "const": ("const: cat", {"const": "cat"}),
    "values of three kinds": ("enum: [1, true, 1.5]", {"enum": [1, True, 1.5]}),
    "a value said twice": ("{type: integer, enum: [1, 2, 1]}", {"type": "integer", "enum": [1, 2]}),
    "unquoted values of a text": ("{type: string, enum: [1, true, x]}", {"type": "string", "enum": ["1", "true", "x"]}),
    "values that are no scalars say no more than their type": ("{type: object, enum: [{a: 1}]}", {"type": "object"}),
    # types
    "a list of types": ("type: [string, 'null']", {"anyOf": [TEXT, NULL]}),
    "a list of types with values: each has its own": (
        "{type: [string, integer, 'null'], enum: [a, 1, null]}",
        {"anyOf": [{"type": "string", "const": "a"}, {"type": "integer", "const": 1}, NULL]},
    ),
    "a list of types with items: only the array has them": (
        "{type: [string, array], items: {type: integer}}",
        {"anyOf": [TEXT, {"type": "array", "items": WHOLE}]},
    ),
    "a list of one type": ("type: [string]", TEXT),
    "an object without type": ("properties: {a: {type: string}}", {"type": "object", "properties": {"a": TEXT}}),
    "a map without type": ("additionalProperties: {type: string}", {"type": "object", "additionalProperties": TEXT}),
    "items without type": ("items: {type: string}", {"type": "array", "items": TEXT}),
    "an array without items": ("type: array", {"type": "array", "items": {}}),
    "a tuple is a list of a union": (
        "{type: array, prefixItems: [{type: string}, {type: integer}], items: false}",
        {"type": "array", "items": {"anyOf": [TEXT, WHOLE]}},
    ),
    "patterned properties are a map": ("patternProperties: {'^x-': {type: string}}", {"type": "object", "additionalProperties": TEXT}),
    "true is anything": ("properties: {a: true}", {"type": "object", "properties": {"a": {}}}),
    "false is no property": ("properties: {a: false, b: {type: string}}", {"type": "object", "properties": {"b": TEXT}}),
    "false is no choice": ("anyOf: [false, {type: string}]", TEXT),
    "a title is ignored": ("{title: Ours, type: string}", TEXT),
    "a property called title is kept": (
        "properties: {title: {title: Ours, type: string}}",
        {"type": "object", "properties": {"title": TEXT}},
    ),
    "not is a limit": ("{type: string, not: {enum: [a]}}", TEXT),
    "vendors' hints are not facts": ("{type: string, x-stainless-const: true, x-sdk-name: y}", {**TEXT, "x-sdk-name": "y"}),
    "a date-time": ("{type: string, format: date-time}", {"type": "string", "format": "date-time"}),
    # references
    "$ref with words beside it": ("{$ref: '#/components/schemas/Cat', description: Ours.}", {**CAT, "description": "Ours."}),
    "$ref with properties beside it": (
        "{$ref: '#/components/schemas/Dog', properties: {legs: {type: integer}}}",
        {"type": "object", "properties": {"name": TEXT, "kind": {"type": "string", "const": "dog"}, "legs": LEGS}, "x-sdk-inherited": ["name", "kind"]},
    ),
    "$ref with a required key beside it": (
        "{$ref: '#/components/schemas/Dog', required: [name]}",
        {
            "type": "object",
            "properties": {"name": TEXT, "kind": {"type": "string", "const": "dog"}},
            "required": ["name"],
        },
    ),
    "a deep $ref is what stands there": ("$ref: '#/components/schemas/Cat/properties/name'", TEXT),
    "a $ref to $defs": ("$ref: '#/components/schemas/Deep/$defs/Leg'", WHOLE),
    "allOf with anything": ("allOf: [{$ref: '#/components/schemas/Anything'}, {type: string}]", TEXT),
}  # fmt: skip


def normaliser(schemas: str) -> Normaliser:
    return Normaliser(document(schemas))


@pytest.mark.parametrize(("raw", "canonical"), RULES.values(), ids=list(RULES))
def test_rule(raw: str, canonical: Any) -> None:
    """The schema becomes the canonical form that the rule says."""
    found = normaliser(COMPONENTS).schema(yaml.safe_load(raw), "/x")
    assert found == canonical
    assert repr(found.get("enum")) == repr(canonical.get("enum"))  # 1 is not True


def test_recursive_ref_means_the_component() -> None:
    """$recursiveRef is a reference to the component that it stands in."""
    text = "Tree: {type: object, $recursiveAnchor: true, properties: {next: {$recursiveRef: '#'}}}"
    assert normaliser(text).component("Tree")["properties"] == {"next": {"$ref": "Tree"}}


def test_a_component_may_contain_itself_through_its_properties() -> None:
    """A reference back through properties is no cycle, allOf with words beside it included."""
    text = "Tree: {properties: {next: {allOf: [{$ref: '#/components/schemas/Tree'}, {description: Ours.}]}}}"
    assert normaliser(text).components()["Tree"]["properties"]["next"] == {"$ref": "Tree", "description": "Ours."}


def test_a_component_name_may_hold_odd_characters() -> None:
    """A reference is percent-encoded and escaped; the key is neither."""
    text = "'a/b c': {type: string}\nB: {$ref: '#/components/schemas/a~1b%20c'}"
    assert normaliser(text).components()["B"] == {"$ref": "a/b c"}


# schema: what is wrong with it, where
WRONG = {
    "A: {if: {type: string}}": ("'if' cannot be expressed", "/components/schemas/A/if"),
    "A: {properties: {x: {then: {}}}}": ("'then' cannot be expressed", "/components/schemas/A/properties/x/then"),
    "A: {else: {}}": ("'else' cannot be expressed", "/components/schemas/A/else"),
    "A: {items: {$dynamicRef: '#a'}}": ("'$dynamicRef' cannot be expressed", "/components/schemas/A/items/$dynamicRef"),
    "A: {dependentSchemas: {}}": ("'dependentSchemas' cannot be expressed", "/components/schemas/A/dependentSchemas"),
    "A: {allOf: [{$ref: '#/components/schemas/B'}, {properties: {}}]}\n"
    "B: {allOf: [{$ref: '#/components/schemas/A'}, {properties: {}}]}": (
        "contains itself through allOf: A → B → A", "/components/schemas/A",
    ),
    "A: {$ref: '#/components/schemas/B'}\nB: {$ref: '#/components/schemas/A'}": (
        "defined by itself alone: A → B → A", "/components/schemas/A",
    ),
    "A: {anyOf: [{type: string}, {$ref: '#/components/schemas/A'}]}": (
        "defined by itself alone: A → A", "/components/schemas/A",
    ),
    "A: {properties: {x: {properties: {y: {$ref: '#/components/schemas/A/properties/x'}}}}}": (
        "leads back to itself", "/components/schemas/A/properties/x/properties/y",
    ),
    "A: {allOf: [{type: string}, {type: object, properties: {}}]}": (
        "no value satisfies together (string and object)", "/components/schemas/A",
    ),
    "A: false": ("false is not a schema", "/components/schemas/A"),
    "A: {$ref: '#/components/schemas/A/x'}": ("leads nowhere", "/components/schemas/A"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wrong"), WRONG.items())
def test_what_cannot_be_expressed_is_one_error(text: str, wrong: tuple[str, str]) -> None:
    """The error says what, where, and what to do."""
    with pytest.raises(GeneratorError) as caught:
        normaliser(text).components()
    assert wrong[0] in caught.value.problem
    assert caught.value.pointer == wrong[1]
    assert caught.value.hint
