"""What a shell completes after an option: values, models of the server, profiles, files after an @."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .settings import Settings, split

if TYPE_CHECKING:
    from .program import Program

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def completer(program: Program, argument: str, values: Sequence[object] = ()) -> Complete:
    """Return what completes an argument: values that the server knows, else those of the description, and files."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        if incomplete.startswith("@"):
            return files(incomplete)
        known = program.values_of(argument, settings_of(ctx)) or [str(value) for value in values]
        return [value for value in known if value.startswith(incomplete)]

    return complete


def settings_of(ctx: click.Context) -> Settings:
    """Return what the words before give: completion runs no command, which would collect it."""
    settings = Settings()
    here: click.Context | None = ctx
    outer: list[click.Context] = []
    while here is not None:
        outer.append(here)
        here = here.parent
    for one in reversed(outer):
        settings = settings.updated(split(one.params)[0])
    return settings


def files(incomplete: str) -> list[str]:
    """Return the files that @name can mean, folders with a slash."""
    typed = incomplete[1:]
    folder, _, name = typed.rpartition("/")
    place = Path(f"{folder}/" if typed.startswith("/") and not folder else folder or ".").expanduser()
    try:
        found = sorted(entry for entry in place.iterdir() if entry.name.startswith(name))
    except OSError:
        return []
    before = f"@{folder}/" if "/" in typed else "@"
    return [f"{before}{entry.name}{'/' if entry.is_dir() else ''}" for entry in found]
