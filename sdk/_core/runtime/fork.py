"""What must begin anew in the child of a fork: its threads, and with them their locks, are gone."""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet


class ForkAware(Protocol):
    """Something that is told, in the child, that a fork happened."""

    def after_fork(self) -> None:
        """Begin anew."""


_known: WeakSet[ForkAware] = WeakSet()


def register_after_fork(one: ForkAware) -> None:
    """Call `one.after_fork()` in every child that is forked from now on, for as long as it lives."""
    _known.add(one)


def _tell() -> None:
    for one in list(_known):
        one.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_tell)
