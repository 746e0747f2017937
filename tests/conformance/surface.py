"""Every operation of the SDK, found in its modules and matched with the document's."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import Any

import sdk.api
from sdk.operation import Operation as Endpoint

from .document import EVENTS, JSON, Operation, Schema, pinned

AnyEndpoint = Endpoint[..., Any]


@functools.cache
def endpoints() -> dict[tuple[str, str], AnyEndpoint]:
    """Return method and path template → the SDK's operation."""
    found: dict[tuple[str, str], AnyEndpoint] = {}
    for module in pkgutil.walk_packages(sdk.api.__path__, "sdk.api."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Endpoint):
                fixed = "&".join(f"{k}={v}" for k, v in value._spec.fixed_query.items())
                key = (value.method, f"{value.path}?{fixed}" if fixed else value.path)
                assert key not in found, f"{key} is called {found[key].name} and {value.name}"
                found[key] = value
    return found


def endpoint(operation: Operation) -> AnyEndpoint:
    """Return the SDK's operation for one of the document's."""
    return endpoints()[operation.key]


def replies() -> list[tuple[AnyEndpoint, Schema]]:
    """Return every operation with a JSON reply, and the schema of the reply."""
    return [(endpoint(o), o.replies[JSON]) for o in pinned().operations if JSON in o.replies]


def streams() -> list[tuple[AnyEndpoint, Schema]]:
    """Return every operation with an event stream, and the schema of its events."""
    return [(endpoint(o), o.replies[EVENTS]) for o in pinned().operations if EVENTS in o.replies]
