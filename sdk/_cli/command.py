"""An operation as a command: its arguments are options, and those of its path are positional."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from .._core.inspection.arguments import Argument, arguments_of, summary_of
from .failures import nearest
from .help import Command
from .settings import Settings, call_options, general_options, split
from .values import BadValue, guessed, place, read_source, value_of

if TYPE_CHECKING:
    from .program import Program


class OperationCommand(Command):
    """The command of one operation."""

    def __init__(self, name: str, operation: Any, program: Program) -> None:
        self.operation, self._program = operation, program
        self.arguments = {argument.name: argument for argument in arguments_of(operation)}
        own = [_parameter(argument, program) for argument in self.arguments.values()]
        taken = {name for parameter in own for name in parameter.opts}
        self._general = general_options(taken)
        super().__init__(
            name,
            params=[*own, *call_options(operation, taken), *self._general],
            help=summary_of(operation),
            deprecated=False,  # the text of the operation says it
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        rest, ctx.meta["dotted"] = (args, []) if ctx.resilient_parsing else _without_dotted(self, args)
        return super().parse_args(ctx, rest)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the operation needs, what it takes, and what the command line adds."""
        records: dict[str, list[tuple[str, str]]] = {"Needed": [], "Options": [], "Of the command line": []}
        needed = {f"arg_{argument.name}" for argument in self.arguments.values() if argument.required}
        for parameter in self.get_params(ctx):
            if isinstance(parameter, click.Argument):
                argument = self.arguments[str(parameter.name)[4:]]
                records["Needed"].append((parameter.make_metavar(ctx), argument.help))
                continue
            record = parameter.get_help_record(ctx)
            if record is not None:
                own = str(parameter.name).startswith("arg_")
                title = "Needed" if parameter.name in needed else "Options" if own else "Of the command line"
                records[title].append(record)
        for title, rows in records.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        own, given = split(ctx.params)
        settings = (ctx.obj or Settings()).updated(own)
        # click gives () for an option that is not there.
        texts = {name: value for name, value in given.items() if value is not None and value != ()}
        try:
            keywords, settings = self._keywords(texts, ctx.meta["dotted"], settings)
        except BadValue as error:
            raise click.UsageError(str(error), ctx) from None
        missing = [_shown(a) for a in self.arguments.values() if a.required and a.name not in keywords]
        if missing:
            raise click.UsageError(f"{self.operation.name} needs {_listed(missing)}", ctx)
        from .calls import perform

        return perform(self._program, self.operation, keywords, settings)

    def _keywords(
        self, texts: Mapping[str, Any], dotted: list[tuple[str, str]], settings: Settings
    ) -> tuple[dict[str, Any], Settings]:
        """Return the keyword arguments of the call: of the body, replaced by options, replaced by dotted options."""
        keywords: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        if settings.body is not None:
            body = _object("--body", settings.body)
            for key, value in body.items():
                name = self._argument(key)
                if name is not None:
                    keywords[name] = value
                elif key == "stream" and isinstance(value, bool) and hasattr(type(self.operation), "stream"):
                    settings = settings._replace(stream=value if settings.stream is None else settings.stream)
                else:
                    extra[key] = value
        for name, value in texts.items():
            try:
                kind = self.arguments[name].kind
                keywords[name] = value if isinstance(value, bool) else value_of(kind, _several(value))
            except BadValue as error:
                raise BadValue(f"{_shown(self.arguments[name])} {error}") from None
        for option, text in dotted:
            root, *path = option.split(".")
            try:
                place(keywords, [root, *path], guessed(text))
            except BadValue as error:
                raise BadValue(f"--{option} {error}") from None
        if settings.extra_body is not None:
            extra |= _object("--extra-body", settings.extra_body)
        if extra:
            keywords["extra_body"] = extra
        return keywords, settings

    def _argument(self, key: str) -> str | None:
        """Return the argument of a field of the body."""
        name = re.sub(r"\W+", "_", key).strip("_")
        return next((n for n in (name, f"{name}_") if n in self.arguments and not self.arguments[n].positional), None)


def _parameter(argument: Argument, program: Program) -> click.Parameter:
    """Return the parameter of an argument. None is required: all that are missing are named together, by `invoke`."""
    if argument.positional:
        metavar = argument.name.upper()
        return click.Argument([f"arg_{argument.name}"], required=False, metavar=metavar)
    flag = f"--{argument.name.strip('_').replace('_', '-')}"
    said = argument.help.lower().startswith("deprecated")
    text = f"(deprecated) {argument.help}" if argument.deprecated and not said else argument.help
    if argument.kind.switch:
        return click.Option([f"{flag}/--no-{flag[2:]}", f"arg_{argument.name}"], default=None, help=text)

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        from .completing import completer

        return completer(program, argument.name, argument.kind.choices)(ctx, param, incomplete)

    return click.Option(
        [flag, f"arg_{argument.name}"],
        shell_complete=complete,
        multiple=True,
        metavar=argument.kind.describe(),
        help=text,
        type=click.STRING,
    )


def _without_dotted(command: OperationCommand, args: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Take the options of nested fields out of the arguments: --a.b VALUE and --a.b=VALUE."""
    rest: list[str] = []
    found: list[tuple[str, str]] = []
    waiting = iter(args)
    for text in waiting:
        if text == "--":
            return [*rest, text, *waiting], found
        option, sign, value = text.partition("=")
        if not option.startswith("--"):
            rest.append(text)
            continue
        if "." not in option:
            rest.append(option.replace("_", "-") + sign + value)
            continue
        root, _, path = option[2:].partition(".")
        name = command._argument(root.replace("-", "_"))
        if name is None:
            names = [_shown(argument) for argument in command.arguments.values()]
            raise click.NoSuchOption(option, possibilities=nearest(f"--{root}", names))
        if not sign:
            value = next(waiting, "")
        found.append((f"{name}.{path}", value))
    return rest, found


def _object(option: str, text: str) -> dict[str, Any]:
    import json

    try:
        content = read_source(text.removeprefix("@")) if text == "-" or text.startswith("@") else text
        value = json.loads(content)
    except BadValue as error:
        raise BadValue(f"{option} {error}") from None
    except ValueError as error:
        raise BadValue(f"{option} is not valid JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadValue(f"{option} must be a JSON object, with the fields of the body")
    return value


def _several(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _shown(argument: Argument) -> str:
    return argument.name.upper() if argument.positional else f"--{argument.name.strip('_').replace('_', '-')}"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
