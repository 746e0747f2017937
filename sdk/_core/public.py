"""Where users find what lies in this package: tracebacks, pickles and help name the public module."""

from __future__ import annotations

from typing import Any

#: The package that carries this one along.
ROOT = __name__.removesuffix("._core.public")


def expose(scope: dict[str, Any], module: str, *names: str) -> None:
    """Say that classes and functions of a module's `scope`, all public ones or `names`, are `module`'s below `ROOT`."""
    here, public = scope["__name__"], f"{ROOT}.{module}"
    for name in names or [name for name in scope if name[0] != "_"]:
        value = scope[name]
        if getattr(value, "__module__", None) == here:
            value.__module__ = public
