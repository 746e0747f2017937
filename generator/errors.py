"""Errors of the generator: the place, the problem, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class GeneratorError(Exception):
    """An error that stops the generator, and how to fix it.

    `pointer` is a JSON pointer (RFC 6901) into `file`, a path or a URL; `line` counts from 1. They are attributes, so
    that an outer stage can add file and line to an error that an inner stage raised with a pointer only.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: object = None,
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
            where = f"{shown(self.file)}:{self.line}: " if self.line is not None else f"{shown(self.file)}: "
        if self.pointer is not None:
            # The empty pointer means the whole document; show it as words.
            where += f"at {self.pointer or 'the top of the document'}: "
        return f"{where}{self.problem}" + (f"\n  to fix: {self.hint}" if self.hint else "")


def shown(file: object) -> str:
    """Return a file as messages name it: `-` is the standard input."""
    return "the standard input" if str(file) == "-" else str(file)


class Fault(GeneratorError):
    """An error of the generator itself: the document is not to blame, and nothing in it needs a correction."""

    def __init__(self, problem: str, *, pointer: str | None = None) -> None:
        super().__init__(problem, pointer=pointer)

    def __str__(self) -> str:
        return (
            f"{super().__str__()}\n  this is a fault of the generator, not of the document: please report it with "
            "the document"
        )


class NotPython(Fault):
    """The generated code is not Python: a fault of a template."""


def did_you_mean(name: object, known: Iterable[str], otherwise: str) -> str:
    """Return a hint that names the known word nearest to a wrong one; `otherwise` if none is near."""
    from difflib import get_close_matches  # only a mistake needs it

    close = get_close_matches(str(name), list(known), 1)
    return f"did you mean {close[0]!r}?" if close else otherwise


def raise_all(errors: Sequence[GeneratorError]) -> None:
    """Raise several errors together, if there are any; equal errors of a shared place are raised once."""
    found = {
        (str(one.file), one.pointer, one.problem): one for error in errors for one in getattr(error, "errors", (error,))
    }
    if len(found) > 1:
        raise Problems(tuple(found.values()))
    for error in found.values():
        raise error


class Problems(GeneratorError):
    """Several errors. The message shows at most `shown` of them, and the number of the others."""

    def __init__(self, errors: Sequence[GeneratorError], *, shown: int = 5) -> None:
        first = errors[0]
        super().__init__(first.problem, file=first.file, pointer=first.pointer, line=first.line, hint=first.hint)
        self.errors = tuple(errors)
        self.shown = shown

    @property
    def shown_errors(self) -> tuple[GeneratorError, ...]:
        """The errors that the message shows."""
        return self.errors[: self.shown]

    @property
    def rest(self) -> str:
        """The number of the other errors in words, "" if there are none."""
        return f"and {len(self.errors) - self.shown} more like these" if len(self.errors) > self.shown else ""

    def __str__(self) -> str:
        return "\n".join([*map(str, self.shown_errors), *filter(None, [self.rest])])
