"""Small documents of our own, and the upstream one where it is at hand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from generator.document.load import load
from generator.document.read import Document

from . import whole
from .packages import packages as make_packages

ROOT = whole.ROOT
_SHARED = ROOT.parent / "shared" / "upstream"
UPSTREAM = (_SHARED / "openapi-2026-08-21.yaml", _SHARED / "official-3.57.0-additions.yaml")

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
#: mypy(folder, *arguments, beside=()): folders beside it hold packages too
Mypy = Callable[..., str]

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
def mypy(tmp_path_factory: pytest.TempPathFactory) -> Mypy:
    """Give a function that checks packages strictly and returns what mypy says, but of their runtime."""
    cache = tmp_path_factory.mktemp("mypy")

    def run(folder: Path, *arguments: str, beside: Collection[Path] = ()) -> str:
        (cache / "mypy.ini").write_text("[mypy]\n[mypy-*._core.*,*._cli.*,*.testing.*]\nignore_errors = True\n")
        command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(cache), *arguments]
        command += ["--config-file", str(cache / "mypy.ini")]
        path = ":".join(map(str, (folder, *beside, ROOT)))
        environment = {"MYPYPATH": path, "PATH": "/usr/bin:/bin"}
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=200, check=False
        )
        return done.stdout + done.stderr

    return run


@pytest.fixture(scope="session")
def pinned() -> Document:
    """Load the pinned document of this repository, once."""
    return whole.pinned()


@pytest.fixture(scope="session")
def sources() -> tuple[Document, ...]:
    """Load the sources of the pinned document, once, the base first; they lie outside the repository."""
    if not all(path.is_file() for path in UPSTREAM):
        pytest.skip("needs the sources, which are not part of the repository: ../shared/upstream/")
    return tuple(map(load, UPSTREAM))


@pytest.fixture(scope="session")
def upstream(sources: tuple[Document, ...]) -> Document:
    """Return the base of the pinned document."""
    return sources[0]
