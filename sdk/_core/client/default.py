"""The client of a call: the one given, or the process-wide client, which is created from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ..errors import RequestError
from ..options.environment import snapshot
from ..runtime.fork import ForkAwareLock
from .base import BaseClient

_defaults: dict[str, tuple[BaseClient, tuple[str | None, ...]]] = {}
_default_lock = ForkAwareLock()


def client_of(options: Mapping[str, Any], root: str) -> BaseClient:
    """Return the client of a call: the one given, or the process-wide client of the package."""
    given: BaseClient | None = options.get("client")
    if given is None:
        return default_client(root)
    if not isinstance(given, BaseClient):
        raise RequestError(f"client= takes a Client of this SDK, not {type(given).__name__}")
    return given


def default_client(root: str) -> BaseClient:
    """Return the process-wide client of a package. A new one is created when its environment variables have changed."""
    with _default_lock.lock:  # threads that call at the same time share one client
        known = _defaults.get(root)
        client_class: type[BaseClient] = type(known[0]) if known else import_module(root).Client
        environment = snapshot(client_class._service)
        if known is None or known[0]._context.transport.closed or known[1] != environment:
            if known is not None:
                known[0]._context.transport.process_wide = True
            known = _defaults[root] = (client_class(), environment)
    return known[0]
