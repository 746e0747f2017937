"""Copies without what a package does not use: nothing is missing that something in the package names."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from generator.commands import main
from generator.runtime.parts import parts_of
from generator.runtime.prune import pruned
from generator.runtime.reach import Reach
from generator.runtime.source import Module, modules

_PETS = Path(__file__).parents[1] / "commands/documents/pets.yaml"
_EVERYTHING = """
openapi: 3.1.0
info: {title: Everything, version: "1"}
servers: [{url: "https://all.example/v1"}]
security: [{signed: [read]}]
paths:
  /jobs:
    get:
      operationId: listJobs
      parameters: [{name: after, in: query, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Jobs"}}}}}
    post:
      operationId: createJob
      requestBody:
        content:
          multipart/form-data: {schema: {type: object, properties: {file: {type: string, format: binary}}}}
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}}}
  /jobs/{id}:
    get:
      operationId: getJob
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}}}
  /jobs/{id}/events:
    get:
      operationId: watchJob
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200": {description: ok, content: {text/event-stream: {schema: {$ref: "#/components/schemas/Event"}}}}
webhooks:
  made:
    post:
      parameters: [{name: X-Hub-Signature-256, in: header, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {$ref: "#/components/schemas/Made"}}}}
      responses: {"200": {description: ok}}
x-sdk-websocket:
  talk.connect:
    path: /talk
    send: {$ref: "#/components/schemas/Made"}
    receive: {$ref: "#/components/schemas/Event"}
components:
  securitySchemes:
    signed: {type: oauth2, flows: {clientCredentials: {tokenUrl: /token, scopes: {read: Read.}}}}
  schemas:
    Job:
      type: object
      required: [id, state]
      properties: {id: {type: string}, state: {type: string, enum: [running, done, failed]}}
      x-sdk-wait: {state: state, ends: [done, failed], failures: [failed], read: {operation: jobs.get, with: {id: id}}}
    Jobs:
      type: object
      properties:
        {data: {type: array, items: {$ref: "#/components/schemas/Job"}}, last_id: {type: string}}
    Made: {type: object, required: [type], properties: {type: {const: made}, name: {type: string}}}
    Gone: {type: object, required: [type], properties: {type: {const: gone}}}
    Event: {anyOf: [{$ref: "#/components/schemas/Made"}, {$ref: "#/components/schemas/Gone"}]}
"""  # fmt: skip
#: Imports every module of a package, and asks each for all that it re-exports.
_RESOLVE = """
import ast, importlib, inspect, pkgutil, sys
sys.modules["sdk"] = sys.modules["generator"] = None
package = importlib.import_module(sys.argv[1])
for found in pkgutil.walk_packages(package.__path__, f"{sys.argv[1]}."):
    if found.name.endswith("__main__"):
        continue
    module = importlib.import_module(found.name)
    names = {*getattr(module, "__all__", ()), *module.__dir__()}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and (node.col_offset == 0 or hasattr(module, "__getattr__")):
            names |= {alias.name for alias in node.names if alias.name == alias.asname}
    for name in names:
        getattr(module, name)
"""


@pytest.fixture(scope="module", params=["pets", "everything"])
def package(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generate a package without streams, uploads and WebSockets, and one with all of them; return its folder."""
    folder = tmp_path_factory.mktemp("copies")
    spec = _PETS
    if request.param == "everything":
        spec = folder / "everything.yaml"
        spec.write_text(_EVERYTHING)
    assert main(["generate", "--spec", str(spec), "--package", request.param, "--out", str(folder / "out")]) == 0
    return folder / "out" / str(request.param)


