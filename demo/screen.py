"""The output of the demo: numbered steps, each with its result and its time."""

from __future__ import annotations

import sys
import time
from io import TextIOWrapper

from rich.console import Console
from rich.text import Text


class Screen:
    """The terminal, or a file or pipe; rich follows NO_COLOR and TERM, and detects pipes."""

    def __init__(self, steps: int) -> None:
        # The encoding of an old terminal may not have all characters: replace them.
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        self._console = Console(highlight=False, soft_wrap=True)
        self._steps, self._number, self._started = steps, 0, 0.0

    def title(self, text: str, note: str) -> None:
        """Write the title of a job."""
        self._console.print(Text.assemble((text, "bold"), "\n", (note, "dim")))

    def step(self, title: str, code: str) -> None:
        """Start the next step: write what it does, and the call for it."""
        self._number += 1
        self._started = time.perf_counter()
        number = f"[{self._number}/{self._steps}]"
        self._console.print(Text.assemble("\n", (number, "cyan"), " ", (title, "bold"), "  ", (code, "dim")))

    def say(self, text: str, label: str = "") -> None:
        """Write a line of the step's result."""
        self._console.print(Text.assemble("  ", (f"{label} " if label else "", "magenta"), text))

    def piece(self, text: str) -> None:
        """Write a piece of streamed text immediately, on the same line."""
        self._console.print(Text(text, "green"), end="")
        self._console.file.flush()

    def done(self, text: str) -> None:
        """End a step that passed."""
        self._end("✓", "green", text)

    def skipped(self, reason: str) -> None:
        """End a step that this server does not support."""
        self._end("-", "yellow", f"skipped: {reason}")

    def failed(self, reason: str) -> None:
        """End a step that failed."""
        self._end("✗", "bold red", f"failed: {reason}")

    def _end(self, mark: str, style: str, text: str) -> None:
        seconds = time.perf_counter() - self._started
        self._console.print(Text.assemble("  ", (mark, style), " ", (text, style), (f"  {seconds:.2f} s", "dim")))

    def heading(self, text: str) -> None:
        """Write a heading."""
        self._console.print(Text.assemble("\n", (text, "bold")))

    def plain(self, text: str) -> None:
        """Write lines unchanged."""
        self._console.print(Text(text))

    def flush(self) -> None:
        """Flush the output before another program writes to it."""
        self._console.file.flush()
