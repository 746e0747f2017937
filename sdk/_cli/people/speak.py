"""`speak`: a text as sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import output
from ..help import Command
from ..progress import Waiting
from ..saving import free_path
from ..settings import Settings, file_option, general_options, split
from .prompt import model_option, piped, text_of

if TYPE_CHECKING:
    from ..program import Program

_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")


def command(program: Program) -> click.Command:
    """Return the command."""

    def speak(
        ctx: click.Context, text: tuple[str, ...], model: str, voice: str, form: str | None, instructions: str | None,
        **more: Any,
    ) -> None:  # fmt: skip
        settings: Settings = ctx.obj.updated(split(more)[0])
        said = " ".join(map(text_of, text)) or piped().strip()
        if not said:
            raise click.UsageError("speak needs a text, as an argument or on standard input", ctx)
        form = form or _format_of(settings.file)
        arguments = {"model": model, "voice": voice, "input": said, "response_format": form}
        if instructions:
            arguments["instructions"] = instructions
        with program.client_for(settings) as client:
            if settings.dry_run:
                from ..calls import show

                show(client, client.audio.speech.create, arguments, settings, streamed=False)
                return
            path = settings.file or (free_path("speech", f".{form}") if output.for_people() else None)
            with Waiting("speaking"):
                if path is None:
                    sound = client.audio.speech.create.sync(**arguments)
                else:
                    client.audio.speech.create.download(path, **arguments)
            if path is None:
                output.write_bytes(sound)
            else:
                click.echo(str(path), err=settings.file is not None)

    return Command(
        "speak",
        callback=click.pass_context(speak),
        params=[
            click.Argument(["text"], nargs=-1, metavar="[TEXT|@FILE]..."),
            model_option(program, "The model.", "gpt-4o-mini-tts"),
            click.Option(["--voice"], default="alloy", show_default=True, metavar="NAME", help="The voice."),
            click.Option(
                ["-f", "--format", "form"],
                type=click.Choice(_FORMATS),
                help="The format; by default that of the file name, or mp3.",
            ),
            click.Option(["--instructions"], metavar="TEXT", help="How to speak, for example the tone."),
            file_option(),
            *general_options(),
        ],
        help="Read a text aloud: into -o FILE, into a pipe, or into a new file, whose path is written.",
    )


def _format_of(path: Path | None) -> str:
    found = path.suffix.lower().lstrip(".") if path is not None else ""
    return found if found in _FORMATS else "mp3"
