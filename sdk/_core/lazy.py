"""Parts that load when they are first asked for: names of a module (PEP 562), and functions.

An import pays for what it names, and a call for what it does. So there are three steps, each loaded by the first use of
the one before: an endpoint, a client, and what carries calls out. `lazy_function` stands at the two steps down.
"""

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
    """Return a module's `__getattr__` that takes each name from the module that `where` names for it.

    The first name of a module brings the others along.
    """

    def load(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, scope = import_module(where[name], package), sys.modules[package].__dict__
        for other, origin in where.items():
            if origin == where[name]:
                scope[other] = getattr(module, other, module)
        return scope[name]

    return load


def fully_imported(name: str) -> Any:
    """Return a module that is loaded, else None; one that a thread is just loading may lack half its names."""
    module = sys.modules.get(name)
    return None if getattr(getattr(module, "__spec__", None), "_initializing", False) else module


def resolve(name: str) -> Any:
    """Return what "module:name" names; the module is imported for it."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def lazy_function(scope: dict[str, Any], module: str, name: str) -> Any:
    """Return a stand-in for the function `name` of `module`; the first call loads that, and puts it into `scope`."""

    def load(*args: Any, **kwargs: Any) -> Any:
        found = scope[name] = getattr(import_module(module, scope["__package__"]), name)
        return found(*args, **kwargs)

    return load
