"""The compact description of replies that ships with the SDK."""

from __future__ import annotations

import json
from typing import Any

import pytest
from attrs import evolve

from generator.emit.description import compact, describe
from generator.ir import Operation, Reply

PAGE = {
    "type": "object",
    "required": ["items"],
    "description": "Prose.",
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Dog"}}},
}
DOCUMENT: dict[str, Any] = {
    "paths": {
        "/dogs": {
            "get": {
                "responses": {
                    "404": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Wrong"}}}},
                    "201": {"$ref": "#/components/responses/Dogs"},
                }
            }
        }
    },
    "components": {
        "responses": {"Dogs": {"content": {"application/json; charset=utf-8": {"schema": PAGE}}}},
        "schemas": {
            "Cat": {"type": "string"},
            "Dog": {"properties": {"friend": {"$ref": "#/components/schemas/Dog"}, "age": {"$ref": "#/x~1y/0"}}},
            "Wrong": {},
        },
    },
    "x/y": [{"type": "integer", "minimum": 0}],
}
DOGS = Operation(
    "dogs.list", "GET", "/dogs", "/paths/~1dogs/get", (), None, Reply("json"), (("api_key",),),
    fixed_query=(("beta", "true"),), fixed_headers=(("X-Mode", "b"),),
)  # fmt: skip


def test_replies_and_the_schemas_that_they_use() -> None:
    """The first successful reply of each operation is described, with the schemas that it leads to and no others."""
    assert json.loads(describe(DOCUMENT, [DOGS])) == {
        "base": "",
        "operations": {
            "dogs.list": {
                "method": "GET",
                "path": "/dogs?beta=true",
                "status": 201,
                "headers": {"X-Mode": "b"},
                "replies": {
                    "application/json": {
                        "type": "object",
                        "required": ["items"],
                        "properties": {"items": {"type": "array", "items": {"$ref": "Dog"}}},
                    }
                },
            }
        },
        "schemas": {
            "#/x~1y/0": {"type": "integer", "minimum": 0},
            "Dog": {"properties": {"friend": {"$ref": "Dog"}, "age": {"$ref": "#/x~1y/0"}}},
        },
    }


def test_replies_of_several_statuses() -> None:
    """A reply may be that of any status of success; the local server sends the first one that has content."""
    replies = {
        "200": {"description": "none"},
        "202": {"content": {"application/json": {"schema": {"type": "string"}}}},
        "206": {"content": {"application/json; charset=utf-8": {"schema": {"type": "integer"}}}},
    }
    document = {"paths": {"/a": {"get": {"responses": replies}}}}
    [operation] = json.loads(
        describe(document, [Operation("a.get", "GET", "/a", "/paths/~1a/get", (), None, Reply("json"), ())])
    )["operations"].values()
    assert operation["status"] == 202
    assert operation["replies"] == {"application/json": {"anyOf": [{"type": "string"}, {"type": "integer"}]}}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (True, True),
        ({"type": "string", "title": "Prose.", "format": "uri", "default": "a", "x-note": 1}, {"type": "string"}),
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"type": "string", "nullable": True, "enum": ["a"]}, {"type": ["string", "null"], "enum": ["a", None]}),
        (
            {"allOf": [{"type": "string"}, {"nullable": True}]},
            {"anyOf": [{"allOf": [{"type": "string"}]}, {"type": "null"}]},
        ),
        ({"nullable": True}, {}),
        ({"$recursiveRef": "#"}, {"$ref": "Tree"}),
        ({"minimum": 0, "exclusiveMinimum": True}, {"exclusiveMinimum": 0}),
        ({"maximum": 9, "exclusiveMaximum": False}, {"maximum": 9}),
        ({"oneOf": [{"const": 1}, {"const": 2}]}, {"anyOf": [{"const": 1}, {"const": 2}]}),
        (
            {"oneOf": [{"const": 1}], "anyOf": [{"minimum": 0}]},
            {"anyOf": [{"minimum": 0}], "allOf": [{"anyOf": [{"const": 1}]}]},
        ),
        ({"patternProperties": {"^a": {}}, "additionalProperties": False}, {}),
        ({"additionalProperties": True}, {}),
        (
            {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False},
            {"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}, "maxItems": 2},
        ),
        (
            {"prefixItems": [{"type": "string"}], "items": {"type": "integer"}},
            {"items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
        ),
        ({"prefixItems": [{"type": "string"}, True], "items": False}, {"maxItems": 2}),
        ({"prefixItems": [{"type": "string"}]}, {}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
    ],
)  # fmt: skip
def test_compact_schemas(raw: Any, expected: Any) -> None:
    """A schema of OpenAPI 3.0 or 3.1 becomes plain JSON Schema with facts only."""
    assert compact(raw, "Tree") == expected


def test_servers_and_keys_of_a_package() -> None:
    """The local server of a package knows the path of the base URL, and which keys an operation wants."""
    document = {**DOCUMENT, "servers": [{"url": "https://dogs.example/v2/"}]}
    found = json.loads(describe(document, [evolve(DOGS, server="https://other.example/v3")], {"k": ("query", "q", "")}))
    assert (found["base"], found["schemes"]) == ("/v2", {"k": ["query", "q", ""]})
    operation = found["operations"]["dogs.list"]
    assert (operation["base"], operation["security"]) == ("/v3", [list(one) for one in DOGS.security])
    assert "security" not in json.loads(describe(document, [DOGS]))["operations"]["dogs.list"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"example": "Rex"}, {"example": "Rex"}),
        ({"examples": [3, 4]}, {"example": 3}),
        ({"example": "a" * 101}, {}),
        ({"example": {"name": "Rex"}}, {}),
        ({"examples": {"one": {"value": 1}}}, {}),
    ],
)
def test_examples(raw: Any, expected: Any) -> None:
    """Of the examples of a package's document the short ones are kept; the SDK keeps none."""
    assert compact({"type": "string", **raw}, "", ("type", "example")) == {"type": "string", **expected}
    assert compact({"type": "string", **raw}) == {"type": "string"}
