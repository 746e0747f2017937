"""Templates: list those of packages, or write single ones, which a user's own shall replace."""

from __future__ import annotations

import argparse

from generator.commands.output import SUCCESS, Output
from generator.emit.environment import sources
from generator.errors import GeneratorError, did_you_mean
from generator.publish.folders import write_atomically


def run(options: argparse.Namespace, output: Output) -> int:
    """List all templates, or write the named ones; return the exit code."""
    known = sources()
    output.data(templates=[*known], written=[])
    if not options.names:
        for name in known:
            output.line(name)
        return SUCCESS
    for name in options.names:
        if name not in known:
            hint = did_you_mean(name, known, f"the templates are {', '.join(known)}")
            raise GeneratorError(f"there is no template {name!r}", hint=hint)
        if (options.out / name).exists() and not options.force:
            raise GeneratorError(
                "this template is there already", file=options.out / name, hint="edit it, or replace it with --force"
            )
    for name in options.names:
        write_atomically(options.out / name, known[name].encode())
        output.line(f"wrote: {options.out / name}")
    output.data(written=[str(options.out / name) for name in options.names])
    return SUCCESS
