"""One local server for all tests of a session, made new before each."""

from collections.abc import Iterator

import httpx
import pytest

from sdk.testing import LocalServer

from .document import Document


@pytest.fixture(scope="session")
def _server() -> Iterator[LocalServer]:
    # What each handler checks by itself is tested here; test_check.py tests what the description has against it.
    with LocalServer(validate=False) as server:
        yield server


@pytest.fixture
def server(_server: LocalServer) -> LocalServer:
    """A running server that remembers nothing."""
    _server.state.reset()
    return _server


#: A connection that outlives its test would look like a leak.
_NO_KEEPING = httpx.Limits(max_keepalive_connections=0)


@pytest.fixture(scope="session")
def _api(_server: LocalServer) -> Iterator[httpx.Client]:
    headers = {"authorization": f"Bearer {_server.api_key}"}
    with httpx.Client(base_url=_server.url, headers=headers, trust_env=False, limits=_NO_KEEPING) as client:
        yield client


@pytest.fixture
def api(server: LocalServer, _api: httpx.Client) -> httpx.Client:
    """A plain HTTP client with the server's key."""
    return _api


@pytest.fixture(scope="session")
def document() -> Document:
    """The pinned API description."""
    return Document.load()
