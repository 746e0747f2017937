"""New names for models: the old ones stay known."""

from __future__ import annotations

from generator.ir import Ref, Union
from generator.ir.rename import renamed

from ..mini import api_of

SCHEMAS = """
Pet: {properties: {toy: {properties: {a: {}}}, bone: {properties: {a: {}, b: {}}}, one: {properties: {c: {}}}}}
Owner: {x-sdk-accepts: [Pet], properties: {pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
AnyOne: {anyOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Owner'}]}
Pets: {type: object, additionalProperties: {$ref: '#/components/schemas/Pet'}}
"""


def test_a_name_is_new_everywhere() -> None:
    """In types, in lists of what a schema accepts, in the list of modules and in the names of the request side."""
    api = renamed(api_of(SCHEMAS), {"Pet": "Animal"})
    assert api.objects["Owner"].fields[0].type.item == Ref("Animal")  # type: ignore[union-attr]
    assert api.aliases["AnyOne"] == Union((Ref("Animal"), Ref("Owner")))
    assert api.aliases["Pets"].value == Ref("Animal")  # type: ignore[union-attr]
    assert [schema.accepts for schema in api.schemas if schema.accepts] == [("Animal",)]
    assert (api.modules["Animal"], api.params["Animal"]) == ("pet", "AnimalParam")
    assert "Pet" not in api.modules.keys() | api.objects.keys() | api.params.keys()
    assert dict(api.former()) == {"Pet": "Animal"}


def test_old_names_lead_to_the_last_one() -> None:
    """Also if an object is renamed first, and gives way to another one then."""
    once = renamed(api_of(SCHEMAS), {"PetToy": "Toy"})
    api = renamed(once, {"Toy": "PetBone"})
    assert dict(api.former()) == {"PetToy": "PetBone", "Toy": "PetBone"}
    assert [obj.name for schema in api.schemas for obj in schema.inline] == ["PetBone", "PetOne"]
    assert [f.type for f in api.objects["Pet"].fields] == [Ref("PetBone"), Ref("PetBone"), Ref("PetOne")]


def test_a_union_of_one() -> None:
    """A union whose members become one is that member."""
    api = renamed(
        api_of(SCHEMAS + "Two: {anyOf: [{properties: {x: {}}}, {properties: {y: {}}}]}"), {"TwoVariant1": "TwoVariant2"}
    )
    assert api.aliases["Two"] == Ref("TwoVariant2")
