"""The local server of a package answers from the document."""

from __future__ import annotations

import importlib

from ..packages import Packages

PATHS = """\
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      responses: {200: {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet:
      type: object
      required: [name, age, kind]
      properties:
        name: {type: string, example: Rex}
        age: {type: integer, example: %s}
        kind: {type: string, enum: [dog, cat], example: cat}
"""


def _reply(packages: Packages, age: str) -> object:
    made = packages(PATHS % age)
    testing = importlib.import_module(f"{made.__name__}.testing")
    with testing.LocalServer() as server, made.Client(api_base=server.url, api_key=server.api_key) as client:
        return client.pets.retrieve.sync("1").to_dict()


def test_examples_of_the_document(packages: Packages) -> None:
    """The examples of properties are in the replies."""
    assert _reply(packages, "3") == {"name": "Rex", "age": 3, "kind": "cat"}


def test_examples_that_are_not_valid(packages: Packages) -> None:
    """A reply that they would make invalid is made without them."""
    assert _reply(packages, "three") == {"name": "name", "age": 1, "kind": "dog"}
