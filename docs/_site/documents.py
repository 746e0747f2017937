"""Pages that are documents of the repository: changelog, rules for contributors, results of the benchmark."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def pages() -> dict[str, str]:
    """Return the pages by path."""
    return {
        "changelog.md": _changelog(),
        "contributing.md": _moved(_read("CONTRIBUTING.md")),
        "performance.md": _moved(_read("benchmarks/RESULTS.md"), "benchmarks").replace("# Results", "# Performance", 1),
    }


def files() -> dict[str, bytes | str]:
    """Return the pictures of these pages by path."""
    return {"results.svg": (_ROOT / "benchmarks" / "results.svg").read_bytes()}


def _read(path: str) -> str:
    return (_ROOT / path).read_text(encoding="utf-8")


def _moved(text: str, folder: str = "") -> str:
    """Return a document as a page; its links begin at the folder where it stood."""
    return re.sub(r"\]\((?!https?:|#)([^)\s]+)\)", lambda link: f"]({_target(folder, link[1])})", text)


def _target(folder: str, link: str) -> str:
    path = f"{folder}/{link}".strip("/")
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    return link if path.endswith(".svg") else f"../{path}"


def _changelog() -> str:
    """Return the changelog, with the changes since the last release as towncrier puts them together."""
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    text = _read("CHANGELOG.md")
    mark = "<!-- towncrier release notes start -->"
    assert mark in text
    return _moved(text.replace(mark, done.stdout.strip()))
