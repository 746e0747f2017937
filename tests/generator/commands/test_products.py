"""The commands for packages: from a folder with a document, without and with a configuration."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from generator.__main__ import main as program
from generator.commands import main
from generator.commands.job import package_name

from ...faults.raw import Raw, always, reply

SHOP = """\
openapi: 3.1.0
info: {title: Pet shop API, version: 1.2.0}
servers: [{url: 'https://pets.example/v1'}]
paths: {/pets: {get: {operationId: listPets, tags: [pets], responses: {'204': {description: ok}}}}}
"""


class Shell:
    """Run commands in an empty folder; `out` and `err` hold what the last one printed."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        """Run a command; return its exit code."""
        try:
            code = main([*arguments])
        except SystemExit as error:
            code = int(error.code or 0)
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def json(self) -> Any:
        """The report for machines."""
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """Give a shell in a folder with a document."""
    monkeypatch.chdir(tmp_path)
    Path("openapi.yaml").write_text(SHOP)
    return Shell(capsys)


def test_from_init_to_check(run: Shell) -> None:
    """init finds the document; generate and check follow the configuration; check finds what was edited."""
    assert run("init", "-q") == 0
    assert run.out.splitlines()[0] == "wrote: generator.toml"
    assert run("generate", "-q") == 0
    assert re.search(r"pet-shop-sdk/pet_shop: \d+ written, 0 unchanged, 0 removed\n$", run.out)
    assert (run("check", "-q"), run.out) == (0, "the package is what the document gives\n")
    with Path("pet-shop-sdk/pet_shop/client.py").open("a") as file:
        file.write("# mine\n")
    Path("pet-shop-sdk/pet_shop/models/__init__.py").unlink()
    Path("pet-shop-sdk/pet_shop/extra.py").write_text("# my own code\n")
    assert run("check", "-q") == 1
    assert run.out.splitlines() == [
        "missing  pet-shop-sdk/pet_shop/models/__init__.py", "stale    pet-shop-sdk/pet_shop/client.py", "",
        "2 files differ from what the document gives; run: python -m generator generate",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Pet shop API", "pet_shop"),
        ("House of Commons Oral and Written Questions API", "house_of_commons_oral_and_written"),
        ("FastAPI", "fastapi_client"),
        ("Httpx", "httpx_client"),
        ("3D", "client_3d"),
        ("X" * 50, "x" * 40),
    ],
)
def test_the_title_names_the_package(title: str, name: str) -> None:
    """The name ends with a whole word, and is not that of another package."""
    assert package_name(title) == name


def test_what_is_not_generated_in_a_generated_folder(run: Shell) -> None:
    """check and generate name every file of the user's in a folder that is replaced whole, and say where it goes."""
    assert run("generate", "--spec", "openapi.yaml") == 0
    assert run.err.splitlines()[-1] == ("next: pip install ./pet-shop-sdk; examples are in pet-shop-sdk/README.md")
    assert (run("generate", "--spec", "openapi.yaml"), "next:" in run.err) == (0, False)
    for name in ("models/mine.py", "_core/mine.txt"):
        Path("pet-shop-sdk/pet_shop", name).write_text("x = 1\n")
    assert run("check", "--spec", "openapi.yaml", "-q") == 1
    assert run.out.splitlines()[:2] == [
        "foreign  pet-shop-sdk/pet_shop/_core/mine.txt", "foreign  pet-shop-sdk/pet_shop/models/mine.py",
    ]  # fmt: skip
    assert "move them up, into pet_shop/" in run.out
    assert run("generate", "--spec", "openapi.yaml", "-q") == 1
    assert run.err.count("this file is not generated") == 2 and "own code is in extra.py" in run.err


def test_init_keeps_what_is_there(run: Shell) -> None:
    """A configuration is replaced with --force alone, and needs a document."""
    assert run("init", "--package", "pets") == 0
    assert 'package = "pets"' in Path("generator.toml").read_text()
    assert (run("init"), "there is a configuration already" in run.err) == (1, True)
    assert (run("init", "--force", "--package", "my-pets"), "such as my_pets" in run.err) == (1, True)
    assert run("init", "--force") == 0
    assert 'package = "pet_shop"' in Path("generator.toml").read_text()
    Path("openapi.yaml").unlink()
    assert (run("init", "--force"), "there is no document in this folder" in run.err) == (1, True)


def test_a_document_alone_is_enough(run: Shell) -> None:
    """The title names package and folder; options of the command line come before the configuration."""
    assert run("generate", "--spec", "openapi.yaml", "-q") == 0
    assert Path("pet-shop-sdk/pet_shop/client.py").is_file()
    Path("generator.toml").write_text('[generate]\nspec = "openapi.yaml"\npackage = "a"\n')
    assert run("generate", "--package", "b", "--out", "x", "-q") == 0
    assert Path("x/b/client.py").is_file()


def test_no_document(run: Shell) -> None:
    """Without a document the message says how to name one."""
    assert run("generate") == 1
    assert "there is no document to read" in run.err
    assert "--spec FILE, URL or - (--spec openapi.yaml); or begin with" in run.err


def test_from_a_url_and_from_the_standard_input(run: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """--spec takes URLs, which are asked once, and -."""
    with Raw(always(reply(SHOP.encode()))) as server:
        assert run("generate", "--spec", f"{server.url}/openapi.yaml", "--out", "u", "-q") == 0
        assert len(server.requests) == 1
    assert Path("u/pet_shop/client.py").is_file()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SHOP.encode())))
    assert run("generate", "--spec", "-", "--out", "s", "-q") == 0
    assert Path("s/pet_shop/client.py").is_file()


