"""The arguments of the command line, and their help."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from generator._version import __version__
from generator.commands.parser import Parser, location, names, path, program
from generator.commands.update import PAGE, SPEC
from generator.compare import snapshot
from generator.compare.report import FORMATS
from generator.config import FILE, TOOL

OVERLAY = Path("spec/overlay.yaml")
DESCRIPTIONS = Path("spec/descriptions.yaml")

_EXIT_CODES = """exit codes:
  0    done; nothing differs
  1    the document, the overlay or the configuration has an error; or check, lint or diff --fail-on found something
  2    the command line is wrong
  3    a fault of the generator itself: please report it
  130  stopped by Ctrl-C; nothing was half-written"""

_Commands = argparse._SubParsersAction
#: Whether this generator is that of a checkout of the SDK, so that its help is about the SDK, too.
_CHECKOUT = (Path(__file__).parents[2] / SPEC).is_file()


def parser() -> Parser:
    """Return the parser of the command line."""
    name = program()
    parser = Parser(
        prog=name,
        description="Turn an OpenAPI document into a self-contained, typed Python client.",
        epilog=f"""the usual way:
  {name} init --spec openapi.yaml        # write {FILE}
  {name} lint --write overlay.yaml       # what makes a poor SDK, and corrections
  {name} generate                        # write the package
  {name} check                           # is it what the document gives? exit code 1 if not
  {name} generate --spec https://api.example/openapi.json    # without a configuration

{_EXIT_CODES}""",
    )
    parser.add_argument("--version", action="version", version=f"{name} {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    _add_init(commands)
    _add_generate(commands)
    _add_check(commands)
    _add_lint(commands)
    _add_diff(commands)
    _add_templates(commands)
    _add_pin(commands)
    _add_update(commands)
    _add_surface(commands)
    return parser


def _add_init(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "init",
        help=f"write {FILE}, the configuration of a package",
        description=f"Write {FILE} for a document: what names the package, where it goes, who made it. Without --spec "
        "the document is openapi or swagger with a usual suffix in this folder.",
        epilog=f"""examples:
  {program()} init
  {program()} init --spec https://api.example/openapi.yaml --package pets""",
    )
    parser.add_argument("--spec", type=location, metavar="FILE", help="the document: a file or a URL")
    parser.add_argument("--package", metavar="NAME", help="the name to import the package by (by the document's title)")
    parser.add_argument("--out", type=path, metavar="DIR", help="where the package goes (NAME-sdk)")
    parser.add_argument("--force", action="store_true", help=f"replace a {FILE} that is there")
    _add_report(parser)
    parser.set_defaults(command="init")


def _add_generate(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "generate",
        help="write a package for a document" + _sdk("; in this repository, the generated folders of the SDK"),
        description="Write a package for any OpenAPI document: all of it, or after an error nothing."
        + _sdk(" In a checkout of the SDK, without --package, write the generated folders of the SDK."),
        epilog=f"""examples:
  {program()} generate                                   # as {FILE} says
  {program()} generate --spec openapi.yaml               # package and folder by the title
  {program()} generate --spec https://api.example/openapi.json --package pets --out ./pets-sdk
  curl ... | {program()} generate --spec - --package pets --lenient""",
    )
    parser.add_argument("--force", action="store_true", help="generate also where nothing has changed")
    _add_package(parser)
    _add_inputs(parser)
    _add_report(parser)
    parser.set_defaults(command="generate")


def _add_check(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "check",
        help="compare a package with what its document gives",
        description="Compare the generated files of a package, its runtime included, with what its document gives now, "
        "both ways."
        + _sdk(
            " In a checkout of the SDK, without --package, compare the SDK: its folders, the pinned document with its "
            f"lock, the public names with {snapshot.FILE}."
        )
        + " Exit code 1 if anything differs.",
        epilog=f"""examples:
  {program()} check                                      # as {FILE} says: in CI, or before a commit
  {program()} check --spec openapi.yaml --package pets --out ./pets-sdk""",
    )
    _add_package(parser)
    _add_inputs(parser)
    _add_report(parser)
    parser.set_defaults(command="check")


