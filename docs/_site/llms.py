"""llms.txt, an index of the pages, and llms-full.txt, all of their text."""

from __future__ import annotations

import html
import re
from pathlib import Path

_SUMMARY = "A Python SDK for every server that speaks the OpenAI HTTP API, with typed sync, async and streamed calls."


#: The text of each page that mkdocstrings has filled in, by its path.
_rendered: dict[str, str] = {}


def keep(path: str, content: str) -> None:
    """Keep the text of a rendered page: its Markdown has the name of a module alone."""
    blocks = re.sub(r"</(?:p|li|tr|h\d|div|pre|table)>|<br ?/?>", "\n", content)
    text = html.unescape(re.sub(r"<[^>]+>", "", blocks)).replace("\N{PILCROW SIGN}", "")
    _rendered[path] = "# " + re.sub(r"\n\s*\n+", "\n\n", text).strip()


def write(site: Path, written: dict[str, str], generated: dict[str, str], url: str) -> None:
    """Write both files into the folder of the site."""
    pages = {**written, **generated}
    lines = ["# Documentation", "", f"> {_SUMMARY}", ""]
    for title in ("Guides", "Modules", "Operations", "Types"):
        chosen = [path for path in pages if _group(path) == title]
        lines += [f"## {title}", "", *(f"- [{_title(pages[path])}]({url}{_address(path)})" for path in chosen), ""]
    (site / "llms.txt").write_text("\n".join(lines), encoding="utf-8")
    full = "\n\n".join(_rendered.get(path) or _plain(text) for path, text in pages.items())
    (site / "llms-full.txt").write_text(full, encoding="utf-8")


def _group(path: str) -> str:
    if not path.startswith("reference/"):
        return "Guides"
    return {"modules": "Modules", "operations": "Operations"}.get(path.split("/")[1], "Types")


def _title(text: str) -> str:
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1] if found else "Untitled"


def _address(path: str) -> str:
    address = re.sub(r"(?:index)?\.md$", "", path).rstrip("/")
    return f"{address}/" if address else "./"


def _plain(text: str) -> str:
    """Return the text of a page without HTML: rows of tables are lines."""
    text = re.sub(r"</t[hd]><t[hd]>", " | ", text)
    return html.unescape(re.sub(r"<[^>\n]+>", "", text))
