"""`completion`: what a shell needs to complete commands, options and the names of models."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.shell_completion import get_completion_class

from ..._core.options.environment import environ
from ..help import Command
from ..settings import Settings
from . import COMPLETE, SCRIPT

if TYPE_CHECKING:
    from ..program import Program

_FRESH = 24 * 3600


class Place(NamedTuple):
    """Where a shell looks for completions, and what its start file needs for that, if anything."""

    file: Path
    start: Path | None = None
    line: str = ""


def place_of(shell: str, variables: Mapping[str, str], home: Path) -> Place:
    """Return the place of the completions of one shell."""
    data = Path(variables.get("XDG_DATA_HOME") or home / ".local/share")
    config = Path(variables.get("XDG_CONFIG_HOME") or home / ".config")
    if shell == "fish":
        return Place(config / f"fish/completions/{SCRIPT}.fish")
    if shell == "zsh":
        folder = home / ".zfunc"
        start = Path(variables.get("ZDOTDIR") or home) / ".zshrc"
        return Place(folder / f"_{SCRIPT}", start, f'fpath=("{folder}" $fpath); autoload -Uz compinit && compinit')
    file = data / f"bash-completion/completions/{SCRIPT}"
    # The package bash-completion, where the start file loads it before, finds the file by itself.
    return Place(file, home / ".bashrc", f'declare -F _init_completion >&- 2>&- || . "{file}"')


def command(program: Program) -> click.Command:
    """Return the command."""

    def completion(ctx: click.Context, shell: str | None, install: bool) -> None:
        shell = shell or Path(environ().get("SHELL") or "").name
        found = get_completion_class(shell)
        if found is None or shell not in _SHELLS:
            raise click.UsageError(f"name the shell: {', '.join(_SHELLS)}", ctx)
        text = found(ctx.find_root().command, {}, SCRIPT, COMPLETE).source()
        if install:
            _install(place_of(shell, environ(), Path.home()), text)
        else:
            click.echo(text)

    return Command(
        "completion",
        callback=click.pass_context(completion),
        params=[
            click.Argument(["shell"], type=click.Choice(_SHELLS), required=False),
            click.Option(["--install"], is_flag=True, help="Write the script where the shell looks for it."),
        ],
        help=f"Write what a shell needs to complete the commands of {SCRIPT}; by default for the shell of this user.",
    )


_SHELLS = ("bash", "fish", "zsh")


def _install(place: Place, text: str) -> None:
    place.file.parent.mkdir(parents=True, exist_ok=True)
    place.file.write_text(text, encoding="utf-8")
    click.echo(f"wrote {place.file}; a new shell completes {SCRIPT}")
    if place.start is None:
        return
    line = f"{place.line}  # completion of {SCRIPT}\n"
    before = place.start.read_text(encoding="utf-8") if place.start.is_file() else ""
    if line not in before:
        gap = "\n" if before and not before.endswith("\n") else ""
        place.start.write_text(f"{before}{gap}{line}", encoding="utf-8")
        click.echo(f"added a line to {place.start}")


def model_names(program: Program, settings: Settings) -> list[str]:
    """Return the models of the server, from a file that is at most a day old; [] if the server does not say.

    A shell waits for this, so that it asks once, and for two seconds at most.
    """
    from ...errors import SDKError

    cache = Path(environ().get("XDG_CACHE_HOME") or Path.home() / ".cache") / SCRIPT / "models.json"
    options = {**program.client_options(settings), "timeout": 2.0, "connect_timeout": 2.0, "max_retries": 0}
    try:
        with program.connect(**options) as client:
            base = client.options.api_base
            known: dict[str, Any] = json.loads(cache.read_text(encoding="utf-8")) if cache.is_file() else {}
            names, since = known.get(base, ([], 0.0))
            if time.time() - since > _FRESH:
                names = [model.id for model in client.models.list.iter()]
                cache.parent.mkdir(parents=True, exist_ok=True)
                cache.write_text(json.dumps({**known, base: (names, time.time())}), encoding="utf-8")
    except (SDKError, OSError, ValueError, click.ClickException):
        return []
    return [str(name) for name in names]
