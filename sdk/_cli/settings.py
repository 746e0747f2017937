"""What the command line itself takes beside the arguments of an operation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("json", "jsonl", "yaml", "table", "text", "raw")


class Settings(NamedTuple):
    """How a command calls, and how it shows what comes back; None is what fits the place of the output."""

    output: str | None = None
    query: str | None = None
    dry_run: bool = False
    verbose: bool = False
    api_base: str | None = None
    timeout: float | None = None
    max_retries: int | None = None
    profile: str | None = None
    no_key: bool = False
    every: bool = False
    file: Path | None = None
    stream: bool | None = None
    wait: bool = False
    body: str | None = None
    extra_body: str | None = None

    def updated(self, given: Mapping[str, Any]) -> Settings:
        """Return the settings with those that a command was given."""
        return self._replace(
            **{name: value for name, value in given.items() if value is not None and value is not False}
        )

    def client_options(self) -> dict[str, Any]:
        """Return the options of the client that were given."""
        given = {"api_base": self.api_base, "timeout": self.timeout, "max_retries": self.max_retries}
        options: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        if self.no_key:
            options["api_key"] = None
        return options


def general_options(taken: Collection[str] = ()) -> list[click.Parameter]:
    """Return the options of the root and of every operation, but those whose names an operation takes itself."""
    found: list[click.Parameter] = [
        click.Option(["--output", "cli_output"], type=click.Choice(FORMATS), help="How the reply is written."),
        click.Option(["--query", "cli_query"], metavar="EXPR", help="A part of the reply: JMESPath."),
        click.Option(["--dry-run", "cli_dry_run"], is_flag=True, help="Show the request, and send nothing."),
        click.Option(["--verbose", "-v", "cli_verbose"], is_flag=True, help="Show attempts, times and limits."),
        click.Option(["--api-base", "cli_api_base"], metavar="URL", help="The URL of the server."),
        click.Option(
            ["--timeout", "cli_timeout"],
            type=float,
            metavar="SECONDS",
            help="The longest wait for a response to start.",
        ),
        click.Option(
            ["--max-retries", "cli_max_retries"], type=int, metavar="N", help="The most retries of a failed call."
        ),
        click.Option(["--no-key", "cli_no_key"], is_flag=True, help="Send no key; some servers need none."),
        click.Option(
            ["--profile", "cli_profile"],
            metavar="NAME",
            help="Take options from this profile in profiles.toml.",
            shell_complete=_profiles,
        ),
    ]
    return _free(found, taken)


def file_option() -> click.Option:
    """Return the option for the file of a reply."""
    path = click.Path(dir_okay=False)
    return click.Option(
        ["-o", "--to", "cli_file"], type=path, metavar="FILE", help="Write the reply to a file.", callback=_path
    )


def _path(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | None:
    if value is None:
        return None
    from pathlib import Path  # here: help needs none, and it takes longer to import than to show most help

    return Path(value)


def call_options(operation: Any, taken: Collection[str]) -> list[click.Parameter]:
    """Return the options that depend on what an operation can do."""
    from .._core.operation.facts import spec_of  # here: the help of the root needs none

    found: list[click.Parameter] = []
    if operation.method not in ("GET", "HEAD"):
        found += [
            click.Option(["--body", "cli_body"], metavar="@FILE", help="The body, as JSON; options replace fields."),
            click.Option(
                ["--extra-body", "cli_extra_body"],
                metavar="JSON",
                help="Fields that the API description does not have.",
            ),
        ]
    if hasattr(type(operation), "stream"):
        found.append(
            click.Option(["--stream/--no-stream", "cli_stream"], default=None, help="Write the reply as it arrives.")
        )
    if hasattr(type(operation), "iter"):
        found.append(click.Option(["--all", "cli_every"], is_flag=True, help="Read every page, not only one."))
    if spec_of(operation).waits:
        found.append(click.Option(["--wait", "cli_wait"], is_flag=True, help="Wait until the job has ended."))
    found.append(file_option())
    return _free(found, taken)


def _profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from .profiles import names_of

    found: list[str] = names_of(ctx.find_root().command.folder)  # type: ignore[attr-defined]  # of Root
    return [name for name in found if name.startswith(incomplete)]


def _free(options: list[click.Parameter], taken: Collection[str]) -> list[click.Parameter]:
    """Leave out the options whose names are arguments of the operation; before the command they still work."""
    return [option for option in options if not set(option.opts) & set(taken)]


def split(values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of general options, and those of arguments."""
    own = {name[4:]: value for name, value in values.items() if name.startswith("cli_")}
    given = {name[4:]: value for name, value in values.items() if name.startswith("arg_")}
    return own, given
