"""Prepare for forks: the child has only the thread that forks, while others may hold locks or be importing.

Objects with locks are reset in the child. Two things cannot be: an import, of which the child would have a module that
no thread completes, with a lock that no thread releases; and the locks of C libraries. So a fork waits until other
threads have left the imports that calls of this package have begun, and the functions that it names.
"""

from __future__ import annotations

import os
import sys
import time
from threading import Lock, get_ident
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

from ..public import ROOT

if TYPE_CHECKING:
    from types import CodeType, FrameType

    class ForkAware(Protocol):
        """An object that is reset in the child of a fork."""

        def after_fork(self) -> None:
            """Reset the state that must not be shared with the parent."""


#: Seconds that a fork waits at most: the other thread may wait for the one that forks.
_LONGEST = 1.0
_OURS = f"{ROOT}."
_IMPORTLIB = frozenset(("importlib", "_frozen_importlib", "_frozen_importlib_external"))


_delaying: set[CodeType] = set()
_registered: WeakSet[ForkAware] = WeakSet()


def register_after_fork(target: ForkAware) -> None:
    """Call `target.after_fork()` in the child of every later fork, as long as `target` exists."""
    _registered.add(target)


class ForkAwareLock:
    """A lock, `lock`, that is free in the child of a fork: its holder may be a thread of the parent."""

    def __init__(self) -> None:
        self.after_fork()
        register_after_fork(self)

    def after_fork(self) -> None:
        """Replace the lock."""
        self.lock = Lock()


def _after_fork() -> None:
    for target in list(_registered):
        target.after_fork()


def delay_forks(code: CodeType) -> None:
    """Let forks wait until other threads have left the function with this code: a C library has locks meanwhile."""
    _delaying.add(code)


def _before_fork() -> None:
    """Wait until no other thread is where it must not be interrupted."""
    until = time.monotonic() + _LONGEST
    while any(_is_busy(frame) for thread, frame in sys._current_frames().items() if thread != get_ident()):
        if time.monotonic() > until:
            return
        time.sleep(0.001)


def _is_busy(frame: FrameType | None) -> bool:
    """Return whether a thread is in a function that delays forks, or in an import; `frame` is its innermost."""
    importing = False
    while frame is not None:
        module = str(frame.f_globals.get("__name__"))
        importing = importing or frame.f_code.co_name == "<module>" or module.partition(".")[0] in _IMPORTLIB
        if frame.f_code in _delaying or (importing and f"{module}.".startswith(_OURS)):
            return True
        frame = frame.f_back
    return False


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_child=_after_fork)
