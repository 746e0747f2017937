"""Methods that are no operation of the API: streams with events, parsing, waiting, uploads."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

#: The module of the helpers of each resource.
_WHERE: dict[str, str] = {}


def helpers_of(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of a resource, by name."""
    module = _WHERE.get(path)
    if module is None:
        return {}
    found: dict[str, Callable[..., Any]] = import_module(f".{module}", __name__).helpers(path, asynchronous=asynchronous)
    return found
