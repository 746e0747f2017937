"""The built site on a server of its own, pages in headless Chromium, and axe, which judges how accessible a page is."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from docs._site.__main__ import SITE, version
from tests.browser.conftest import browser as browser
from tests.browser.conftest import page as page
from tests.contract.node import CACHE

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: The version of axe-core, from npm.
_AXE = "4.14.1"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what fails is an error in the browser's console."""


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built site."""
    folder = SITE / version()
    if not (folder / "index.html").exists():
        pytest.skip("needs the site: make docs builds it")
    return folder


@pytest.fixture(scope="session")
def url(site: Path) -> Iterator[str]:
    """The address of the site, on loopback."""
    handler = functools.partial(_Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/{version()}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    source = CACHE / f"axe-core-{_AXE}.js"
    if not source.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("needs npm, for axe-core")
        CACHE.mkdir(exist_ok=True)
        command = [npm, "pack", f"axe-core@{_AXE}", "--silent"]
        done = subprocess.run(command, cwd=CACHE, capture_output=True, text=True, timeout=120, check=False)
        if done.returncode:
            pytest.skip(f"npm cannot fetch axe-core: {done.stderr[-200:]}")
        with tarfile.open(CACHE / f"axe-core-{_AXE}.tgz") as packed:
            member = packed.extractfile("package/axe.min.js")
            assert member is not None
            source.write_bytes(member.read())
    return source.read_text(encoding="utf-8")


@pytest.fixture
def loaded(page: Page, url: str) -> Page:
    """A page of the browser that is at the site's start."""
    page.goto(url)
    return page
