"""The command line: pin, generate, check, surface, diff, update."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from generator import pipeline, snapshot, stamp
from generator.diff import compare
from generator.drift import check, report
from generator.errors import GeneratorError
from generator.package import write_package
from generator.pin import check_lock, pin
from generator.progress import Progress
from generator.publish import publish, write_atomically
from generator.report import as_changelog, as_json, as_text
from generator.update import LOCK, PAGE, SPEC, update

_FORMATS = {"changelog": as_changelog, "json": as_json, "text": as_text}
_SPEC, _OVERLAY = Path("spec/openapi.yaml"), Path("spec/overlay.yaml")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit code: 0 good, 1 an error or a difference, 2 a wrong command line."""
    options = _parser().parse_args(arguments)
    try:
        code: int = options.run(options)
    except GeneratorError as error:
        # Text, not markup: a JSONPath is full of brackets.
        message = Text("error: ", style="bold red").append(str(error), style="red")
        Console(stderr=True, highlight=False).print(message, soft_wrap=True)
        return 1
    except KeyboardInterrupt:
        print("stopped; nothing was half-written", file=sys.stderr)
        return 130
    return code


def _pin(options: argparse.Namespace) -> int:
    progress = Progress()
    with progress.stage("pin", "operations") as stage:
        pinned = pin(options.path, options.out, keep_prose=options.keep_prose)
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
    progress, runtime = Progress(), _version(Path(__file__).parents[1])
    summary, notes = write_package(
        options.spec, options.overlay, options.include, options.package, options.out, runtime, progress,
        lenient=options.lenient,
    )  # fmt: skip
    progress.done()
    for note in notes:
        print(note)
    print(f"{options.out / options.package}: {summary}")
    return 0


def _generate(options: argparse.Namespace) -> int:
    if options.package is not None:
        return _package(options)
    if options.out is not None or options.lenient:
        raise GeneratorError("--out and --lenient are for packages of their own", hint="name one with --package")
    read = stamp.inputs(_spec(options), _overlay(options), options.include)
    current = None if options.force else stamp.is_current(options.root, read)
    if current is not None:
        print(f"0 written, {current:,} unchanged, 0 removed (nothing has changed; --force generates all the same)")
        return 0
    progress = Progress()
    trees = pipeline.build(_spec(options), _overlay(options), options.include, progress)
    with progress.stage("publish", "files") as stage:
        summary = publish(options.root, trees)
        stage.count = summary.written + summary.unchanged
    stamp.leave(options.root, read, trees)
    progress.done()
    print(summary)
    return 0


def _check(options: argparse.Namespace) -> int:
    check_lock(_spec(options))
    progress = Progress()
    trees = pipeline.build(_spec(options), _overlay(options), options.include, progress)
    with progress.stage("check", "files") as stage:
        differences = check(options.root, trees)
        stage.count = sum(map(len, trees.values()))
    progress.done()
    drifted = _surface_drift(options)
    if drifted:
        print(f"{drifted}\n\nthe public names differ from {snapshot.FILE}; if that is meant, run: make surface")
    if differences:
        print(report(differences))
        count = f"{len(differences):,} file{'s differ' if len(differences) > 1 else ' differs'}"
        print(f"\n{count} from what the pinned document gives; run: make generate")
    if differences or drifted:
        return 1
    print("the generated files are what the pinned document gives")
    return 0


def _update(options: argparse.Namespace) -> int:
    version, progress = _version(options.root), Progress()
    updated = update(options.path, options.root, _overlay(options), version, progress, keep_prose=options.keep_prose)
    progress.done()
    print(_FORMATS[options.format](updated.diff, version), end="")
    if options.format == "text":
        told = f"{SPEC}, {LOCK} and {PAGE} written" if updated.changed else "the document is the one that was pinned"
        print(f"{told}; generated files: {updated.files}")
    return 0


def _version(root: Path) -> str:
    """Return the SDK's version: of the checkout that the report is for; the generator does not import the SDK."""
    try:
        found = re.search(r'__version__ = "([^"]+)"', (root / "sdk/_version.py").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1] if found else "0.0.0"


def _surface_drift(options: argparse.Namespace) -> snapshot.Drift | None:
    """Return how the public names differ from the committed ones; None where there are none, or only a part is made."""
    committed = options.root / snapshot.FILE
    if options.include is not None or not committed.is_file():
        return None
    return snapshot.compare(committed.read_text(encoding="utf-8"), _surface_text(options))


def _surface_text(options: argparse.Namespace) -> str:
    return snapshot.text(pipeline.surface_of(_spec(options), _overlay(options), Progress(Console(quiet=True))))


def _surface(options: argparse.Namespace) -> int:
    changed = write_atomically(options.root / snapshot.FILE, _surface_text(options).encode())
    print(f"{'wrote' if changed else 'unchanged'}: {options.root / snapshot.FILE}")
    return 0


def _diff(options: argparse.Namespace) -> int:
    version = _version(options.root)
    progress = Progress()
    for path in (options.old, options.new):
        if not path.is_file():
            raise GeneratorError("there is no such file", file=path, hint="check the path")
    overlay = _overlay(options)
    if overlay is None:
        print(
            f"no overlay: there is no {options.root / _OVERLAY}; name one with --overlay FILE, or the checkout with "
            "--root DIR",
            file=sys.stderr,
        )
    old = pipeline.surface_of(options.old, overlay, progress)
    new = pipeline.surface_of(options.new, overlay, progress)
    progress.done()
    print(_FORMATS[options.format](compare(old, new), version), end="")
    return 0


