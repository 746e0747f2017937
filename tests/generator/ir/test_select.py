"""--include: chosen resources, and the schemas that they use."""

from __future__ import annotations

import pytest

from generator.errors import GeneratorError
from generator.publish.folders import Trees

from ..mini import api_of, trees_of

SCHEMAS = """
Cat: {properties: {toy: {$ref: '#/components/schemas/Toy'}}, x-sdk-accepts: [Kitten]}
Toy: {properties: {name: {$ref: '#/components/schemas/Name'}}}
Name: {type: string}
Kitten: {properties: {age: {}}}
Dog: {properties: {toy: {$ref: '#/components/schemas/Toy'}}}
Bone: {properties: {size: {type: integer}}}
"""


def path(item: str, schema: str) -> str:
    ref = f"{{$ref: '#/components/schemas/{schema}'}}"
    body = f"{{content: {{application/json: {{schema: {{properties: {{it: {ref}}}}}}}}}}}"
    reply = f"{{content: {{application/json: {{schema: {ref}}}}}}}"
    return f"{item}: {{post: {{requestBody: {body}, responses: {{'200': {reply}}}}}}}\n"


PATHS = path("/cats", "Cat") + path("/dogs", "Dog") + path("/dogs/bones", "Bone") + path("/dogs/bonesetters", "Dog")


def files(trees: Trees, folder: str) -> set[str]:
    """Return the names of the Python modules of one folder, those that are always there left out."""
    return {n for n in trees[folder] if n.endswith(".py") and not n.rpartition("/")[2].startswith("_")} | {
        n for n in trees[folder] if n.endswith("/__init__.py")
    }


ALONE = """
Alone: {properties: {bone: {$ref: '#/components/schemas/Bone'}, other: {$ref: '#/components/schemas/Other'}}}
Other: {}
"""


def test_all_is_what_is_used() -> None:
    """Without --include all operations are there, with what they send; the report names what nothing uses."""
    trees = trees_of(SCHEMAS + ALONE, PATHS)
    assert files(trees, "sdk/api") == {"cats.py", "dogs/__init__.py", "dogs/bones.py", "dogs/bonesetters.py"}
    assert files(trees, "sdk/models") == {
        *("cat.py", "toy.py", "name.py", "kitten.py", "dog.py", "bone.py"),
        *("cats_create_body.py", "dogs_create_body.py", "dogs_bones_create_body.py", "dogs_bonesetters_create_body.py"),
    }
    assert "Alone" not in trees["sdk/models"]["_index.py"]
    assert api_of(SCHEMAS + ALONE, PATHS).report.notes == ("left out: 2 schemas that nothing uses: Alone, Other",)
    assert api_of(SCHEMAS, PATHS).report.notes == ()


def test_a_schema_can_be_kept() -> None:
    """`x-sdk-keep` keeps a schema that nothing uses, and what it uses."""
    api = api_of(SCHEMAS + ALONE.replace("{properties", "{x-sdk-keep: true, properties", 1), PATHS)
    assert {"Alone", "Other"} <= {schema.name for schema in api.schemas}
    assert api.report.notes == ()


def test_webhooks_and_streams_use_schemas() -> None:
    """What a webhook sends, and the events of a stream, are in use."""
    hook = "{content: {application/json: {schema: {$ref: '#/components/schemas/Alone'}}}}"
    stream = "{content: {text/event-stream: {schema: {$ref: '#/components/schemas/Other'}}}}"
    more = f"{{webhooks: {{a: {{post: {{requestBody: {hook}}}}}}}}}"
    path = f"/talk: {{post: {{responses: {{'200': {stream}}}}}}}"
    assert {"Alone", "Other"} <= {schema.name for schema in api_of(SCHEMAS + ALONE, path, more).schemas}


def test_without_operations_all_is_there() -> None:
    """Of a document that has schemas alone, they are what the package is for."""
    assert {"Alone", "Other"} <= {schema.name for schema in api_of(ALONE + "Bone: {}").schemas}


def test_a_resource_brings_what_it_uses() -> None:
    """Its schemas, what those contain, and the models that it accepts; nothing else."""
    trees = trees_of(SCHEMAS, PATHS, include=["cats"])
    assert files(trees, "sdk/api") == {"cats.py"}
    assert files(trees, "sdk/models") == {"cat.py", "toy.py", "name.py", "kitten.py", "cats_create_body.py"}
    assert "Dog" not in trees["sdk/models"]["_index.py"]


def test_a_resource_brings_those_below_it() -> None:
    """dogs includes dogs.bones; dogs.bones includes neither its parent's operations nor dogs.bonesetters."""
    assert files(trees_of(SCHEMAS, PATHS, include=["dogs"]), "sdk/api") == {
        "dogs/__init__.py", "dogs/bones.py", "dogs/bonesetters.py",
    }  # fmt: skip
    trees = trees_of(SCHEMAS, PATHS, include=["dogs.bones"])
    assert files(trees, "sdk/api") == {"dogs/__init__.py", "dogs/bones.py"}
    assert "def create" not in trees["sdk/api"]["dogs/__init__.py"]


def test_an_unknown_resource_is_an_error_that_lists_the_known_ones() -> None:
    """A slip in --include does not generate nothing."""
    with pytest.raises(GeneratorError, match="no resource is called 'cat'") as caught:
        trees_of(SCHEMAS, PATHS, include=["cats", "cat"])
    assert caught.value.hint == "choose among these: cats, dogs, dogs.bones, dogs.bonesetters"
