"""Texts reach the operations, arguments, classes and fields that they are for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.describe.apply import described
from generator.describe.coverage import coverage
from generator.describe.places import key_of
from generator.describe.source import read_descriptions
from generator.errors import GeneratorError
from generator.ir import Api, ObjectType
from generator.render import build_api

from ..mini import document, quiet

SCHEMAS = """
Base: {type: object, properties: {id: {type: string}, made: {type: integer}}}
Pet:
  allOf:
  - $ref: '#/components/schemas/Base'
  - type: object
    required: [name]
    properties:
      name: {type: string, description: From the document.}
      home: {type: object, properties: {street: {type: string}}}
      toys: {type: array, items: {anyOf: [{type: object, properties: {colour: {type: string}}}, {type: string}]}}
"""
PATHS = """
/pets/{pet}:
  parameters: [{name: pet, in: path, required: true, schema: {type: string}}]
  get:
    responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  put:
    parameters: [{name: loud, in: query, schema: {type: boolean}}]
    requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Base'}}}}}
"""


def _described(folder: Path, text: str) -> Api:
    path = folder / "descriptions.yaml"
    path.write_text(text, encoding="utf-8")
    data = document(SCHEMAS, PATHS)
    return described(build_api(data, quiet()), data, read_descriptions(path))


def _fields(api: Api, name: str) -> dict[str, str | None]:
    return {f.key: f.description for f in api.objects[name].fields}


def _params(api: Api, name: str) -> dict[str, str | None]:
    operation = next(o for o in api.operations if o.name == name)
    return {p.attr: p.description for p in operation.params}


@pytest.mark.parametrize(
    ("pointer", "key"),
    [
        ("/components/schemas/Pet", "Pet"),
        ("/components/schemas/Pet/allOf/1/properties/home", "Pet.home"),
        ("/components/schemas/Pet/properties/toys/items/anyOf/0", "Pet.toys[]"),
        ("/components/schemas/Pet/additionalProperties", "Pet{}"),
        ("/components/schemas/a~1b/properties/c.d", "a/b.c.d"),
        ("/paths/~1pets/get/responses/200", ""),
        ("/components/schemas/Pet/not", ""),
    ],
)
def test_the_key_of_a_place(pointer: str, key: str) -> None:
    """A key names the schema and the properties on the way, and no alternatives."""
    assert key_of(pointer) == key


def test_a_text_beats_that_of_the_document(tmp_path: Path) -> None:
    """A text of the file takes the place of the document's; without one the document's stays."""
    reported = _described(tmp_path, "schemas: {Pet: {name: What it answers to., '': An animal.}}")
    assert _fields(reported, "Pet")["name"] == "What it answers to."
    assert reported.objects["Pet"].description == "An animal."
    assert _fields(_described(tmp_path, "fields: {name: Any name.}"), "Pet")["name"] == "From the document."


def test_inner_and_inherited_fields(tmp_path: Path) -> None:
    """Inline objects have the key of their place; a part of an allOf describes its own properties."""
    api = _described(
        tmp_path, "schemas: {Base: {id: Unique.}, Pet.home: {street: With its number.}, 'Pet.toys[]': {colour: RGB.}}"
    )
    inner = {f.key: f.description for s in api.schemas for o in s.inline for f in o.fields}
    assert inner == {"street": "With its number.", "colour": "RGB."}
    assert _fields(api, "Pet")["id"] == _fields(api, "Base")["id"] == "Unique."
    assert _params(api, "pets.replace")["id"] == "Unique."


def test_common_fields_and_arguments(tmp_path: Path) -> None:
    """A common text is for what has none of its own; a text for one operation goes before it."""
    api = _described(
        tmp_path,
        "fields: {made: In Unix time.}\nparameters: {pet: Its id., loud: Barks., pets.replace.pet: The old one.}\n"
        "operations: {pets.replace: Changes it.}",
    )
    assert _fields(api, "Pet")["made"] == "In Unix time."
    assert _params(api, "pets.retrieve") == {"pet": "Its id."}
    replace = _params(api, "pets.replace")
    assert (replace["pet"], replace["loud"], replace["made"]) == ("The old one.", "Barks.", "In Unix time.")
    assert [o.description for o in api.operations] == ["Changes it.", None]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("operations: {pets.gone: Text.}", "/operations/pets.gone: there is no operation pets.gone"),
        ("parameters: {pets.retrieve.loud: Text.}", "there is no argument pets.retrieve.loud"),
        ("fields: {gone: Text.}", "/fields/gone: no schema has a property gone"),
        ("schemas: {Dog: {name: Text.}}", "/schemas/Dog: there is no schema Dog"),
        ("schemas: {Pet: {id: Text.}}", "/schemas/Pet/id: Pet declares no property id"),
    ],
)
def test_a_text_for_what_is_gone(tmp_path: Path, text: str, problem: str) -> None:
    """A text for something that does not exist is an error with its place."""
    with pytest.raises(GeneratorError) as info:
        _described(tmp_path, text)
    assert problem in str(info.value)
    assert "descriptions.yaml:1: " in str(info.value)


def test_coverage(tmp_path: Path) -> None:
    """What has a text is counted: operations, arguments, fields of replies."""
    api = _described(tmp_path, "fields: {id: Unique.}\noperations: {pets.replace: Changes it.}")
    shares = {share.what: (share.done, share.all) for share in coverage(api)}
    assert shares["operations"] == (1, 2)
    assert shares["arguments"] == (2, 8)
    assert shares["fields of replies"] == (3, 9)
    assert str(coverage(api)[0]) == "operations 1 of 2 (50 %)"


def test_objects_are_those_of_their_schemas(tmp_path: Path) -> None:
    """The table of classes has the described classes, and no others."""
    api = _described(tmp_path, "fields: {id: Unique.}")
    written: dict[str, Any] = {o.name: o for s in api.schemas for o in (*s.inline, s.body) if isinstance(o, ObjectType)}
    assert api.objects == written
