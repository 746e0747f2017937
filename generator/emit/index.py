"""Write the index of a folder of modules: names load on demand at run time, a stub lists all for type checkers."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from .header import header


def index_files(
    names: Mapping[str, str], what: str, base: Mapping[str, str] | None = None, former: Mapping[str, str] | None = None,
    lists: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, str]:  # fmt: skip
    """Return `__init__.py`, its stub and the index, for name → module; `base` names come from other modules.

    `former` maps deprecated names to new ones; `lists` are further lists of names for the index.
    """
    ordered = dict(sorted(names.items()))
    rows = "".join(f"{name} .{module}\n" for name, module in ordered.items())
    rows += "".join(f"{name} {module}\n" for name, module in (base or {}).items())
    stub = "".join(f"from .{module} import {name} as {name}\n" for name, module in ordered.items())
    stub += "".join(f"from {module} import {name} as {name}\n" for name, module in (base or {}).items())
    stub += "".join(f"from .{ordered[new]} import {new} as {old}\n" for old, new in (former or {}).items())
    index = f'{_WHY}MODULES: str = """\n{rows}"""\n'
    listed = "".join(
        f'{name}: str = """\n{textwrap.fill(" ".join(sorted(items)), 118, break_long_words=False)}\n"""\n'
        for name, items in (lists or {}).items()
    )
    olds = "".join(f'    "{old}": "{new}",\n' for old, new in sorted((former or {}).items()))
    return {
        "__init__.py": header(what) + _INIT,
        "__init__.pyi": header(what) + stub,
        "_index.py": f"{header('name → module')}\n{index}{listed}FORMER: dict[str, str] = {{\n{olds}}}\n",
    }


_WHY = """\
# A text, in which one name is found: a dict of them all would take longer to make than a reply to read.
"""
_INIT = """
from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any


def __getattr__(name: str) -> Any:
    from ._index import FORMER, MODULES

    if name in FORMER:
        warnings.warn(f"{__name__}.{name} is called {FORMER[name]} now", DeprecationWarning, stacklevel=2)
        return __getattr__(FORMER[name])
    at = MODULES.find(f"\\n{name} ")
    if at < 0:
        raise import_module("sdk._core.suggestions").missing_in_module(__name__, name, __dir__(), 2)
    module = MODULES[at + len(name) + 2 : MODULES.index("\\n", at + 1)]
    value = globals()[name] = getattr(import_module(module, __name__), name)
    return value


def __dir__() -> list[str]:
    from ._index import MODULES

    return MODULES.split()[::2]
"""
