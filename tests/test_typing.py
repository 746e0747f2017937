"""What type checkers say of calls: what is in right.py is right to both, every marked line of wrong.py is wrong.

The files of the face of the official package, face_right.py and face_wrong.py, are checked in the same run.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_TYPING = _ROOT / "tests/typing"
#: Lines, each after the name of its file.
Lines = set[tuple[str, int]]
Checker = Callable[..., Lines]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=120, check=False)


def _mypy(*files: Path) -> Lines:
    """Return the lines in which mypy --strict finds an error."""
    done = _run("mypy", "--strict", "--no-error-summary", *map(str, files))
    assert done.returncode in (0, 1), done.stderr
    found = re.findall(r"^(?:.*[/\\])?(\w+\.py):(\d+): error:", done.stdout, re.MULTILINE)
    return {(name, int(line)) for name, line in found}


def _pyright(*files: Path) -> Lines:
    """Return the lines in which pyright finds an error."""
    done = _run("pyright", "--pythonpath", sys.executable, "--outputjson", *map(str, files))
    assert done.returncode in (0, 1), done.stderr
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(files)
    found = [item for item in report["generalDiagnostics"] if item["severity"] == "error"]
    return {(Path(item["file"]).name, item["range"]["start"]["line"] + 1) for item in found}


def _marked(file: Path) -> Lines:
    lines = file.read_text(encoding="utf-8").splitlines()
    return {(file.name, number) for number, line in enumerate(lines, 1) if re.search(r"\S.*  # error: ", line)}


# The first run of mypy reads every model, with nothing in its cache.
pytestmark = [pytest.mark.long, pytest.mark.timeout(240), pytest.mark.parametrize("checker", [_mypy, _pyright])]


def test_right_calls_have_the_right_types(checker: Checker) -> None:
    """Sync, async, streamed, bound and paged calls check without an error, and their types are asserted."""
    assert checker(_TYPING / "right.py", _TYPING / "face_right.py") == set()


def test_wrong_calls_are_refused(checker: Checker) -> None:
    """A wrong keyword, role, type or attribute is an error in its line, and no other line has one."""
    files = (_TYPING / "wrong.py", _TYPING / "face_wrong.py")
    marked = _marked(files[0]) | _marked(files[1])
    assert len(marked) > 60
    assert checker(*files) == marked


def test_what_was_right_in_the_last_release(checker: Checker) -> None:
    """Calls that checked with the release before check still; the newest copy is that of the last release."""
    files = sorted((_TYPING / "previous").glob("*.py"))
    assert checker(files[-1]) == set()
