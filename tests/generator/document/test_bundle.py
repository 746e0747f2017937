"""Documents of several files: what their references lead to becomes part of one document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from generator.document.load import check, load, read_document
from generator.document.location import Url, forget, joined
from generator.document.read import Document
from generator.errors import GeneratorError

from ...faults.raw import Raw, always, reply
from ..conftest import HEAD, Write

ROOT = HEAD + "paths:\n  /pets: {$ref: 'paths/pets.yaml'}\n"
PETS = """\
get:
  operationId: listPets
  parameters: [{$ref: '../parts.yaml#/parameters/limit'}]
  responses:
    '200':
      description: ok
      content: {application/json: {schema: {$ref: '../schemas.yaml#/Pet'}}}
"""
PARTS = "parameters:\n  limit: {name: limit, in: query, schema: {$ref: 'schemas.yaml#/Limit'}}\n"
SCHEMAS = """\
Limit: {type: integer}
Pet:
  type: object
  properties:
    owner: {$ref: '#/Owner'}
    friend: {$ref: '#/Pet'}
Owner: {type: object, properties: {name: {type: string}}}
"""


@pytest.fixture
def files(write: Write) -> Path:
    """Write a document of four files; return the first."""
    for name, text in {"paths/pets.yaml": PETS, "parts.yaml": PARTS, "schemas.yaml": SCHEMAS}.items():
        write(text, name)
    return write(ROOT, "openapi.yaml")


def test_references_to_files_become_components(files: Path) -> None:
    """Each target is a component under its own name, once, and refers to the components of the others."""
    data = load(files).data
    components = data["components"]
    assert data["paths"]["/pets"] == {"$ref": "#/components/pathItems/pets"}
    assert set(components["schemas"]) == {"Limit", "Owner", "Pet"}
    assert components["schemas"]["Pet"]["properties"] == {
        "owner": {"$ref": "#/components/schemas/Owner"},
        "friend": {"$ref": "#/components/schemas/Pet"},
    }
    assert components["parameters"]["limit"]["schema"] == {"$ref": "#/components/schemas/Limit"}


def test_errors_name_the_file_that_has_them(files: Path, write: Write) -> None:
    """A mistake in another file has that file and its line."""
    write(SCHEMAS.replace("'#/Owner'", "'#/Ownr'"), "schemas.yaml")
    with pytest.raises(GeneratorError) as caught:
        load(files)
    assert caught.value.problem == "the $ref '#/Ownr' of schemas.yaml leads nowhere in schemas.yaml"
    assert (Path(str(caught.value.file)).name, caught.value.line) == ("schemas.yaml", 5)


def test_a_component_that_is_a_reference_is_its_target(write: Write) -> None:
    """The name of the document stays, whoever refers to the file, and however."""
    write("type: object\nproperties: {self: {$ref: 'cat.yaml'}}\n", "cat.yaml")
    head = HEAD + "paths: {}\ncomponents:\n  schemas:\n    Cat: {$ref: './cat.yaml'}\n"
    own = load(write(head + "    Cats: {type: array, items: {$ref: 'cat.yaml'}}\n", "a.yaml")).data["components"]
    assert own["schemas"] == {
        "Cat": {"type": "object", "properties": {"self": {"$ref": "#/components/schemas/Cat"}}},
        "Cats": {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}},
    }


def test_a_whole_map_may_be_in_another_file(write: Write) -> None:
    """`schemas: {$ref: file}` has the schemas of that file, and references inside of it stay right."""
    write(SCHEMAS, "schemas.yaml")
    data = load(write(HEAD + "paths: {}\ncomponents: {schemas: {$ref: schemas.yaml}}\n", "a.yaml")).data
    assert set(data["components"]["schemas"]) == {"Limit", "Pet", "Owner"}
    assert data["components"]["schemas"]["Pet"]["properties"]["owner"] == {"$ref": "#/components/schemas/Owner"}


def test_two_files_with_one_name_stay_apart(write: Write) -> None:
    """The second schema of a name gets that of its file, too."""
    for name in ("a", "b"):
        write(f"Pet: {{title: {name}, type: string}}\n", f"{name}.yaml")
    schemas = "components:\n  schemas:\n    One: {anyOf: [{$ref: 'a.yaml#/Pet'}, {$ref: 'b.yaml#/Pet'}]}\n"
    found = load(write(HEAD + "paths: {}\n" + schemas, "o.yaml")).data["components"]["schemas"]
    assert (found["Pet"]["title"], found["b_Pet"]["title"]) == ("a", "b")


def test_mappings_follow_their_files(write: Write) -> None:
    """A discriminator's mapping may name files."""
    write("Cat: {type: object}\n", "s.yaml")
    union = "oneOf: [{$ref: 's.yaml#/Cat'}], discriminator: {propertyName: kind, mapping: {cat: 's.yaml#/Cat'}}"
    found = load(write(HEAD + f"paths: {{}}\ncomponents: {{schemas: {{U: {{{union}}}}}}}\n", "o.yaml")).data
    assert found["components"]["schemas"]["U"]["discriminator"]["mapping"] == {"cat": "#/components/schemas/Cat"}


@pytest.mark.parametrize(
    ("target", "problem"),
    [
        ("no.yaml#/Pet", "no.yaml: there is no such file"),
        ("schemas.yaml#/Dog", "the $ref 'schemas.yaml#/Dog' of o.yaml leads nowhere in schemas.yaml"),
        ("schemas.yaml#dog", "the $ref 'schemas.yaml#dog' names an anchor that schemas.yaml does not have"),
    ],
)
def test_references_to_nowhere(write: Write, target: str, problem: str) -> None:
    """A file or a place that is missing is an error of the reference; other files may be right all the same."""
    write(SCHEMAS, "schemas.yaml")
    schemas = f"{{X: {{items: {{$ref: '{target}'}}}}}}"
    document = read_document(write(HEAD + f"paths: {{}}\ncomponents: {{schemas: {schemas}}}\n", "o.yaml"))
    with pytest.raises(GeneratorError) as caught:
        check(document.data, document)
    assert caught.value.problem.endswith(problem)


def test_a_document_of_a_server_is_joined_with_its_neighbours() -> None:
    """References of a URL are relative to it, and each document is asked for once."""
    root = HEAD + "paths: {}\ncomponents: {schemas: {A: {$ref: 's.yaml#/A'}, B: {$ref: 's.yaml#/B'}}}\n"
    other = "A: {type: string}\nB: {type: integer}\n"
    forget()
    with Raw(always(reply(root.encode()), reply(other.encode()))) as server:
        data = load(Url(f"{server.url}/openapi.yaml")).data
        assert data["components"]["schemas"] == {"A": {"type": "string"}, "B": {"type": "integer"}}
        assert [one.split()[1] for one in server.requests] == [b"/v1/openapi.yaml", b"/v1/s.yaml"]


@pytest.mark.parametrize("reference", ["file:///etc/hosts", "ftp://a.example/x.yaml"])
def test_a_server_cannot_refer_to_this_machine(reference: str) -> None:
    """What a server sends leads to servers alone."""
    with pytest.raises(GeneratorError, match="leads from a server to something else"):
        joined(Url("https://a.example/openapi.yaml"), reference)


def test_a_document_in_one_file_is_untouched(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without such references nothing is copied."""

    def fail(*_: Any) -> Document:
        raise AssertionError

    monkeypatch.setattr("generator.document.bundle._Bundler", fail)
    assert load(write(HEAD + "paths: {}\n")).data["paths"] == {}
