"""What generated modules import: all of it is reserved, so that no class, resource or verb takes its place."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

import ast
from collections.abc import Iterator

from generator.ir import names
from generator.policy import Policy
from generator.render import build_api, emit

from ..mini import document, quiet, trees_of

# Something of every kind, so that each import that a template or an emitter can write is written.
SCHEMAS = """
Cat: {type: object, required: [type], properties: {type: {const: cat}, at: {type: string, format: date-time}}}
Dog: {type: object, required: [type], properties: {type: {enum: [dog, puppy]}, day: {type: string, format: date}}}
Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
Ball: {type: object, required: [radius], properties: {radius: {type: number}}}
Stick: {type: object, required: [length], properties: {length: {type: number}}}
Toy: {anyOf: [{$ref: '#/components/schemas/Ball'}, {$ref: '#/components/schemas/Stick'}]}
Free: {anyOf: [{$ref: '#/components/schemas/Ball'}, {type: object}, {type: array, items: {$ref: '#/components/schemas/Cat'}}]}
Shadow:
  type: object
  x-sdk-shortcuts: {words: [str]}
  x-sdk-vendor-keys: [beside]
  properties: {str: {type: string}, date: {type: string, format: date}, map: {type: object, additionalProperties: {}}}
Chunk: {type: object, properties: {text: {type: string}}}
Pets: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
"""
PATHS = """
x-parts:
  body: &body
    content: {application/json: {schema: {required: [format], properties: {stream: {type: boolean}, format: {}}}}}
  chunks: &chunks {schema: {$ref: '#/components/schemas/Chunk'}}
  cat: &cat {schema: {$ref: '#/components/schemas/Cat'}}
  wav: &wav {schema: {type: string, format: binary}}
/pets:
  get: {responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}}}}
  post:
    parameters:
    - {name: "on", in: query, schema: {type: string, format: date}}
    - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string}}}
    requestBody:
      content:
        multipart/form-data:
          schema:
            properties:
              file: {type: string, format: binary}
              toys: {type: array, items: {$ref: '#/components/schemas/Toy'}}
              by_name: {type: object, additionalProperties: {$ref: '#/components/schemas/Shadow'}}
              free: {$ref: '#/components/schemas/Free'}
    responses: {'200': {description: ok}}
/pets/list: {put: {x-sdk-name: pets.date, responses: {'200': {content: {audio/wav: *wav}}}}}
/talk/file: {post: {requestBody: *body, responses: {'200': {content: {audio/wav: *wav, text/event-stream: *chunks}}}}}
/talk/only: {post: {responses: {'200': {content: {text/event-stream: *chunks}}}}}
/talk/json: {post: &talk {requestBody: *body, responses: {'200': {content: {application/json: *cat, text/event-stream: *chunks}}}}}
/talk/typed: {post: {<<: *talk, x-sdk-structured: format}}
"""
#: What is a class of Python, or streams, in packages alone.
TYPED = """
Kind: {type: string, enum: [cat, dog]}
Size: {type: integer, enum: [1, 2]}
Pet: {type: object, properties: {id: {type: string, format: uuid}, kind: {$ref: '#/components/schemas/Kind'}, size: {$ref: '#/components/schemas/Size'}}}
Pets: {type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
"""
PATHS_TYPED = """
/pets: {get: {operationId: listPets, responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}}}
/pets/all:
  get:
    operationId: listAllPets
    parameters: [{name: tags, in: query, schema: {type: array, uniqueItems: true, items: {type: string}}}]
    responses:
      '200':
        content:
          application/json: &pets {schema: {$ref: '#/components/schemas/Pets'}}
          application/json;stream=watch: *pets
"""
#: Names that a module imports only where nothing in it is called so.
EVADED = {"date", "datetime"}


def _imported(text: str) -> Iterator[str]:
    """Give the names that a module takes from outside of the generated folders."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and not node.level):
            inside = isinstance(node, ast.ImportFrom) and node.module == "__future__"
            yield from (alias.asname or alias.name for alias in node.names if not inside)


def test_all_that_generated_modules_import_is_reserved() -> None:
    """The list of reserved names is exactly what modules of models, params and resources import.

    A stub imports the same, and other names with `_` before them, which no class or verb begins with.
    """
    found = {"Unknown"}  # the index of the models has it for users
    typed = build_api(document(TYPED, PATHS_TYPED), quiet(), Policy.for_package(lenient=False))
    trees = [*trees_of(SCHEMAS, PATHS).values(), *emit(document(TYPED, PATHS_TYPED), typed, quiet()).values()]
    for tree in trees:
        for name, text in tree.items():
            if name.endswith(".pyi") and name.startswith(("pets", "talk")):
                found.update(each for each in _imported(text) if not each.startswith("_"))
            if (name.endswith(".py") and not name.startswith("_")) or name.endswith("/__init__.py"):
                found.update(_imported(text))
    assert found - EVADED == names.RESERVED
