"""Pages in a browser: they load without an error, fit a phone, and are accessible."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs._site.__main__ import SITE, version
from tests.browser.conftest import PICTURES

if TYPE_CHECKING:
    from playwright.sync_api import Page

_FOLDER = SITE / version()
_PAGES = sorted(path.parent.relative_to(_FOLDER).as_posix() for path in _FOLDER.rglob("index.html"))
_GENERATED = [path for path in _PAGES if path.startswith("reference/")]
#: All written pages, and every 20th generated one.
_CHECKED = [path for path in _PAGES if not path.startswith("reference/")] + _GENERATED[::20]
_RULES = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "heading-order", "image-alt", "link-name", "page-has-heading-one"],
    }
}


@pytest.mark.timeout(240)  # axe takes a minute for the largest page on a busy machine
@pytest.mark.parametrize("path", _CHECKED)
def test_a_page_loads_fits_a_phone_and_is_accessible(page: Page, url: str, axe: str, path: str) -> None:
    """A page has no error in the console, no part beside the screen, and nothing that axe finds, light or dark."""
    problems = []
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{url}{'' if path == '.' else path + '/'}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        page.evaluate(axe)
        found = page.evaluate("rules => axe.run(document, rules)", _RULES)
        for violation in found["violations"]:
            problems += [f"{scheme}, {violation['id']}: {node['html'][:120]}" for node in violation["nodes"]]
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "reference/operations/chat/"])
def test_pictures_are_taken(page: Page, url: str, path: str, scheme: str, site: Path) -> None:
    """A picture of a page shows that it is drawn in the colours that were asked for."""
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
    page.goto(url + path)
    page.screenshot(path=str(PICTURES / f"site-{path.strip('/').replace('/', '-') or 'start'}-{scheme}.png"))
    assert page.evaluate("document.body.dataset.mdColorScheme") == ("default" if scheme == "light" else "slate")
