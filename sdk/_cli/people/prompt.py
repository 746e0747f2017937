"""What `ask` and `chat` send: the model, the message with its pictures, the tools."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

#: The model where neither an option nor the environment names one.
DEFAULT_MODEL = "gpt-4o-mini"


def model_of(given: str | None) -> str:
    """Return the model of an option, of OPENAI_MODEL, or the default."""
    from ..._openai.environment import default_model

    return given or default_model() or DEFAULT_MODEL


def content(text: str, pictures: Sequence[str]) -> Any:
    """Return the content of a message; a picture is a path or a URL.

    Raises: UsageError for a picture that cannot be read.
    """
    if not pictures:
        return text
    from ...errors import MessageError
    from ...vision import image

    parts: list[dict[str, Any]] = [{"type": "text", "text": text}]
    for picture in pictures:
        url = picture.lower().startswith(("http://", "https://", "data:"))
        try:
            parts.append(image(picture if url else Path(picture).expanduser()))
        except (MessageError, OSError) as error:
            raise click.UsageError(f"the picture {picture} cannot be sent: {error}") from None
    return parts


def tool_of(name: str) -> Any:
    """Return the function that "module:function" names; the current folder is searched, too.

    Raises: UsageError if there is none.
    """
    module, _, function = name.partition(":")
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError, ValueError) as error:
        raise click.UsageError(f"--tool {name} must be module:function: {error}") from None
    if not callable(found):
        raise click.UsageError(f"--tool {name} is no function")
    return found


def piped() -> str:
    """Return what standard input holds, "" if it is a terminal."""
    return "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.read()
