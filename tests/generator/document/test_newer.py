"""OpenAPI 3.2: other methods, whole queries, shared media types, default mappings."""

from __future__ import annotations

from typing import Any

import pytest

from ..packages import Packages
from ..standalone import json_reply, replies, sent

HEAD = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://small.example'}]\n"
NONE = "responses: {'204': {summary: none}}"
PATHS = f"""
paths:
  /q:
    query:
      x-sdk-name: a.search
      requestBody: {{content: {{application/json: {{schema: {{type: object, properties: {{s: {{type: string}}}}}}}}}}}}
      {NONE}
    additionalOperations:
      COPY: {{x-sdk-name: a.copy, parameters: [{{name: to, in: query, schema: {{type: string}}}}], {NONE}}}
    get:
      x-sdk-name: a.get
      parameters:
      - {{$ref: '#/components/parameters/Q'}}
      - {{name: c, in: cookie, style: cookie, schema: {{type: string}}}}
      responses: {{'200': {{content: {{application/json: {{$ref: '#/components/mediaTypes/M'}}}}}}, '204': {{}}}}
components:
  parameters:
    Q:
      name: whole
      in: querystring
      required: true
      content:
        application/x-www-form-urlencoded:
          schema: {{$ref: '#/components/schemas/Query'}}
          encoding: {{ids: {{style: pipeDelimited, explode: false}}}}
  mediaTypes: {{M: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}
  schemas:
    Query:
      required: [a]
      properties: {{a: {{type: string}}, ids: {{type: array, items: {{type: integer}}}}}}
    Cat: {{type: object, required: [kind], properties: {{kind: {{type: string}}, lives: {{type: integer}}}}}}
    Other: {{type: object, required: [kind], properties: {{kind: {{type: string}}, name: {{type: string}}}}}}
    Pet:
      oneOf: [{{$ref: '#/components/schemas/Cat'}}, {{$ref: '#/components/schemas/Other'}}]
      discriminator: {{propertyName: kind, mapping: {{cat: Cat}}, defaultMapping: Other}}
"""


@pytest.fixture
def package(packages: Packages) -> Any:
    """Give the package of the document."""
    package = packages(PATHS, head=HEAD)
    assert packages.reported == ["left out: 1 schema that nothing uses: Query"]  # its properties are arguments
    return package


def test_methods_beside_the_known_ones(package: Any) -> None:
    """QUERY, and any other method, are operations, with arguments and bodies."""
    line, headers, body = sent(package, "a.search", s="x")
    assert (line, headers["Content-Type"], body) == ("QUERY /q", "application/json", b'{"s":"x"}')
    assert sent(package, "a.copy", to="b")[0] == "COPY /q?to=b"


def test_a_whole_query_is_its_parts(package: Any) -> None:
    """The properties of a form that is the query are arguments, with their styles; a cookie has its own."""
    line, headers, _ = sent(package, "a.get", a="1", ids=[1, 2], c="x")
    assert (line, headers["Cookie"]) == ("GET /q?a=1&ids=1%7C2", "c=x")
    with pytest.raises(TypeError, match="'a'"):
        sent(package, "a.get")


def test_a_shared_media_type_and_a_default_mapping(package: Any) -> None:
    """The schema of a referenced media type is that of the reply; an unknown tag is the default of the union."""
    assert replies(package, "a.get", json_reply(b'{"kind": "cat", "lives": 9}'), a="1").lives == 9
    found = replies(package, "a.get", json_reply(b'{"kind": "dog", "name": "Rex"}'), a="1")
    assert (type(found).__name__, found.name) == ("Other", "Rex")


def test_a_query_that_is_no_form_is_left_out(packages: Packages) -> None:
    """A whole query of another media type is refused, and left out leniently."""
    query = "{name: q, in: querystring, content: {application/json: {schema: {type: object}}}}"
    text = f"paths: {{/a: {{get: {{x-sdk-name: a.get, parameters: [{query}], {NONE}}}}}}}"
    packages(text, head=HEAD, code=1)
    assert "/paths/~1a/get/parameters/0/in" in packages.err
    assert sent(packages(text, "--lenient", head=HEAD), "a.get")[0] == "GET /a"
