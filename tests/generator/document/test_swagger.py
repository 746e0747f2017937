"""Swagger 2.0 becomes OpenAPI 3.0, section by section."""

from __future__ import annotations

from typing import Any

import pytest

from generator.document.load import load, read_document
from generator.errors import GeneratorError

from ..conftest import Write

HEAD = "swagger: '2.0'\ninfo: {title: T, version: '1'}\n"


@pytest.fixture
def convert(write: Write) -> Any:
    """Return the data of a Swagger document of a few lines."""
    return lambda text: load(write(HEAD + text)).data


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("host: a.example\nbasePath: /v1/\nschemes: [http, https]\n", ["https://a.example/v1", "http://a.example/v1"]),
        ("host: a.example\n", ["https://a.example"]),
        ("basePath: /v1\n", ["/v1"]),
        ("host: a.example\nschemes: [wss]\n", None),
    ],
)
def test_servers(convert: Any, text: str, urls: list[str] | None) -> None:
    """Schemes, host and basePath are servers, https first; without a host the path alone."""
    servers = convert(f"{text}paths: {{}}\n").get("servers")
    assert (servers and [one["url"] for one in servers]) == urls


def operation(convert: Any, text: str, more: str = "") -> Any:
    """Return the one operation of a document."""
    return convert(f"{more}paths:\n  /x/{{id}}:\n    post:\n{text}")["paths"]["/x/{id}"]["post"]


ID = "      parameters: [{name: id, in: path, required: true, type: integer}, %s]\n"
OK = "      responses: {200: {description: ok, schema: {$ref: '#/definitions/Pet'}}}\n"
PET = "definitions: {Pet: {type: object, x-nullable: true, properties: {kind: {type: string}}, discriminator: kind}}\n"


def test_parameters_get_a_schema_and_a_style(convert: Any) -> None:
    """The keys of a parameter are its schema; collectionFormat is style and explode."""
    many = "{name: a, in: query, type: array, items: {type: string}, collectionFormat: %s}"
    found = operation(convert, ID % many.replace("%s", "pipes") + OK, PET)["parameters"]
    assert found[0] == {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    assert found[1]["schema"] == {"type": "array", "items": {"type": "string"}}
    assert (found[1]["style"], found[1]["explode"]) == ("pipeDelimited", False)


def test_a_body_has_the_types_that_it_consumes(convert: Any) -> None:
    """`consumes` of the operation, else of the document, else JSON."""
    body = ID % "{name: b, in: body, required: true, schema: {$ref: '#/definitions/Pet'}}"
    schema = {"$ref": "#/components/schemas/Pet"}
    found = operation(convert, body + OK, PET)["requestBody"]
    assert found == {"required": True, "content": {"application/json": {"schema": schema}}}
    found = operation(convert, body + "      consumes: [application/xml]\n" + OK, PET)["requestBody"]
    assert list(found["content"]) == ["application/xml"]


def test_forms_are_bodies(convert: Any) -> None:
    """Fields of a form are properties; a file makes it multipart."""
    text = operation(convert, ID % "{name: n, in: formData, type: string, required: true}" + OK, PET)["requestBody"]
    assert text == {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"n": {"type": "string"}}, "required": ["n"]}
            }
        },
    }
    file = operation(convert, ID % "{name: f, in: formData, type: file}" + OK, PET)["requestBody"]["content"]
    assert file["multipart/form-data"]["schema"]["properties"] == {"f": {"type": "string", "format": "binary"}}


def test_replies_have_the_types_that_they_produce(convert: Any) -> None:
    """`produces` are the media types of a reply; a file is bytes."""
    found = operation(convert, ID % "{name: q, in: query, type: string}" + "      produces: [application/pdf]\n"
                      "      responses: {200: {description: ok, schema: {type: file}}}\n")  # fmt: skip
    assert found["responses"]["200"]["content"] == {
        "application/pdf": {"schema": {"type": "string", "format": "binary"}}
    }


def test_schemas_change_their_words(convert: Any) -> None:
    """A discriminator is an object, x-nullable is nullable."""
    pet = convert(f"{PET}paths: {{}}\n")["components"]["schemas"]["Pet"]
    assert (pet["discriminator"], pet["nullable"]) == ({"propertyName": "kind"}, True)


def test_security_schemes(convert: Any) -> None:
    """basic is http, and the flows of OAuth 2 have their new names."""
    schemes = """securityDefinitions:
  b: {type: basic}
  k: {type: apiKey, in: header, name: X-Key}
  o: {type: oauth2, flow: application, tokenUrl: https://a.example/t, scopes: {read: r}}
"""
    found = convert(f"{schemes}paths: {{}}\n")["components"]["securitySchemes"]
    assert found["b"] == {"type": "http", "scheme": "basic"}
    assert found["k"] == {"type": "apiKey", "in": "header", "name": "X-Key"}
    assert found["o"]["flows"] == {"clientCredentials": {"tokenUrl": "https://a.example/t", "scopes": {"read": "r"}}}


def test_shared_parameters_of_a_path_are_bodies_of_its_operations(convert: Any) -> None:
    """A body parameter of a path item goes into each operation, any other stays there."""
    shared = "parameters: [{name: q, in: query, type: string}, {name: b, in: body, schema: {type: object}}]"
    text = f"paths:\n  /x:\n    {shared}\n    put: {{responses: {{200: {{description: ok}}}}}}\n"
    item = convert(text)["paths"]["/x"]
    assert item["parameters"] == [{"name": "q", "in": "query", "schema": {"type": "string"}}]
    assert item["put"]["requestBody"] == {"content": {"application/json": {"schema": {"type": "object"}}}}


def test_lines_are_those_of_the_file(write: Write) -> None:
    """An error in a definition has the line where the file has it."""
    path = write(HEAD + "paths: {}\ndefinitions:\n  A: {type: object}\n  B:\n    $ref: '#/definitions/C'\n")
    with pytest.raises(GeneratorError) as caught:
        load(path)
    assert (caught.value.pointer, caught.value.line) == ("/components/schemas/B/$ref", 7)


def test_openapi_stays_as_it_is(write: Write) -> None:
    """Only Swagger 2.0 is converted."""
    data = read_document(write("openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ndefinitions: {}\n")).data
    assert data["definitions"] == {}
