"""What type checkers say of calls: tests/typing/right.py is right to both, every marked line of wrong.py wrong."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_TYPING = _ROOT / "tests/typing"
Checker = Callable[[Path], set[int]]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False)


def _mypy(file: Path) -> set[int]:
    """Return the lines in which mypy --strict finds an error."""
    done = _run("mypy", "--strict", "--no-error-summary", str(file))
    assert done.returncode in (0, 1), done.stderr
    return {int(line) for line in re.findall(rf"^.*{file.name}:(\d+): error:", done.stdout, re.MULTILINE)}


def _pyright(file: Path) -> set[int]:
    """Return the lines in which pyright finds an error."""
    done = _run("pyright", "--pythonpath", sys.executable, "--outputjson", str(file))
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == 1
    found = [item for item in report["generalDiagnostics"] if item["severity"] == "error"]
    return {item["range"]["start"]["line"] + 1 for item in found}


def _marked(file: Path) -> set[int]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if re.search(r"\S.*  # error: ", line)}


# The first run of mypy reads every model, with nothing in its cache.
pytestmark = [pytest.mark.long, pytest.mark.timeout(240), pytest.mark.parametrize("checker", [_mypy, _pyright])]


def test_right_calls_have_the_right_types(checker: Checker) -> None:
    """Sync, async, streamed, bound and paged calls check without an error, and their types are asserted."""
    assert checker(_TYPING / "right.py") == set()


def test_wrong_calls_are_refused(checker: Checker) -> None:
    """A wrong keyword, role, type or attribute is an error in its line, and no other line has one."""
    marked = _marked(_TYPING / "wrong.py")
    assert len(marked) > 20
    assert checker(_TYPING / "wrong.py") == marked


def test_what_was_right_in_the_last_release(checker: Checker) -> None:
    """Calls that checked with the release before check still; the newest copy is that of the last release."""
    files = sorted((_TYPING / "previous").glob("*.py"))
    assert checker(files[-1]) == set()
