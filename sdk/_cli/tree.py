"""Resources as groups of commands, nested as the API nests them. A module loads when its group is used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from .._core.operation import Operation
from .._core.operation.resource import Resource
from .failures import nearest
from .help import Group
from .settings import Settings, general_options, split

if TYPE_CHECKING:
    from .program import Program


def command_name(name: str) -> str:
    """Return the name of a command: words with hyphens."""
    return name.strip("_").replace("_", "-")


class Suggesting(Group):
    """A group that names near commands for a wrong one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not name.startswith("-") and not ctx.resilient_parsing:
            near = nearest(name.replace("_", "-"), self.list_commands(ctx))
            hint = f"did you mean {' or '.join(near)}?" if near else f"see {ctx.command_path} --help"
            raise click.UsageError(f"there is no command {name!r}: {hint}", ctx)
        if command is None:
            return super().resolve_command(ctx, args)  # which says what is wrong with an option
        return name, command, args[1:]


class ResourceGroup(Suggesting):
    """The operations of one resource, the resources below it, and commands of its own (`own`)."""

    def __init__(self, name: str, resource: Any, program: Program, **attributes: Any) -> None:
        """Make a group; one with a `callback` is a command of its own where none of its commands follows."""
        help = f"Operations of {resource!r}.".replace("<", "").replace(">", "")
        alone = attributes.get("callback") is not None
        super().__init__(
            name, **{"help": help, "invoke_without_command": alone, "no_args_is_help": not alone, **attributes}
        )
        self._resource, self._program = resource, program
        self.own: dict[str, click.Command] = {}

    def _names(self) -> dict[str, str]:
        """Return the names of operations and resources, by those of their commands."""
        found = {command_name(entry): entry for entry in dir(self._resource) if not _hidden(self._resource, entry)}
        return dict(sorted(found.items()))

    def _websockets(self) -> list[str]:
        """Return the dotted names of WebSockets that no command opens."""
        entries = [entry for entry in dir(self._resource) if command_name(entry) not in self.own]
        return [f"client.{getattr(self._resource, e).name}" for e in entries if _is_websocket(self._resource, e)]

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self._names(), *self.own})

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        for name in self._websockets():
            if name.rpartition(".")[2] == args[0] and not ctx.resilient_parsing:
                raise click.UsageError(f"{args[0]} is a WebSocket, which Python alone opens: {name}", ctx)
        return super().resolve_command(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in self.own:
            return self.own[cmd_name]
        plain = cmd_name.replace("-", "_").strip("_")
        for entry in (plain, f"{plain}_"):  # a keyword of Python has a _ at its end
            found = getattr(self._resource, entry, None)
            if isinstance(found, Operation | Resource) and not _hidden(self._resource, entry):
                return command_of(command_name(entry), found, self._program)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from .._core.inspection.arguments import first_line
        from .._core.operation.facts import spec_of

        rows = [(name, command.get_short_help_str(200)) for name, command in self.own.items()]
        for name, entry in self._names().items():
            found = getattr(self._resource, entry)
            if isinstance(found, Operation):
                rows.append((name, f"{'(deprecated) ' if spec_of(found).deprecated else ''}{first_line(found)}"))
            else:
                rows.append((name, f"More: {ctx.command_path} {name} --help"))
        with formatter.section("Commands"):
            formatter.write_dl(sorted(rows))
        if names := self._websockets():
            with formatter.section("WebSockets, which Python alone opens"):
                formatter.write_text(" ".join(names))


class Root(Suggesting):
    """All commands: those for people, and the resources of the API."""

    def __init__(self, program: Program) -> None:
        super().__init__(program.name, params=general_options(), help=f"Call the API of {program.title}.")
        self._program, self.folder = program, program.folder
        self.params.append(click.Option(["--version"], is_flag=True, expose_value=False, callback=_version))

    def invoke(self, ctx: click.Context) -> Any:
        ctx.obj = Settings().updated(split(ctx.params)[0])
        return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self._program.commands(), *map(command_name, self._roots())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        name = cmd_name.replace("_", "-")
        where = self._program.commands().get(name)
        if where is not None:
            from .program import resolve

            command: click.Command = resolve(where[0])(self._program)
            return command
        found = {command_name(root): root for root in self._roots()}.get(name)
        if found is None:
            return None
        return command_of(name, getattr(_tree(self._program.package), found), self._program)

    def _roots(self) -> tuple[str, ...]:
        roots: tuple[str, ...] = import_module(f"{self._program.package}.api._resources").ROOTS
        return roots

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        people = self._program.commands()
        if people:
            with formatter.section("Commands"):
                formatter.write_dl([(name, text) for name, (_, text) in people.items()])
        with formatter.section("Resources of the API"):
            names = sorted(set(map(command_name, self._roots())) - people.keys())
            formatter.write_text(" ".join(names))


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        from .._version import __version__

        click.echo(__version__)
        ctx.exit()


def _tree(package: str) -> Any:
    return import_module(f"{package}.api._resources").Resources()


def _hidden(resource: Any, name: str) -> bool:
    """Whether an entry is an operation under its former name, or a WebSocket, which is not a command."""
    from .._core.operation.facts import spec_of

    found = getattr(resource, name)
    if isinstance(found, Operation):
        return bool(spec_of(found).replaced_by)
    return _is_websocket(resource, name)


def _is_websocket(resource: Any, name: str) -> bool:
    found = getattr(resource, name)
    return hasattr(type(found), "bind") and not isinstance(found, Operation)


def command_of(name: str, found: Any, program: Program) -> click.Command:
    """Return the command of an operation or of a resource."""
    if isinstance(found, Operation):
        from .command import OperationCommand

        return OperationCommand(name, found, program)
    return ResourceGroup(name, found, program)
