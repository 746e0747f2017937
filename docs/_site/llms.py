"""llms.txt, an index of the pages, and llms-full.txt, all of their text."""

from __future__ import annotations

import re
from pathlib import Path

_SUMMARY = "A Python SDK for every server that speaks the OpenAI HTTP API, with typed sync, async and streamed calls."


def write(site: Path, written: dict[str, str], generated: dict[str, str], url: str) -> None:
    """Write both files into the folder of the site."""
    pages = {**written, **{path: text for path, text in generated.items() if "/modules/" not in path}}
    lines = ["# Documentation", "", f"> {_SUMMARY}", ""]
    for title in ("Guides", "Operations", "Types"):
        chosen = [path for path in pages if _group(path) == title]
        lines += [f"## {title}", "", *(f"- [{_title(pages[path])}]({url}{_address(path)})" for path in chosen), ""]
    (site / "llms.txt").write_text("\n".join(lines), encoding="utf-8")
    full = "\n\n".join(_plain(text) for text in pages.values())
    (site / "llms-full.txt").write_text(full, encoding="utf-8")


def _group(path: str) -> str:
    if not path.startswith("reference/"):
        return "Guides"
    return "Operations" if path.startswith("reference/operations/") else "Types"


def _title(text: str) -> str:
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1] if found else "Untitled"


def _address(path: str) -> str:
    return re.sub(r"(?:index)?\.md$", "", path).rstrip("/") + "/"


def _plain(text: str) -> str:
    """Return the text of a page without HTML: rows of tables are lines."""
    text = re.sub(r"</td><td>", " | ", text)
    return re.sub(r"<[^>\n]+>", "", text)
