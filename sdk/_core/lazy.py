"""Load names of a module (PEP 562) and functions on first use.

An import loads only the names that it imports, and a call only the code that it runs. There are three layers, each
loaded on first use by the layer above: endpoints, clients, and the code that runs calls. `lazy_function` connects them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any

#: The module that makes errors about names. Loaded with the first one.
_SUGGESTIONS = f"{__package__}.suggestions"


def submodules(package: str, *names: str) -> Callable[[str], Any]:
    """Return a module's `__getattr__` that imports the submodules `names` on demand."""

    def load(name: str) -> Any:
        if name in names:
            return import_module(f"{package}.{name}")
        raise _missing(package, name, names)

    return load


def attributes(package: str, where: dict[str, str]) -> Callable[[str], Any]:
    """Return a module's `__getattr__` that imports each name from the module that `where` gives for it.

    The first use of a name imports all names of the same module.
    """

    def load(name: str) -> Any:
        if name not in where:
            raise _missing(package, name, where)
        module, scope = import_module(where[name], package), sys.modules[package].__dict__
        for other, origin in where.items():
            if origin == where[name]:
                scope[other] = getattr(module, other, module)
        return scope[name]

    return load


def _missing(package: str, name: str, later: Iterable[str]) -> Exception:
    """Return the error for a name that a module does not have; only for names of people it may say what was meant."""
    if name.startswith("__"):  # every import asks for __path__
        return AttributeError(f"module {package!r} has no attribute {name!r}")
    known = [*sys.modules[package].__dict__, *later]
    found: Exception = import_module(_SUGGESTIONS).missing_in_module(package, name, known)
    return found


def fully_imported(name: str) -> Any:
    """Return a module if its import is complete, else None: while a thread imports it, names may be missing."""
    module = sys.modules.get(name)
    return None if getattr(getattr(module, "__spec__", None), "_initializing", False) else module


def resolve(name: str) -> Any:
    """Import a module and return the object that "module:name" names."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


def lazy_function(scope: dict[str, Any], module: str, name: str) -> Any:
    """Return a stand-in for the function `name` of `module`. Its first call loads that function into `scope`."""

    def load(*args: Any, **kwargs: Any) -> Any:
        found = scope[name] = getattr(import_module(module, scope["__package__"]), name)
        return found(*args, **kwargs)

    return load