def _add_lint(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "lint",
        help="list what in a document makes a poor SDK, and how to correct it",
        description="Read a document as generate does, and list what stops it (error), what users of the package will "
        "stumble over (warning), and what could be better (hint), with pointer and remedy. --write puts the remedies "
        "that are known into an overlay, which generate applies: the document itself stays as it is.",
        epilog=f"""examples:
  {program()} lint --spec openapi.yaml
  {program()} lint --spec openapi.yaml --write overlay.yaml
  {program()} generate --spec openapi.yaml --overlay overlay.yaml""",
    )
    parser.add_argument("--write", type=path, metavar="FILE", help="write or extend this overlay with the remedies")
    parser.add_argument("--strict", action="store_true", help="exit code 1 for warnings, too")
    parser.add_argument("--all", action="store_true", help="list every hint, not only the first ten of each rule")
    _add_package(parser)
    _add_inputs(parser)
    _add_report(parser)
    parser.set_defaults(command="lint")


def _add_diff(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "diff",
        help="show what one document changes against another, for callers",
        description="Compare two OpenAPI documents in terms of the package: operations, arguments, models, fields, "
        "values and streams, what of it breaks callers, and the next version by semantic versioning. Nothing is "
        "written." + _sdk(" In a checkout of the SDK, without --package, the documents are those of the SDK."),
        epilog=f"""examples:
  {program()} diff old.yaml new.yaml
  {program()} diff old.yaml https://api.example/openapi.yaml --fail-on breaking
  {program()} diff old.yaml new.yaml --format changelog >> CHANGELOG.md""",
    )
    parser.add_argument("old", type=location, metavar="OLD", help="the old document: a file or a URL")
    parser.add_argument("new", type=location, metavar="NEW", help="the new document: a file or a URL")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to write it (%(default)s)")
    parser.add_argument("--fail-on", choices=("never", "breaking", "any"), default="never",
                        help="when to end with exit code 1 (%(default)s)")  # fmt: skip
    own = _sdk("compare as packages of their own, also in a checkout")
    parser.add_argument("--package", action="store_true", help=own or argparse.SUPPRESS)
    parser.add_argument("--config", type=path, metavar="FILE", help=f"the configuration ({FILE}, if there)")
    parser.add_argument("--lenient", action="store_true", help="leave out what those packages cannot express")
    _add_naming(parser)
    parser.add_argument("--overlay", type=path, metavar="FILE", help="corrections and names")
    parser.add_argument("--root", type=path, metavar="DIR", help=_sdk("the checkout of the SDK") or argparse.SUPPRESS)
    _add_report(parser)
    parser.set_defaults(command="diff")


def _add_templates(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "templates",
        help="list the templates of packages, or write those that you want to replace",
        description="Without names, list the templates. With names, write them to a folder: edit them, and name the "
        f"folder as dir in [templates] of {FILE}. A template of yours takes the place of that of the same name.",
        epilog=f"""examples:
  {program()} templates
  {program()} templates model.py.jinja package/README.md.jinja --out templates""",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a template, such as model.py.jinja")
    parser.add_argument("--out", type=path, default=Path("templates"), metavar="DIR",
                        help="where to write them (%(default)s)")  # fmt: skip
    parser.add_argument("--force", action="store_true", help="replace templates that are there")
    _add_report(parser)
    parser.set_defaults(command="templates")


def _add_pin(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "pin",
        **_listed("for the SDK: take over documents as spec/openapi.yaml and spec/lock.json"),
        description="Take over an OpenAPI document, YAML or JSON: its facts, in canonical order, in one file. The same "
        "document gives the same bytes. Documents that add operations to it go into the same file; where two of them "
        "differ, the overlay says which one is right.",
        epilog=f"""examples:
  {program()} pin openapi-2026-08-21.yaml
  {program()} pin openapi-2026-08-21.yaml --add additions.yaml
  {program()} pin ours.json --keep-prose --out ours/openapi.yaml""",
    )
    parser.add_argument("path", type=location, metavar="PATH", help="the document to pin")
    _add_additions(parser, "a document that adds to it; may be repeated")
    parser.add_argument("--keep-prose", action="store_true",
                        help="keep descriptions, summaries, titles and examples: they become docstrings")  # fmt: skip
    parser.add_argument("--out", type=path, default=Path(SPEC), metavar="FILE",
                        help="where to write it; lock.json is beside it (%(default)s)")  # fmt: skip
    parser.add_argument("--overlay", type=path, metavar="FILE", help="corrections (overlay.yaml beside it, if there)")
    _add_report(parser)
    parser.set_defaults(command="pin")


def _add_update(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "update",
        **_listed("for the SDK: take over a new version of the document: pin, generate, report, in one step"),
        description="Pin a new version of the document, generate the SDK from it, and show what changes for callers: "
        f"on the terminal, and as {PAGE}. All of it, or after an error nothing. What other documents have added stays, "
        "apart from what the new version now has itself.",
        epilog=f"""examples:
  {program()} update ~/Downloads/openapi.yaml
  {program()} update openapi.yaml --format json > changes.json""",
    )
    parser.add_argument("path", type=location, metavar="PATH", help="the new document")
    _add_additions(parser, "a document that adds to it, instead of those that are pinned; may be repeated")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="how to write it (%(default)s)")
    parser.add_argument("--keep-prose", action="store_true", help="keep descriptions, which become docstrings")
    parser.add_argument("--overlay", type=path, metavar="FILE", help=f"corrections and names ({OVERLAY}, if there)")
    _add_descriptions(parser)
    parser.add_argument("--root", type=path, metavar="DIR", help="the checkout (this folder)")
    _add_report(parser)
    parser.set_defaults(command="update")


