"""Set the public module of classes and functions, for tracebacks, pickles and help."""

from __future__ import annotations

from typing import Any

#: The name of the package that contains this one.
ROOT = __name__.removesuffix("._core.public")


def expose(scope: dict[str, Any], module: str, *names: str) -> None:
    """Set `__module__` of the objects in `scope` to `module` below `ROOT`: of `names`, or else of all public ones."""
    here, public = scope["__name__"], f"{ROOT}.{module}"
    for name in names or [name for name in scope if name[0] != "_"]:
        value = scope[name]
        if getattr(value, "__module__", None) == here:
            value.__module__ = public
