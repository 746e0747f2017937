"""The progress of a run on stderr: a bar of rich on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Self

from .meter import Meter

#: Seconds between two lines where stderr is no terminal.
_PAUSE = 10.0


class Progress:
    """Shows a meter, if it is `wanted`; a function gets its lines instead. Use it in a `with` block."""

    def __init__(self, wanted: bool | Callable[[str], object]) -> None:
        self._write = wanted if callable(wanted) else _to_stderr if wanted and sys.stderr is not None else None
        self._bar = _bar() if wanted is True and sys.stderr is not None and sys.stderr.isatty() else None
        self._task: Any = None
        self._last = 0.0

    def show(self, meter: Meter, elapsed: float, pace: str = "", *, end: bool = False) -> None:
        """Show the counts after `elapsed` seconds; lines come each ten seconds, and at the `end`."""
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task("", total=meter.lines)
            text = meter.line(elapsed) + pace
            self._bar.update(self._task, completed=meter.done + meter.failed, description=text, refresh=True)
        elif self._write is not None and (end or elapsed - self._last >= _PAUSE):
            self._last = elapsed
            self._write(meter.line(elapsed) + pace)

    def __enter__(self) -> Self:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def _to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _bar() -> Any:
    """Return a bar of rich; None where it is not installed, so that lines are written."""
    try:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar
    except ModuleNotFoundError:
        return None
    columns = BarColumn(bar_width=20), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.description}")
    return Bar(*columns, console=Console(stderr=True), auto_refresh=False)
