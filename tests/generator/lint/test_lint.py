"""Findings of documents of a few lines, and the overlays that correct them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.commands import main

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://a.example'}]\n"
SCHEMES = "components: {securitySchemes: {k: {type: http, scheme: bearer}}}\n"
PATHS = "paths: {/pets: {get: {operationId: listPets, summary: List., responses: {'200': {description: ok}}}}}\n"


class Linter:
    """Lint documents; `code` is the last exit code."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.spec, self._capsys, self.code = folder / "d.yaml", capsys, 0

    def __call__(self, text: str, *more: str) -> list[dict[str, Any]]:
        """Return the findings of a document."""
        self.spec.write_text(text)
        self.code = main(["lint", "--spec", str(self.spec), "--json", *more])
        self.report = json.loads(self._capsys.readouterr().out)
        found: list[dict[str, Any]] = self.report["findings"]
        return found

    def rules(self, text: str, *more: str) -> list[str]:
        """Return the rules of the findings."""
        return [one["rule"] for one in self(text, *more)]


@pytest.fixture
def lint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Linter:
    """Give a linter in an empty folder."""
    return Linter(tmp_path, capsys)


def test_a_good_document_has_no_findings(lint: Linter) -> None:
    """Nothing to say, exit code 0."""
    assert lint(HEAD + PATHS + SCHEMES) == []
    assert (lint.code, lint.report["exit_code"]) == (0, 0)


def one(schema: str, more: str = "", start: str = "operationId: listPets, summary: List.", path: str = "/p") -> str:
    """Return the paths of a document with one operation that replies with a schema."""
    reply = "responses: {'200': {description: ok, content: {application/json: {schema: " + schema + "}}}}"
    return "{'" + path + "': {get: {" + f"{start}, {more} {reply}" + "}}}"


LISTS = "{type: object, properties: {data: {type: array, items: {type: object}}}}"
CURSOR = "parameters: [{name: cursor, in: query, schema: {type: string}}],"
NESTED = "parameters: [{name: a, in: query, schema: {type: array, items: {type: array, items: {type: number}}}}],"


@pytest.mark.parametrize(
    ("paths", "rule", "severity"),
    [
        (one("{type: string}", start="summary: List."), "no-operation-id", "warning"),
        ("{/p: {get: {operationId: p, summary: s, responses: {'404': {description: no}}}}}", "no-success", "warning"),
        (one("{}"), "untyped-reply", "warning"),
        (one("{type: string}", path="/p/{id}"), "undeclared-path-parameter", "warning"),
        (one("{type: string}", start="operationId: p"), "no-description", "hint"),
        (one("{type: integer, enum: [1, 2]}"), "nameless-enum", "hint"),
        (one("{type: string, example: 2026-01-31}"), "no-format", "hint"),
        (one(LISTS, CURSOR), "no-pages", "warning"),
        (one("{type: string}", NESTED), "parameter", "error"),
        (one("{type: string, readonly: true}"), "unknown-key", "warning"),
        ("{/p: {gett: {operationId: p, responses: {}}}}", "unknown-key", "warning"),
        (one("{$ref: '#/no'}"), "invalid", "error"),
    ],
)
def test_each_rule(lint: Linter, paths: str, rule: str, severity: str) -> None:
    """A document that breaks one rule has that finding, and only errors end with exit code 1."""
    found = {one["rule"]: one for one in lint(f"{HEAD}{SCHEMES}paths: {paths}\n")}
    assert found[rule]["severity"] == severity
    assert lint.code == (1 if severity == "error" else 0)


def test_what_a_whole_document_lacks(lint: Linter) -> None:
    """No server, no security scheme; and a server in clear text."""
    bare = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"
    assert lint.rules(bare + PATHS) == ["no-server", "no-security"]
    assert lint.rules(bare + "servers: [{url: 'http://a.example'}]\n" + PATHS + SCHEMES) == ["insecure-server"]
    assert lint.rules(bare + PATHS, "--strict") == ["no-server", "no-security"]
    assert lint.code == 1


