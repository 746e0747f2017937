"""Empty the variables of frames that an error has passed: error reporters show them, and some hold secrets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from ..runtime.frames import CARRIERS

if TYPE_CHECKING:
    from types import TracebackType


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, its causes and contexts, and what groups among them consist of, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        yield one


def hide_variables(error: BaseException | None) -> None:
    """Clear the local variables of the frames in the tracebacks of an error, of its causes and its context.

    The frames and their lines stay. What they held may be a key, the password of a proxy or of a certificate, or a
    response that echoes them. A frame that still runs keeps its variables.
    """
    for one in chain(error):
        _clear(one.__traceback__)


def _clear(trace: TracebackType | None) -> None:
    while trace is not None:
        if trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] in CARRIERS:
            with suppress(RuntimeError):  # it still runs
                trace.tb_frame.clear()
        trace = trace.tb_next
