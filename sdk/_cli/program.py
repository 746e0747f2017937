"""One run of the command line: commands, the client, and the exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import click

from .settings import Settings
from .tree import Root


def resolve(name: str) -> Any:
    """Import a module and return the object that "module:name" names."""
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)


class Program(NamedTuple):
    """The package whose API is called. `client` is "module:class", `extras` a module or ""."""

    package: str
    client: str
    extras: str = ""

    @property
    def name(self) -> str:
        """How the program is called: by its script, or as a module."""
        called = os.path.splitext(os.path.basename(sys.argv[0]))[0]  # noqa: PTH119, PTH122  # pathlib takes long to load
        return called if called == self.folder and self.extras else f"python -m {self.package}"

    @property
    def title(self) -> str:
        """The name of the API, for help."""
        return str(import_module(self.extras).TITLE) if self.extras else self.package

    @property
    def folder(self) -> str:
        """The name of the folder of profiles, and the service of its keys in the keyring."""
        return str(import_module(self.extras).SCRIPT) if self.extras else self.package

    def commands(self) -> Mapping[str, tuple[str, str]]:
        """Return the commands for people: "module:function" and a description, by name."""
        found: Mapping[str, tuple[str, str]] = import_module(self.extras).COMMANDS if self.extras else {}
        return found

    def connect(self, **options: Any) -> Any:
        """Return a client."""
        return resolve(self.client)(**options)

    def client_options(self, settings: Settings) -> dict[str, Any]:
        """Return the options of the client: those of the profile, replaced by those given."""
        given = settings.client_options()
        if settings.profile is None:
            return given
        from .profiles import options_of

        own = resolve(self.client)._service.option_headers
        return {**options_of(self.folder, settings.profile, own), **given}

    def client_for(self, settings: Settings, **usual: Any) -> Any:
        """Return the client of a command; `usual` are options that its settings replace."""
        options = {**usual, **self.client_options(settings)}
        if settings.verbose:
            from .verbose import report

            options["on_event"] = report
        return self.connect(**options)

    def values_of(self, argument: str, settings: Settings) -> list[str]:
        """Return values of an argument that the server knows, for completion."""
        found: list[str] = import_module(self.extras).complete(argument, self, settings) if self.extras else []
        return found

    def text_of(self, reply: Any) -> str | None:
        """Return what a person wants to read of a reply; None if that is all of it."""
        if isinstance(reply, str):
            return reply
        text: str | None = import_module(self.extras).text_of(reply) if self.extras else None
        return text


def run(package: str, client: str, extras: str, arguments: Sequence[str] | None) -> int:
    """Run one command, and return the exit code; see `failures`."""
    from .failures import exit_code, report

    program = Program(package, client, extras)
    root = Root(program)
    if program.extras and (asked := _completion(root, import_module(program.extras).COMPLETE)):
        from click.shell_completion import shell_complete

        extra = import_module(program.extras)
        return shell_complete(root, {}, extra.SCRIPT, extra.COMPLETE, asked)
    try:
        # Not main(), which turns errors into exits of its own, such as that of a broken pipe.
        with root.make_context(program.name, list(sys.argv[1:] if arguments is None else arguments)) as context:
            code = root.invoke(context)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        report(program.name, error)
        return exit_code(error)
    return code if isinstance(code, int) else 0


def _completion(root: Root, variable: str) -> str | None:
    """Return what a shell asks for in a variable of the environment, which click reads: that loads no options."""
    return click.Option(["--complete"], envvar=variable).resolve_envvar_value(click.Context(root))
