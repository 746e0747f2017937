"""Call an operation in the form that the options ask for, and write what comes back."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import output
from .settings import Settings

if TYPE_CHECKING:
    from .program import Program


def perform(program: Program, operation: Any, keywords: dict[str, Any], settings: Settings) -> None:
    """Call an operation once.

    Raises: the errors of the call, UsageError for options that do not go together.
    """
    from warnings import catch_warnings, simplefilter

    with program.connect(**settings.client_options(program.folder)) as client, catch_warnings():
        simplefilter("ignore", DeprecationWarning)  # the help of a command says that it is deprecated
        bound = operation.bind(client)
        if settings.dry_run:
            show(client, bound, keywords, settings, streamed=streams(operation, settings))
        elif streams(operation, settings):
            _stream(program, bound, keywords, settings)
        elif settings.every:
            _pages(bound, keywords, settings)
        elif settings.file is not None and hasattr(bound, "download"):
            path = bound.download(settings.file, **keywords)
            click.echo(str(path), err=True)
        else:
            _reply(program, bound, keywords, settings)


def streams(operation: Any, settings: Settings) -> bool:
    """Whether a command streams: on demand; for people where an answer is text; always where nothing else is there."""
    kind = type(operation)
    if not hasattr(kind, "stream"):
        return False
    if kind.__name__ == "OnlyStreamingOperation":
        return True
    if settings.stream is not None:
        return settings.stream
    plain = settings.output is None and settings.query is None and settings.file is None
    return plain and hasattr(kind, "parse") and output.for_people()


def show(client: Any, operation: Any, keywords: dict[str, Any], settings: Settings, *, streamed: bool) -> None:
    """Write the request of a call, and send nothing."""
    from .dry_run import preview

    request = operation.request(**keywords)
    request.streamed = streamed
    found = preview(client, request)
    if settings.output in (None, "text"):
        click.echo(found.text())
    else:
        output.write(found.to_dict(), settings)


def _stream(program: Program, operation: Any, keywords: dict[str, Any], settings: Settings) -> None:
    """Write text as it comes for people, and a line of JSON for each event otherwise."""
    as_text = settings.output == "text" or (settings.output is None and output.for_people())
    with operation.stream(**keywords) as stream, _opened(settings.file) as file:
        if as_text and settings.query is None and operation._spec.events in _texts(operation):
            for text in stream.text():
                click.echo(text, nl=False, file=file)
            click.echo("", file=file)
            return
        for chunk in stream:
            found = output.selected(output.plain(chunk), settings.query)
            click.echo(found if isinstance(found, str) else output.line_of(found), file=file)


def _texts(operation: Any) -> Any:
    """Return the events from whose streams text can be read."""
    return operation._client._service.accumulators


def _opened(path: Path | None) -> Any:
    return nullcontext() if path is None else path.open("w", encoding="utf-8")


def _pages(operation: Any, keywords: dict[str, Any], settings: Settings) -> None:
    """Write the items of every page, each as soon as it is there; a table needs all of them."""
    items = (output.plain(item) for item in operation.iter(**keywords))
    form = settings.output or ("table" if output.for_people() and settings.query is None else "jsonl")
    if form in ("jsonl", "raw", "text"):
        for item in items:
            found = output.selected(item, settings.query)
            click.echo(found if isinstance(found, str) else output.line_of(found))
        return
    found = [output.selected(item, settings.query) for item in items]
    _save(output.formatted(found, form), settings.file)


def _reply(program: Program, operation: Any, keywords: dict[str, Any], settings: Settings) -> None:
    response = operation.sync_detailed(**keywords)
    if settings.verbose:
        report(response)
    reply = response.parsed
    if isinstance(reply, bytes):
        if settings.file is not None:
            settings.file.write_bytes(reply)
            return
        output.write_bytes(reply)
    elif settings.output == "raw" and settings.query is None:
        output.write(response.content.decode(errors="replace"), settings)
    elif reply is not None:
        value = output.plain(reply)
        if settings.file is not None:
            found = output.selected(value, settings.query)
            _save(output.formatted(found, settings.output or "json"), settings.file)
        else:
            output.write(value, settings, program.text_of(reply))


def _save(text: str, path: Path | None) -> None:
    if path is None:
        click.echo(text)
    else:
        path.write_text(f"{text}\n", encoding="utf-8")


def report(response: Any) -> None:
    """Write status, time, attempts, request id and limits to stderr."""
    lines = [f"status {response.status_code} after {response.elapsed:.3f} s, attempt {len(response.attempts) + 1}"]
    lines += [f"failed before: {attempt}" for attempt in response.attempts]
    if response.request_id:
        lines.append(f"request id {response.request_id}")
    lines += [f"{name}: {value}" for name, value in response.headers.items() if name.startswith("x-ratelimit-")]
    click.echo("\n".join(lines), err=True)
