"""The user's own code in a package: the module `extra.py`, which no generation touches, and the project's files."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from typing import TypeGuard

from ..errors import GeneratorError

FILE = "extra.py"


def own_names(folder: Path) -> list[str]:
    """Return the public names of a package's `extra.py`, sorted: its `__all__`, else the classes and functions in it.

    The package re-exports them; a `Client` among them takes the place of the generated one, and a class with the name
    of a model that of the model.
    Raises: GeneratorError for a file that is not Python.
    """
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        raise GeneratorError(f"this is no Python: {error}", file=path, line=line, hint="correct it") from error
    for node in tree.body:
        if _is_all(node):
            return _listed(node.value, path)
    defined = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return sorted(node.name for node in tree.body if isinstance(node, defined) and node.name[0] != "_")


def _is_all(node: ast.stmt) -> TypeGuard[ast.Assign | ast.AnnAssign]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)


def _listed(value: ast.expr | None, path: Path) -> list[str]:
    try:
        found = ast.literal_eval(value) if value is not None else ()
    except ValueError:
        found = None
    if not isinstance(found, list | tuple) or not all(isinstance(name, str) for name in found):
        raise GeneratorError(
            "the names in __all__ are not a list of strings", file=path, line=value.lineno if value else None,
            hint='write them out: __all__ = ["Client", "Pet"]',
        )  # fmt: skip
    return sorted(found)


def own_version(folder: Path) -> str:
    """Return the version that the user's pyproject.toml has, "" if there is none, or it cannot be read."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""
    version = project.get("version", "")
    return version if isinstance(version, str) and re.fullmatch(r"[\w.+!-]+", version, re.ASCII) else ""
