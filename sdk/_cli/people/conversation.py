"""`chat`: a conversation on the terminal, and the operations of chat below it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ..failures import message_of
from ..settings import general_options, split
from ..tree import ResourceGroup
from .prompt import content, model_of, model_option, tool_of, tool_option

if TYPE_CHECKING:
    from ...session import ChatSession, SessionChunk
    from ..program import Program

_HELP = """\
/model NAME   talk with another model       /system TEXT   set the system prompt
/save FILE    write the conversation        /load FILE     continue a saved one
/tools        list what the model may call  /image FILE    send a picture with the next message
/clear        forget the conversation       /quit          leave; so does Ctrl-D"""
_NEEDS = {"system": "a text", "save": "a file", "load": "a file", "image": "a file"}


def command(program: Program) -> click.Command:
    """Return the command: without a command of its own it is a conversation."""
    from ...api._resources import Resources

    def chat(ctx: click.Context, model: str | None, system: str | None, tools: tuple[str, ...], **more: Any) -> None:
        ctx.obj = ctx.obj.updated(split(more)[0])  # for the operation that may follow
        if ctx.invoked_subcommand is not None:
            return
        from ...session import ChatSession

        functions = [tool_of(name) for name in tools]  # a wrong one is an error before there is a conversation
        with program.client_for(ctx.obj) as client:
            talk = Talk(ChatSession(client, model_of(model), tools=functions))
            if system:
                talk.set_system(system)
            talk.run()

    return ResourceGroup(
        "chat",
        Resources().chat,
        program,
        callback=click.pass_context(chat),
        params=[
            model_option(program),
            click.Option(["-s", "--system"], metavar="TEXT", help="The system prompt."),
            tool_option(),
            *general_options(),
        ],
        help="Talk with a model, or call an operation of chat.",
    )


class Talk:
    """A conversation: lines of the user, which are messages or commands, and answers as they arrive."""

    def __init__(self, session: ChatSession) -> None:
        self.session = session
        self._pictures: list[str] = []

    def run(self) -> None:
        """Read and answer until the input ends. An answer that is interrupted, or fails, is not in the history."""
        if sys.stdin.isatty():
            import readline as readline  # edits the line and remembers earlier ones

            click.echo(f"{self.session.model}; /help lists the commands")
        while True:
            try:
                line = input("> " if sys.stdin.isatty() else "").strip()
            except (EOFError, KeyboardInterrupt):
                click.echo("")
                return
            if line in ("/quit", "/exit"):
                return
            if line:
                self.take(line)

    def take(self, line: str) -> None:
        """Do what one line asks for; an error is shown, and the conversation continues."""
        from ...errors import SDKError

        try:
            if line.startswith("/"):
                self._command(line)
            else:
                self._answer(line)
        except BrokenPipeError:
            raise  # the reader is gone
        except (SDKError, OSError) as error:
            click.echo(message_of(error), err=True)
        except click.UsageError as error:
            click.echo(error.message, err=True)
        except KeyboardInterrupt:
            click.echo("(interrupted: this turn is not in the history)")

    def _answer(self, line: str) -> None:
        from .markdown import writer

        written = writer()

        def write(chunk: SessionChunk) -> None:
            written.write(chunk.content)

        message = {"role": "user", "content": content(line, self._pictures)}
        try:
            self.session.run(message, write)
        finally:
            written.end()  # the part of the answer that arrived stays on the screen
        self._pictures = []

    def set_system(self, text: str) -> None:
        """Set the system prompt of this conversation, in place of an earlier one."""
        messages = self.session.messages
        rest = messages[1:] if messages and messages[0].get("role") == "system" else messages
        self.session.messages = [{"role": "system", "content": text}, *rest]

    def _command(self, line: str) -> None:
        name, _, argument = line[1:].partition(" ")
        argument = argument.strip()
        if name in _NEEDS and not argument:
            raise click.UsageError(f"/{name} needs {_NEEDS[name]}")
        match name:
            case "model":
                if argument:
                    self.session.model = argument
                click.echo(f"the model is {self.session.model}")
            case "system":
                self.set_system(argument)
            case "save":
                click.echo(f"saved to {self.session.save(argument)}")
            case "load":
                self.session = type(self.session).load(argument, self.session.client, self.session.tools)
                click.echo(f"{len(self.session.messages)} messages with {self.session.model}")
            case "tools":
                from ...tools import definitions

                names = [tool["function"]["name"] for tool in definitions(self.session.tools)]
                click.echo("\n".join(names) or "there are none: start with --tool module:function")
            case "image":
                content("", [argument])  # an error comes now, not with the message
                self._pictures.append(argument)
            case "clear":
                self.session.messages = []
            case "help":
                click.echo(_HELP)
            case _:
                from difflib import get_close_matches

                near = get_close_matches(name, ("model", "tools", "clear", "help", "quit", *_NEEDS), 1)
                meant = f"did you mean /{near[0]}?" if near else "/help lists the commands"
                raise click.UsageError(f"there is no /{name}; {meant}")
