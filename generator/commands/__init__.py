"""The command line: pin, generate, check, surface, diff, update."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from generator import pipeline
from generator.commands import package, pin, update
from generator.commands.arguments import DESCRIPTIONS, OVERLAY, parser
from generator.commands.update import LOCK, PAGE, SPEC
from generator.compare import snapshot
from generator.compare.diff import compare
from generator.compare.report import FORMATS
from generator.describe.coverage import coverage
from generator.document.load import load
from generator.emit.package import release
from generator.errors import Fault, GeneratorError, Problems
from generator.policy import Policy
from generator.progress import Progress
from generator.publish import stamp
from generator.publish.drift import check, report
from generator.publish.folders import publish, write_atomically


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0 is success, 1 an error or a difference, 2 a wrong command line, 3 a fault of the generator itself.
    """
    options = parser().parse_args(arguments)
    try:
        code: int = _COMMANDS[options.command](options)
    except GeneratorError as error:
        # Text, not markup: a JSONPath is full of brackets.
        message = Text("error: ", style="bold red").append(str(error), style="red")
        Console(stderr=True, highlight=False).print(message, soft_wrap=True)
        return 3 if _is_fault(error) else 1
    except KeyboardInterrupt:
        print("stopped; nothing was half-written", file=sys.stderr)
        return 130
    return code


def _is_fault(error: GeneratorError) -> bool:
    """Return whether the generator alone is to blame."""
    return all(isinstance(one, Fault) for one in (error.errors if isinstance(error, Problems) else (error,)))


def _pin(options: argparse.Namespace) -> int:
    progress = Progress()
    with progress.stage("pin", "operations") as stage:
        additions = [pin.Addition.of(load(path)) for path in options.add]
        overlay = options.overlay or options.out.with_name(OVERLAY.name)
        pinned = pin.pin(
            options.path, options.out, additions, overlay if overlay.is_file() else None, keep_prose=options.keep_prose
        )
        stage.count = pinned.record["counts"]["operations"]
    progress.done()
    counts = ", ".join(f"{count:,} {name}" for name, count in pinned.record["counts"].items())
    print(f"{'wrote' if pinned.changed else 'unchanged'}: {pinned.spec}, {pinned.lock} ({counts})")
    return 0


def _package(options: argparse.Namespace) -> int:
    if options.spec is None or options.out is None:
        raise GeneratorError(
            "--package needs --spec FILE and --out DIR", hint="see: python -m generator generate --help"
        )
    progress, runtime = Progress(), _version(Path(__file__).parents[2])
    policy = Policy.for_package(lenient=options.lenient, operations=options.naming)
    summary, report = package.write_package(
        options.spec, options.overlay, options.include, options.package, options.out, runtime, progress, policy,
        options.descriptions,
    )  # fmt: skip
    progress.done()
    for note in report.notes:
        print(note)
    print(f"{options.out / options.package}: {summary}")
    return 0


def _generate(options: argparse.Namespace) -> int:
    if options.package is not None:
        return _package(options)
    if options.out is not None or options.lenient:
        raise GeneratorError("--out and --lenient are for packages of their own", hint="name one with --package")
    read = stamp.inputs(_spec(options), _overlay(options), _descriptions(options), options.include)
    current = None if options.force else stamp.is_current(options.root, read)
    if current is not None:
        print(f"0 written, {current:,} unchanged, 0 removed (nothing has changed; --force generates all the same)")
        return 0
    progress = Progress()
    made = pipeline.build(_spec(options), _overlay(options), options.include, progress, _descriptions(options))
    with progress.stage("publish", "files") as stage:
        summary = publish(options.root, made.trees)
        stage.count = summary.written + summary.unchanged
    stamp.write(options.root, read, made.trees)
    progress.done()
    for note in made.api.report.notes:
        print(note)
    print(summary)
    return 0


def _check(options: argparse.Namespace) -> int:
    pin.check_lock(_spec(options))
    progress = Progress()
    generated = pipeline.build(_spec(options), _overlay(options), options.include, progress, _descriptions(options))
    with progress.stage("check", "files") as stage:
        differences = check(options.root, generated.trees)
        stage.count = sum(map(len, generated.trees.values()))
    progress.done()
    drifted = _surface_drift(options, generated)
    if drifted:
        print(f"{drifted}\n\nthe public names differ from {snapshot.FILE}; if that is meant, run: make surface")
    if differences:
        print(report(differences))
        count = f"{len(differences):,} file{'s differ' if len(differences) > 1 else ' differs'}"
        print(f"\n{count} from what the pinned document gives; run: make generate")
    if differences or drifted:
        return 1
    if _descriptions(options) is not None:
        for share in coverage(generated.api):
            print(f"described: {share}")
    print("the generated files are what the pinned document gives")
    return 0


