"""`ask`: one question, one answer, written as it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ..help import Command
from ..settings import Settings, general_options, split
from .prompt import content, model_of, model_option, piped, tool_of, tool_option

if TYPE_CHECKING:
    from ..program import Program


def command(program: Program) -> click.Command:
    """Return the command."""

    def ask(
        ctx: click.Context,
        question: tuple[str, ...],
        model: str | None,
        system: str | None,
        pictures: tuple[str, ...],
        schema: str | None,
        tools: tuple[str, ...],
        **more: Any,
    ) -> None:
        text = "\n\n".join(filter(None, [" ".join(question), piped().strip()]))
        if not text:
            raise click.UsageError("ask needs a question, as an argument or on standard input", ctx)
        messages: list[dict[str, Any]] = [{"role": "system", "content": system}] if system else []
        messages.append({"role": "user", "content": content(text, pictures)})
        arguments: dict[str, Any] = {"model": model_of(model)}
        if schema is not None:
            arguments["response_format"] = _format(schema)
        settings: Settings = ctx.obj.updated(split(more)[0])
        whole = settings.output not in (None, "text") or settings.query is not None
        functions = [tool_of(name) for name in tools]
        with program.client_for(settings) as client:
            if settings.dry_run:
                from ..calls import show

                if functions:
                    from ...tools import definitions

                    arguments["tools"] = definitions(functions)
                show(client, client.chat.create, {**arguments, "messages": messages}, settings, streamed=not whole)
            elif functions:
                _with_tools(client, arguments, messages, functions, settings, whole=whole)
            elif whole:
                _whole(client.chat.create.sync(messages=messages, **arguments), settings)
            else:
                _streamed(client, arguments, messages)

    return Command(
        "ask",
        callback=click.pass_context(ask),
        params=[
            click.Argument(["question"], nargs=-1),
            model_option(program),
            click.Option(["-s", "--system"], metavar="TEXT", help="The system prompt."),
            click.Option(["-a", "--attach", "pictures"], multiple=True, metavar="FILE|URL", help="A picture."),
            click.Option(["--schema"], metavar="@FILE|JSON", help="The JSON schema of the answer."),
            tool_option(),
            *general_options(),
        ],
        help="Ask a model, and write its answer as it arrives. Standard input is the context of the question.",
    )


def _streamed(client: Any, arguments: dict[str, Any], messages: list[dict[str, Any]]) -> None:
    with client.chat.create.stream(messages=messages, **arguments) as stream:
        for text in stream.text():
            click.echo(text, nl=False)
    click.echo("")


def _with_tools(
    client: Any, arguments: dict[str, Any], messages: list[dict[str, Any]], tools: list[Any], settings: Settings,
    *, whole: bool,
) -> None:  # fmt: skip
    """Run the calls of the model, and write its last answer as it arrives, or as a whole."""
    from ...session import ChatSession, SessionChunk

    def write(chunk: SessionChunk) -> None:
        click.echo(chunk.content, nl=False)

    session = ChatSession(client, messages=messages[:-1], tools=tools, **arguments)
    if whole:
        _whole(session.run(messages[-1]).completion, settings)
        return
    session.run(messages[-1], write)
    click.echo("")


def _whole(reply: Any, settings: Settings) -> None:
    from ..output import plain, write

    write(plain(reply), settings)


def _format(text: str) -> dict[str, Any]:
    """Return the response format of a JSON schema."""
    from ..values import BadValue, load_json, read_source

    try:
        content = read_source(text.removeprefix("@")).decode() if text.startswith("@") else text
        schema = load_json(content)
    except BadValue as error:
        raise click.UsageError(f"--schema {error}") from None
    except ValueError as error:
        raise click.UsageError(f"--schema must be a JSON schema: {error}") from None
    if not isinstance(schema, dict):
        raise click.UsageError("--schema must be a JSON schema, which is an object")
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