def test_every_name_that_a_module_offers_is_there(package: Path) -> None:
    """Every module of a package imports, and every re-export of it leads to something."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _RESOLVE, package.name], cwd=package.parent, capture_output=True,
        text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_every_import_finds_its_name(package: Path) -> None:
    """What an import names of the copies, in functions and for type checkers too, is in the module that it names."""
    found = {path.relative_to(package.parent).with_suffix("").parts: path for path in package.rglob("*.py")}
    texts = {parts[:-1] if parts[-1] == "__init__" else parts: path.read_text() for parts, path in found.items()}
    offered = {parts: _offered(ast.parse(text)) for parts, text in texts.items()}
    missing = []
    for parts, path in found.items():
        for node in ast.walk(ast.parse(path.read_text())):
            origin, names = _asked(node)
            if not origin:
                continue
            bare = origin.lstrip(".")
            above = parts[: len(parts) - (len(origin) - len(bare))] if bare != origin else ()
            target = (*above, *bare.split(".")) if bare else above
            if target[:1] == (package.name,) and target[1:2] not in [("models",), ("params",), ("api",)]:
                lost = [name for name in names if name not in offered.get(target, ()) and (*target, name) not in texts]
                missing += [f"{path}: {origin} has no {name}" for name in lost]
    assert missing == []


def _asked(node: ast.AST) -> tuple[str, list[str]]:
    """Return the module that an import names, or a call of `lazy_function`, and the names that it asks for."""
    match node:
        case ast.ImportFrom(module, names, level):
            return "." * level + (module or ""), [alias.name for alias in names]
        case ast.Call(ast.Name("lazy_function"), [_, ast.Constant(str(module)), ast.Constant(str(name))]):
            return module, [name]
    return "", []


def _offered(tree: ast.Module) -> set[str]:
    """Return the names at the top of a module, and those in its strings, such as the rows of tables."""
    found = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def test_no_module_names_what_went(package: Path) -> None:
    """What a module mentions, in annotations too, it defines or imports."""
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F821,F822", package],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "All checks passed!\n")


def test_a_re_export_that_nothing_uses_brings_no_module() -> None:
    """The room of HTTP offers sockets for WebSockets; without these their module is not there."""
    plain = Reach(["_core.client.base"])
    assert "_core.http.upgrade" not in {module.name for module in plain.modules}
    assert "open_socket" not in pruned(modules()["_core.http"], plain.parts(modules()["_core.http"]))
    assert "_core.http.upgrade" in {module.name for module in Reach(["_core.websocket.connections"]).modules}


_TEXT = """
from __future__ import annotations

import gone
import effect
from typing import TYPE_CHECKING, Any

from .a import used, unused

if TYPE_CHECKING:
    from .b import One as One
    from .c import Two as Two
else:
    _LATER = {**dict.fromkeys(("One", "Three"), ".b"), "Two": ".c"}
    __getattr__ = attributes(__name__, _LATER)

gone_too = frozenset({gone})


@cache
def first() -> None:
    used()


@registered
def second() -> Any:
    ...


class Last:
    pass
"""


def test_the_lines_of_a_part_go_with_it() -> None:
    """Imports lose names, tables lose rows; what has an effect stays, and what is left is as far apart as before."""
    module, names = Module("room.py", _TEXT.lstrip()), {"first", "One", "Any", "used", "_LATER"}
    kept = {part for part in parts_of(module) if not part.names or part.names & names}
    assert pruned(module, kept) == (
        "from __future__ import annotations\n\nimport effect\nfrom typing import Any\n\nfrom .a import used\n\n"
        "if TYPE_CHECKING:\n    from .b import One as One\nelse:\n"
        '    _LATER = {"One": ".b"}\n    __getattr__ = attributes(__name__, _LATER)\n\n\n'
        "@cache\ndef first() -> None:\n    used()\n\n\n@registered\ndef second() -> Any:\n    ...\n"
    )


def test_a_block_for_type_checkers_goes_when_it_is_empty() -> None:
    """A side without names goes; without both, the block does."""
    text = "a = 1\nif TYPE_CHECKING:\n    from .b import One\nelse:\n    Two = lazy_function(globals(), '.c', 'Two')\n"
    module = Module("room.py", text)
    a, one, two = parts_of(module)
    assert pruned(module, {a, two}) == (
        "a = 1\nif not TYPE_CHECKING:\n    Two = lazy_function(globals(), '.c', 'Two')\n"
    )
    assert pruned(module, {a, one}) == "a = 1\nif TYPE_CHECKING:\n    from .b import One\n"
    assert pruned(module, {a}) == "a = 1\n"
