"""Find modules that are data: those of types, of resources, and others that programs import names from."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

ROOT = __package__


def _reader_of(name: str) -> Callable[[str], Any] | None:
    from .modules import reader  # here: an import of the clients needs no table of types

    return reader(name)


class Finder:
    """Find the modules that are data, below some names."""

    def __init__(self, *names: str) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module, None for a module of others."""
        if not fullname.startswith(self._names) or _reader_of(fullname) is None:
            return None
        return ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]  # it has a loader's methods

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Let a plain module be made."""
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Let a module find its names with their first use."""
        read = _reader_of(module.__name__)
        assert read is not None

        def find(name: str) -> Any:
            if name.startswith("__") and name not in ("__version__", "__title__"):
                raise AttributeError(name)
            found = module.__dict__[name] = read(name)
            return found

        module.__getattr__ = find  # type: ignore[method-assign]


class Alias:
    """Find all modules of this room below another name, once `install` has set it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module, None for a module of others, or that is not there."""
        if not fullname.startswith(f"{self.name}."):
            return None
        try:
            import_module(ROOT + fullname[len(self.name) :])
        except ModuleNotFoundError:
            return None
        return ModuleSpec(fullname, self, is_package=True)  # type: ignore[arg-type]  # it has a loader's methods

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return the module of this room."""
        return sys.modules[ROOT + spec.name[len(self.name) :]]

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: the module has been executed."""


#: Before the finder of files, which takes a folder of stubs for a package.
sys.meta_path.insert(0, Finder(f"{ROOT}.types", f"{ROOT}.resources"))
sys.meta_path.append(Finder(f"{ROOT}."))
