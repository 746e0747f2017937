"""Call an operation in the form that the options ask for, and write what comes back."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .._core.operation.facts import streams_text
from . import output
from .progress import Waiting
from .settings import Settings

if TYPE_CHECKING:
    from .program import Program


def perform(program: Program, operation: Any, keywords: dict[str, Any], settings: Settings) -> None:
    """Call an operation once.

    Raises: the errors of the call, UsageError for options that do not go together.
    """
    from warnings import catch_warnings, simplefilter

    with program.client_for(settings) as client, catch_warnings():
        simplefilter("ignore", DeprecationWarning)  # the help of a command says that it is deprecated
        bound = operation.bind(client)
        if settings.dry_run:
            show(client, bound, keywords, settings, streamed=streams(operation, settings))
        elif streams(operation, settings):
            _stream(client, bound, keywords, settings)
        elif settings.every:
            _pages(bound, keywords, settings)
        else:
            with Waiting(operation.name) as waiting:
                sent = {name: _watched(value, waiting) for name, value in keywords.items()}
                if settings.file is not None and hasattr(bound, "download"):
                    path = bound.download(settings.file, **sent)
                    waiting.stop()
                    click.echo(str(path), err=True)
                else:
                    _reply(program, bound, sent, settings, waiting)


def _watched(value: Any, waiting: Waiting) -> Any:
    """Return an argument whose files report what is sent of them."""
    if isinstance(value, list):
        return [_watched(item, waiting) for item in value]
    return waiting.sending(value) if isinstance(value, Path) else value


def streams(operation: Any, settings: Settings) -> bool:
    """Whether a command streams: on demand; for people where an answer is text; always where nothing else is there."""
    kind = type(operation)
    if not hasattr(kind, "stream") or settings.wait:
        return False
    if kind.__name__ == "OnlyStreamingOperation":
        return True
    if settings.stream is not None:
        return settings.stream
    plain = settings.output is None and settings.query is None and settings.file is None
    return plain and hasattr(kind, "parse") and output.for_people()


def show(client: Any, operation: Any, keywords: dict[str, Any], settings: Settings, *, streamed: bool) -> None:
    """Write the request of a call, and send nothing."""
    from .dry_run import shown

    request = operation.request(**keywords)
    request.streamed = streamed
    found = shown(client, request, keywords)
    if settings.output in (None, "text"):
        click.echo(found.text())
    else:
        output.write(found.to_dict(), settings)


def _stream(client: Any, operation: Any, keywords: dict[str, Any], settings: Settings) -> None:
    """Write text as it arrives for people, and a line of JSON for each event otherwise."""
    as_text = settings.output == "text" or (settings.output is None and output.for_people())
    with operation.stream(**keywords) as stream, _opened(settings.file) as file:
        if as_text and settings.query is None and streams_text(operation, client):
            for text in stream.text():
                click.echo(text, nl=False, file=file)
            click.echo("", file=file)
            return
        for chunk in stream:
            found = output.selected(output.plain(chunk), settings.query)
            click.echo(found if isinstance(found, str) else output.line_of(found), file=file)


def _opened(path: Path | None) -> Any:
    return nullcontext() if path is None else path.open("w", encoding="utf-8")


def _pages(operation: Any, keywords: dict[str, Any], settings: Settings) -> None:
    """Write the items of every page, each as soon as it is there; a table needs all of them."""
    items = (output.plain(item) for item in operation.iter(**keywords))
    form = settings.output or ("table" if output.for_people() and settings.query is None else "jsonl")
    if form in ("jsonl", "raw", "text"):
        with _opened(settings.file) as file:
            for item in items:
                found = output.selected(item, settings.query)
                click.echo(found if isinstance(found, str) else output.line_of(found), file=file)
        return
    with Waiting(operation.name):
        found = [output.selected(item, settings.query) for item in items]
    _save(output.formatted(found, form), settings.file)


def _reply(program: Program, operation: Any, keywords: dict[str, Any], settings: Settings, waiting: Waiting) -> None:
    response = operation.sync_detailed(**keywords)
    waiting.stop()
    if settings.wait:
        # The package has `wait` where its operations begin jobs, and the command has --wait there alone.
        response = import_module(program.package).wait(response, progress=sys.stderr.isatty() or settings.verbose)
    reply = response.parsed
    if isinstance(reply, bytes):
        if settings.file is not None:
            settings.file.write_bytes(reply)
            return
        output.write_bytes(reply)
    elif settings.output == "raw" and settings.query is None:
        output.write(response.content.decode(errors="replace"), settings)
    elif reply is not None and not _saved(operation.name, reply, settings):
        value = output.plain(reply)
        if settings.file is not None:
            found = output.selected(value, settings.query)
            _save(output.formatted(found, settings.output or "json"), settings.file)
        else:
            output.write(value, settings, program.text_of(reply))


def _saved(name: str, reply: Any, settings: Settings) -> bool:
    """Write the pictures of a reply into files, for people or into -o FILE; return whether there were any."""
    if settings.output is not None or settings.query is not None:
        return False
    if settings.file is None and not output.for_people():
        return False
    from .saving import media_of, save

    found = media_of(reply)
    for number, media in enumerate(found):
        click.echo(save(media, settings.file, name.replace(".", "-"), number), err=settings.file is not None)
    return bool(found)


def _save(text: str, path: Path | None) -> None:
    if path is None:
        click.echo(text)
    else:
        path.write_text(f"{text}\n", encoding="utf-8")
