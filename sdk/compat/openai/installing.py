"""Register this package under the name of the official one, for programs that import that name."""

from __future__ import annotations

import sys

from .modules import FINDER, ROOT

NAME = "openai"


def install() -> None:
    """Let `import openai` give this package, in this process.

    Raises: RuntimeError where the official package is already imported: it cannot be replaced in what holds its names.
    """
    here, loaded = sys.modules[ROOT], sys.modules.get(NAME)
    if loaded is here:
        return
    if loaded is not None:
        where = getattr(loaded, "__file__", None) or "unknown"
        raise RuntimeError(
            f"the official package is imported already, from {where}: call sdk.compat.openai.install() before the "
            f"first `import {NAME}`, or use `from sdk.compat.openai import OpenAI`"
        )
    FINDER.alias = NAME
    sys.meta_path.remove(FINDER)
    sys.meta_path.insert(0, FINDER)  # before the official package, where it is installed
    sys.modules[NAME] = here


def uninstall() -> None:
    """Undo `install`: later imports of the name find what is installed."""
    if FINDER.alias:
        FINDER.alias = ""
        for name in [name for name in sys.modules if name == NAME or name.startswith(f"{NAME}.")]:
            del sys.modules[name]
