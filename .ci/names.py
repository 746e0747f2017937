"""Write the tables of names in docs/openai.md from sdk/_openai/official_names.tsv, from which errors take them, too.

Exit code 1: with --check, the page differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE, TABLE = ROOT / "docs/openai.md", ROOT / "sdk/_openai/official_names.tsv"
START = "## Other names\n"
INTRODUCTION = """
The SDK knows the names of the official package, and its errors say what to use: `client.chat.completions` is an
AttributeError that ends in `use client.chat.create.sync(...)`. `python .ci/names.py` writes these tables.

"""
TITLES = {
    "helper": "Methods that are not operations of the API",
    "form": "Names below a resource or an operation",
    "name": "Names of the package",
    "client": "Attributes of a client",
    "option": "Options of a client",
    "attribute": "Attributes of a reply",
}


def rows() -> list[tuple[str, str, str]]:
    """Return the table: kind, name there, name here."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [(kind, there, here) for kind, there, here in (x.split("\t") for x in lines if not x.startswith("#"))]


def moved() -> Iterator[tuple[str, str]]:
    """Give each part of a path that has another name here, once: `chat.completions` is `chat`."""
    found: dict[str, str] = {}
    for kind, there, here in rows():
        if kind != "operation" or there == here:
            continue
        old, new = there.split("."), here.split(".")
        while len(new) > 1 and len(old) > 1 and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        while len(old) > 1 and old[-1] == new[-1] and ".".join(old[:-1]) in found:
            old, new = old[:-1], new[:-1]
        found[".".join(old)] = ".".join(new)
    for old_path, new_path in found.items():
        above = old_path.rpartition(".")[0]
        if not (above in found and new_path == f"{found[above]}.{old_path.rpartition('.')[2]}"):
            yield old_path, new_path


def section() -> str:
    """Return the section of the page."""
    out = [START, INTRODUCTION, "| `openai` | here |\n|---|---|\n"]
    out += [f"| `client.{old}` | `client.{new}` |\n" for old, new in moved()]
    for kind, title in TITLES.items():
        out.append(f"\n**{title}**\n\n| `openai` | here |\n|---|---|\n")
        out += [f"| `{there}` | {here} |\n" for k, there, here in rows() if k == kind]
    return "".join(out)


def main(arguments: list[str] | None = None) -> int:
    """Write the section, or compare it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    given = parser.parse_args(arguments)
    page = PAGE.read_text(encoding="utf-8")
    text = page.partition(f"\n{START}")[0].rstrip() + f"\n\n{section()}"
    if given.check:
        if page != text:
            print(
                "docs/openai.md differs from sdk/_openai/official_names.tsv: run `python .ci/names.py`", file=sys.stderr
            )
        return int(page != text)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
