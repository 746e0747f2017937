"""Show which stage runs, how much it has done and how long it took."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console, RenderableType
from rich.live import Live
from rich.spinner import Spinner


def cpu_seconds() -> float:
    """Return the CPU time of this process and of those that it has waited for (ruff)."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


@dataclass
class Stage:
    """One stage. The stage sets `count` to the number of things done so far, and `unit` to their noun."""

    name: str
    count: int | None = None
    unit: str = ""
    started: float = field(default_factory=time.perf_counter)

    def line(self) -> str:
        """Write name, count and seconds in columns."""
        count = "" if self.count is None else f"{self.count:,} {self.unit}".strip()
        return f"{self.name:<12}{count:>20}{time.perf_counter() - self.started:>9.2f} s"


class Progress:
    """Report stages: a live line each on a terminal, a plain line each in a pipe."""

    def __init__(self, console: Console | None = None) -> None:
        # To stderr: the results of a command go to stdout, and can be piped without this.
        self._console = console or Console(stderr=True, highlight=False)
        self._started, self._cpu = time.perf_counter(), cpu_seconds()

    @contextlib.contextmanager
    def stage(self, name: str, unit: str = "") -> Iterator[Stage]:
        """Time one stage; its line is printed unless it raises."""
        stage = Stage(name, unit=unit)
        if self._console.is_terminal:
            spinner = Spinner("dots")

            def render() -> RenderableType:
                spinner.update(text=stage.line())
                return spinner

            # The live line disappears at the end: the final line replaces it.
            with Live(get_renderable=render, console=self._console, refresh_per_second=10, transient=True):
                yield stage
            self._console.print(f"[green]✓[/green] {stage.line()}", soft_wrap=True)
        else:
            yield stage
            self._console.print(stage.line(), markup=False, soft_wrap=True)

    def done(self) -> None:
        """Print the total: seconds, and CPU seconds, child processes included."""
        wall, cpu = time.perf_counter() - self._started, cpu_seconds() - self._cpu
        mark = "  " if self._console.is_terminal else ""
        self._console.print(f"{mark}{'total':<32}{wall:>9.2f} s  ({cpu:.2f} s CPU)", markup=False, soft_wrap=True)
