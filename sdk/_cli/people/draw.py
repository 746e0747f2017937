"""`draw`: pictures of what a prompt says, into files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .. import output
from ..help import Command
from ..progress import Waiting
from ..saving import link_of, media_of, save
from ..settings import Settings, file_option, general_options, split
from .prompt import model_option, piped, text_of

if TYPE_CHECKING:
    from ..program import Program

_DEFAULT = "gpt-image-1"


def command(program: Program) -> click.Command:
    """Return the command."""

    def draw(
        ctx: click.Context, prompt: tuple[str, ...], model: str, size: str | None, quality: str | None, n: int,
        pictures: tuple[str, ...], **more: Any,
    ) -> None:  # fmt: skip
        settings: Settings = ctx.obj.updated(split(more)[0])
        text = " ".join(map(text_of, prompt)) or piped().strip()
        if not text:
            raise click.UsageError("draw needs a prompt, as an argument or on standard input", ctx)
        given = {"size": size, "quality": quality, "n": n if n > 1 else None}
        arguments: dict[str, Any] = {"model": model, "prompt": text, **{k: v for k, v in given.items() if v}}
        with program.client_for(settings) as client, Waiting("drawing") as waiting:
            operation = client.images.generate
            if pictures:
                operation = client.images.edit
                arguments["image"] = [waiting.sending(_picture(name, ctx)) for name in pictures]
            if settings.dry_run:
                from ..calls import show

                show(client, operation, arguments, settings, streamed=False)
                return
            reply = operation.sync(**arguments)
            waiting.stop()
            _write(reply, settings)

    return Command(
        "draw",
        callback=click.pass_context(draw),
        params=[
            click.Argument(["prompt"], nargs=-1, metavar="[PROMPT|@FILE]..."),
            model_option(program, "The model.", _DEFAULT),
            click.Option(["--size"], metavar="WxH", help="The size, such as 1024x1024; auto by default."),
            click.Option(["--quality"], metavar="WORD", help="low, medium or high."),
            click.Option(["-n"], type=click.IntRange(1, 10), default=1, help="How many pictures."),
            click.Option(["-a", "--attach", "pictures"], multiple=True, metavar="FILE", help="A picture to change."),
            file_option(),
            *general_options(),
        ],
        help="Draw a picture: into -o FILE, into a pipe, or into a new file, whose path is written.",
    )


def _picture(name: str, ctx: click.Context) -> Path:
    path = Path(name.removeprefix("@")).expanduser()
    if not path.is_file():
        raise click.UsageError(f"there is no picture {path}", ctx)
    return path


def _write(reply: Any, settings: Settings) -> None:
    """Write the pictures into files, or the only one into a pipe; JSON where a form was asked for."""
    if settings.output is not None or settings.query is not None:
        output.write(output.plain(reply), settings)
        return
    found = media_of(reply)
    if settings.file is None and not output.for_people() and len(found) == 1 and not link_of(found[0]):
        output.write_bytes(found[0].bytes())
        return
    for number, one in enumerate(found):
        click.echo(save(one, settings.file, "picture", number), err=settings.file is not None)
