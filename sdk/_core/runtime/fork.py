"""Reset objects in the child of a fork, where other threads, which may hold locks, do not exist."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class ForkAware(Protocol):
    """An object that is reset in the child of a fork."""

    def after_fork(self) -> None:
        """Reset the state that must not be shared with the parent."""


_registered: WeakSet[ForkAware] = WeakSet()


def register_after_fork(target: ForkAware) -> None:
    """Call `target.after_fork()` in the child of every later fork, as long as `target` exists."""
    _registered.add(target)


def _after_fork() -> None:
    for target in list(_registered):
        target.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
