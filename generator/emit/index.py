"""Write the index of a folder of modules: names load on demand at run time, a stub tells type checkers all of them."""

from __future__ import annotations

from collections.abc import Mapping

from .header import header


def index_files(names: Mapping[str, str], what: str, base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return `__init__.py`, its stub and the index, for name → module; `base` names come from other modules."""
    ordered = dict(sorted(names.items()))
    rows = "".join(f'    "{name}": ".{module}",\n' for name, module in ordered.items())
    rows += "".join(f'    "{name}": "{module}",\n' for name, module in (base or {}).items())
    stub = "".join(f"from .{module} import {name} as {name}\n" for name, module in ordered.items())
    stub += "".join(f"from {module} import {name} as {name}\n" for name, module in (base or {}).items())
    return {
        "__init__.py": header(what) + _INIT,
        "__init__.pyi": header(what) + stub,
        "_index.py": f"{header('name → module')}\nMODULES = {{\n{rows}}}\n",
    }


_INIT = """
from __future__ import annotations

from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    from ._index import MODULES

    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(MODULES[name], __name__), name)
    return value


def __dir__() -> list[str]:
    from ._index import MODULES

    return list(MODULES)
"""
