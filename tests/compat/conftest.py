"""A local server, and clients of the face for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sdk.compat.openai import OpenAI
from sdk.testing import LocalServer


@pytest.fixture(scope="module")
def _server() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.fixture
def server(_server: LocalServer) -> LocalServer:
    """The server, without what earlier tests left."""
    _server.reset()
    return _server


@pytest.fixture
def options(server: LocalServer) -> dict[str, Any]:
    """The options of a client for the server."""
    return {"base_url": server.url, "api_key": "test-key", "http_options": {"trust_env": False}}


@pytest.fixture
def client(options: dict[str, Any]) -> Iterator[OpenAI]:
    """A client that blocks."""
    with OpenAI(**options) as client:
        yield client
