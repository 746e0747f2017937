"""Loading: which documents are refused, where and with which way out."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from generator.document.load import check_references, load
from generator.errors import GeneratorError, Problems

from ..conftest import HEAD, Write

PATHS = "paths: {}\n"


def refused(path: Path) -> GeneratorError:
    """Load a document that must be refused."""
    with pytest.raises(GeneratorError) as caught:
        load(path)
    return caught.value


def test_a_valid_document_is_loaded(write: Write) -> None:
    """A valid document comes back as plain data with its path and digest."""
    path = write(HEAD + PATHS)
    document = load(path)
    assert document.data == {"openapi": "3.1.0", "info": {"title": "Zoo", "version": "1"}, "paths": {}}
    assert document.path == path
    assert document.sha256 == hashlib.sha256((HEAD + PATHS).encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "pointer", "problem"),
    [
        ("swagger: '1.2'\n", "/swagger", "this is Swagger 1.2, not 2.0, nor OpenAPI 3.0, 3.1 or 3.2"),
        ("openapi: 3.3.0\n", "/openapi", "OpenAPI 3.3.0 is not supported, only 3.0, 3.1 and 3.2 are"),
        ("openapi: 2.0.0\n", "/openapi", "OpenAPI 2.0.0 is not supported, only 3.0, 3.1 and 3.2 are"),
        ("openapi: 3.1\n", "/openapi", "the version 3.1 has no patch number"),
        ("openapi: '3.0'\n", "/openapi", "the version 3.0 has no patch number"),
        ("openapi: 2.0\n", "/openapi", "OpenAPI 2.0 is not supported, only 3.0, 3.1 and 3.2 are"),
        ("info: {}\n", "", "this is not an OpenAPI document: it has no `openapi`"),
    ],
)
def test_other_formats_are_refused_by_name(write: Write, text: str, pointer: str, problem: str) -> None:
    """A document that is not OpenAPI 3.0, 3.1 or 3.2 is told what it is."""
    error = refused(write(text))
    assert (error.pointer, error.line, error.problem) == (pointer, 1, problem)


@pytest.mark.parametrize(
    ("text", "pointer", "line", "problem"),
    [
        ("openapi: 3.1.0\ninfo: {title: Zoo}\npaths: {}\n", "/info", 2, "not valid OpenAPI: 'version' is missing"),
        (HEAD, "", 1, "not valid OpenAPI: 'paths' is missing"),
        (
            HEAD + "paths:\n  /a:\n    get:\n      responses: {}\n      parameters:\n      - {name: a, in: zoo}\n",
            "/paths/~1a/get/parameters/0/in",
            8,
            "not valid OpenAPI: input should be 'query', 'path', 'header' or 'cookie'",
        ),
        (
            HEAD.replace("3.1.0", "3.0.3") + "paths:\n  /a: {get: {}}\n  /b: {get: {}}\n",
            "/paths/~1a/get",
            4,
            "not valid OpenAPI: 'responses' is missing (1 more: the next run shows them)",
        ),
        (
            HEAD + "paths: {}\ncomponents: {schemas: {A: {type: zoo}}}\n",
            "/components/schemas/A/type",
            4,
            "not valid OpenAPI: input should be 'string', 'number', 'integer', 'boolean', 'array', 'object' or 'null'",
        ),
        (HEAD + "paths:\n  a: {}\n", "/paths/a", 4, "the path 'a' does not start with a slash"),
    ],
)
def test_an_invalid_document_is_refused(write: Write, text: str, pointer: str, line: int, problem: str) -> None:
    """What the typed model refuses becomes one error with the place of the first, and a count of the rest."""
    error = refused(write(text))
    assert (error.pointer, error.line, error.problem) == (pointer, line, problem)


@pytest.mark.parametrize(
    ("target", "problem", "hint"),
    [
        ("#/components/schemas/Catt", "leads nowhere", "did you mean '#/components/schemas/Cat'?"),
        ("#/components/schema/Cat", "leads nowhere", "did you mean '#/components/schemas'?"),
        ("#/components/schemas/Zebra", "leads nowhere", "there is no 'Zebra' in '#/components/schemas': add it"),
        ("#Cat", "names an anchor, which is not supported", "write the full path"),
    ],
)
def test_references_to_nowhere_are_refused(write: Write, target: str, problem: str, hint: str) -> None:
    """A $ref that leads nowhere says where it stands, where it leads, and what was meant."""
    schemas = f"components:\n  schemas:\n    Cat: {{type: object}}\n    Dog:\n      items:\n        $ref: '{target}'\n"
    error = refused(write(HEAD + PATHS + schemas))
    assert isinstance(error, Problems)
    assert (error.pointer, error.line) == ("/components/schemas/Dog/items/$ref", 9)
    assert error.problem == f"the $ref {target!r} {problem}"
    assert (error.hint or "").startswith(hint)


def test_all_wrong_references_are_shown(write: Write) -> None:
    """Several wrong references are shown together, five of them in full."""
    schemas = "".join(f"    S{n}: {{$ref: '#/no/{n}'}}\n" for n in range(7))
    text = str(refused(write(HEAD + PATHS + "components:\n  schemas:\n" + schemas)))
    assert text.count("leads nowhere") == 5
    assert text.endswith("\nand 2 more like these")


def test_references_are_told_from_properties_and_values(write: Write) -> None:
    """A property called $ref is a schema, and an example or default that contains one is a value."""
    schema = (
        "    A:\n      properties: {$ref: {type: string}}\n      default: {$ref: no}\n      examples: [{$ref: no}]\n"
    )
    load(write(HEAD + PATHS + "components:\n  schemas:\n" + schema))


def test_escaped_references_are_followed(write: Write) -> None:
    """A $ref is a URI fragment with a JSON pointer: %20, ~1 and ~0 are undone."""
    schemas = "    'A /~': {type: string}\n    B: {$ref: '#/components/schemas/A%20~1~0'}\n"
    load(write(HEAD + PATHS + "components:\n  schemas:\n" + schemas))


def test_a_mapping_to_nowhere_is_refused(write: Write) -> None:
    """A discriminator's mapping is checked as references are."""
    schema = "    A: {discriminator: {propertyName: kind, mapping: {a: '#/components/schemas/A', b: '#/no'}}}\n"
    error = refused(write(HEAD + PATHS + "components:\n  schemas:\n" + schema))
    assert error.pointer == "/components/schemas/A/discriminator/mapping/b"


def test_references_of_changed_data_are_checked(write: Write) -> None:
    """Data that was changed after loading can be checked again."""
    document = load(write(HEAD + PATHS))
    with pytest.raises(Problems):
        check_references(document.data | {"components": {"schemas": {"A": {"$ref": "#/no"}}}}, document)


def test_extensions_are_no_responses(write: Write) -> None:
    """Extensions beside paths and status codes may hold anything."""
    load(write(HEAD + "paths:\n  x-a: {$ref: no}\n  /a: {get: {responses: {x-b: [2]}}}\n"))
