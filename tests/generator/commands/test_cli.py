"""The command line: what it prints, writes and returns."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from generator.commands import main
from generator.emit.header import MARKER
from generator.errors import GeneratorError
from generator.ir import Api
from generator.policy import Policy
from generator.progress import Progress
from generator.publish.folders import Trees

from ..conftest import HEAD, ROOT, Write

ZOO = HEAD + "paths:\n  /cats: {get: {operationId: listCats, responses: {'200': {description: All.}}}}\n"
OVERLAY = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n"

Run = pytest.CaptureFixture[str]


class Renderer:
    """Stand in for the inner stages: one file with the names of all operations."""

    def __init__(self) -> None:
        self.include: Collection[str] | None = None
        self.error: Exception | None = None

    def build_api(self, data: dict[str, Any], progress: Progress, policy: Policy) -> Api:
        """Give an empty API, or raise what the test asks for."""
        if self.error is not None:
            raise self.error
        return Api("Zoo", (), (), {}, {}, {})

    def selected(self, api: Api, include: Collection[str] | None) -> Api:
        """Keep what was asked for."""
        self.include = include
        return api

    def emit(self, data: dict[str, Any], api: Api, progress: Progress, *_: object) -> Trees:
        """Write one module."""
        with progress.stage("emit", "files") as stage:
            stage.count = 1
            names = [operation["operationId"] for item in data["paths"].values() for operation in item.values()]
        return {"sdk/api": {"names.py": f"{MARKER} a test.\nNAMES = {names}\n"}}


@pytest.fixture
def renderer(monkeypatch: pytest.MonkeyPatch) -> Renderer:
    """Put a small renderer in place of the real one."""
    made = Renderer()
    for stage in ("build_api", "selected", "emit"):
        monkeypatch.setattr(f"generator.render.{stage}", getattr(made, stage))
    return made


@pytest.fixture
def root(write: Write, tmp_path: Path, capsys: Run, renderer: Renderer) -> Path:
    """Give a root with a pinned document."""
    assert main(["pin", str(write(ZOO, "in/zoo.yaml")), "--out", str(tmp_path / "spec/openapi.yaml")]) == 0
    capsys.readouterr()
    return tmp_path


def test_pin_tells_what_it_wrote(write: Write, tmp_path: Path, capsys: Run) -> None:
    """Pin names its files and counts; a second pin says that nothing changed."""
    arguments = ["pin", str(write(ZOO)), "--out", str(tmp_path / "spec" / "openapi.yaml")]
    files = f"{tmp_path}/spec/openapi.yaml, {tmp_path}/spec/lock.json (1 paths, 1 operations, 0 schemas, 0 webhooks)\n"
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"wrote: {files}"
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"unchanged: {files}"


def test_pin_keeps_prose_when_told(write: Write, tmp_path: Path) -> None:
    """--keep-prose keeps what the document says about itself."""
    out = tmp_path / "openapi.yaml"
    main(["pin", str(write(ZOO)), "--out", str(out)])
    assert "description: OK" in out.read_text()
    main(["pin", str(write(ZOO)), "--out", str(out), "--keep-prose"])
    assert "description: All." in out.read_text()


def test_generate_writes_and_check_agrees(root: Path, capsys: Run) -> None:
    """What generate writes, check finds in place."""
    assert main(["generate", "--root", str(root)]) == 0
    assert capsys.readouterr().out == "1 written, 0 unchanged, 0 removed\n"
    assert (root / "sdk/api/names.py").read_text() == f"{MARKER} a test.\nNAMES = ['listCats']\n"
    assert main(["check", "--root", str(root)]) == 0
    assert capsys.readouterr().out == "the generated files are what the pinned document gives\n"


@pytest.mark.parametrize("kind", ["stale", "cut", "extra", "missing"])
def test_check_goes_red(root: Path, capsys: Run, kind: str) -> None:
    """A stale, a cut, an extra and a missing file are each listed, with the command that fixes it."""
    main(["generate", "--root", str(root)])
    file, extra = root / "sdk/api/names.py", root / "sdk/api/extra.py"
    text = file.read_text()
    if kind == "missing":
        file.unlink()
    else:
        edited = {"stale": text.replace("Cats", "Dogs"), "cut": text[:-5], "extra": text}[kind]
        (extra if kind == "extra" else file).write_text(edited)
    capsys.readouterr()
    assert main(["check", "--root", str(root)]) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"{kind:<7}  sdk/api/{'extra' if kind == 'extra' else 'names'}.py  ")
    assert out.endswith("\n1 file differs from what the pinned document gives; run: make generate\n")


def test_check_compares_the_document_with_its_lock(root: Path, capsys: Run) -> None:
    """A pinned document that was edited makes the check red before anything is generated."""
    main(["generate", "--root", str(root)])
    capsys.readouterr()
    with (root / "spec/openapi.yaml").open("a") as stream:
        stream.write("# edited\n")
    assert main(["check", "--root", str(root)]) == 1
    assert capsys.readouterr().err.startswith(f"error: {root}/spec/openapi.yaml: changed since it was pinned: ")


def test_the_overlay_at_its_usual_place_is_applied(root: Path, write: Write) -> None:
    """spec/overlay.yaml corrects the document without being asked for."""
    action = "- {target: \"$.paths['/cats'].get\", x-reason: shorter, update: {operationId: list}}\n"
    write(OVERLAY + action, "spec/overlay.yaml")
    main(["generate", "--root", str(root)])
    assert "NAMES = ['list']" in (root / "sdk/api/names.py").read_text()


def test_another_document_and_overlay(root: Path, write: Write) -> None:
    """--spec and --overlay name other files."""
    spec = write(ZOO.replace("listCats", "allCats"), "other/zoo.yaml")
    overlay = write(OVERLAY + "- {target: $.paths, x-reason: more, update: {/x: {}}}\n", "other/ours.yaml")
    assert main(["generate", "--root", str(root), "--spec", str(spec), "--overlay", str(overlay)]) == 0
    assert "NAMES = ['allCats']" in (root / "sdk/api/names.py").read_text()


def test_a_missing_overlay_that_was_asked_for_is_an_error(root: Path, capsys: Run) -> None:
    """An overlay that was named must be there."""
    assert main(["generate", "--root", str(root), "--overlay", str(root / "no.yaml")]) == 1
    assert "no.yaml: there is no such file" in capsys.readouterr().err


def test_include_names_resources(root: Path, renderer: Renderer) -> None:
    """--include hands the names of resources on; without it there are none."""
    main(["generate", "--root", str(root), "--include", "chat, models,"])
    assert renderer.include == ("chat", "models")
    main(["generate", "--root", str(root)])
    assert renderer.include is None


def test_an_error_is_printed_once(root: Path, renderer: Renderer, capsys: Run) -> None:
    """An error of an inner stage gets its file and line, is printed without a traceback, and writes nothing."""
    renderer.error = GeneratorError("two [of] a kind", pointer="/paths/~1cats/get/operationId", hint="rename one")
    assert main(["generate", "--root", str(root)]) == 1
    err = capsys.readouterr().err
    lines = (root / "spec/openapi.yaml").read_text().splitlines()
    number = lines.index("      operationId: listCats") + 1
    assert err.endswith(
        f"error: {root}/spec/openapi.yaml:{number}: at /paths/~1cats/get/operationId: two [of] a kind\n"
        "  to fix: rename one\n"
    )
    assert err.count("error:") == 1
    assert "Traceback" not in err
    assert not (root / "sdk").exists()


def test_an_unexpected_exception_keeps_its_traceback(root: Path, renderer: Renderer) -> None:
    """A bug of the generator is not dressed up."""
    renderer.error = ZeroDivisionError("bug")
    with pytest.raises(ZeroDivisionError):
        main(["generate", "--root", str(root)])


def test_ctrl_c_is_no_traceback(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: Run) -> None:
    """Ctrl-C ends with the shell's exit code for it."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.commands.generate.publish", interrupted)
    assert main(["generate", "--root", str(root)]) == 130
    assert capsys.readouterr().err.endswith("stopped; nothing was half-written\n")


