"""The client of a call: the one given, or one for the whole process, made from the environment."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ..errors import RequestError
from ..options.environment import snapshot
from ..runtime.fork import register_after_fork
from .base import BaseClient


class _DefaultClientLock:
    """Held while a process-wide client is made; the child of a fork has a new one, for its holder is in the parent."""

    def __init__(self) -> None:
        self.after_fork()
        register_after_fork(self)

    def after_fork(self) -> None:
        """Begin anew."""
        self.lock = threading.Lock()


_defaults: dict[str, tuple[BaseClient, tuple[str | None, ...]]] = {}
_making = _DefaultClientLock()


def client_of(options: Mapping[str, Any], root: str) -> BaseClient:
    """Return the client of a call: the one given, or the process-wide one of its package, made from the environment."""
    given: BaseClient | None = options.get("client")
    if given is None:
        return default_client(root)
    if not isinstance(given, BaseClient):
        raise RequestError(f"client= takes a Client of this SDK, not {type(given).__name__}")
    return given


def default_client(root: str) -> BaseClient:
    """Return the process-wide client of a package, made anew when the environment that it came from has changed."""
    with _making.lock:  # held while one is made: threads whose first calls come at once share one client
        known = _defaults.get(root)
        client_class: type[BaseClient] = type(known[0]) if known else import_module(f"{root}.client").Client
        now = snapshot(client_class._service)
        if known is None or known[0]._context.transport.closed or known[1] != now:
            if known is not None:
                known[0]._context.transport.process_wide = True
            known = _defaults[root] = (client_class(), now)
    return known[0]
