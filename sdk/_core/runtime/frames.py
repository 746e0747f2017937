"""Distinguish the frames of the program that uses this package from all others."""

from __future__ import annotations

import sys
from types import FrameType

from ..public import ROOT

#: The packages whose frames see a request as it is sent.
CARRIERS = frozenset({ROOT, "h11", "h2", "hpack", "httpcore", "httpcore2", "httpx", "httpx2", "socksio"})


def of_program(frame: FrameType, *, called_by_program: bool = False) -> bool:
    """Return whether a frame is of the program: not of this package, nor of its transports or the standard library.

    `called_by_program`: what the standard library does for the program counts as the program's.
    """
    name = frame.f_globals.get("__name__", "")
    if f"{name}.".startswith(f"{ROOT}."):
        return False
    root = name.partition(".")[0]
    return root not in CARRIERS and (called_by_program or root not in sys.stdlib_module_names)


def program_line() -> str | None:
    """Return the line of the program that has called this package, as `file:line`; None where no frame is of it."""
    frame: FrameType | None = sys._getframe(0)
    while frame is not None:
        if of_program(frame):
            return f"{frame.f_code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return None
