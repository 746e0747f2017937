"""The arguments of the command line, and their help."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator.commands.update import PAGE, SPEC
from generator.compare import snapshot
from generator.compare.report import FORMATS

OVERLAY = Path("spec/overlay.yaml")
DESCRIPTIONS = Path("spec/descriptions.yaml")


def parser() -> argparse.ArgumentParser:
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
        help="take over OpenAPI documents as spec/openapi.yaml and spec/lock.json",
        description="Take over an OpenAPI 3.0 or 3.1 document, YAML or JSON, in one file: its facts, in canonical "
        "order. The same document gives the same bytes. Documents that add operations to it go into the same file; "
        "where two of them differ, the overlay says which one is right.",
        epilog="""examples:
  python -m generator pin openapi-2026-08-21.yaml
  python -m generator pin openapi-2026-08-21.yaml --add additions.yaml
  python -m generator pin ours.json --keep-prose --out ours/openapi.yaml""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", type=_path, metavar="PATH", help="the document to pin")
    _add_additions(parser, "a document that adds to it; may be repeated")
    parser.add_argument(
        "--keep-prose",
        action="store_true",
        help="keep descriptions, summaries, titles and examples: they become docstrings",
    )
    parser.add_argument(
        "--out",
        type=_path,
        default=Path(SPEC),
        metavar="FILE",
        help="where to write it; lock.json is beside it (%(default)s)",
    )
    parser.add_argument("--overlay", type=_path, metavar="FILE", help="corrections (overlay.yaml beside it, if there)")
    parser.set_defaults(command="pin")


def _add_generate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "generate",
        help="write the generated folders of the SDK",
        description="Write the generated folders of the SDK, each as a whole: all of them, or after an error none.",
        epilog="""examples:
  python -m generator generate
  python -m generator generate --include chat,models --spec spec/openapi.yaml --overlay spec/overlay.yaml --root /tmp/a
  python -m generator generate --spec pets.yaml --package pets --out ./pets-sdk""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--force", action="store_true", help="generate also where nothing has changed")
    parser.add_argument(
        "--package", metavar="NAME", help="write a package of its own, for any document (--spec, --out)"
    )
    parser.add_argument("--out", type=_path, metavar="DIR", help="where to write that package")
    _add_naming(parser)
    parser.add_argument(
        "--lenient", action="store_true", help="leave out what that package cannot express, and list it"
    )
    _add_inputs(parser)
    parser.set_defaults(command="generate")


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "check",
        help="compare the generated folders with what the document gives",
        description="Compare the generated folders with what the pinned document gives, file sets and bytes, both "
        "ways, the pinned document with its lock, and the public names with "
        f"{snapshot.FILE}. Exit code 1 if anything differs.",
        epilog="""examples:
  python -m generator check
  python -m generator check --include chat,models""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _add_inputs(parser)
    parser.set_defaults(command="check")


def _add_surface(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "surface",
        help=f"write {snapshot.FILE}: accept the public names as they are now",
        description="Write the names of operations, arguments, models and fields to a file that is committed. `check` "
        "compares with it, so that no name disappears unnoticed.",
    )
    _add_inputs(parser)
    parser.set_defaults(command="surface")


def _add_diff(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "diff",
        help="show what one document changes against another, for callers of the SDK",
        description="Compare two OpenAPI documents in terms of the SDK: operations, arguments, models, fields, values "
        "and streams, what of it breaks callers, and the next version by semantic versioning. Nothing is written.",
        epilog="""examples:
  python -m generator diff spec/openapi.yaml ~/Downloads/openapi.yaml
  python -m generator diff old.yaml new.yaml --format changelog >> CHANGELOG.md
  python -m generator diff pets-1.yaml pets-2.yaml --package --overlay pets-overlay.yaml""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("old", type=_path, metavar="OLD", help="the document of before")
    parser.add_argument("new", type=_path, metavar="NEW", help="the document of now")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to write it (%(default)s)")
    parser.add_argument("--package", action="store_true", help="compare as packages of their own, for any document")
    parser.add_argument("--lenient", action="store_true", help="leave out what those packages cannot express")
    _add_naming(parser)
    parser.add_argument("--overlay", type=_path, metavar="FILE", help=f"corrections and names ({OVERLAY}, if there)")
    parser.add_argument("--root", type=_path, default=Path(), metavar="DIR", help="the checkout (%(default)s)")
    parser.set_defaults(command="diff")


def _add_update(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser(
        "update",
        help="take over a new version of the document: pin, generate, report, in one step",
        description="Pin a new version of the document, generate the SDK from it, and show what changes for callers: "
        f"on the terminal, and as {PAGE}. All of it, or after an error nothing. What other documents have added stays, "
        "apart from what the new version now has itself.",
        epilog="""examples:
  python -m generator update ~/Downloads/openapi.yaml
  python -m generator update openapi.yaml --format json > changes.json""",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", type=_path, metavar="PATH", help="the new document")
    _add_additions(parser, "a document that adds to it, instead of those that are pinned; may be repeated")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to write it (%(default)s)")
    parser.add_argument("--keep-prose", action="store_true", help="keep descriptions, which become docstrings")
    parser.add_argument("--overlay", type=_path, metavar="FILE", help=f"corrections and names ({OVERLAY}, if there)")
    _add_descriptions(parser)
    parser.add_argument("--root", type=_path, default=Path(), metavar="DIR", help="the checkout (%(default)s)")
    parser.set_defaults(command="update")


def _add_naming(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--naming",
        choices=("paths", "operation-ids"),
        default="operation-ids",
        help="what names the operations of that package: tags and operationIds, or paths (%(default)s)",
    )


def _add_additions(parser: argparse.ArgumentParser, text: str) -> None:
    parser.add_argument("--add", type=_path, action="append", default=[], metavar="PATH", help=text)


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--spec", type=_path, metavar="FILE", help=f"the pinned document ({SPEC} in the root); also a URL, or -"
    )
    parser.add_argument(
        "--overlay", type=_path, metavar="FILE", help=f"its corrections ({OVERLAY} in the root, if there)"
    )
    _add_descriptions(parser)
    parser.add_argument(
        "--root", type=_path, default=Path(), metavar="DIR", help="the checkout to work on (%(default)s)"
    )
    parser.add_argument(
        "--include", type=_names, metavar="NAMES", help="resources to generate, separated by commas (default: all)"
    )


def _add_descriptions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--descriptions", type=_path, metavar="FILE", help=f"its docstrings ({DESCRIPTIONS} in the root, if there)"
    )


def _path(text: str) -> Path:
    """Read a path; a ~ that the shell has left in it is the home directory."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise argparse.ArgumentTypeError(f"{text}: the ~ names no user with a home directory") from None


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("name at least one resource, for example: chat,models")
    return names
