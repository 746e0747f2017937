"""Every model of `sdk.models` with the reading surface of the official package; each is made with its first use."""

from __future__ import annotations

from typing import Any

from ....families import Family
from ..base_model import BaseModel

FAMILY = Family("sdk.models", BaseModel, __name__, ("__dict__", "_request_id"))


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = FAMILY(name)
    return found


#: The same for pages, which know the call that they came from.
PAGES = Family("sdk.models", BaseModel, __name__, ("__dict__", "_call", "_request_id"))
