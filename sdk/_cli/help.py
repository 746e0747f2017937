"""Help as wide as the terminal: click makes it 50 columns wide at least, and loads archives to ask how wide it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

import click

from .._core.options.environment import environ

#: The most columns of help, and how many it has where nothing says how wide it may be.
_MOST, _USUAL = 100, 80
#: The most columns of names, and of the space around them.
_NAMES = 30


def columns() -> int:
    """Return how many columns there are: of COLUMNS, else of the terminal."""
    given = environ().get("COLUMNS", "")
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1).columns or _USUAL
    except (OSError, ValueError):  # no terminal, or a closed file
        return _USUAL


class Formatter(click.HelpFormatter):
    """Help in as many columns as there are. It wraps lines itself: textwrap takes longer to load than help to write."""

    def __init__(self, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(width=width or max(min(columns(), _MOST) - 2, 20))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        begin = f"{'Usage: ' if prefix is None else prefix}{prog} "
        lines = wrapped(args, self.width - self.current_indent - len(begin))
        if self.width - len(begin) < _NAMES and len(lines) > 1:
            lines = ["", *wrapped(args, self.width - 4)]
            self.write("\n    ".join([begin.rstrip(), *lines[1:]]) + "\n")
            return
        self.write(f"\n{' ' * len(begin)}".join([f"{begin}{lines[0] if lines else ''}", *lines[1:]]) + "\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, with the indentation of the section."""
        space = " " * self.current_indent
        paragraphs = [wrapped(part, self.width - self.current_indent) for part in text.split("\n\n")]
        self.write("\n\n".join("\n".join(f"{space}{line}" for line in lines) for lines in paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = _NAMES, col_spacing: int = 2) -> None:
        """Write names and what they mean in two columns; a long name has a line of its own."""
        pairs = list(rows)
        most = min(col_max, max(self.width // 3, 8))
        widest = min(max((len(name) for name, _ in pairs), default=0), most) + col_spacing
        space, inner = " " * self.current_indent, " " * (self.current_indent + widest)
        for name, text in pairs:
            lines = wrapped(text, self.width - len(inner))
            if len(name) > widest - col_spacing:
                found = [
                    *(f"{space}{line}" for line in wrapped(name, self.width - len(space))),
                    *map(inner.__add__, lines),
                ]
            else:
                found = [f"{space}{name:<{widest}}{lines[0] if lines else ''}".rstrip(), *map(inner.__add__, lines[1:])]
            self.write("\n".join(found) + "\n")


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most `width` columns; a word that is longer is cut."""
    lines: list[str] = []
    line, width = "", max(width, 8)
    for word in text.split():
        if line and len(line) + 1 + len(word) <= width:
            line += f" {word}"
            continue
        if line:
            lines.append(line)
        while len(word) > width:
            lines.append(word[:width])
            word = word[width:]
        line = word
    return [*lines, line] if line else lines


class Context(click.Context):
    """The context of a command whose help has as many columns as there are."""

    formatter_class = Formatter


class _WithHelp(click.Command):
    """What commands and groups share. It translates nothing: to look for translations takes a millisecond."""

    context_class = Context
    _help: click.Option | None = None

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        if self._help is None and ctx.help_option_names:
            self._help = click.Option(
                ctx.help_option_names, is_flag=True, expose_value=False, is_eager=True, callback=_show,
                help="Show this message and exit.",
            )  # fmt: skip
        return self._help

    def write_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        records = [
            parameter.get_help_record(ctx) for parameter in self.get_params(ctx) if isinstance(parameter, click.Option)
        ]
        with formatter.section("Options"):
            formatter.write_dl([record for record in records if record is not None])


class Command(_WithHelp):
    """A command whose help has as many columns as there are."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, _in_full(self.get_params(ctx), args))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.write_options(ctx, formatter)


class Group(_WithHelp, click.Group):
    """A group whose help has as many columns as there are."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.write_options(ctx, formatter)
        self.format_commands(ctx, formatter)


def _show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(ctx.get_help())
        ctx.exit()


def _in_full(parameters: Iterable[click.Parameter], args: list[str]) -> list[str]:
    """Return arguments with short options in full: click looks for options that are like -m before it reads it."""
    options = {name: option for option in parameters if isinstance(option, click.Option) for name in option.opts}
    found: list[str] = []
    waiting = iter(args)
    for word in waiting:
        if word == "--":
            return [*found, word, *waiting]
        option = options.get(word)
        if option is None:
            found.append(word)
            continue
        found.append(max(option.opts, key=len))
        if not option.is_flag:
            found.extend(value for value in (next(waiting, None),) if value is not None)
    return found
