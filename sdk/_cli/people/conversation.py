"""`chat`: a conversation on the terminal, and the operations of chat below it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ..tree import ResourceGroup
from .prompt import content, model_of, tool_of

if TYPE_CHECKING:
    from ...session import ChatSession, SessionChunk
    from ..program import Program

_HELP = """\
/model NAME   talk with another model       /system TEXT   set the system prompt
/save FILE    write the conversation        /load FILE     go on with a saved one
/tools        list what the model may call  /image FILE    send a picture with the next message
/clear        forget the conversation       /quit          leave; so does Ctrl-D"""


class _Chat(ResourceGroup):
    """Without a command it is a conversation."""

    def __init__(self, program: Program) -> None:
        from ...api._resources import Resources

        super().__init__("chat", Resources().chat, program)
        self.invoke_without_command, self.no_args_is_help = True, False
        self.params += [
            click.Option(["-m", "--model"], metavar="NAME", help="The model; OPENAI_MODEL is the default."),
            click.Option(["-s", "--system"], metavar="TEXT", help="The system prompt."),
            click.Option(
                ["--tool", "tools"], multiple=True, metavar="MODULE:FUNCTION", help="What the model may call."
            ),
        ]

    def invoke(self, ctx: click.Context) -> Any:
        if ctx._protected_args:
            return super().invoke(ctx)
        from ...session import ChatSession

        with self._program.connect(**ctx.obj.client_options(self._program.folder)) as client:
            tools = [tool_of(name) for name in ctx.params["tools"]]
            session = ChatSession(client, model_of(ctx.params["model"]), tools=tools)
            talk = Talk(session)
            if ctx.params["system"]:
                talk.set_system(ctx.params["system"])
            talk.run()
        return None


def command(program: Program) -> click.Command:
    """Return the command."""
    return _Chat(program)


class Talk:
    """A conversation: lines of the user, which are messages or commands, and answers as they come."""

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
        """Do what one line asks for; an error is shown, and the conversation goes on."""
        from ...errors import SDKError

        try:
            if line.startswith("/"):
                self._command(line)
            else:
                self._answer(line)
        except (SDKError, OSError) as error:
            click.echo(f"{error}", err=True)
        except click.UsageError as error:
            click.echo(error.message, err=True)
        except KeyboardInterrupt:
            click.echo("\n(interrupted: this turn is not in the history)")

    def _answer(self, line: str) -> None:
        def write(chunk: SessionChunk) -> None:
            click.echo(chunk.content, nl=False)

        message = {"role": "user", "content": content(line, self._pictures)}
        self.session.run(message, write)
        self._pictures = []
        click.echo("")

    def set_system(self, text: str) -> None:
        """Set the system prompt of this conversation, in place of an earlier one."""
        messages = self.session.messages
        rest = messages[1:] if messages and messages[0].get("role") == "system" else messages
        self.session.messages = [{"role": "system", "content": text}, *rest]

    def _command(self, line: str) -> None:
        name, _, argument = line[1:].partition(" ")
        argument = argument.strip()
        needs = {"model": "a name", "system": "a text", "save": "a file", "load": "a file", "image": "a file"}
        if name in needs and not argument:
            raise click.UsageError(f"/{name} needs {needs[name]}")
        match name:
            case "model":
                self.session.model = argument
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
                raise click.UsageError(f"there is no /{name}; /help lists the commands")
