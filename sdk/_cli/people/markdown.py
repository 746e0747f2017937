"""Markdown on a terminal while it arrives: blocks that are complete are written for good, the last one is redrawn."""

from __future__ import annotations

import re
import time
from typing import Any

import click

_FENCE = re.compile(r" {0,3}(```|~~~)")
#: Seconds between two pictures of the block that is not complete.
_PAUSE = 0.05


class PlainWriter:
    """Writes text as it arrives."""

    def write(self, text: str) -> None:
        """Write a piece."""
        click.echo(text, nl=False)

    def end(self) -> None:
        """End the answer."""
        click.echo("")

    def stop(self) -> None:
        """Leave an answer that is not complete."""


class MarkdownWriter(PlainWriter):
    """Writes Markdown as it arrives, as wide as the terminal."""

    def __init__(self) -> None:
        from rich.console import Console

        # A console that shows something live adds that to all that it prints, so that another one renders.
        self._console, self._renderer = Console(highlight=False), Console(highlight=False)
        self._text, self._shown = "", 0.0
        self._live: Any = None

    def write(self, text: str) -> None:
        self._text += text
        done, rest = complete_blocks(self._text)
        if done:
            self._text = rest
            self._print(done)
        if self._text.strip() and time.monotonic() - self._shown > _PAUSE:
            self._redraw()

    def end(self) -> None:
        self._print(self._text)
        self._text = ""

    def stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _print(self, text: str) -> None:
        self.stop()
        if text.strip():
            click.echo("\n".join(self._lines(text)))

    def _redraw(self) -> None:
        """Show the block that is not complete: its last lines, where it is taller than the terminal."""
        from rich.live import Live
        from rich.text import Text

        if self._live is None:
            self._live = Live(console=self._console, transient=True, auto_refresh=False)
            self._live.start()
        lines = self._lines(self._text)[-max(self._console.height - 2, 1) :]
        self._live.update(Text.from_ansi("\n".join(lines)), refresh=True)
        self._shown = time.monotonic()

    def _lines(self, text: str) -> list[str]:
        """Return a block as the terminal shows it, without the spaces that fill its lines."""
        from rich.markdown import Markdown

        with self._renderer.capture() as captured:
            self._renderer.print(Markdown(text))
        return [line.rstrip() for line in captured.get().splitlines()]


def complete_blocks(text: str) -> tuple[str, str]:
    """Return the blocks that no later text changes, and the rest: a blank line ends a block, but not within a fence."""
    end, at, fence = 0, 0, ""
    for line in text.splitlines(keepends=True):
        at += len(line)
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1]
        elif found and found[1] == fence:
            fence = ""
        elif not fence and not line.strip() and line.endswith("\n"):
            end = at
    return text[:end], text[end:]


def writer() -> PlainWriter:
    """Return what writes answers: Markdown on a terminal, else plain text."""
    from ..output import draws

    return MarkdownWriter() if draws() else PlainWriter()
