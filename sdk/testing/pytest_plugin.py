"""The pytest plugin: the fixtures `openai_server` and `cassette`. It imports the server only when they are used."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .cassettes.cassette import Cassette
    from .local_server import LocalServer

#: Environment variables with the base URL and the keys; the official package reads them too.
_BASES = ("OPENAI_API_BASE", "OPENAI_BASE_URL")
_KEY, _ADMIN_KEY = "OPENAI_API_KEY", "OPENAI_ADMIN_KEY"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option `--cassette-mode`."""
    group = parser.getgroup("sdk", "OpenAI-compatible SDK")
    group.addoption(
        "--cassette-mode",
        choices=("once", "none", "new_episodes", "all"),
        default=None,
        help="what the fixture `cassette` records: once (default), none (for CI), new_episodes or all",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker `cassette`."""
    config.addinivalue_line(
        "markers", "cassette(path=None, mode=None, match_on=None): path and mode of the tape of the fixture `cassette`"
    )


@pytest.fixture(scope="session")
def _openai_server() -> Iterator[LocalServer]:
    from . import LocalServer

    with LocalServer() as server:
        yield server


@pytest.fixture
def openai_server(_openai_server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """A local OpenAI-compatible server for one test to script and inspect: `openai_server.reply("Hi")`.

    During the test OPENAI_API_BASE, OPENAI_BASE_URL, OPENAI_API_KEY and OPENAI_ADMIN_KEY point to it, so that a
    program that reads them needs no change.
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
    """A cassette that answers all clients of this SDK in one test: cassettes/MODULE/TEST.yaml beside the test's file.

    The tape of a test in a class is CLASS.TEST.yaml. The first run records from the real server; later runs play.
    `@pytest.mark.cassette(path=..., mode=...)` and `--cassette-mode` change that.
    """
    from . import Cassette as Tape

    marker = request.node.get_closest_marker("cassette")
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    folder = Path(request.node.path).parent
    # The name includes the classes, because two classes may have tests of the same name.
    classes = [node.name for node in request.node.listchain() if isinstance(node, pytest.Class)]
    name = ".".join(re.sub(r"[^\w.=-]+", "_", part).strip("_") for part in (*classes, request.node.name))
    path = folder / options.pop("path", Path("cassettes", Path(request.node.path).stem, f"{name}.yaml"))
    mode = request.config.getoption("--cassette-mode")
    if mode is not None:
        options["mode"] = mode
    with Tape(path, **options) as tape:
        if not tape.records:  # no request is sent, so any key will do: CI has none
            for name in (_KEY, _ADMIN_KEY):
                if not os.environ.get(name):
                    monkeypatch.setenv(name, "any-key")
        yield tape


def _close_default_client() -> None:
    """Close the process-wide client: its connections must not outlive the test."""
    module: Any = sys.modules.get("sdk._core.client.default")
    if module is not None:
        for client, _ in module._defaults.values():
            client.close()
