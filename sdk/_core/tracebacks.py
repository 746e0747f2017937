"""Drop the frames of this package from the traceback of an error where it leaves the package. Loaded with an error."""

from __future__ import annotations

from types import TracebackType

from .errors import SDKError
from .errors.variables import chain
from .log import DEBUG, logger
from .public import ROOT
from .runtime.frames import of_program

_PRIVATE = f"{ROOT}._core."


def drop_frames(error: BaseException) -> None:
    """Drop the frames that an SDKError and its causes have passed, but for those of the program around the package.

    An error of the transport that has a cause is left out between this cause and `error`, which has its message. Call
    this in an `except` block that ends with a bare `raise`, or in `__exit__`: these add no frame. With the log level
    debug all stays.
    """
    if not isinstance(error, SDKError) or logger(DEBUG) is not None:
        return
    cause = error.__cause__
    if cause is not None and cause.__cause__ is not None and type(cause).__module__.startswith(_PRIVATE):
        error.__cause__ = cause.__cause__
    for one in chain(error):
        one.__traceback__ = _kept(one.__traceback__)


def _kept(trace: TracebackType | None) -> TracebackType | None:
    kept: list[TracebackType] = []
    kept_last = False
    while trace is not None:
        kept_last = of_program(trace.tb_frame, called_by_program=kept_last)
        if kept_last:
            kept.append(trace)
        trace = trace.tb_next
    found: TracebackType | None = None
    for one in reversed(kept):
        found = TracebackType(found, one.tb_frame, one.tb_lasti, one.tb_lineno)
    return found
