"""`doctor`: what is set, what works on this server, how fast, and what to do about the rest."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Collection
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ..failures import FAILED, OK
from ..help import Command
from ..output import for_people, styled
from ..settings import Settings, general_options, split
from .checks import Result, Server, run
from .prompt import model_of_environment, model_option

if TYPE_CHECKING:
    from ..program import Program

_MARKS = {True: "works", False: "fails", None: "-"}
_COLOURS = {True: "green", False: "red"}
#: The options of a client that are shown where something sets them. Values of others may be secrets.
_SHOWN = (
    "organization", "project", "auth_header", "auth_scheme", "timeout", "deadline", "max_retries", "max_in_flight",
    "requests_per_minute", "tokens_per_minute",
)  # fmt: skip
_OWN: dict[str, Any] = {"timeout": 30.0, "max_retries": 0}


class Setting(NamedTuple):
    """What is set, and what set it."""

    name: str
    value: str
    source: str


def command(program: Program) -> click.Command:
    """Return the command."""

    def doctor(ctx: click.Context, model: str | None, embedding_model: str | None, as_json: bool, **more: Any) -> int:
        settings: Settings = ctx.obj.updated(split(more)[0])
        as_json = as_json or settings.output == "json"
        with program.client_for(settings, **_OWN) as client:
            found = _settings(client, settings, model, program.client_options(settings))
            if not as_json:
                for one in found:
                    click.echo(_row([(one.name, 19)], f"{one.value}  ({one.source})"))
                click.echo(f"\n{styled(_row([('check', 19), ('', 7), ('time', 9)], ''), bold=True)}")
            results = []
            for result in run(Server(client, model, embedding_model)):
                results.append(result)
                if not as_json:
                    click.echo(_line(result))
        if as_json:
            checks = [result._asdict() for result in results]
            click.echo(json.dumps({"settings": [one._asdict() for one in found], "checks": checks}, indent=2))
        elif failed := sum(result.ok is False for result in results):
            click.echo(f"\n{failed} of {len(results)} checks failed")
        return FAILED if any(result.ok is False for result in results) else OK

    return Command(
        "doctor",
        callback=click.pass_context(doctor),
        params=[
            model_option(program, "The model; by default OPENAI_MODEL, or one of the server."),
            click.Option(["--embedding-model"], metavar="NAME", help="The model of embeddings."),
            click.Option(["--json", "as_json"], is_flag=True, help="Write the results as JSON."),
            *general_options(),
        ],
        help="Check what works with this key and this server. It asks a model about five short questions.",
    )


def _settings(client: Any, settings: Settings, model: str | None, given: Collection[str]) -> list[Setting]:
    """Return what is set, and where it comes from; a key only by its length.

    `given` are the options of the command and of its profile: the other limits are this command's own.
    """
    options = client.options

    def source(name: str) -> str:
        found = options.source(name)
        if found is None:
            return "default"
        if not found.endswith("="):
            return str(found)
        if name == "api_key" and settings.no_key:
            return "--no-key"
        on_command_line = getattr(settings, name, None) is not None
        return f"--{name.replace('_', '-')}" if on_command_line else f"profile {settings.profile}"

    rows = [Setting("server", options.api_base, source("api_base"))]
    rows += [Setting("key", _hidden(options.api_key, missing=options.api_key_missing), source("api_key"))]
    if options.admin_api_key is not None:
        rows.append(Setting("admin key", _hidden(options.admin_api_key), source("admin_api_key")))
    chosen = model or model_of_environment()
    if chosen:
        rows.append(Setting("model", chosen, "--model" if model else "OPENAI_MODEL"))
    for name in _SHOWN:
        found = options.source(name)
        if found is not None and not (found.endswith("=") and name not in given):
            rows.append(Setting(name.replace("_", " "), str(getattr(options, name)), source(name)))
    from ..._core.client.reach import reach_of

    proxy = reach_of(client).proxy
    return [*rows, Setting("proxy", proxy, "the environment")] if proxy else rows


def _hidden(key: Any, *, missing: bool = False) -> str:
    if missing:
        return "not set"
    if key is None:
        return "none is sent"
    return f"set, {len(key)} characters" if isinstance(key, str) else "set"


def _line(result: Result) -> str:
    """Return the row of a check, and below it what to do."""
    mark = _MARKS[result.ok]
    seconds = "" if result.ok is None else f"{result.seconds:.2f} s"
    cells = [(result.check, 19), (mark, 7), (f"{seconds:>7}", 9)]
    row = _row(cells, result.detail)
    colour = _COLOURS.get(result.ok) if result.ok is not None else None
    if colour:
        row = row.replace(mark, styled(mark, fg=colour), 1)
    return f"{row}\n{_row([('', 35)], result.advice)}" if result.advice else row


def _row(cells: list[tuple[str, int]], text: str) -> str:
    """Return cells of fixed widths and a text that is wrapped beside them; below them where that is too narrow."""
    head = "".join(f"{cell:<{width}}" for cell, width in cells)
    columns = get_terminal_size().columns if for_people() else 0
    if not columns:
        return f"{head}{text}".rstrip()
    if columns - len(head) >= 30:
        lines = textwrap.wrap(text, columns - len(head) - 1) or [""]
        return "\n".join(f"{head if not n else ' ' * len(head)}{line}".rstrip() for n, line in enumerate(lines))
    below = textwrap.wrap(text, columns - 3)
    return "\n".join(filter(None, [head.rstrip(), *(f"  {line}" for line in below)]))
