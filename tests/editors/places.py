"""Programs with a marked place, at which an editor is asked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from sdk.api.chat import create
from sdk.models import chat_completion

_WORDS = create.__doc__ or ""
#: How the description of the operation begins, and that of its argument `temperature`.
SUMMARY = _WORDS[:40]
#: The description of a field.
(CREATED,) = re.findall(
    r'    created: int\n    """(.*?)"""', Path(chat_completion.__file__).read_text(encoding="utf-8")
)
(TEMPERATURE,) = re.findall(r"temperature: .{30}", _WORDS)

_BEFORE = """\
from sdk import Client
from sdk.api.chat import create
from sdk.api import files

client = Client()
reply = create.sync(model="m", messages=[])
"""
#: Every form of an operation of the chat, alone and of a client, with what stands before its other arguments.
FORMS = [
    f"{root}create.{form}({first}"
    for root in ("", "client.chat.")
    for form, first in (
        *((form, "") for form in ("request", "sync", "asyncio", "sync_detailed", "asyncio_detailed")),
        *((form, "") for form in ("stream", "asyncio_stream")),
        *((form, "int, ") for form in ("parse", "asyncio_parse")),
    )
]
#: Forms whose docstring only pyright shows.
MORE_FORMS = [
    f"{root}create.{form}(int, "
    for root in ("", "client.chat.")
    for form in ("parse_detailed", "asyncio_parse_detailed", "parse_stream", "asyncio_parse_stream")
]
OTHER_FORMS = ["files.list.iter(", "client.files.list.asyncio_iter(", "client.files.content.download('a.txt', "]


class Place(NamedTuple):
    """A program, and a line and column in it; both start at 0."""

    text: str
    line: int
    column: int


def at(marked: str) -> Place:
    """Return the place of `|` in the last line of a program."""
    column = marked.index("|")
    return Place(_BEFORE + marked.replace("|", "") + "\n", _BEFORE.count("\n"), column)
