"""A parent with a discriminator, whose children take it over with allOf, is read as whichever child came."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

import json
from typing import Any

import pytest

from generator.normalise.inheritance import with_unions_of_children

from ...faults.raw import Raw, always, reply
from ..mini import document
from ..packages import Packages

PETS = """
Pet:
  type: object
  required: [petType]
  discriminator: {propertyName: petType, mapping: {dog: '#/components/schemas/Dog', stray: Fox}}
  properties: {petType: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {born: {type: string, format: date}}}]}
Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, required: [bark], properties: {bark: {}}}]}
Puppy: {allOf: [{$ref: '#/components/schemas/Dog'}, {type: object, properties: {age: {type: integer}}}]}
Fox: {type: object, properties: {petType: {type: string}, red: {type: boolean}}}
Owner:
  type: object
  properties:
    best: {allOf: [{$ref: '#/components/schemas/Pet'}], description: prose, nullable: true}
    all: {type: array, items: {$ref: '#/components/schemas/Pet'}}
    own: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {mine: {type: boolean}}}]}
    some: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Pet'}]}
"""
PATHS = """
/owner: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Owner'}}}}}}}
/pets:
  post:
    requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
"""


def test_replies_are_children(packages: Packages) -> None:
    """The tag decides: by the mapping, by the child's name, at any depth; every other value is the parent."""
    text = "".join(f"{key}:\n{''.join(f'  {line}{chr(10)}' for line in body.strip().splitlines())}"
                   for key, body in (("paths", PATHS), ("components", "schemas:\n" + PETS.replace("\n", "\n  "))))  # fmt: skip
    made = packages(text)
    pets: list[dict[str, Any]] = [{"petType": "Cat", "born": "2020-01-02"}, {"petType": "dog", "bark": 1}, {"petType": "Puppy", "age": 1},
            {"petType": "stray", "red": True}, {"petType": "Pet"}, {"petType": "new", "x": 1}]  # fmt: skip
    wire = {
        "best": {**pets[0], "friend": pets[1]},
        "all": pets,
        "own": {"petType": "new", "mine": True},
        "some": pets[0],
    }
    with Raw(always(reply(json.dumps(wire).encode()), reply(json.dumps(pets[2]).encode()))) as server:
        with made.Client(api_base=server.url, strict=True) as client:
            owner = client.owner.retrieve.sync()
            assert type(client.pets.create.sync(body={"petType": "Puppy", "age": 1, "bark": 2})).__name__ == "Puppy"
        assert server.requests[1].endswith(b'{"petType":"Puppy","age":1,"bark":2}')
    assert (owner.best.born.year, type(owner.best.friend).__name__) == (2020, "Dog")
    assert [type(pet).__name__ for pet in owner.all] == ["Cat", "Dog", "Puppy", "Fox", "Pet", "Pet"]
    assert (type(owner.own).__name__, owner.own.mine, type(owner.some).__name__) == ("OwnerOwn", True, "Cat")
    assert owner.to_dict() == wire


@pytest.mark.parametrize(
    "schemas",
    [
        "Pet: {discriminator: {propertyName: t}, properties: {t: {type: string}}}",
        "Pet: {properties: {t: {}}}\nCat: {allOf: [{$ref: '#/components/schemas/Pet'}]}",
        "Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: t}}\nCat: {properties: {t: {}}}",
        "Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: t}}\nCat: {properties: {t: {}}}\nDog: {allOf: [{$ref: '#/components/schemas/Pet'}]}",
    ],
)
def test_other_schemas_stay(schemas: str) -> None:
    """Without children, without a discriminator, or where the union is written, nothing is to be done."""
    data = document(schemas)
    assert with_unions_of_children(data) is data


def test_the_document_stays() -> None:
    """The union gets a free name, and the one of the overlay where the parent has one; nothing is changed in place."""
    data: dict[str, Any] = document(PETS.replace("Owner:", "AnyPet:").replace("  type: object", "  x-sdk-name: Tom", 1))
    before = json.dumps(data)
    schemas = with_unions_of_children(data)["components"]["schemas"]
    assert json.dumps(data) == before
    assert schemas["AnyPet2"]["x-sdk-name"] == "AnyTom"
    assert schemas["AnyPet"]["properties"]["all"]["items"] == {"$ref": "#/components/schemas/AnyPet2"}
    assert [member["$ref"].rpartition("/")[2] for member in schemas["AnyPet2"]["oneOf"]] == [
        "Cat", "Dog", "Puppy", "Fox", "Pet",
    ]  # fmt: skip


def test_a_property_called_all_of() -> None:
    """A property called allOf, with references in its schema, is a property."""
    pets = f"{PETS}Pack: {{type: object, properties: {{allOf: {{type: array, items: {{$ref: '#/components/schemas/Pet'}}}}}}}}"
    schemas = with_unions_of_children(document(pets))["components"]["schemas"]
    assert schemas["Pack"]["properties"]["allOf"]["items"] == {"$ref": "#/components/schemas/AnyPet"}


NAMED_VALUES = """
paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Rule'}}}}}}}}
components:
  schemas:
    Rule: {type: object, required: [kind], discriminator: {propertyName: kind}, properties: {kind: {type: string, enum: [Fusion, Ml]}}}
    Common: {allOf: [{$ref: '#/components/schemas/Rule'}], type: object, properties: {on: {type: boolean}}}
    FusionRule: {x-ms-discriminator-value: Fusion, allOf: [{$ref: '#/components/schemas/Common'}], type: object, properties: {a: {type: integer}}}
    MlRule: {x-ms-discriminator-value: Ml, allOf: [{$ref: '#/components/schemas/Rule'}], type: object, properties: {a: {type: integer}}}
    Other: {x-ms-discriminator-value: Ml, type: object, properties: {a: {type: integer}}}
"""


@pytest.mark.parametrize(("kind", "name"), [("Fusion", "FusionRule"), ("Ml", "MlRule"), ("x", "Rule")])
def test_values_that_the_children_name(packages: Packages, kind: str, name: str) -> None:
    """`x-ms-discriminator-value` of a child is its value, at any depth below the schema with the discriminator."""
    made = packages(NAMED_VALUES)
    found = made.models.AnyRule.from_dict({"kind": kind, "a": 1})
    assert (type(found).__name__, found.a) == (name, 1)
