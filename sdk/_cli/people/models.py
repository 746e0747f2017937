"""`models`: the names of the models, and the operations of models below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from .. import output
from ..settings import Settings, general_options, split
from ..tree import ResourceGroup

if TYPE_CHECKING:
    from ..program import Program


def command(program: Program) -> click.Command:
    """Return the command: without a command of its own it lists the names."""
    from ...api._resources import Resources

    def models(ctx: click.Context, **more: Any) -> None:
        settings: Settings = ctx.obj.updated(split(more)[0])
        ctx.obj = settings  # for the operation that may follow
        if ctx.invoked_subcommand is not None:
            return
        with program.client_for(settings) as client:
            if settings.dry_run:
                from ..calls import show

                show(client, client.models.list, {}, settings, streamed=False)
            elif settings.output is not None or settings.query is not None:
                output.write([output.plain(model) for model in client.models.list.iter()], settings)
            else:
                for model in client.models.list.iter():
                    click.echo(model.id)

    return ResourceGroup(
        "models",
        Resources().models,
        program,
        callback=click.pass_context(models),
        params=general_options(),
        help="List the names of the models, or call an operation of models.",
    )