BROKEN = """
paths:
  /pets/{id}:
    get:
      summary: Get.
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/No'}}}}
  /boxes:
    get:
      operationId: boxes
      summary: Boxes.
      parameters:
        - {name: a, in: query, schema: {type: array, items: {type: array, items: {type: number}}}}
        - {name: b, in: query, schema: {type: string}}
      responses: {'204': {description: ok}}
  /union:
    get:
      operationId: union
      summary: Union.
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                oneOf: [{$ref: '#/components/schemas/A'}]
                discriminator: {propertyName: k, mapping: {a: '#/components/schemas/A', b: '#/components/schemas/No'}}
components:
  securitySchemes: {k: {type: http, scheme: bearer}}
  schemas: {A: {type: object, properties: {k: {type: string}}}}
"""


def test_the_overlay_makes_a_strict_run_pass(lint: Linter, tmp_path: Path) -> None:
    """What stops generate is corrected by the overlay that --write makes, and a second run has nothing to add."""
    overlay = tmp_path / "overlay.yaml"
    arguments = ["--overlay", str(overlay), "--package", "p", "--out", str(tmp_path / "out"), "--json"]
    lint(HEAD + BROKEN)
    assert lint.code == 1
    lint(HEAD + BROKEN, "--write", str(overlay))
    assert (lint.code, lint.report["actions"] > 3) == (0, True)
    text = overlay.read_text()
    assert main(["generate", "--spec", str(lint.spec), *arguments]) == 0
    assert [one for one in lint_again(lint, overlay) if one["severity"] == "error"] == []
    assert overlay.read_text() == text
    assert "target: $.paths['/boxes'].get.parameters[0]" in text


UNSENT = """
security: [{digest: []}]
paths:
  /own: {get: {operationId: own, security: [{digest: []}, {k: [], also: []}], responses: {'204': {description: ok}}}}
  /some: {get: {operationId: some, security: [{digest: []}, {k: []}], responses: {'204': {description: ok}}}}
  /all: {get: {operationId: all, responses: {'204': {description: ok}}}}
  /form:
    post:
      operationId: form
      summary: F.
      requestBody: {$ref: '#/components/requestBodies/B'}
      responses: {'204': {description: ok}}
  /part:
    post:
      operationId: part
      summary: P.
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {m: {type: string}, n: {type: string}}}
            encoding: {m: {style: matrix}, n: {style: matrix}}
      responses: {'204': {description: ok}}
  /p/{m}:
    parameters:
      - {name: m, in: path, required: true, schema: {type: array, items: {type: array, items: {type: string}}}}
    get:
      operationId: p
      summary: P.
      parameters:
        - {name: a, in: query, schema: {type: array, items: {type: array, items: {type: number}}}}
        - {name: b, in: query, schema: {type: string}}
        - {name: c, in: query, schema: {type: array, items: {type: array, items: {type: number}}}}
      responses: {'204': {description: ok}}
components:
  securitySchemes:
    k: {type: http, scheme: bearer}
    also: {type: http, scheme: basic}
    digest: {type: http, scheme: digest}
  requestBodies:
    B: {required: true, content: {application/x-www-form-urlencoded: {schema: {type: array, items: {type: string}}}}}
"""


def test_the_overlay_corrects_what_no_call_can_send(lint: Linter, tmp_path: Path) -> None:
    """Keys that nobody can send, bodies and parameters that no style writes: each has an action, the last one first."""
    overlay = tmp_path / "overlay.yaml"
    found = [one for one in lint(HEAD + UNSENT, "--write", str(overlay)) if one["severity"] == "error"]
    assert sorted((one["rule"], one["pointer"]) for one in found) == [
        ("body", "/paths/~1form/post/requestBody/content"),
        ("body", "/paths/~1part/post/requestBody/content/multipart~1form-data/encoding/m/style"),
        ("body", "/paths/~1part/post/requestBody/content/multipart~1form-data/encoding/n/style"),
        ("parameter", "/paths/~1p~1{m}/get/parameters/0"),
        ("parameter", "/paths/~1p~1{m}/get/parameters/2"),
        ("parameter", "/paths/~1p~1{m}/parameters/0"),
        ("security", "/paths/~1own/get/security/0"),
        ("security", "/paths/~1own/get/security/1"),
        ("security", "/security/0"),
    ]
    arguments = ["--overlay", str(overlay), "--package", "p", "--out", str(tmp_path / "out"), "-q"]
    assert main(["generate", "--spec", str(lint.spec), *arguments]) == 0
    text = (tmp_path / "out/p/api/p.py").read_text()
    assert "m: str," in text
    assert "b: str | Unset" in text
    assert "    a: " not in text and "    c: " not in text