def _spec(options: argparse.Namespace) -> Path:
    """Give the document that was asked for, else the pinned one of the root."""
    return Path(options.root / _SPEC if options.spec is None else options.spec)


def _overlay(options: argparse.Namespace) -> Path | None:
    """Give the overlay that was asked for, else the one at its usual place if there is one."""
    if options.overlay is not None:
        return Path(options.overlay)
    usual = Path(options.root / _OVERLAY)
    return usual if usual.is_file() else None


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("name at least one resource, for example: chat,models")
    return names


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m generator",
        description="Turn an OpenAPI document into the Python SDK of this repository.",
        epilog="""the usual way:
  python -m generator pin ~/Downloads/openapi.yaml   # after an update of the API's description
  python -m generator generate                       # write sdk/api, sdk/models, sdk/params
  python -m generator check                          # is everything in place what it gives? exit code 1 if not""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_pin(commands)
    _add_generate(commands)
    _add_check(commands)
    _add_diff(commands)
    _add_update(commands)
    _add_surface(commands)
    return parser


def _add_pin(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "pin",
        help="take over an OpenAPI document as spec/openapi.yaml and spec/lock.json",
        description="Take over an OpenAPI 3.0 or 3.1 document, YAML or JSON, in one file: its facts, in canonical "
        "order. The same document gives the same bytes.",
        epilog="""examples:
  python -m generator pin openapi-2026-08-21.yaml
  python -m generator pin ours.json --keep-prose --out ours/openapi.yaml""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", type=Path, metavar="PATH", help="the document to pin")
    parser.add_argument(
        "--keep-prose",
        action="store_true",
        help="keep descriptions, summaries, titles and examples: they become docstrings",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=_SPEC,
        metavar="FILE",
        help="where to write it; lock.json stands beside (%(default)s)",
    )
    parser.set_defaults(run=_pin)


def _add_generate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "generate",
        help="write the generated folders of the SDK",
        description="Write the generated folders of the SDK, each as a whole: all of them, or after an error none.",
        epilog="""examples:
  python -m generator generate
  python -m generator generate --include chat,models --root /tmp/small
  python -m generator generate --spec pets.yaml --package pets --out ./pets-sdk""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--force", action="store_true", help="generate also where nothing has changed")
    parser.add_argument(
        "--package", metavar="NAME", help="write a package of its own, for any document (--spec, --out)"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="where to write that package")
    parser.add_argument(
        "--lenient", action="store_true", help="leave out what that package cannot express, and list it"
    )
    _add_inputs(parser)
    parser.set_defaults(run=_generate)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "check",
        help="compare the generated folders with what the document gives",
        description="Compare the generated folders with what the pinned document gives, file sets and bytes, both "
        "ways, and the pinned document with its lock. Exit code 1 if anything differs.",
        epilog="""examples:
  python -m generator check
  python -m generator check --include chat,models""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(parser)
    parser.set_defaults(run=_check)


def _add_surface(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "surface",
        help=f"write {snapshot.FILE}: accept the public names as they are now",
        description="Write the names of operations, arguments, models and fields as a text to be committed. `check` "
        "compares with it, so that no name disappears unnoticed.",
    )
    _add_inputs(parser)
    parser.set_defaults(run=_surface)


def _add_diff(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "diff",
        help="tell what one document changes against another, for callers of the SDK",
        description="Compare two OpenAPI documents in terms of the SDK: operations, arguments, models, fields, values "
        "and streams, what of it breaks callers, and the next version by semantic versioning. Nothing is written.",
        epilog="""examples:
  python -m generator diff spec/openapi.yaml ~/Downloads/openapi.yaml
  python -m generator diff old.yaml new.yaml --format changelog >> CHANGELOG.md""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", type=Path, metavar="OLD", help="the document of before")
    parser.add_argument("new", type=Path, metavar="NEW", help="the document of now")
    parser.add_argument("--format", choices=sorted(_FORMATS), default="text", help="how to write it (%(default)s)")
    parser.add_argument("--overlay", type=Path, metavar="FILE", help=f"corrections and names ({_OVERLAY}, if there)")
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the checkout (%(default)s)")
    parser.set_defaults(run=_diff)


def _add_update(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "update",
        help="take over a new version of the document: pin, generate, report, in one step",
        description="Pin a new version of the document, generate the SDK from it, and tell what changes for callers: "
        f"on the terminal, and as {PAGE}. All of it, or after an error nothing.",
        epilog="""examples:
  python -m generator update ~/Downloads/openapi.yaml
  python -m generator update openapi.yaml --format json > changes.json""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", type=Path, metavar="PATH", help="the new document")
    parser.add_argument("--format", choices=sorted(_FORMATS), default="text", help="how to tell it (%(default)s)")
    parser.add_argument("--keep-prose", action="store_true", help="keep descriptions, which become docstrings")
    parser.add_argument("--overlay", type=Path, metavar="FILE", help=f"corrections and names ({_OVERLAY}, if there)")
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help="the checkout (%(default)s)")
    parser.set_defaults(run=_update)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--spec", type=Path, metavar="FILE", help=f"the pinned document ({_SPEC} in the root)")
    parser.add_argument(
        "--overlay", type=Path, metavar="FILE", help=f"its corrections ({_OVERLAY} in the root, if there)"
    )
    parser.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help="the checkout to work on (%(default)s)"
    )
    parser.add_argument(
        "--include", type=_names, metavar="NAMES", help="resources to generate, separated by commas (default: all)"
    )
