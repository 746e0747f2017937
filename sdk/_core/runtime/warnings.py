"""Warnings that point to the program, not into the SDK."""

from __future__ import annotations

import sys
import warnings

from ..public import ROOT


def warn(told: str, category: type[Warning]) -> None:
    """Warn at the line of the SDK's caller, however deep inside the SDK this is.

    Tasks have no caller on the stack: a warning of theirs points to what runs them.
    """
    level, frame = 1, sys._getframe(0)
    while frame.f_back is not None and f"{frame.f_globals.get('__name__', '')}.".startswith(f"{ROOT}."):
        level, frame = level + 1, frame.f_back
    warnings.warn(told, category, stacklevel=level)
