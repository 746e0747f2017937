"""python -m tests.contract.official.stubs: write the stubs of the face; --check compares them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from ...node import ROOT
from . import packages
from .replies import Replies
from .resources import Resources

ROOM = ROOT / "sdk" / "compat" / "openai"
_FIRST = "# Written by `python -m tests.contract.official.stubs` from the tables of the face. Do not edit.\n"
#: What the stubs do on purpose: a field has a narrower type, and an argument of the API the name of a builtin.
_SETTINGS = """\
# mypy: disable-error-code="assignment,misc,override"
# pyright: reportIncompatibleVariableOverride=false, reportIncompatibleMethodOverride=false
# pyright: reportInvalidTypeVarUse=false
"""


def stubs() -> dict[Path, str]:
    """Return the stubs: path in the room → text."""
    replies = Replies()
    resources = Resources(replies).text()
    found = {
        Path("resources/__init__.pyi"): _SETTINGS + resources,
        Path("types/_replies.pyi"): _SETTINGS + replies.text(),
    }
    for path in packages.PACKAGES:
        found[Path("types", *path.split("."), "__init__.pyi")] = packages.text(path, replies)
    return {path: _formatted(_FIRST + text) for path, text in found.items()}


def _formatted(text: str) -> str:
    command = [
        sys.executable,
        "-m",
        "ruff",
        "format",
        "--config",
        "line-length=320",
        "--stdin-filename",
        "stub.pyi",
        "-",
    ]
    return subprocess.run(command, input=text, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def differing() -> list[Path]:
    """Return the stubs that are missing, stale, or too many."""
    wanted = stubs()
    there = {file.relative_to(ROOM) for folder in ("resources", "types") for file in (ROOM / folder).rglob("*.pyi")}
    stale = [path for path, text in wanted.items() if path in there and (ROOM / path).read_text("utf-8") != text]
    return sorted({*(there ^ wanted.keys()), *stale})


def main(arguments: list[str]) -> int:
    """Write or compare."""
    if "--check" in arguments:
        for path in (wrong := differing()):
            print(f"{path} is not what the tables give: run python -m tests.contract.official.stubs", file=sys.stderr)
        return 1 if wrong else 0
    for path, text in stubs().items():
        (ROOM / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOM / path).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
