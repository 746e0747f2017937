"""What type checkers find in a package, and how large it is."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from .run import run

_ERROR = re.compile(r"([^:\n]+):\d+(?::\d+)?: error: (.*)")


def mypy(folder: Path, package: str, cache: Path, limit: float) -> list[tuple[str, str]] | None:
    """Return the errors of mypy --strict in a package, each with its file; None where the time was not enough.

    Packages that take turns in one folder share a cache folder beside it: each of ours carries the same runtime.
    """
    command = [
        sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--no-pretty", "--hide-error-context",
        "--config-file", "", "--cache-dir", str(cache), "-p", package,
    ]  # fmt: skip
    done = run(command, limit=limit, cwd=folder)
    if done.code is None or done.code > 1:
        return None if done.code is None else [("", (done.out + done.err)[-500:])]
    return [(found[1], found[2]) for found in _ERROR.finditer(done.out)]


def pyright(folder: Path, package: str, limit: float) -> list[str] | None:
    """Return the errors of pyright in what is generated of a package; None where the time was not enough.

    The runtime that it carries is checked where it is written, by mypy.
    """
    parts = [f"{package}/{part}" for part in ("api", "models", "params", "client.py")]
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson", *parts]
    done = run(command, limit=limit, cwd=folder)
    if done.code is None:
        return None
    found = json.loads(done.out)["generalDiagnostics"]
    return [f"{one['file']}: {one['message']}" for one in found if one["severity"] == "error"]


def size(folder: Path) -> int:
    """Return the bytes of a package, without what Python compiled of it."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and p.suffix != ".pyc")
