"""What the commands for people send: the model, the message with its pictures, the tools."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..program import Program

#: The model where neither an option nor the environment names one.
DEFAULT_MODEL = "gpt-4o-mini"


def model_option(
    program: Program, text: str = "The model; OPENAI_MODEL is the default.", default: str | None = None
) -> click.Option:
    """Return the option for a model; a shell completes the models of the server."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
        from ..completing import completer

        return completer(program, "model")(ctx, param, incomplete)

    return click.Option(
        ["-m", "--model"], metavar="NAME", shell_complete=complete, help=text,
        default=default, show_default=default is not None,
    )  # fmt: skip


def tool_option() -> click.Option:
    """Return the option for functions that the model may call."""
    return click.Option(["--tool", "tools"], multiple=True, metavar="MODULE:FUNCTION", help="What the model may call.")


def model_of_environment() -> str | None:
    """Return OPENAI_MODEL, or None."""
    from ..._openai.environment import default_model

    return default_model()


def model_of(given: str | None) -> str:
    """Return the model of an option, of OPENAI_MODEL, or the default."""
    return given or model_of_environment() or DEFAULT_MODEL


def text_of(given: str) -> str:
    """Return the text of an argument: itself, that of a file after an @, or standard input for "-".

    Raises: UsageError for a file that cannot be read.
    """
    if given != "-" and not given.startswith("@"):
        return given
    from ..._core.inspection.annotation import Kind
    from ..values import BadValue, value_of

    try:
        return str(value_of(Kind(text=True), (given,)))
    except BadValue as error:
        raise click.UsageError(f"{given} {error}") from None


def content(text: str, pictures: Sequence[str]) -> Any:
    """Return the content of a message; a picture is a path or a URL.

    Raises: UsageError for a picture that cannot be read.
    """
    if not pictures:
        return text
    from pathlib import Path

    from ...errors import MessageError
    from ...vision import image
    from ..failures import reason_of

    parts: list[dict[str, Any]] = [{"type": "text", "text": text}]
    for picture in pictures:
        url = picture.lower().startswith(("http://", "https://", "data:"))
        try:
            parts.append(image(picture if url else Path(picture.removeprefix("@")).expanduser()))
        except (MessageError, OSError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else error
            raise click.UsageError(f"the picture {picture} cannot be sent: {reason}") from None
    return parts


def tool_of(name: str) -> Any:
    """Return the function that "module:function" names; the current folder is searched, too.

    Raises: UsageError if there is none, or if it cannot be a tool.
    """
    from importlib import import_module

    module, _, function = name.partition(":")
    if not module or not function:
        raise click.UsageError(f"--tool {name} must be module:function, such as my_tools:weather")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found = getattr(import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise click.UsageError(f"--tool {name} cannot be loaded: {error}") from None
    if not callable(found):
        raise click.UsageError(f"--tool {name} is no function")
    from ...errors import ToolError
    from ...tools import definitions

    try:
        definitions([found])
    except ToolError as error:
        raise click.UsageError(f"--tool {name} cannot be a tool: {error}") from None
    return found


def piped() -> str:
    """Return what standard input holds, "" if it is a terminal."""
    return "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
