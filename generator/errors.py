"""Errors of the generator: where something is wrong, what it is, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class GeneratorError(Exception):
    """What stops the generator, and how to fix it.

    `pointer` is a JSON pointer (RFC 6901) into `file`; `line` counts from 1. All four data are attributes, so that
    a later stage can fill in the file and line of an error that an inner stage raised with its pointer alone.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: Path | str | None = None,
        pointer: str | None = None,
        line: int | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.file = file
        self.pointer = pointer
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        where = ""
        if self.file is not None:
            where = f"{self.file}:{self.line}: " if self.line is not None else f"{self.file}: "
        if self.pointer is not None:
            # The empty pointer is the whole document; an empty word would read as a slip.
            where += f"at {self.pointer or 'the top of the document'}: "
        return f"{where}{self.problem}" + (f"\n  to fix: {self.hint}" if self.hint else "")


def raise_all(errors: Sequence[GeneratorError]) -> None:
    """Raise errors, if there are any, at once; an error of a place that several others use is raised once."""
    found = {(one.pointer, one.problem): one for error in errors for one in getattr(error, "errors", (error,))}
    if len(found) > 1:
        raise Problems(tuple(found.values()))
    for error in found.values():
        raise error


class Problems(GeneratorError):
    """Show several errors at once, at most `shown` of them, and count the rest."""

    def __init__(self, errors: Sequence[GeneratorError], *, shown: int = 5) -> None:
        first = errors[0]
        super().__init__(first.problem, file=first.file, pointer=first.pointer, line=first.line, hint=first.hint)
        self.errors = tuple(errors)
        self.shown = shown

    def __str__(self) -> str:
        lines = [str(error) for error in self.errors[: self.shown]]
        if rest := len(self.errors) - self.shown:
            lines += [f"and {rest} more like these"] if rest > 0 else []
        return "\n".join(lines)
