"""What stands beside the pages: pictures for links to them, and the texts for language models."""

from __future__ import annotations

import re
from pathlib import Path

from sdk.testing.description.document import operations


def test_each_page_has_a_picture_for_links_to_it(site: Path) -> None:
    """The picture that a page names is there, in the size that other sites show."""
    for page in site.rglob("index.html"):
        (card,) = re.findall(r'property="og:image" content="([^"]+)"', page.read_text(encoding="utf-8"))
        data = (site / card[card.index("assets/") :]).read_bytes()
        assert (data[:4], int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (b"\x89PNG", 1200, 630)


def test_the_index_for_language_models_names_each_page(site: Path) -> None:
    """Links of llms.txt lead to pages, and no page is missing."""
    text = (site / "llms.txt").read_text(encoding="utf-8")
    links = {link.removeprefix("./").rstrip("/") or "." for link in re.findall(r"\]\(([^)]+)\)", text)}
    pages = {path.parent.relative_to(site).as_posix() for path in site.rglob("index.html")}
    assert links == pages


def test_the_text_for_language_models_has_each_operation_and_module(site: Path) -> None:
    """llms-full.txt has a heading for each operation, and the docstrings of modules."""
    text = (site / "llms-full.txt").read_text(encoding="utf-8")
    headings = set(re.findall(r"^## ([\w.]+) \{", text, re.MULTILINE))
    assert operations().keys() - headings == set()
    assert "verify that a request comes from the API" in text
