"""What mkdocs calls: it adds the generated pages and files to the written ones."""

from __future__ import annotations

import os
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

_ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(_ROOT))

from docs._site import cards, documents, fonts, llms, modules, pictures, reference  # noqa: E402  # needs the path

_REFERENCE = "API reference"
_TYPES = ("reference/models/", "reference/params/")
#: A link that leaves the folder of the pages.
_OUT = re.compile(r"\[([^\]\n]+)\]\(\.\./([^)\s]+)\)")


@cache
def _generated() -> dict[str, str]:
    """Return the generated pages by path; once, although a served site is built again with each change."""
    return {**documents.pages(), **modules.pages(), **reference.pages()}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the generated pages into the navigation."""
    if not config.repo_url:
        config.edit_uri = None  # there is no place to edit a page
    pages = _generated()
    assert config.nav is not None
    config.nav.append(
        {
            _REFERENCE: [
                "reference/index.md",
                {"Modules": [page for page in pages if page.startswith("reference/modules/")]},
                {"Operations": [page for page in pages if page.startswith("reference/operations/")]},
                {"Models": [page for page in pages if page.startswith("reference/models/")]},
                {"Parameters": [page for page in pages if page.startswith("reference/params/")]},
            ]
        }
    )
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the generated pages and the fonts."""
    for path, text in _generated().items():
        files.append(File.generated(config, path, content=text))
    for path, data in {**fonts.files(), **pictures.files(), **documents.files()}.items():
        files.append(File.generated(config, path, content=data))
    return files


def on_page_markdown(markdown: str, page: Any, config: MkDocsConfig, files: Files) -> str:
    """Turn links to files of the repository into links to where it is published; without that, into plain text.

    Search shows guides before the reference, and operations and modules before types.
    """
    if page.file.src_uri.startswith("reference/"):
        page.meta["search"] = {"boost": 0.2 if page.file.src_uri.startswith(_TYPES) else 0.5}
    return _OUT.sub(lambda found: _to_repository(found, str(config.repo_url or "")), markdown)


def _to_repository(found: re.Match[str], repository: str) -> str:
    text, path = found[1], found[2]
    return f"[{text}]({repository.rstrip('/')}/blob/main/{path})" if repository else text


def on_page_content(html: str, page: Any, config: MkDocsConfig, files: Files) -> None:
    """Keep the text of a module's page for llms-full.txt."""
    if page.file.src_uri.startswith("reference/modules/"):
        llms.keep(page.file.src_uri, html)


def on_page_context(context: dict[str, Any], page: Any, config: MkDocsConfig, nav: Any) -> dict[str, Any]:
    """Name the picture of a page, which other sites show beside a link to it."""
    context["card"] = cards.name_of(page.url)
    return context


def on_post_build(config: MkDocsConfig) -> None:
    """Write what is no page: the pictures of the pages, and the texts for language models."""
    site = Path(config.site_dir)
    written = {path: (Path(config.docs_dir) / path).read_text(encoding="utf-8") for path in _written(config)}
    llms.write(site, written, _generated(), os.environ.get("DOCS_URL", ""))
    cards.write(site, str(config.site_name), {**written, **_generated()})


def _written(config: MkDocsConfig) -> list[str]:
    docs = Path(config.docs_dir)
    return sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md") if "_site" not in path.parts)
