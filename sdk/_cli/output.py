"""Write replies: as a table or as text for people, as JSON for programs, in any form on demand."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from .._core.options.environment import environ
from .settings import Settings

_MOST_COLUMNS = 6
#: Control characters without tabs and ends of lines.
_CONTROLS = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"


def plain(value: Any) -> Any:
    """Return a reply as JSON has it."""
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return value


def for_people() -> bool:
    """Whether a person reads the output."""
    return sys.stdout.isatty()


def draws() -> bool:
    """Whether the output is a terminal that can move its cursor."""
    return for_people() and environ().get("TERM") != "dumb"


def styled(text: str, **style: Any) -> str:
    """Return a text with a style of click's, where a person reads it who has not asked for NO_COLOR."""
    return click.style(text, **style) if draws() and not environ().get("NO_COLOR") else text


def selected(value: Any, query: str | None) -> Any:
    """Return the part of a reply that a JMESPath expression names."""
    if query is None:
        return value
    try:
        import jmespath
        from jmespath.exceptions import JMESPathError
    except ModuleNotFoundError:
        raise click.ClickException("--query needs more: pip install jmespath") from None
    try:
        return jmespath.search(query, value)
    except JMESPathError as error:
        raise click.UsageError(f"--query is no valid JMESPath: {' '.join(str(error).split())}") from None


def write(value: Any, settings: Settings, text: str | None = None) -> None:
    """Write one reply; `text` is what a person wants to read of it.

    Without --output a list becomes a table on a terminal, and an answer its text; JSON goes into a pipe.
    """
    found = selected(value, settings.query)
    form = settings.output
    if form is None:
        if isinstance(found, str) or (for_people() and settings.query is None and text is not None):
            form = "text"
        else:
            form = "table" if for_people() and rows_of(found) else "json"
    click.echo(formatted(found, form, text if settings.query is None else None))


def write_rows(rows: Iterable[dict[str, Any]], settings: Settings) -> None:
    """Write objects as they arrive, a line each; another form of --output takes all of them."""
    if settings.output in (None, "jsonl", "text", "raw"):
        for row in rows:
            found = selected(row, settings.query)
            click.echo(found if isinstance(found, str) else line_of(found))
        return
    click.echo(formatted([selected(row, settings.query) for row in rows], settings.output))


def formatted(value: Any, form: str, text: str | None = None) -> str:
    """Return a value in one of the forms, without the last line feed."""
    if form == "text":
        return text if text is not None else value if isinstance(value, str) else formatted(value, "json")
    if form == "jsonl":
        lines = value if isinstance(value, list) else rows_of(value) or [value]
        return "\n".join(line_of(line) for line in lines)
    if form == "yaml":
        return _yaml(value)
    if form == "table" and (rows := rows_of(value)):
        return table(rows)
    if form == "raw" and isinstance(value, str):
        return value
    return json.dumps(value, indent=None if form == "raw" else 2, ensure_ascii=False)


def line_of(value: Any) -> str:
    """Return a value on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def rows_of(value: Any) -> list[dict[str, Any]]:
    """Return the objects that a table can show: those of an array, or of the only array of objects in a list."""
    if isinstance(value, dict):
        lists = [item for item in value.values() if isinstance(item, list)]
        value = lists[0] if len(lists) == 1 and "data" in value else None
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return value
    return []


def table(rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as a table as wide as the terminal; nested values are left out."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = list(rows)
    scalar = [
        name
        for name in dict.fromkeys(name for row in rows for name in row)
        if not any(isinstance(row.get(name), dict | list) for row in rows) and any(row.get(name) for row in rows)
    ]
    columns = [name for name in scalar if len({str(row.get(name)) for row in rows}) > 1 or len(rows) == 1]
    columns = (columns or scalar)[:_MOST_COLUMNS]
    console = Console(highlight=False)
    found = Table(box=None, pad_edge=False, header_style="bold")
    for name in columns:
        found.add_column(name, overflow="fold")
    for row in rows:
        found.add_row(*(Text("" if row.get(name) is None else str(row[name])) for name in columns))
    with console.capture() as captured:
        console.print(found)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def write_bytes(content: bytes) -> None:
    """Write bytes into a pipe or a file; a terminal gets those that are text."""
    if for_people():
        text = _text_of(content)
        if text is not None:
            click.echo(text, nl=not text.endswith("\n"))
            return
        raise click.UsageError(f"the reply is {len(content):,} bytes that are not text: give -o FILE, or use a pipe")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _text_of(content: bytes) -> str | None:
    """Return bytes as text, None if they are no UTF-8, or have control characters, which change a terminal."""
    import re

    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if re.search(_CONTROLS, text) else text


def _yaml(value: Any) -> str:
    try:
        import yaml
    except ModuleNotFoundError:
        raise click.ClickException("--output yaml needs more: pip install PyYAML") from None
    text: str = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    return text.rstrip("\n").removesuffix("\n...")