def test_an_overlay_that_breaks_a_reference(root: Path, write: Write, capsys: Run) -> None:
    """A reference that an action leads nowhere is the overlay's error."""
    path = write(OVERLAY + "- {target: $.paths, x-reason: r, update: {/x: {parameters: [{$ref: '#/no'}]}}}\n", "o.yaml")
    assert main(["generate", "--root", str(root), "--overlay", str(path)]) == 1
    err = capsys.readouterr().err
    assert f"{path}: at /paths/~1x/parameters/0/$ref: after the overlay the $ref '#/no' leads nowhere" in err


@pytest.mark.parametrize("arguments", [[], ["diff"], ["pin"], ["generate", "--include", ","], ["check", "--no"]])
def test_a_wrong_command_line_is_refused(arguments: list[str], capsys: Run) -> None:
    """A wrong command line gives a usage message and exit code 2."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: python -m generator")


@pytest.mark.parametrize("command", [[], ["pin"], ["generate"], ["check"]])
def test_help_has_an_example(command: list[str], capsys: Run) -> None:
    """Every --help ends with something to copy."""
    with pytest.raises(SystemExit) as caught:
        main([*command, "--help"])
    assert caught.value.code == 0
    assert f"\n  python -m generator {' '.join(command)}" in capsys.readouterr().out


def test_errors_of_the_program_itself(tmp_path: Path) -> None:
    """The module runs as a program, and exits with 1 after an error."""
    command = [sys.executable, "-m", "generator", "pin", str(tmp_path / "no.yaml")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {tmp_path}/no.yaml: there is no such file\n  to fix: check the path\n"


def test_the_generator_never_imports_the_sdk() -> None:
    """The generator builds the SDK, so it must not need it."""
    code = "import generator.commands, sys; print([name for name in sys.modules if name.partition('.')[0] == 'sdk'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_the_extra_it_says_what_to_install() -> None:
    """A dependency that is not there is one line with the way out, not a traceback."""
    code = "import runpy, sys; sys.modules['rich.console'] = None; runpy.run_module('generator', run_name='__main__')"
    # Without warnings: plugins of other packages that are installed have their own.
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    reported = 'error: the generator needs rich.console\n  to fix: in a checkout, pip install -e ".[generator]"\n'
    assert done.stderr == reported


def test_a_path_may_begin_with_a_tilde(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Run
) -> None:
    """`make pin SPEC=~/openapi.yaml`: not every shell replaces that ~ before make hands it on."""
    write(ZOO, "home/zoo.yaml")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert main(["pin", "~/zoo.yaml", "--out", "~/spec/openapi.yaml"]) == 0
    assert (tmp_path / "home/spec/openapi.yaml").is_file()


def test_the_home_of_nobody_is_a_wrong_command_line(capsys: Run) -> None:
    """A ~ with the name of no user is said to be that."""
    with pytest.raises(SystemExit) as stopped:
        main(["pin", "~nobody-is-called-so/zoo.yaml"])
    assert stopped.value.code == 2
    assert "~nobody-is-called-so" in capsys.readouterr().err
