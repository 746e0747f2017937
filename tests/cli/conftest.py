"""The command line, and a server for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sdk.testing import LocalServer

from .run import CommandLine


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Return a function that runs one command."""
    return CommandLine(capsys)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """Start a server, and let the environment name it."""
    with LocalServer() as started:
        monkeypatch.setenv("OPENAI_API_BASE", started.url)
        monkeypatch.setenv("OPENAI_API_KEY", "test-key")
        yield started
