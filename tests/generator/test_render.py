"""The whole way: the same bytes each time, a check that goes red, errors that leave nothing behind."""

# ruff: noqa: E501 - a schema or an operation of a document reads best in one line

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from generator.commands import main
from generator.pipeline import build
from generator.publish.folders import Trees

from .conftest import HEAD, ROOT, Write
from .mini import quiet

ZOO = (
    HEAD
    + """\
paths:
  /cats:
    get: {operationId: listCats, responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/Cats'}}}}}}
    post:
      parameters: [{name: a-b, in: query, schema: {type: string}}]
      requestBody: {content: {application/json: {schema: {properties: {name: {type: string}, toys: {type: array, items: {$ref: '#/components/schemas/Toy'}}}}}}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}}
  '/cats/{id}/toys': {delete: {parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: Gone}}}}
components:
  schemas:
    Cat: {type: object, required: [type], properties: {type: {const: cat}, toy: {$ref: '#/components/schemas/Toy'}, at: {type: string, format: date}}}
    Dog: {type: object, required: [type], properties: {type: {const: dog}, size: {enum: [s, m, l]}}}
    Toy: {anyOf: [{$ref: '#/components/schemas/Ball'}, {$ref: '#/components/schemas/Stick'}, {type: string}, {type: 'null'}]}
    Ball: {type: object, properties: {radius: {type: number}}}
    Stick: {type: object, properties: {length: {type: number}}, required: [length]}
    Cats: {type: object, properties: {data: {type: array, items: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}}}
""".replace("'200': {content", "'200': {description: OK, content")
)

DIGEST = """
import hashlib, io, sys
from pathlib import Path
from rich.console import Console
from generator.pipeline import build
from generator.progress import Progress

spec, overlay, descriptions = [*map(Path, sys.argv[1:]), None, None][:3]
trees = build(spec, overlay, None, Progress(Console(file=io.StringIO())), descriptions).trees
rows = [f"{tree}/{name}\\n{text}" for tree, files in trees.items() for name, text in files.items()]
print(hashlib.sha256("\\n".join(rows).encode()).hexdigest())
"""


def digest(trees: Trees) -> str:
    """Return one number for the order, names and text of all files."""
    rows = [f"{tree}/{name}\n{text}" for tree, files in trees.items() for name, text in files.items()]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def digests_under(seeds: Sequence[str], *arguments: Path) -> list[str]:
    """Generate in a process for each hash seed, at the same time."""
    command = [sys.executable, "-c", DIGEST, *map(str, arguments)]
    running = [
        subprocess.Popen(
            command, cwd=ROOT, text=True, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        )
        for seed in seeds
    ]  # fmt: skip
    return [process.communicate()[0].strip() for process in running]


def test_the_same_document_gives_the_same_bytes(write: Write) -> None:
    """Twice in one process, and in others under two hash seeds."""
    path = write(ZOO)
    first = digest(build(path, None, None, quiet()).trees)
    assert digest(build(path, None, None, quiet()).trees) == first
    assert digests_under(["1", "2"], path) == [first, first]


@pytest.mark.long
@pytest.mark.timeout(240)  # generates the whole three times
def test_the_pinned_document_gives_the_same_bytes() -> None:
    """Under two hash seeds, and they are the files of this repository."""
    spec, overlay = ROOT / "spec" / "openapi.yaml", ROOT / "spec" / "overlay.yaml"
    descriptions = ROOT / "spec" / "descriptions.yaml"
    trees = build(spec, overlay, None, quiet(), descriptions).trees
    assert digests_under(["1", "2"], spec, overlay, descriptions) == [digest(trees)] * 2
    differing = [
        f"{tree}/{name}" for tree, files in trees.items() for name, text in files.items()
        if not (ROOT / tree / name).is_file() or (ROOT / tree / name).read_text(encoding="utf-8") != text
    ]  # fmt: skip
    assert differing == []


def test_operations_of_a_client_are_documented_for_editors(write: Write) -> None:
    """The stub of the resources imports each operation, so that editors show its docstring in its own stub."""
    trees = build(write(ZOO), None, None, quiet()).trees["sdk/api"]
    assert "    from .cats import list as list\n" in trees["_resources.pyi"]
    assert "    from .cats.toys import delete as delete\n" in trees["_resources.pyi"]
    assert 'delete: _DeleteOperation\n"""DELETE /cats/{id}/toys"""\n' in trees["cats/toys.pyi"]


@pytest.fixture
def root(write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Give a root with a pinned document and everything generated from it."""
    assert main(["pin", str(write(ZOO, "in/zoo.yaml")), "--out", str(tmp_path / "spec/openapi.yaml")]) == 0
    assert main(["generate", "--root", str(tmp_path)]) == 0
    capsys.readouterr()
    return tmp_path


def test_check_is_green_after_generate(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was generated is what the document gives."""
    assert main(["check", "--root", str(root)]) == 0
    assert capsys.readouterr().out == "the generated files are what the pinned document gives\n"


@pytest.mark.parametrize("file", ["sdk/models/cat.py", "sdk/params/toy.py", "sdk/api/cats/__init__.py"])
@pytest.mark.parametrize("kind", ["stale", "cut", "extra", "missing"])
def test_check_is_red_on_any_difference(root: Path, file: str, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A stale, a cut, an extra and a missing file are each found and named."""
    path = root / file
    text = path.read_text()
    if kind == "stale":
        path.write_text(text.replace("self", "itself").replace("a", "e", 3))
    elif kind == "cut":
        path.write_text(text[:-20])
    elif kind == "extra":
        path = path.with_name("more.py")
        shutil.copy(root / file, path)
    else:
        path.unlink()
    assert main(["check", "--root", str(root)]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{kind:<7}  {path.relative_to(root)}  ")
    assert "1 file differs from what the pinned document gives; run: make generate" in out


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("{name: timeout, in: query}", "has the name of a request option"),
        ("{name: x, in: query, schema: {if: {}}}", "the schema keyword 'if' cannot be expressed"),
    ],
)
def test_an_error_tells_the_line_and_changes_nothing(
    root: Path, wrong: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, pointer, problem and the way out, exit code 1; every file is as it was."""
    before = {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}
    bad = root / "in" / "bad.yaml"
    bad.write_text(ZOO.replace("{name: a-b, in: query, schema: {type: string}}", wrong))
    assert main(["generate", "--root", str(root), "--spec", str(bad)]) == 1
    error = " ".join(capsys.readouterr().err.split())
    line = 1 + next(n for n, text in enumerate(bad.read_text().splitlines()) if wrong in text)
    assert said in error
    assert f"{bad}:{line}: at /paths/~1cats/post" in error or f"{bad}:{line - 1}: at /paths/~1cats/post: " in error
    assert "to fix: " in error
    assert {p: p.read_bytes() for p in root.rglob("*") if p.is_file() and p != bad} == before


def test_include_generates_a_part(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """--include reaches the renderer; an unknown name is refused with the known ones."""
    assert main(["generate", "--root", str(root), "--include", "cats.toys"]) == 0
    assert not (root / "sdk/models/dog.py").exists()
    assert (root / "sdk/api/cats/toys.py").is_file()
    assert main(["generate", "--root", str(root), "--include", "cat"]) == 1
    assert "choose among these: cats, cats.toys" in capsys.readouterr().err
