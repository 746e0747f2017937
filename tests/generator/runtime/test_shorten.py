"""Copies of modules: without comments, and with the docstrings that people see."""

from __future__ import annotations

import ast

import pytest

from generator.runtime.shorten import shortened
from generator.runtime.source import modules

_TEXT = '''"""A module."""

from .public import expose

#: A comment.
X = 1  # and another
Y = "# no comment"  # type: ignore[misc]  # why


class Seen(Exception):
    """A class that people see."""

    def method(self) -> None:
        """What it does."""

    def _hidden(self) -> None:
        """How it does it."""
        return None


def inner() -> None:
    """What nobody sees."""


expose(globals(), "errors", "Seen")
'''


def test_comments_and_private_docstrings_go() -> None:
    """Comments for type checkers stay, and so do the docstrings of what the module exposes."""
    text = shortened(_TEXT)
    assert text.startswith("from .public import expose\n\nX = 1\nY = ")
    assert "# type: ignore[misc]\n" in text and "another" not in text and '"# no comment"' in text
    assert "A class that people see." in text and "What it does." in text
    assert "How it does it." not in text and "What nobody sees." not in text
    assert "def inner() -> None:\n    ...\n" in text


@pytest.mark.parametrize("name", sorted(name for name in modules() if "." in name))
def test_the_code_is_the_same(name: str) -> None:
    """A copy does what its source does: it has the same statements, but for docstrings."""
    assert _without_docstrings(shortened(modules()[name].text)) == _without_docstrings(modules()[name].text)


def _without_docstrings(text: str) -> str:
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and body:
            kept = [one for one in body if not _is_text(one) and not _is_empty(one)]
            node.body = kept
    return ast.dump(tree)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_empty(node: ast.stmt) -> bool:
    """Return whether a statement is `...` or `pass`."""
    ellipsis = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...
    return ellipsis or isinstance(node, ast.Pass)
