"""What a command reports: lines for people, or one JSON object for machines."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.text import Text

from generator.errors import Fault, GeneratorError, Problems
from generator.progress import Progress

#: The exit codes of all commands.
SUCCESS, FOUND, USAGE, FAULT, STOPPED = 0, 1, 2, 3, 130


class Output:
    """Report the result of one command. With `machine`, stdout gets one JSON object at the end, and nothing else."""

    def __init__(self, command: str, *, machine: bool = False, quiet: bool = False) -> None:
        self.machine = machine
        self._quiet = quiet or machine
        self._data: dict[str, Any] = {"command": command}
        self._errors: list[dict[str, Any]] = []

    def progress(self) -> Progress:
        """Return the progress of the command, which goes to stderr."""
        return Progress(Console(quiet=True) if self._quiet else None)

    def line(self, text: object) -> None:
        """Print a line for people."""
        if not self.machine:
            print(text)

    def text(self, text: str) -> None:
        """Print text that ends with its own line break."""
        if not self.machine:
            print(text, end="")

    def warn(self, text: str) -> None:
        """Print a line that is not a result."""
        if not self.machine:
            print(text, file=sys.stderr)

    def aside(self, text: str) -> None:
        """Print a line that helps people, and that --quiet leaves out."""
        if not self._quiet:
            print(text, file=sys.stderr)

    def notes(self, notes: Iterable[str]) -> None:
        """Report what was renamed, chosen or left out."""
        found = list(notes)
        self.data(notes=found)
        for note in found:
            self.line(note)

    def data(self, **values: Any) -> None:
        """Add facts for machines."""
        self._data |= values

    def error(self, error: GeneratorError) -> int:
        """Report an error; return the exit code."""
        parts = error.errors if isinstance(error, Problems) else (error,)
        self._errors += [
            {
                "problem": one.problem,
                "file": None if one.file is None else str(one.file),
                "line": one.line,
                "pointer": one.pointer,
                "hint": one.hint,
                "fault": isinstance(one, Fault),
            }
            for one in parts
        ]
        if not self.machine:
            # Text, not markup: a JSONPath is full of brackets.
            console = Console(stderr=True, highlight=False)
            for one in error.shown_errors if isinstance(error, Problems) else (error,):
                console.print(Text("error: ", style="bold red").append(str(one), style="red"), soft_wrap=True)
            if isinstance(error, Problems) and error.rest:
                console.print(Text(error.rest, style="red"))
        return FAULT if all(isinstance(one, Fault) for one in parts) else FOUND

    def close(self, code: int) -> int:
        """Print the JSON object, if machines read this; return the exit code."""
        if self.machine:
            print(json.dumps({**self._data, "exit_code": code, "errors": self._errors}, indent=2, ensure_ascii=False))
        return code


def fault(error: Exception, *, machine: bool) -> int:
    """Report an exception that nothing expected, with its traceback on stderr; return the exit code."""
    traceback.print_exception(error)
    output = Output("", machine=machine)
    return output.close(output.error(Fault(f"{type(error).__name__}: {error}")))