def _update(options: argparse.Namespace) -> int:
    version, progress = _version(options.root), Progress()
    updated = update.update(
        options.path, options.root, _overlay(options), _descriptions(options), version, progress,
        additions=[pin.Addition.of(load(path)) for path in options.add], keep_prose=options.keep_prose,
    )  # fmt: skip
    progress.done()
    print(FORMATS[options.format](updated.diff, version), end="")
    if options.format == "text":
        written = f"{SPEC}, {LOCK} and {PAGE} written" if updated.changed else "the document is the one that was pinned"
        print(f"{written}; generated files: {updated.files}")
        for source, titles in updated.absorbed.items():
            print(f"{options.path.name} now has {len(titles):,} of the operations of {source}: {', '.join(titles)}")
    return 0


def _version(root: Path) -> str:
    """Return the SDK's version: of the checkout that the report is for; the generator does not import the SDK."""
    try:
        found = re.search(r'__version__ = "([^"]+)"', (root / "sdk/_version.py").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else "0.0.0"


def _surface_drift(options: argparse.Namespace, generated: pipeline.Generated) -> snapshot.Drift | None:
    """Return how the public names differ from the committed ones; None without such, or with --include."""
    committed = options.root / snapshot.FILE
    if options.include is not None or not committed.is_file():
        return None
    return snapshot.compare(committed.read_text(encoding="utf-8"), snapshot.text(generated.surface("")))


def _surface(options: argparse.Namespace) -> int:
    found = pipeline.surface_of(_spec(options), _overlay(options), Progress(Console(quiet=True)))
    changed = write_atomically(options.root / snapshot.FILE, snapshot.text(found).encode())
    print(f"{'wrote' if changed else 'unchanged'}: {options.root / snapshot.FILE}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    progress = Progress()
    for path in (options.old, options.new):
        if not path.is_file():
            raise GeneratorError("there is no such file", file=path, hint="check the path")
    if options.package:
        policy = Policy.for_package(lenient=options.lenient, operations=options.naming)
        old, new = (
            pipeline.surface_of_package(path, options.overlay, progress, policy) for path in (options.old, options.new)
        )
        progress.done()
        text = FORMATS[options.format](compare(old, new), release(old.release))
        print(text.replace("spec/overlay.yaml", str(options.overlay or "an overlay (--overlay FILE)")), end="")
        return 0
    if options.lenient:
        raise GeneratorError("--lenient is for packages of their own", hint="say so with --package")
    overlay = _overlay(options)
    if overlay is None:
        print(
            f"no overlay: there is no {options.root / OVERLAY}; name one with --overlay FILE, or the checkout with "
            "--root DIR",
            file=sys.stderr,
        )
    old = pipeline.surface_of(options.old, overlay, progress)
    new = pipeline.surface_of(options.new, overlay, progress)
    progress.done()
    print(FORMATS[options.format](compare(old, new), _version(options.root)), end="")
    return 0


def _spec(options: argparse.Namespace) -> Path:
    """Return the document that --spec names, else the pinned one of the root."""
    return Path(options.root / SPEC if options.spec is None else options.spec)


def _overlay(options: argparse.Namespace) -> Path | None:
    """Return the overlay that --overlay names, else the one at its usual place if there is one."""
    if options.overlay is not None:
        return Path(options.overlay)
    usual = Path(options.root / OVERLAY)
    return usual if usual.is_file() else None


def _descriptions(options: argparse.Namespace) -> Path | None:
    """Return the descriptions that --descriptions names, else those at their usual place if there are some."""
    if options.descriptions is not None:
        return Path(options.descriptions)
    usual = Path(options.root / DESCRIPTIONS)
    return usual if usual.is_file() else None


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "pin": _pin,
    "generate": _generate,
    "check": _check,
    "diff": _diff,
    "update": _update,
    "surface": _surface,
}
