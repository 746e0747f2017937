"""The models and the parameter types of the SDK, as their pages show them: read from their source, not imported."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard

import sdk

_FOLDER = Path(sdk.__file__).parent


class Field(NamedTuple):
    """One field of a class."""

    name: str
    annotation: str
    text: str


class Shape(NamedTuple):
    """A class with its fields, or a name that stands for a type."""

    name: str
    text: str
    bases: list[str]
    fields: list[Field]
    means: str

    @property
    def uses(self) -> set[str]:
        """The names that its types mention."""
        return {*self.bases, *names_in(self.means), *(n for f in self.fields for n in names_in(f.annotation))}


def names_in(annotation: str) -> list[str]:
    """Return the class names of an annotation; words within quotes are values."""
    return re.findall(r"\b[A-Z]\w+\b", re.sub(r"'[^']*'|\"[^\"]*\"", "", annotation))


def shapes(folder: str) -> dict[str, Shape]:
    """Return the classes of `models` or `params` by name."""
    found: dict[str, Shape] = {}
    for path in sorted((_FOLDER / folder).glob("*.py")):
        if path.name.startswith("_"):
            continue
        for shape in _shapes_of(ast.parse(path.read_text(encoding="utf-8"))):
            found[shape.name] = shape
    return found


def _shapes_of(module: ast.Module) -> list[Shape]:
    found = []
    for node, after in _statements(module.body):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            found.append(_class(node))
        elif _is_alias(node):
            found.append(Shape(node.target.id, _doc(after), [], [], ast.unparse(node.value)))
    return found


def _is_alias(node: ast.stmt) -> TypeGuard[Any]:
    return (
        isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.value is not None
        and ast.unparse(node.annotation) == "TypeAlias"
        and not node.target.id.startswith("_")
    )


def _statements(body: list[ast.stmt]) -> Iterator[tuple[ast.stmt, ast.stmt | None]]:
    """Yield each statement with the one after it; those for type checkers are in a block of their own."""
    for node, after in zip_longest(body, body[1:]):
        if isinstance(node, ast.If):
            yield from _statements(node.body)
        else:
            yield node, after


def _class(node: ast.ClassDef) -> Shape:
    fields = []
    for statement, after in _statements(node.body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            fields.append(Field(statement.target.id, _annotation(statement.annotation), _doc(after)))
    bases = [ast.unparse(base) for base in node.bases]
    return Shape(node.name, ast.get_docstring(node) or "", bases, [f for f in fields if not f.name.startswith("_")], "")


def _annotation(node: ast.expr) -> str:
    return re.sub(r"\bRequired\[(.*)\]$", r"\1", ast.unparse(node)).replace("builtins.", "")


def _doc(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        return " ".join(node.value.value.split())
    return ""
