"""A parser of command lines that says what may have been meant."""

from __future__ import annotations

import argparse
import difflib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from generator.document.location import Location, location_of
from generator.errors import GeneratorError


def program() -> str:
    """Return the command by which this process was started, as users type it."""
    started = Path(sys.argv[0]).name
    return started if started == "sdkwright" else "python -m generator"


class Parser(argparse.ArgumentParser):
    """Parse a command line. Options are not abbreviated; an unknown one comes with the one that is like it."""

    #: Whether an error is JSON on stdout, as the results of this command line are.
    machine = False

    def __init__(self, *args: object, **options: object) -> None:
        options = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False, **options}
        super().__init__(*args, **options)  # type: ignore[arg-type]  # unchanged

    def error(self, message: str) -> NoReturn:
        """Print the problem, what was meant, and where help is; exit with the code 2."""
        hint = ""
        if unknown := re.match(r"unrecognized arguments: (-[^\s=]+)", message):
            hint = _meant(unknown[1], self._options())
        elif choice := re.match(r"argument (?:COMMAND|[^:]+): invalid choice: '([^']*)' \(choose from (.*)\)", message):
            known = [one.strip("' ") for one in choice[2].split(",")]
            hint = _meant(choice[1], known)
            message = f"{choice[1]!r} is none of: {', '.join(known)}"
        if Parser.machine:
            error = {"problem": f"{message}{hint}", "file": None, "line": None, "pointer": None,
                     "hint": f"see {self.prog} --help", "fault": False}  # fmt: skip
            print(json.dumps({"command": None, "exit_code": 2, "errors": [error]}, indent=2, ensure_ascii=False))
            self.exit(2)
        self.exit(2, f"{self.format_usage()}error: {message}{hint}\n  to fix: see {self.prog} --help\n")

    def read(self, arguments: Sequence[str] | None) -> argparse.Namespace:
        """Parse a whole command line; the parser of the command reports what it does not know."""
        Parser.machine = "--json" in (sys.argv[1:] if arguments is None else arguments)
        found, rest = self.parse_known_args(arguments)
        if rest:
            parsers = [one for one in self._commands() if one.prog.rpartition(" ")[2] == getattr(found, "command", "")]
            (parsers[0] if parsers else self).error(f"unrecognized arguments: {' '.join(rest)}")
        return found

    def _options(self) -> list[str]:
        return [text for action in self._actions for text in action.option_strings if text.startswith("--")]

    def _commands(self) -> list[Parser]:
        return [
            one
            for action in self._actions
            if isinstance(action, argparse._SubParsersAction)
            for one in action.choices.values()
        ]


def _meant(given: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(given, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def path(text: str) -> Path:
    """Read a path; a ~ that the shell has left in it is the home directory."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"{text}: the ~ names no user with a home directory") from None


def location(text: str) -> Location:
    """Read the place of a document: a path, a URL, or - for the standard input."""
    try:
        return location_of(text)
    except GeneratorError as error:
        raise argparse.ArgumentTypeError(error.problem) from None
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"{text}: the ~ names no user with a home directory") from None


def names(text: str) -> tuple[str, ...]:
    """Read names that are separated by commas."""
    found = tuple(name.strip() for name in text.split(",") if name.strip())
    if not found:
        raise argparse.ArgumentTypeError("name at least one resource, for example: chat,models")
    return found
