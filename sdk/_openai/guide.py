"""What names of the official package are called here. Loaded when an error about a name is shown."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def official_names() -> dict[str, dict[str, str]]:
    """Return the table: kind → name there → name here."""
    table: dict[str, dict[str, str]] = {}
    text = Path(__file__).with_name("official_names.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            kind, there, here = line.split("\t")
            table.setdefault(kind, {})[there] = here
    return table


def answer(kind: str, name: str) -> str:
    """Return what to use for a name; "" if the official package has no such name.

    A `kind` is "path" for a dotted name below a client, else a kind of the table.
    """
    table = official_names()
    return _of_path(table, name) if kind == "path" else table[kind].get(name, "")


def _of_path(table: dict[str, dict[str, str]], path: str) -> str:
    exact = {**table["helper"], **({} if "." in path else table["client"])}
    if path in exact:
        return exact[path]
    for there, here in table["operation"].items():  # the first operation below a resource stands for it
        if there == path or there.startswith(f"{path}."):
            return f"client.{here}.sync(...)"
    below = [here for there, here in table["helper"].items() if there.startswith(f"{path}.")]
    if below:
        return below[0]
    forms = [part for part in path.split(".") if part in table["form"]]
    return table["form"][forms[0]] if forms else ""
