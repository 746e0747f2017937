"""A server for bulk work, and inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sdk import Client
from sdk.testing import LocalServer


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """Start a server, and let the environment name it."""
    with LocalServer() as started:
        monkeypatch.setenv("OPENAI_API_BASE", started.url)
        monkeypatch.setenv("OPENAI_API_KEY", "test-key")
        yield started


@pytest.fixture
def client(server: LocalServer) -> Iterator[Client]:
    """Return a client of the server, whose `max_in_flight` nobody has chosen."""
    with Client() as made:
        yield made


def ask(text: str) -> dict[str, Any]:
    """Return the arguments of a chat."""
    return {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": text}]}
