"""`completion`: what a shell needs to complete commands, options and the names of models."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import get_completion_class

from . import COMPLETE, SCRIPT

if TYPE_CHECKING:
    from ..program import Program

#: Where each shell looks for completions, below the home folder.
_PLACES = {
    "bash": f".local/share/bash-completion/completions/{SCRIPT}",
    "fish": f".config/fish/completions/{SCRIPT}.fish",
    "zsh": f".zfunc/_{SCRIPT}",
}
_CACHE = f".cache/{SCRIPT}/models.json"
_FRESH = 24 * 3600


def command(program: Program) -> click.Command:
    """Return the command."""

    def completion(ctx: click.Context, shell: str, install: bool) -> None:
        found = get_completion_class(shell)
        if found is None:
            raise click.UsageError(f"there is no completion for {shell}", ctx)
        text = found(ctx.find_root().command, {}, SCRIPT, COMPLETE).source()
        if not install:
            click.echo(text)
            return
        path = Path.home() / _PLACES[shell]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        click.echo(f"wrote {path}; a new shell completes {SCRIPT}")
        if shell == "zsh":
            click.echo("~/.zshrc needs, before compinit: fpath+=~/.zfunc")

    return click.Command(
        "completion",
        callback=click.pass_context(completion),
        params=[
            click.Argument(["shell"], type=click.Choice(sorted(_PLACES))),
            click.Option(["--install"], is_flag=True, help="Write it where the shell looks for it."),
        ],
        help=f"Write what a shell needs to complete the commands of {SCRIPT}.",
    )


def model_names(program: Program) -> list[str]:
    """Return the models of the server, from a file that is at most a day old; [] if the server does not tell.

    A shell waits for this, so that it asks once, and for two seconds at most.
    """
    from ...errors import SDKError

    path = Path.home() / _CACHE
    try:
        with program.connect(timeout=2.0, connect_timeout=2.0, max_retries=0) as client:
            base = client.options.api_base
            known: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
            names, since = known.get(base, ([], 0.0))
            if time.time() - since > _FRESH:
                names = [model.id for model in client.models.list.iter()]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps({**known, base: (names, time.time())}), encoding="utf-8")
    except (SDKError, OSError, ValueError):
        return []
    return [str(name) for name in names]
