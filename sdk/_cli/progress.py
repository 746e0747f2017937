"""What people see of a call that takes long: for how long it runs, and how much of its files is sent."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Lock, Timer
from types import TracebackType
from typing import Any, Self

#: Seconds until something is shown: most calls are done by then.
_PATIENCE = 1.0


class Waiting:
    """A line on stderr, if that is a terminal, one second after the start of a `with` block, until it ends or stops."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._lock, self._ended = Lock(), False
        self._bar: Any = None
        self._task: Any = None
        self._sent: tuple[int, int | None] = (0, None)
        self._timer = Timer(_PATIENCE, self._show) if sys.stderr.isatty() else None

    def sending(self, source: Any) -> Any:
        """Return a file argument whose progress is shown: a path, or (name, content)."""
        if self._timer is None:
            return source
        from .._core.files import File

        if isinstance(source, Path):
            return File(source, on_progress=self._on_progress)
        return File(source[1], name=source[0], on_progress=self._on_progress)

    def _on_progress(self, sent: int, total: int | None) -> None:
        with self._lock:
            self._sent = sent, total
            if self._bar is not None:
                self._bar.update(self._task, completed=sent, total=total)

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._ended:
                return
            columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn()]
            sent, total = self._sent
            if total:
                columns.insert(2, BarColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task(self._title, completed=sent, total=total)
            self._bar.start()

    def stop(self) -> None:
        """Remove the line: something else is written now."""
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._ended = True
            bar, self._bar = self._bar, None
        if bar is not None:
            bar.stop()

    def __enter__(self) -> Self:
        if self._timer is not None:
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
