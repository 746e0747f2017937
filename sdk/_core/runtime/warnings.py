"""Warnings that point to the user's program, not into this package."""

from __future__ import annotations

import sys
import warnings

from ..public import ROOT

_deprecations: set[str] = set()


def deprecated(message: str) -> None:
    """Issue a DeprecationWarning once in a process."""
    if message not in _deprecations:
        _deprecations.add(message)
        warn(message, DeprecationWarning)


def warn(message: str, category: type[Warning]) -> None:
    """Warn at the line that calls this package, however deep the stack inside the package is.

    A task has no caller on the stack: its warning points to the code that runs it.
    """
    level, frame = 1, sys._getframe(0)
    while frame.f_back is not None and f"{frame.f_globals.get('__name__', '')}.".startswith(f"{ROOT}."):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
