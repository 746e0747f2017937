"""The state of a job on stderr: one line that is rewritten on a terminal, else a line for each change."""

from __future__ import annotations

import shutil
import sys
from types import TracebackType
from typing import Self


class ProgressLine:
    """A line on stderr, if it is `wanted`. Use it in a `with` block, which ends the line."""

    def __init__(self, *, wanted: bool) -> None:
        self._stream = sys.stderr if wanted else None  # None, too, where a program has no stderr
        self._terminal = self._stream is not None and self._stream.isatty()
        self._width = 0

    def show(self, text: str, *, changed: bool = True) -> None:
        """Show a text. Where stderr is no terminal, only a text that has `changed` is written."""
        if self._stream is None:
            return
        if self._terminal:
            text = text[: shutil.get_terminal_size().columns - 1]
            self._stream.write(f"\r{text.ljust(self._width)}")
            self._width = len(text)
        elif changed:
            self._stream.write(f"{text}\n")
        self._stream.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None and self._width:
            self._stream.write("\n")
            self._stream.flush()
