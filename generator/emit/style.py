"""Format generated Python with ruff, so that it is readable in a debugger."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ruff import find_ruff_bin

from ..errors import NotPython

#: The longest line of generated code.
LINE = 120

_CONFIG = """
line-length = {line}
target-version = "py311"
[format]
skip-magic-trailing-comma = true
[lint]
select = ["I"]
[lint.isort]
known-first-party = ["{package}"]
"""


def tidy(trees: Mapping[str, Mapping[str, str]], package: str = "sdk") -> dict[str, dict[str, str]]:
    """Return the same files of a package, formatted and with sorted imports.

    Raises: NotPython if ruff finds a file that is not Python.
    """
    with tempfile.TemporaryDirectory(prefix="generate-") as folder:
        root = Path(folder)
        (root / "ruff.toml").write_text(_CONFIG.format(line=LINE, package=package), encoding="utf-8")
        for tree, files in trees.items():
            for name, text in files.items():
                path = root / tree / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
        for command in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
            _ruff([*command, "--no-cache", "--config", str(root / "ruff.toml"), folder], root)
        return {
            tree: {name: (root / tree / name).read_text(encoding="utf-8") for name in files}
            for tree, files in trees.items()
        }


def _ruff(arguments: list[str], root: Path) -> None:
    done = subprocess.run([find_ruff_bin(), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        first, *more = (done.stdout + done.stderr).replace(f"{root}/", "").strip().split("\n\n")
        others = f"\nand {len(more):,} more like this" if more else ""
        raise NotPython(f"the generated code is not valid Python: {first[:2000]}{others}")
