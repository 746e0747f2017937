"""Two versions of any document compared as the packages that they make; what only looks like a break."""

# ruff: noqa: E501 - an operation of a document reads best in one line

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.commands import main
from generator.compare.diff import compare
from generator.pipeline import surface_of_package
from generator.policy import Policy

from ..mini import quiet

ID = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]"
DOCUMENT = f"""
openapi: 3.1.0
info: {{title: Zoo, version: '2.1'}}
security: [{{token: []}}]
paths:
  /pets/{{id}}: {{delete: {{operationId: deletePet, {ID}, responses: {{'204': {{description: ok}}}}}}}}
  /pets: {{delete: {{operationId: deletePets, responses: {{'204': {{description: ok}}}}}}}}
  /owners:
    post:
      operationId: makeOwner
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Owner'}}}}}}}}
      responses: {{'200': {{description: ok, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Owner'}}}}}}}}}}
components:
  securitySchemes: {{token: {{type: http, scheme: bearer}}, key: {{type: apiKey, in: header, name: X-Key}}}}
  schemas:
    Owner:
      type: object
      properties:
        mood: {{type: string, enum: [good, bad]}}
        tags: {{type: array, items: {{type: string}}}}
        kinds: {{type: array, items: {{type: string, enum: [cat, dog]}}}}
"""


def fields(data: Any) -> Any:
    return data["components"]["schemas"]["Owner"]["properties"]


def with_name(data: Any, values: list[str]) -> None:
    fields(data)["mood"] = {"$ref": "#/components/schemas/Mood"}
    data["components"]["schemas"]["Mood"] = {"type": "string", "enum": values}


CASES: dict[str, tuple[Any, list[tuple[str, bool]]]] = {
    "another way to prove who calls": (
        lambda d: d.update(security=[{"key": []}, {"token": []}]),
        [(f"operation {name}: takes other keys (token → key|token)", False) for name in ("owners.create", "pets.delete", "pets.delete_pets")],
    ),
    "a key that is no longer asked for": (
        lambda d: d["paths"]["/pets"]["delete"].update(security=[]),
        [("operation pets.delete_pets: takes other keys (token → none)", False)],
    ),
    "no key at all, or another": (
        lambda d: d["paths"]["/pets"]["delete"].update(security=[{}, {"key": []}]),
        [("operation pets.delete_pets: takes other keys (token → none|key)", False)],
    ),
    "a second key": (
        lambda d: d["paths"]["/pets"]["delete"].update(security=[{"token": [], "key": []}]),
        [("operation pets.delete_pets: needs another key (token → key+token)", True)],
    ),
    "a name for a type": (lambda d: with_name(d, ["good", "bad"]), [("model Mood: added", False)]),
    "a name for a type, and a value": (
        lambda d: with_name(d, ["good", "bad", "odd"]),
        [("value owners.create.mood: added ('odd')", False), ("model Mood: added", False), ("value Owner.mood: added ('odd')", False)],
    ),
    "more in a list": (
        lambda d: fields(d)["tags"].update(items={"type": ["string", "integer"]}),
        [("argument owners.create.tags: takes more types (integer)", False), ("field Owner.tags: takes more types (integer)", False)],
    ),
    "a value less in a list": (
        lambda d: fields(d)["kinds"]["items"]["enum"].remove("dog"),
        [("value Owner.kinds: removed ('dog')", True), ("value owners.create.kinds: removed ('dog')", True)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_a_change_means(tmp_path: Path, case: str) -> None:
    """A wider request, a name for what was inline, and one more way to prove who calls break nobody."""
    change, wanted = CASES[case]
    old = yaml.safe_load(DOCUMENT)
    new = copy.deepcopy(old)
    change(new)
    surfaces = []
    for name, data in (("old.yaml", old), ("new.yaml", new)):
        (tmp_path / name).write_text(yaml.safe_dump(data), encoding="utf-8")
        surfaces.append(
            surface_of_package(tmp_path / name, None, quiet(), Policy.for_package(lenient=False, operations="paths"))
        )
    found = compare(*surfaces).changes
    assert sorted((str(c), c.breaking) for c in found) == sorted(wanted)


def test_the_command_compares_packages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--package takes the names, the keys and the version that the package has; without it clashing names are errors."""
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(DOCUMENT, encoding="utf-8")
    new.write_text(DOCUMENT.replace("/owners:", "/people:"), encoding="utf-8")
    assert main(["diff", str(old), str(new), "--root", str(tmp_path)]) == 1
    assert "two operations would both be called pets.delete" in capsys.readouterr().err
    assert main(["diff", str(old), str(new), "--package", "--naming", "paths"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Zoo old.yaml → new.yaml", "", "Breaking for callers (1)",
        "  operation owners.create: renamed (now people.create, at POST /people)", "",
        "To keep old names as deprecated aliases, add to an overlay (--overlay FILE):",
        "  - target: $.paths['/people'].post", "    x-reason: owners.create is called people.create now",
        "    update: {x-sdk-former-names: [owners.create]}", "", "Next version: 2.1 → 3.0.0 (1 breaking change)",
    ]  # fmt: skip


def test_lenient_leaves_out_what_cannot_be_expressed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As for the package: --lenient compares the rest; without --package it is no option."""
    old = tmp_path / "old.yaml"
    old.write_text(DOCUMENT.replace("scheme: bearer", "scheme: digest"), encoding="utf-8")
    assert main(["diff", str(old), str(old), "--package", "--naming", "paths"]) == 1
    assert "correct it in an overlay (--overlay FILE)" in capsys.readouterr().err
    assert main(["diff", str(old), str(old), "--package", "--lenient", "--naming", "paths"]) == 0
    assert "Nothing changed for callers." in capsys.readouterr().out
    assert main(["diff", str(old), str(old), "--lenient"]) == 1
    assert "--lenient is for packages of their own" in capsys.readouterr().err


def test_another_operation_under_the_same_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An operation with another operationId, method or path is another one: that breaks, and it has not moved."""
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n"
    gone = "  /points/delete: {post: {operationId: deletePoints, responses: {'204': {description: ok}}}}\n"
    come = "  /points: {post: {operationId: createPoints, responses: {'204': {description: ok}}}}\n"
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(head + gone)
    new.write_text(head + gone + come)
    assert main(["diff", str(old), str(new), "--package", "--naming", "paths"]) == 0
    reported = capsys.readouterr().out
    detail = "deletePoints, POST /points/delete → createPoints, POST /points"
    assert f"operation points.create: is another operation ({detail})" in reported
    assert "operation points.create: renamed (now points.delete.create)" in reported
    assert "moved" not in reported and "Next version: 1 → 2.0.0" in reported
    assert main(["diff", str(old), str(new), "--package"]) == 0
    assert "Compatible (1)\n  operation points.create: added (POST /points)" in capsys.readouterr().out
