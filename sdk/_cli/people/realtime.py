"""`realtime connect`: a conversation over one connection, in text; the operations of realtime beside it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from ..failures import message_of
from ..help import Command
from ..settings import Settings, general_options, split
from ..tree import ResourceGroup
from .prompt import model_option, tool_of, tool_option

if TYPE_CHECKING:
    from ...realtime import RealtimeSession
    from ..program import Program


def command(program: Program) -> click.Command:
    """Return the group, whose own command is `connect`."""
    from ...api._resources import Resources

    group = ResourceGroup("realtime", Resources().realtime, program)
    group.own["connect"] = _connect(program)
    return group


def _connect(program: Program) -> click.Command:
    def connect(ctx: click.Context, model: str, system: str | None, tools: tuple[str, ...], **more: Any) -> None:
        from ...realtime import RealtimeSession

        settings: Settings = ctx.obj.updated(split(more)[0])
        if settings.dry_run or settings.query is not None:
            raise click.UsageError("a conversation has neither --dry-run nor --query", ctx)
        functions = [tool_of(name) for name in tools]
        with (
            program.client_for(settings) as client,
            RealtimeSession(client, model, functions, instructions=system, speaks=False, transcribes=None) as session,
        ):
            _talk(session, whole=settings.output not in (None, "text"))

    return Command(
        "connect",
        callback=click.pass_context(connect),
        params=[
            model_option(program, "The model.", "gpt-realtime"),
            click.Option(["-s", "--system"], metavar="TEXT", help="The system prompt."),
            tool_option(),
            *(option for option in general_options() if option.name not in ("cli_dry_run", "cli_query")),
        ],
        help="Talk over a WebSocket, in text. A line of input is a message, or an event in JSON; --output json writes "
        "every event of the server as a line of JSON. Sound is for Python: sdk.RealtimeSession.",
    )


def _talk(session: RealtimeSession, *, whole: bool) -> None:
    """Read and answer until the input ends. A turn that fails is shown, and the conversation continues."""
    from ...errors import APIResponseError, RequestError, ToolError

    def write(event: Any) -> None:
        if whole:
            click.echo(json.dumps(event.to_dict(), ensure_ascii=False))
        elif event.type == "response.output_text.delta":
            click.echo(event.delta, nl=False)

    if sys.stdin.isatty():
        import readline as readline  # edits the line and remembers earlier ones

        click.echo(f"{session.model}; Ctrl-D ends the conversation", err=True)
    while True:
        try:
            line = input("> " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return
        if not line:
            continue
        try:
            if _answered(session, line, write) and not whole:
                click.echo("")
        except (APIResponseError, RequestError, ToolError) as error:
            click.echo(message_of(error), err=True)


def _answered(session: RealtimeSession, line: str, write: Any) -> bool:
    """Send a line, and write the answer; return whether there is one. Raises: what a turn raises."""
    if not line.startswith("{"):
        session.say(line, write)
        return True
    try:
        event = json.loads(line)
    except ValueError as error:
        from ...errors import RequestError

        raise RequestError(f"an event must be JSON on one line: {error}") from None
    session.connection.send_json(event)
    return event.get("type") == "response.create" and next(session.listen(write), None) is not None
