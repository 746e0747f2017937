"""Packages that use the runtime of this checkout: to import a copy for each would take longer than all tests of them.

`tests/generator/runtime` has the tests of the copies.
"""

from __future__ import annotations

import pkgutil
import sys
from functools import cache
from importlib import import_module

import sdk._core


def share(package: str) -> None:
    """Let a package that is imported next find the modules of `sdk._core` where it has its copies."""
    for name in _modules():
        sys.modules[f"{package}.{name.removeprefix('sdk.')}"] = sys.modules[name]


@cache
def _modules() -> tuple[str, ...]:
    found = ["sdk._core", *(one.name for one in pkgutil.walk_packages(sdk._core.__path__, "sdk._core."))]
    for name in found:
        import_module(name)
    return tuple(found)
