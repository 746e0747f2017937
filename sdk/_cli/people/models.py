"""`models`: the names of the models, and the operations of models below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..tree import ResourceGroup

if TYPE_CHECKING:
    from ..program import Program


class _Models(ResourceGroup):
    """Without a command it lists the names."""

    def __init__(self, program: Program) -> None:
        from ...api._resources import Resources

        super().__init__("models", Resources().models, program)
        self.invoke_without_command, self.no_args_is_help = True, False

    def invoke(self, ctx: click.Context) -> Any:
        if ctx.invoked_subcommand is None and not ctx._protected_args:
            with self._program.connect(**ctx.obj.client_options(self._program.folder)) as client:
                for model in client.models.list.iter():
                    click.echo(model.id)
            return None
        return super().invoke(ctx)


def command(program: Program) -> click.Command:
    """Return the command."""
    return _Models(program)
