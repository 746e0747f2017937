"""Register this package under the name of the official one, for programs that import that name."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

from . import base_model
from .finder import ROOT, Alias

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
    _as_pydantic()
    sys.meta_path.insert(0, Alias(NAME))  # before the official package, where it is installed
    sys.modules[NAME] = here


def _as_pydantic() -> None:
    """Let replies pass for models of pydantic, where it is installed: frameworks ask whether a reply is one.

    pydantic knows only real subclasses, so that `isinstance` has to find one at `__class__`; `type` stays as it is.
    """
    try:
        import pydantic
    except ImportError:
        return

    @cache
    def shown(kind: Any) -> type:
        return type(kind.__name__, (pydantic.BaseModel,), {"__module__": kind.__module__})

    def shown_class(reply: Any) -> type:
        kind: Any = type(reply)
        return shown(kind)

    base_model.shown_class = shown_class
