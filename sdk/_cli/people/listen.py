"""`listen`: what is said in a recording."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import output
from ..help import Command
from ..progress import Waiting
from ..settings import Settings, general_options, split
from .prompt import model_option

if TYPE_CHECKING:
    from ..program import Program

_FORMATS = ("text", "srt", "vtt", "json", "verbose_json", "diarized_json")
#: How recordings begin, for the name of one from standard input: servers read the format from the name.
_BEGINNINGS = ((b"RIFF", "wav"), (b"fLaC", "flac"), (b"OggS", "ogg"), (b"\x1aE\xdf\xa3", "webm"), (b"ID3", "mp3"))


def command(program: Program) -> click.Command:
    """Return the command."""

    def listen(
        ctx: click.Context, recording: str, model: str | None, language: str | None, prompt: str | None,
        form: str | None, translate: bool, **more: Any,
    ) -> None:  # fmt: skip
        settings: Settings = ctx.obj.updated(split(more)[0])
        model = model or ("whisper-1" if translate or form in ("srt", "vtt") else "gpt-4o-mini-transcribe")
        given = {"model": model, "language": language, "prompt": prompt, "response_format": form}
        with program.client_for(settings) as client, Waiting("listening") as waiting:
            arguments = {name: value for name, value in given.items() if value}
            arguments["file"] = waiting.sending(_source(recording, ctx))
            operation = client.audio.translations.create if translate else client.audio.transcriptions.create
            streamed = not translate and form is None and settings.output in (None, "text") and not settings.query
            if settings.dry_run:
                from ..calls import show

                show(client, operation, arguments, settings, streamed=streamed)
            elif streamed:
                _streamed(operation, arguments, waiting)
            else:
                reply = operation.sync(**arguments)
                waiting.stop()
                text = reply if isinstance(reply, str) else getattr(reply, "text", None)
                plain_text = settings.output is None and form in (None, "text", "srt", "vtt")
                if plain_text and settings.query is None and text is not None:
                    click.echo(text.rstrip("\n"))
                else:
                    output.write(output.plain(reply), settings, text)

    return Command(
        "listen",
        callback=click.pass_context(listen),
        params=[
            click.Argument(["recording"], metavar="FILE"),
            model_option(program, "The model; by default one that fits the format."),
            click.Option(["--language"], metavar="CODE", help="The language of the recording, such as en."),
            click.Option(["--prompt"], metavar="TEXT", help="The text before the recording, or names to expect."),
            click.Option(["-f", "--format", "form"], type=click.Choice(_FORMATS), help="Subtitles, or JSON."),
            click.Option(["--translate"], is_flag=True, help="Translate it into English."),
            *general_options(),
        ],
        help="Write what is said in a recording, as it is understood. FILE is a path, or - for standard input.",
    )


def _source(recording: str, ctx: click.Context) -> Any:
    if recording == "-":
        content = sys.stdin.buffer.read()
        ending = next((ending for start, ending in _BEGINNINGS if content.startswith(start)), "")
        return (f"recording.{ending or ('m4a' if content[4:8] == b'ftyp' else 'mp3')}", content)
    path = Path(recording.removeprefix("@")).expanduser()
    if not path.is_file():
        raise click.UsageError(f"there is no file {path}", ctx)
    return path


def _streamed(operation: Any, arguments: dict[str, Any], waiting: Waiting) -> None:
    with operation.stream(**arguments) as stream:
        for text in stream.text():
            waiting.stop()
            click.echo(text, nl=False)
    click.echo("")
