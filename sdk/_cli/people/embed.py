"""`embed`: the vectors of texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from .. import output
from ..help import Command
from ..progress import Waiting
from ..settings import Settings, general_options, split
from .prompt import model_option, piped, text_of

if TYPE_CHECKING:
    from ..program import Program

#: Texts of one call.
_AT_ONCE = 256
_DEFAULT = "text-embedding-3-small"


def command(program: Program) -> click.Command:
    """Return the command."""

    def embed(ctx: click.Context, texts: tuple[str, ...], model: str, dimensions: int | None, **more: Any) -> None:
        settings: Settings = ctx.obj.updated(split(more)[0])
        given = [text_of(text) for text in texts] or [line for line in piped().splitlines() if line.strip()]
        if not given:
            raise click.UsageError("embed needs texts: as arguments, or a line each on standard input", ctx)
        arguments: dict[str, Any] = {"model": model}
        if dimensions is not None:
            arguments["dimensions"] = dimensions
        with program.client_for(settings) as client:
            if settings.dry_run:
                from ..calls import show

                show(client, client.embeddings.create, {**arguments, "input": given}, settings, streamed=False)
                return
            rows = _rows(client, given, arguments)
            if output.for_people() and settings.output is None and settings.query is None:
                for row in rows:
                    click.echo(_line(row))
            else:
                output.write_rows(rows, settings)

    return Command(
        "embed",
        callback=click.pass_context(embed),
        params=[
            click.Argument(["texts"], nargs=-1, metavar="[TEXT|@FILE]..."),
            model_option(program, "The model.", _DEFAULT),
            click.Option(["--dimensions"], type=int, metavar="N", help="The length of the vectors."),
            *general_options(),
        ],
        help="Write the vectors of texts: a line of JSON for each. Without arguments every line of standard input is "
        "a text.",
    )


def _rows(client: Any, texts: Sequence[str], arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        with Waiting(f"{start} of {len(texts)} texts"):
            reply = client.embeddings.create.sync(input=list(part), **arguments)
        for text, found in zip(part, reply.data, strict=True):
            yield {"text": text, "embedding": list(found.embedding)}


def _line(row: dict[str, Any]) -> str:
    vector = row["embedding"]
    shown = " ".join(f"{number:.4f}" for number in vector[:4])
    text = " ".join(row["text"].split())
    return f"{text[:32] + '...' if len(text) > 35 else text}: {len(vector)} dimensions, {shown} ..."