def test_reports_for_machines(run: Shell) -> None:
    """--json prints one object: what was done, and each error with its place."""
    assert run("generate", "--spec", "openapi.yaml", "--json") == 0
    report = run.json
    files = report.pop("files")
    assert report == {
        "command": "generate", "package": "pet_shop", "output": "pet-shop-sdk", "notes": [], "exit_code": 0,
        "errors": [],
    }  # fmt: skip
    assert (files["written"] > 10, files["unchanged"], files["removed"]) == (True, 0, 0)
    assert run.err == ""
    Path("openapi.yaml").write_text(SHOP.replace("{'204': {description: ok}}", "{'204': {$ref: '#/no'}}"))
    assert run("generate", "--spec", "openapi.yaml", "--json") == 1
    (error,) = run.json["errors"]
    assert (error["file"], error["line"], error["fault"]) == ("openapi.yaml", 4, False)
    assert error["problem"] == "the $ref '#/no' leads nowhere"


def test_diff_fails_where_it_is_asked_to(run: Shell) -> None:
    """--fail-on makes a change the exit code; --json has the changes."""
    Path("new.yaml").write_text(SHOP.replace("listPets", "allPets"))
    assert run("diff", "openapi.yaml", "new.yaml", "-q") == 0
    assert "operation pets.list: renamed (now pets.all)" in " ".join(run.out.split())
    assert run("diff", "openapi.yaml", "new.yaml", "--fail-on", "breaking", "--json") == 1
    assert (run.json["breaking"], run.json["next_version"]) == (1, "2.0.0")
    assert run("diff", "openapi.yaml", "openapi.yaml", "--fail-on", "any", "-q") == 0


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (["genrate"], "'genrate' is none of: init, generate, check, lint, diff, templates, pin, update, surface; "
                      "did you mean generate?"),
        (["generate", "--spce", "x"], "unrecognized arguments: --spce x; did you mean --spec?"),
        (["lint", "--naming", "path"], "'path' is none of: paths, operation-ids; did you mean paths?"),
    ],
)  # fmt: skip
def test_did_you_mean(run: Shell, arguments: list[str], meant: str) -> None:
    """A command, an option or a choice that is not there comes with the one that is like it; exit code 2."""
    assert run(*arguments) == 2
    assert f"error: {meant}\n" in run.err


def test_hooks_and_templates(run: Shell) -> None:
    """Hooks run in the folder of the package, one after another; a failing one is an error with its output."""
    Path("generator.toml").write_text(
        '[generate]\nspec = "openapi.yaml"\noutput = "o"\n[hooks]\nafter = ["touch done"]\n[templates]\ndir = "t"\n'
    )
    Path("t").mkdir()
    Path("t/params.py.jinja").write_text("# mine\n{{ header }}\n")
    assert run("generate", "-q") == 0
    assert Path("o/done").is_file()
    hook = f"{sys.executable} -c 'print(6 * 7); raise SystemExit(3)'"
    Path("generator.toml").write_text(f'[generate]\nspec = "openapi.yaml"\n[hooks]\nafter = ["{hook}"]\n')
    assert run("generate", "-q") == 1
    assert "ends with the exit code 3; it prints:\n  42\n" in run.err


def test_templates_to_replace(run: Shell) -> None:
    """`templates` lists them, and writes those that are named; what is there stays."""
    assert run("templates") == 0
    assert "model.py.jinja" in run.out.splitlines()
    assert (run("templates", "model.py.jinja"), run.out) == (0, "wrote: templates/model.py.jinja\n")
    assert "class" in Path("templates/model.py.jinja").read_text()
    Path("generator.toml").write_text('[generate]\nspec = "openapi.yaml"\n[templates]\ndir = "templates"\n')
    assert run("generate", "-q") == 0
    assert (run("templates", "model.py.jinja"), "is there already" in run.err) == (1, True)
    assert (run("templates", "modl.py.jinja"), "did you mean 'model.py.jinja'?" in run.err) == (1, True)


def test_a_wrong_command_line_for_machines(run: Shell) -> None:
    """With --json a mistake of the command line is JSON, too."""
    assert run("generate", "--sepc", "x", "--json") == 2
    (error,) = run.json["errors"]
    assert (error["problem"], run.err) == ("unrecognized arguments: --sepc x; did you mean --spec?", "")
    assert run("generate", "--sepc", "x") == 2
    assert run.out == ""


def test_a_fault_is_the_generators_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """An exception that nothing expects has the exit code 3, and asks for a report, with its traceback."""

    def broken() -> int:
        raise ZeroDivisionError("no")

    monkeypatch.setattr("generator.commands.main", broken)
    monkeypatch.setattr(sys, "argv", ["sdkwright", "generate"])
    assert program() == 3
    err = capsys.readouterr().err
    assert "Traceback" in err and "error: ZeroDivisionError: no" in err and "please report it" in err
    monkeypatch.setattr(sys, "argv", ["sdkwright", "generate", "--json"])
    assert program() == 3
    assert json.loads(capsys.readouterr().out)["errors"][0]["fault"] is True


def test_each_error_is_marked(run: Shell) -> None:
    """Of several errors each begins with `error:`, and those that are not shown are counted."""
    refs = "".join(f"  /{n}: {{get: {{responses: {{'200': {{$ref: '#/no/{n}'}}}}}}}}\n" for n in range(7))
    Path("openapi.yaml").write_text(SHOP.partition("paths:")[0] + "paths:\n" + refs)
    assert run("generate", "--spec", "openapi.yaml", "-q") == 1
    assert run.err.count("error: openapi.yaml:") == 5
    assert run.err.endswith("\nand 2 more like these\n")
