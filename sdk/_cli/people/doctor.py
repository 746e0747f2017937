"""`doctor`: what is set, what works on this server, how fast, and what to do about the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from ..failures import FAILED, OK
from ..output import for_people
from ..settings import Settings, general_options, split
from .checks import Result, Server, run
from .prompt import model_of

if TYPE_CHECKING:
    from ..program import Program

_VARIABLES = ("OPENAI_API_KEY", "OPENAI_MODEL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID")
_MARKS = {True: "works", False: "fails", None: "-"}


def command(program: Program) -> click.Command:
    """Return the command."""

    def doctor(ctx: click.Context, model: str | None, embedding_model: str, as_json: bool, **more: Any) -> int:
        settings: Settings = ctx.obj.updated(split(more)[0])
        as_json = as_json or settings.output == "json"
        options = {"timeout": 30.0, "max_retries": 0, **settings.client_options(program.folder)}
        with program.connect(**options) as client:
            server = Server(client, model_of(model), embedding_model)
            found = _settings(client, settings)
            if not as_json:
                for name, value in found.items():
                    click.echo(f"{name}: {value}")
                click.echo("")
            results = []
            for result in run(server):
                results.append(result)
                if not as_json:
                    click.echo(_line(result))
        if as_json:
            click.echo(json.dumps({"settings": found, "checks": [r._asdict() for r in results]}, indent=2))
        return FAILED if any(result.ok is False for result in results) else OK

    return click.Command(
        "doctor",
        callback=click.pass_context(doctor),
        params=[
            click.Option(["-m", "--model"], metavar="NAME", help="The model; OPENAI_MODEL is the default."),
            click.Option(
                ["--embedding-model"],
                default="text-embedding-3-small",
                show_default=True,
                metavar="NAME",
                help="The model of embeddings.",
            ),
            click.Option(["--json", "as_json"], is_flag=True, help="The results for programs."),
            *general_options(),
        ],
        help="Check what works with this key and this server. It asks a model about five short questions.",
    )


def _settings(client: Any, settings: Settings) -> dict[str, str]:
    """Return what is set, and where it comes from; a key only by its length."""
    from ..._core.options.environment import environ

    variables = environ()
    found = {name: variables[name] for name in _VARIABLES if variables.get(name)}
    if "OPENAI_API_KEY" in found:
        found["OPENAI_API_KEY"] = f"set, {len(found['OPENAI_API_KEY'])} characters"
    else:
        found["OPENAI_API_KEY"] = "not set"
    given = next((name for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL") if variables.get(name)), "the default")
    source = "--api-base" if settings.api_base else given
    return {**found, "server": f"{client.options.api_base} (from {source})"}


def _line(result: Result) -> str:
    mark = _MARKS[result.ok]
    colour = {"works": "green", "fails": "red"}.get(mark)
    head = f"{result.check:<18} {click.style(f'{mark:<6}', fg=colour) if for_people() else f'{mark:<6}'}"
    line = f"{head} {result.seconds:6.2f} s  {result.detail}"
    return f"{line}\n{'':<18} {result.advice}" if result.advice else line
