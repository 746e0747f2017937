"""`serve`: the local server of the test kit, with its own options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ..help import Command

if TYPE_CHECKING:
    from ..program import Program


def command(program: Program) -> click.Command:
    """Return the command, which passes all its arguments on."""

    def serve(arguments: tuple[str, ...]) -> int:
        from ...testing.__main__ import main

        try:
            return main(arguments, f"{program.name} serve")
        except SystemExit as error:  # of argparse: --help, or a wrong option
            return error.code if isinstance(error.code, int) else 2

    return Command(
        "serve",
        callback=serve,
        params=[click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
        help="Serve the API on this machine; see python -m sdk.testing.",
    )
