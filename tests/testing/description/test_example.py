"""Values made from a JSON schema."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sdk.testing.api.prompt_example import PromptExample
from sdk.testing.description.example import example

_TREE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
            },
            "required": ["name", "children", "next"],
            "additionalProperties": False,
        }
    },
}


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {},
        {"type": "string", "minLength": 20},
        {"type": "string", "maxLength": 2},
        {"type": "string", "pattern": "^[0-9]{5}$"},
        {"type": "string", "format": "date-time"},
        {"type": ["null", "integer"]},
        {"type": "integer", "minimum": 100},
        {"type": "integer", "exclusiveMinimum": 4, "maximum": 5},
        {"type": "integer", "maximum": -3},
        {"type": "integer", "multipleOf": 7, "minimum": 15},
        {"type": "number", "minimum": 0.2, "maximum": 0.3},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5},
        {"type": "boolean"},
        {"type": "null"},
        {"const": {"a": 1}},
        {"enum": [None, 1]},
        {"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True},
        {"type": "array", "items": {"type": "string"}, "maxItems": 0},
        {"type": "array", "prefixItems": [{"type": "integer"}, {"const": "x"}], "items": False},
        {"type": "object", "required": ["a"], "additionalProperties": {"type": "integer"}},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/b~1c"}}, "$defs": {"b/c": {"enum": ["deep"]}}},
        {"allOf": [{"properties": {"a": {"const": 1}}, "required": ["a"]}, {"required": ["b"]}], "type": "object"},
        {"type": "object", "properties": {"a": {"type": "string"}}, "anyOf": [{"required": ["a"]}]},
        {"oneOf": [{"type": "null"}, {"type": "object", "properties": {"kind": {"const": "x"}}, "required": ["kind"]}]},
        _TREE,
    ],
)
@pytest.mark.parametrize("prompt", ["", "Send 3 apples to Oslo, and 150 more."])
def test_makes_a_valid_value(schema: Any, prompt: str) -> None:
    """Whatever the prompt, the value is valid by its schema."""
    Draft202012Validator(schema).validate(PromptExample(schema, prompt).made())


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        ("the weather in Oslo?", "Oslo"),
        ("What about Oslo, please?", "Oslo"),
        ("Hello there", "there"),
        ('look for "two words" now', "two words"),
        ("city=Bergen please", "Bergen"),
        ("the city is Rome.", "Rome"),
        ("", "city"),
    ],
)
def test_takes_strings_from_the_prompt(prompt: str, said: str) -> None:
    """A string is what the prompt says for its name, or has in quotes, or ends with; or else it is the name."""
    assert PromptExample({"properties": {"city": {"type": "string"}}}, prompt).made() == {"city": said}


def test_takes_numbers_from_the_prompt() -> None:
    """A number is the first of the prompt that fits."""
    assert PromptExample({"type": "integer", "minimum": 10}, "between 3 and 12 days").made() == 12
    assert PromptExample({"type": "number"}, "about -2.5 degrees").made() == -2.5


def test_chooses_the_first_of_an_enum() -> None:
    """An enum's first value is taken."""
    assert PromptExample({"enum": ["b", "a"]}, "a").made() == "b"


def test_ends_where_a_schema_requires_itself() -> None:
    """A schema that nothing can fit gives some value."""
    schema = {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}
    assert set(example(schema)) == {"next"}


def test_survives_a_pattern_that_is_not_pythons() -> None:
    """A pattern that Python cannot read is left unmet."""
    assert PromptExample({"type": "string", "pattern": "^\\p{L}+$"}, "Oslo").made() == "Oslo"


def test_references_beside_each_other() -> None:
    """An object of several references has the properties of all; one that contains itself ends."""
    schema = {
        "$defs": {
            "A": {"type": "object", "properties": {"a": {"anyOf": [{"type": "object"}, {"type": "null"}]}}},
            "B": {"type": "object", "properties": {"b": {"const": 1}}},
            "C": {"allOf": [{"$ref": "#/$defs/C"}, {"type": "object"}]},
        },
        "allOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}, {"required": ["a", "b"]}],
    }
    assert example(schema) == {"a": {}, "b": 1}
    assert example({**schema, "allOf": [{"$ref": "#/$defs/C"}]}) == {}


def test_likely_values() -> None:
    """The document's own examples are taken where likely values are asked for."""
    schema = {"properties": {"name": {"type": "string", "example": "Rex"}, "age": {"type": "integer"}}}
    assert example(schema, likely=True) == {"name": "Rex", "age": 1}
    assert example(schema) == {"name": "name", "age": 1}
