"""The command line: init, generate, check, lint, diff, templates; and for the SDK pin, update, surface."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from generator import pipeline
from generator.commands import check, checkout, diff, generate, init, lint, pin, templates, update
from generator.commands.arguments import OVERLAY, parser
from generator.commands.job import root_of
from generator.commands.output import STOPPED, SUCCESS, Output
from generator.commands.update import LOCK, PAGE, SPEC
from generator.compare import snapshot
from generator.compare.report import FORMATS
from generator.document.load import load
from generator.document.location import forget
from generator.errors import GeneratorError
from generator.publish.folders import write_atomically


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `sdkwright --help` lists the codes."""
    options = parser().read(arguments)
    output = Output(options.command, machine=options.json, quiet=options.quiet)
    forget()
    try:
        code = _COMMANDS[options.command](options, output)
    except GeneratorError as error:
        code = output.error(error)
    except KeyboardInterrupt:
        print("stopped; nothing was half-written", file=sys.stderr)
        code = STOPPED
    return output.close(code)


def _pin(options: argparse.Namespace, output: Output) -> int:
    progress = output.progress()
    with progress.stage("pin", "operations") as stage:
        additions = [pin.Addition.of(load(path)) for path in options.add]
        overlay = options.overlay or options.out.with_name(OVERLAY.name)
        pinned = pin.pin(
            options.path, options.out, additions, overlay if overlay.is_file() else None, keep_prose=options.keep_prose
        )
        stage.count = pinned.record["counts"]["operations"]
    progress.done()
    counts = ", ".join(f"{count:,} {name}" for name, count in pinned.record["counts"].items())
    output.data(changed=pinned.changed, spec=str(pinned.spec), lock=str(pinned.lock), counts=pinned.record["counts"])
    output.line(f"{'wrote' if pinned.changed else 'unchanged'}: {pinned.spec}, {pinned.lock} ({counts})")
    return SUCCESS


def _update(options: argparse.Namespace, output: Output) -> int:
    root = root_of(options)
    version, progress = checkout.version(root), output.progress()
    updated = update.update(
        options.path, root, checkout.overlay_of(options), checkout.descriptions_of(options), version, progress,
        additions=[pin.Addition.of(load(path)) for path in options.add], keep_prose=options.keep_prose,
    )  # fmt: skip
    progress.done()
    output.text(FORMATS[options.format](updated.diff, version))
    output.data(changed=updated.changed, breaking=len(updated.diff.breaking), changes=len(updated.diff.changes))
    if options.format == "text":
        written = f"{SPEC}, {LOCK} and {PAGE} written" if updated.changed else "the document is the one that was pinned"
        output.line(f"{written}; generated files: {updated.files}")
        for source, titles in updated.absorbed.items():
            output.line(
                f"{options.path.name} now has {len(titles):,} of the operations of {source}: {', '.join(titles)}"
            )
    return SUCCESS


def _surface(options: argparse.Namespace, output: Output) -> int:
    inputs, target = checkout.inputs_of(options), root_of(options) / snapshot.FILE
    found = pipeline.surface_of(inputs.spec, inputs.overlay, Output("", quiet=True).progress())
    changed = write_atomically(target, snapshot.text(found).encode())
    output.data(changed=changed, file=str(target))
    output.line(f"{'wrote' if changed else 'unchanged'}: {target}")
    return SUCCESS


_COMMANDS: dict[str, Callable[[argparse.Namespace, Output], int]] = {
    "init": init.run,
    "generate": generate.run,
    "check": check.run,
    "lint": lint.run,
    "diff": diff.run,
    "templates": templates.run,
    "pin": _pin,
    "update": _update,
    "surface": _surface,
}
