"""Packages whose parts load when they are first asked for (PEP 562)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any


def submodules(package: str, *names: str) -> Callable[[str], Any]:
    """Return a module's `__getattr__` that imports the submodules `names` on demand."""

    def load(name: str) -> Any:
        if name in names:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load


def attributes(package: str, where: dict[str, str]) -> Callable[[str], Any]:
    """Return a module's `__getattr__` that takes each name from the module that `where` names for it."""

    def load(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = import_module(where[name], package)
        value = getattr(module, name, module)
        setattr(sys.modules[package], name, value)
        return value

    return load
