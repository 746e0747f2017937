"""Facts: what is kept, what is left out, and in which order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.commands.pin import pinned_text
from generator.document.facts import facts, phrase
from generator.document.read import read

from ..conftest import ZOO, Write

FACTS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Zoo", "version": "1"},
    "tags": [{"name": "Cats"}, {"name": "Ants"}],
    "paths": {
        "/cats": {
            "get": {"responses": {"2xx": {"description": "Successful", "content": {"b/b": {}, "a/a": {}}}}},
        },
        "/dogs": {
            "parameters": [{"name": "z", "in": "query", "schema": {"type": "string"}}, {"name": "a", "in": "query"}],
            "post": {
                "operationId": "addDog",
                "responses": {
                    "200": {"description": "OK"},
                    "default": {"$ref": "#/components/responses/Bad"},
                    "x-note": {"title": "kept"},
                },
                "x-zoo-a": {"description": "kept"},
                "x-zoo-b": 1,
            },
        },
    },
    "components": {
        "schemas": {
            "Cat": {"deprecated": True, "format": "x", "enum": ["z", "a"], "const": "kept"},
            "Dog": {
                "type": "object",
                "default": {"description": "kept", "example": "kept"},
                "properties": {
                    "title": {"type": "string"},
                    "summary": {"type": "string"},
                    "description": {"$ref": "#/components/schemas/Cat"},
                    "examples": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["title", "examples", "description"],
            },
        },
        "responses": {"Bad": {"description": "Bad"}},
    },
}


def zoo(write: Write) -> dict[str, Any]:
    """Read the small document as plain data."""
    data: dict[str, Any] = read(write(ZOO)).data
    return data


def test_facts_are_kept_and_prose_is_left_out(write: Write) -> None:
    """Prose goes, facts stay, in canonical order; what only looks like prose stays."""
    # As JSON, so that the order of keys is compared too.
    assert json.dumps(facts(zoo(write)), indent=1) == json.dumps(FACTS, indent=1)


def test_prose_can_be_kept(write: Write) -> None:
    """With keep_prose nothing is lost, only put in order."""
    data = zoo(write)
    kept = facts(data, keep_prose=True)
    assert kept == data
    assert list(kept["components"]["schemas"]) == ["Cat", "Dog"]


def test_the_source_is_not_changed(write: Write) -> None:
    """Taking the facts of a document leaves it as it is."""
    data = zoo(write)
    facts(data)
    assert data == zoo(write)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("200", "OK"),
        ("422", "Unprocessable Content"),
        ("4XX", "Client Error"),
        ("5xx", "Server Error"),
        ("default", "Any Other Status"),
        ("299", "Status 299"),
        ("TooBig", "TooBig"),
    ],
)
def test_responses_are_described_by_their_status(code: str, expected: str) -> None:
    """A response's description is derived from its status code or name."""
    assert phrase(code) == expected


def test_the_order_of_paths_and_schemas_does_not_matter(write: Write) -> None:
    """A document whose maps are in another order gives the same bytes."""
    data = zoo(write)
    other = dict(reversed(data.items()))
    other["paths"] = {path: dict(reversed(item.items())) for path, item in reversed(data["paths"].items())}
    other["components"] = {part: dict(reversed(named.items())) for part, named in reversed(data["components"].items())}
    assert pinned_text(other) == pinned_text(data)


def test_the_order_of_properties_matters(write: Write) -> None:
    """Properties, enum values and content types stay in the order in which they were written."""
    schemas = facts(zoo(write))["components"]["schemas"]
    assert list(schemas["Dog"]["properties"]) == ["title", "summary", "description", "examples"]
    assert schemas["Cat"]["enum"] == ["z", "a"]
