"""The user's own code in a package: the module `extra.py`, which no generation touches, and the project's files."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

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
    listed = [node.value for node in tree.body if isinstance(node, ast.Assign) and _is_all(node)]
    if listed:
        return sorted(map(str, ast.literal_eval(listed[0])))
    defined = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return sorted(node.name for node in tree.body if isinstance(node, defined) and node.name[0] != "_")


def _is_all(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets)


def own_version(folder: Path) -> str:
    """Return the version that the user's pyproject.toml has, "" if there is none, or it cannot be read."""
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return ""
    version = project.get("version", "")
    return version if isinstance(version, str) and re.fullmatch(r"[\w.+!-]+", version, re.ASCII) else ""
