"""The pytest plugin: the fixtures `openai_server` and `cassette`. It loads nothing until one of them is used."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .cassettes import Cassette
    from .server import LocalServer

#: What programs read where their server is and which key it takes; those of the official package among them.
_BASES = ("OPENAI_API_BASE", "OPENAI_BASE_URL")
_KEY, _ADMIN_KEY = "OPENAI_API_KEY", "OPENAI_ADMIN_KEY"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--cassette-mode`, and the marker's place among the settings."""
    group = parser.getgroup("sdk", "OpenAI-compatible SDK")
    group.addoption(
        "--cassette-mode",
        choices=("once", "none", "new_episodes", "all"),
        default=None,
        help="what the fixture `cassette` may record: once (default), none (for CI), new_episodes or all",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "cassette(path=None, mode=None, match_on=None): where the fixture `cassette` has its tape, and how"
    )


@pytest.fixture(scope="session")
def _openai_server() -> Iterator[LocalServer]:
    from . import LocalServer

    with LocalServer() as server:
        yield server


@pytest.fixture
def openai_server(_openai_server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """A local OpenAI-compatible server that this test scripts and looks into: `openai_server.reply("Hi")`.

    The environment says where it is for the length of the test, so that a program that is configured by it needs no
    change: OPENAI_API_BASE, OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_ADMIN_KEY.
    """
    server = _openai_server
    server.reset()
    for name in _BASES:
        monkeypatch.setenv(name, server.url)
    for name in (_KEY, _ADMIN_KEY):
        monkeypatch.setenv(name, server.api_key or "any-key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    yield server
    _close_default_client()


@pytest.fixture
def cassette(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cassette]:
    """A cassette that answers every client of this SDK in this test: cassettes/MODULE/TEST.yaml beside the test's file.

    The tape of a class's test is CLASS.TEST.yaml. The first run records from the real server, later ones play.
    `@pytest.mark.cassette(path=..., mode=...)` and `--cassette-mode` change that.
    """
    from . import Cassette as Tape

    marker = request.node.get_closest_marker("cassette")
    given: dict[str, Any] = dict(marker.kwargs) if marker else {}
    folder = Path(request.node.path).parent
    # With its classes: two of them may have a test of one name, and a tape is one test's.
    classes = [node.name for node in request.node.listchain() if isinstance(node, pytest.Class)]
    name = ".".join(re.sub(r"[^\w.=-]+", "_", part).strip("_") for part in (*classes, request.node.name))
    path = folder / given.pop("path", Path("cassettes", Path(request.node.path).stem, f"{name}.yaml"))
    mode = request.config.getoption("--cassette-mode")
    if mode is not None:
        given["mode"] = mode
    with Tape(path, **given) as tape:
        if not tape.records:  # nobody is asked, so no key is needed: CI has none
            for name in (_KEY, _ADMIN_KEY):
                if not os.environ.get(name):
                    monkeypatch.setenv(name, "any-key")
        yield tape


def _close_default_client() -> None:
    """Close the client that calls without `client=` share: its connections must not outlive the test."""
    module: Any = sys.modules.get("sdk._core.client.base")
    if module is not None:
        for client, _ in module._defaults.values():
            client.close()