def _add_surface(commands: _Commands[Parser]) -> None:
    parser = commands.add_parser(
        "surface",
        **_listed(f"for the SDK: write {snapshot.FILE}: accept the public names as they are now"),
        description="Write the names of operations, arguments, models and fields to a file that is committed. `check` "
        "compares with it, so that no name disappears unnoticed.",
    )
    _add_inputs(parser)
    _add_report(parser)
    parser.set_defaults(command="surface")


def _sdk(text: str) -> str:
    """Return a text about the SDK in a checkout of it, else nothing: users of the generator have none."""
    return text if _CHECKOUT else ""


def _listed(text: str) -> dict[str, Any]:
    """Return the help of a command for the SDK; without one the command is not listed."""
    return {"help": text} if _CHECKOUT else {}


# -- options that several commands have --------------------------------------------------------------------------------


def _add_package(parser: Parser) -> None:
    parser.add_argument("--config", type=path, metavar="FILE",
                        help=f"the configuration ({FILE} or [tool.{TOOL}] of pyproject.toml, if there)")  # fmt: skip
    parser.add_argument("--package", metavar="NAME", help="the name to import the package by (by the document's title)")
    parser.add_argument("--out", type=path, metavar="DIR", help="the folder of the package (NAME-sdk)")
    _add_naming(parser)
    parser.add_argument("--lenient", action="store_true", help="leave out what the package cannot express, and list it")


def _add_naming(parser: Parser) -> None:
    parser.add_argument("--naming", choices=("paths", "operation-ids"),
                        help="what operations are named by: operation-ids (the default), or paths")  # fmt: skip


def _add_additions(parser: Parser, text: str) -> None:
    parser.add_argument("--add", type=path, action="append", default=[], metavar="PATH", help=text)


def _add_inputs(parser: Parser) -> None:
    parser.add_argument("--spec", type=location, metavar="FILE",
                        help="the document: a file, a URL, or - for the standard input; other files that it refers "
                        "to are read, too")  # fmt: skip
    parser.add_argument("--overlay", type=path, metavar="FILE", help="corrections and names for it (OpenAPI Overlay)")
    _add_descriptions(parser)
    parser.add_argument("--include", type=names, metavar="NAMES",
                        help="resources to generate, separated by commas (default: all)")  # fmt: skip
    parser.add_argument("--root", type=path, metavar="DIR",
                        help=_sdk("a checkout of the SDK to work on, not a package") or argparse.SUPPRESS)  # fmt: skip


def _add_descriptions(parser: Parser) -> None:
    parser.add_argument("--descriptions", type=path, metavar="FILE", help="texts for the docstrings")


def _add_report(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="report as one JSON object on stdout, for machines")
    parser.add_argument("--quiet", "-q", action="store_true", help="print no progress")
