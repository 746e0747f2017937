"""`bulk` and `batch`: an operation with each line of a file, and a line of results for each."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..failures import FAILED, LIMITED, OK
from ..settings import Settings, general_options, split
from ..values import BadValue, guessed, place, read_source

if TYPE_CHECKING:
    from ..program import Program

#: Ends of a run that were a limit of the caller's own.
_BUDGETS = ("tokens", "budget", "seconds")
#: Calls at once of `batch`: uploads, states and results.
_BATCH_CALLS = 8


def command(program: Program) -> click.Command:
    """Return the command that makes the calls itself."""
    path = click.Path(path_type=Path, dir_okay=False)
    own: list[click.Parameter] = [
        click.Option(["-j", "--concurrency"], type=int, default=64, help="Calls at once.", show_default=True),
        click.Option(["--engine"], type=click.Choice(["ray", "dask"]), help="A cluster that makes the calls."),
        click.Option(["--address"], metavar="ADDRESS", help="The cluster; without one it starts on this machine."),
        click.Option(["--workers"], type=int, default=2, help="Workers of the cluster.", show_default=True),
        click.Option(["--tokens"], type=int, metavar="N", help="Send no more lines once this many tokens are used."),
        click.Option(["--seconds"], type=float, metavar="N", help="Send no more lines after this time."),
        click.Option(["--max-cost"], type=float, metavar="N", help="Send no line that may cost more; needs --prices."),
    ]
    return click.Command(
        "bulk",
        callback=click.pass_context(lambda ctx, **given: _run(program, ctx, given)),
        params=[*_parameters(path), *own, *general_options()],
        help="Call an operation with each line of SOURCE, and write each reply as a line of a file. Started again, the "
        "same command does what is missing. SOURCE is JSON Lines (the Batch API's form, bare bodies, or "
        '{"prompt": ...}), CSV, TSV or Parquet, or - for JSON Lines on standard input.',
    )


def batch(program: Program) -> click.Command:
    """Return the command that lets the Batch API make the calls."""
    path = click.Path(path_type=Path, dir_okay=False)
    return click.Command(
        "batch",
        callback=click.pass_context(lambda ctx, **given: _run(program, ctx, {**given, "via": "batch"})),
        params=[*_parameters(path), *general_options()],
        help="Do the same as bulk by the Batch API, which is cheaper, and slower: split, upload, wait, and join. "
        "After an interruption the batches keep running; the same command continues to wait for them.",
    )


def _parameters(path: click.Path) -> list[click.Parameter]:
    return [
        click.Argument(["source"]),
        click.Option(["-o", "--to", "target"], type=path, required=True, metavar="FILE", help="The file of results."),
        click.Option(["--operation"], default="chat.create", help="The name of the operation.", show_default=True),
        click.Option(["-m", "--model"], metavar="NAME", help="The model for lines that do not name one."),
        click.Option(
            ["--set", "arguments"], multiple=True, metavar="NAME=VALUE", help="Another argument of every call."
        ),
        click.Option(
            ["--template"], metavar="TEXT|@FILE", help="A prompt with {columns}; a JSON object is the whole body."
        ),
        click.Option(["--limit"], type=int, metavar="N", help="Send at most this many lines."),
        click.Option(["--retry-errors"], is_flag=True, help="Try the lines that failed again."),
        click.Option(["--prices"], type=path, metavar="FILE", help="Prices by model, for the cost."),
        click.Option(["--quiet"], is_flag=True, help="Show no progress."),
    ]


def _run(program: Program, ctx: click.Context, given: dict[str, Any]) -> int:
    from ... import bulk

    settings: Settings = ctx.obj.updated(split(given)[0])
    options = _options(given, settings)
    source = sys.stdin.buffer if given["source"] == "-" else given["source"]
    concurrency = options.get("concurrency", _BATCH_CALLS)
    with program.connect(max_in_flight=concurrency, **program.client_options(settings)) as client:
        try:
            found = bulk.run(source, given["target"], given["operation"], client=client, **options)
        except KeyboardInterrupt as error:
            for note in getattr(error, "__notes__", ()):
                click.echo(note, err=True)
            raise
    if settings.output in (None, "text"):
        click.echo(str(found))
        if isinstance(found, bulk.DryRun) and found.body is not None:
            click.echo(f"{found.method} {found.url}\n{json.dumps(found.body, indent=2, ensure_ascii=False)}")
    else:
        from attrs import asdict

        click.echo(json.dumps(asdict(found), default=str))
    if isinstance(found, bulk.DryRun):
        return OK
    return LIMITED if found.stopped in _BUDGETS else FAILED if found.failed else OK


def _options(given: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """Return the options of the run. Raises: UsageError."""
    from ...usage import Budget, Prices

    names = ("concurrency", "engine", "address", "workers", "tokens", "seconds", "limit", "retry_errors", "via")
    options = {name: given[name] for name in names if given.get(name) is not None}
    arguments: dict[str, Any] = {} if given["model"] is None else {"model": given["model"]}
    try:
        for text in given["arguments"]:
            name, sign, value = text.partition("=")
            if not sign:
                raise click.UsageError(f"--set needs name=value, not {text!r}")
            place(arguments, name.split("."), guessed(value))
        options["template"] = _template(given["template"])
    except BadValue as error:
        raise click.UsageError(f"an option {error}") from None
    prices = None if given["prices"] is None else Prices.from_file(given["prices"])
    if given.get("max_cost") is not None:
        if prices is None:
            raise click.UsageError("--max-cost needs --prices FILE")
        options["budget"] = Budget(given["max_cost"], prices)
    progress = not given["quiet"] and not settings.dry_run
    return {**options, "arguments": arguments, "prices": prices, "progress": progress, "dry_run": settings.dry_run}


def _template(text: str | None) -> Any:
    if text is None:
        return None
    if text.startswith("@") and not text.startswith("@@"):
        text = read_source(text[1:]).decode()
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, dict) else text
