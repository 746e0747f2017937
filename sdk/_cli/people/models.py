"""`models`: the names of the models, and the operations of models below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..tree import ResourceGroup

if TYPE_CHECKING:
    from ..program import Program


def command(program: Program) -> click.Command:
    """Return the command: without a command of its own it lists the names."""
    from ...api._resources import Resources

    def models(ctx: click.Context) -> None:
        if ctx.invoked_subcommand is None:
            with program.client_for(ctx.obj) as client:
                for model in client.models.list.iter():
                    click.echo(model.id)

    help = "List the names of the models, or call an operation of models."
    return ResourceGroup("models", Resources().models, program, callback=click.pass_context(models), help=help)
