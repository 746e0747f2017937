"""Small documents of our own, and the upstream one where it is at hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.document.load import load
from generator.document.read import Document

from .packages import packages as make_packages

ROOT = Path(__file__).parents[2]
UPSTREAM = ROOT.parent / "shared" / "upstream" / "openapi-2026-08-21.yaml"

HEAD = "openapi: 3.1.0\ninfo: {title: Zoo, version: '1'}\n"

# Every kind of prose, and facts that only look like it.
ZOO = """\
openapi: 3.1.0
info: {version: '1', title: Zoo, description: Prose.}
x-oaiMeta: {a: 1}
tags: [{name: Cats, description: Prose.}, {name: Ants}]
paths:
  /dogs:
    post:
      responses: {default: {$ref: '#/components/responses/Bad'}, 200: {description: Prose.}, x-note: {title: kept}}
      summary: Prose.
      x-zoo-b: 1
      x-zoo-a: {description: kept}
      operationId: addDog
    parameters: [{in: query, name: z, example: Prose., schema: {type: string}}, {name: a, in: query}]
  /cats:
    get: {responses: {2xx: {description: Prose., content: {b/b: {example: 1}, a/a: {}}}}}
components:
  schemas:
    Dog:
      type: object
      title: Prose.
      description: Prose.
      properties:
        title: {type: string, title: Prose.}
        summary: {type: string, example: Prose.}
        description: {$ref: '#/components/schemas/Cat', description: Prose.}
        examples: {type: array, items: {type: string, examples: [Prose.]}}
      required: [title, examples, description]
      default: {description: kept, example: kept}
    Cat: {enum: [z, a], const: kept, deprecated: true, format: x, externalDocs: {url: 'http://prose'}}
  responses:
    Bad: {description: Prose.}
  examples: {A: {value: Prose.}}
"""

Write = Callable[..., Path]

packages = pytest.fixture(make_packages)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes a file into an empty folder and returns its path."""

    def write_one(text: str | bytes, name: str = "zoo.yaml") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write_one


@pytest.fixture(scope="session")
def pinned() -> Document:
    """Load the pinned document of this repository, once."""
    return load(ROOT / "spec" / "openapi.yaml")


@pytest.fixture(scope="session")
def upstream() -> Document:
    """Load the upstream document, once; it lies outside the repository."""
    if not UPSTREAM.is_file():
        pytest.skip("needs the upstream document, which is not part of the repository: ../shared/upstream/")
    return load(UPSTREAM)