def lint_again(lint: Linter, overlay: Path) -> list[dict[str, Any]]:
    """Lint the same document, and write into the same overlay."""
    lint._capsys.readouterr()
    return lint(HEAD + BROKEN, "--write", str(overlay))


def test_writing_keeps_what_the_overlay_has(lint: Linter, tmp_path: Path) -> None:
    """New actions follow the old ones, comments stay."""
    overlay = tmp_path / "overlay.yaml"
    own = "# ours\n- {target: $.info, x-reason: better, update: {title: Shop}}\n"
    overlay.write_text(f"overlay: 1.0.0\ninfo: {{title: O, version: '1'}}\nactions:\n{own}")
    lint(HEAD + PATHS.replace("operationId: listPets, ", "") + SCHEMES, "--write", str(overlay))
    text = overlay.read_text()
    assert own in text
    assert [one["target"] for one in yaml.safe_load(text)["actions"]] == ["$.info", "$.paths['/pets'].get"]


def test_lines_for_people(lint: Linter, capsys: pytest.CaptureFixture[str]) -> None:
    """A finding has file, line, severity, rule and remedy."""
    lint.spec.write_text(HEAD + PATHS)
    assert main(["lint", "--spec", str(lint.spec), "-q"]) == 0
    first, remedy, counts = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{lint.spec}:1: warning: no security scheme: ")
    assert first.endswith("[no-security] at /components")
    assert remedy.startswith("  to fix: add components.securitySchemes")
    assert counts == "0 errors, 1 warning, 0 hints"


def test_misspelt_keys(lint: Linter) -> None:
    """A key that is like one of OpenAPI is reported with it; comments of tools and extensions are not."""
    schema = "{type: object, requierd: [a], x-requierd: 1, comment: no, properties: {requierd: {type: string}}}"
    found = [f for f in lint(f"{HEAD}{SCHEMES}paths: {one(schema)}\n") if f["rule"] == "unknown-key"]
    assert [(f["pointer"].rpartition("/")[2], f["remedy"]) for f in found] == [("requierd", "did you mean required?")]
    (lost,) = lint(f"{HEAD}{SCHEMES}paths: {{/p: {{gett: {{operationId: p}}, summary: s, post: {{operationId: q, "
                   "summary: s, responses: {'200': {description: ok}}}}}\n")  # fmt: skip
    assert (lost["pointer"], lost["remedy"]) == ("/paths/~1p/gett", "did you mean get?")
    assert lost["problem"] == "'gett' is no method: this operation is left out"


def test_one_mistake_is_one_finding(lint: Linter) -> None:
    """A reply whose reference leads nowhere is not untyped as well, and the remedy has the name that is near."""
    text = HEAD + "components: {schemas: {Pet: {type: object}}, securitySchemes: {k: {type: http, scheme: bearer}}}\n"
    found = lint(f"{text}paths: " + one("{$ref: '#/components/schemas/Pat'}") + "\n")
    assert [f["rule"] for f in found] == ["invalid", "left-out"]
    assert found[0]["remedy"] == "did you mean '#/components/schemas/Pet'? Else read as any value with --lenient"
    assert found[1]["problem"] == "1 schema that nothing uses: Pet"


def test_long_lists_are_cut(lint: Linter, capsys: pytest.CaptureFixture[str]) -> None:
    """People see ten hints of a rule; --all and machines get every one."""
    enums = ", ".join(f"a{n}: {{type: integer, enum: [{n}, 1]}}" for n in range(12, 24))
    lint.spec.write_text(f"{HEAD}{SCHEMES}paths: " + one("{type: object, properties: {" + enums + "}}") + "\n")
    main(["lint", "-q", "--spec", str(lint.spec)])
    lines = capsys.readouterr().out.splitlines()
    assert sum("[nameless-enum] at" in line for line in lines) == 10
    assert "and 2 more hints like these [nameless-enum] (--all lists them)" in lines
    main(["lint", "-q", "--all", "--spec", str(lint.spec)])
    assert capsys.readouterr().out.count("[nameless-enum] at") == 12


def test_nothing_to_write(lint: Linter, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a remedy no overlay is written, and the command does not say that it was."""
    lint.spec.write_text(HEAD + PATHS + SCHEMES)
    assert main(["lint", "-q", "--spec", str(lint.spec), "--write", str(tmp_path / "o.yaml")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("o.yaml: nothing to add that could be corrected there")
    assert not (tmp_path / "o.yaml").exists()
