"""Shorten the text of a module: a copy has no comments, and no docstrings but those that people see.

The commented source is in the generator's repository. People see the docstrings of what a public module offers: the
classes and functions that a module of the runtime exposes, and those of public modules.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache

#: What type checkers read of a comment.
_READ_BY_TOOLS = re.compile(r"# (?:type: ignore|pyright: ignore)(?:\[[\w, -]*\])?|# (?:mypy|pyright): .*")
_Node = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@cache
def shortened(text: str) -> str:
    """Return the text of a private module without comments, and without the docstrings of what is private."""
    lines = text.splitlines()
    tree = ast.parse(text)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            read = _READ_BY_TOOLS.match(token.string)
            lines[row - 1] = (lines[row - 1][:column] + (read[0] if read else "")).rstrip() or _GONE
    for node, body in _docstrings(tree, _exposed(tree)):
        start, end = body.lineno - 1, body.end_lineno or body.lineno
        alone = len(node.body) == 1 and not isinstance(node, ast.Module)
        lines[start:end] = [" " * body.col_offset + "..." if alone else _GONE, *[_GONE] * (end - start - 1)]
    return _joined(lines)


#: The public modules that generated code alone uses.
_FOR_CODE = ("'service'",)
#: A line that goes; empty lines of the source stay.
_GONE = "\0"


def _joined(lines: list[str]) -> str:
    """Join what is left; at most two empty lines follow one another, and none begins a block."""
    kept: list[str] = []
    for line in lines:
        if line == _GONE:
            continue
        if not line and (not kept or kept[-1].endswith(":") or kept[-2:] == ["", ""]):
            continue
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"


def _exposed(tree: ast.Module) -> set[str]:
    """Return the names that a module makes public with `expose`: those that it lists, or all."""
    for node in tree.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if (
                isinstance(call.func, ast.Name)
                and call.func.id == "expose"
                and ast.unparse(call.args[1]) not in _FOR_CODE
            ):
                names = {one.value for one in call.args[2:] if isinstance(one, ast.Constant)}
                return {str(name) for name in names} or {_name(one) for one in tree.body}
    return set()


def _name(node: ast.AST) -> str:
    return str(getattr(node, "name", ""))


def _docstrings(tree: ast.Module, exposed: set[str]) -> list[tuple[_Node, ast.stmt]]:
    """Return the docstrings to leave out, each with what it belongs to."""
    found: list[tuple[_Node, ast.stmt]] = []

    def visit(node: ast.AST, public: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                top = isinstance(node, ast.Module)
                seen = child.name in exposed if top else public and not child.name.startswith("_")
                _collect(child, seen)
                visit(child, seen)
            else:
                visit(child, public)

    def _collect(node: _Node, seen: bool) -> None:
        first = node.body[0] if node.body else None
        text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and first.value.value
        if isinstance(text, str) and first is not None and not seen:
            found.append((node, first))

    _collect(tree, False)
    visit(tree, False)
    return found
