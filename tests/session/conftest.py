"""A local server that sessions talk to, and a client without retries."""

from collections.abc import Iterator

import pytest

from sdk import Client
from sdk.testing import LocalServer


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer() as server:
        yield server


@pytest.fixture
def client(server: LocalServer) -> Iterator[Client]:
    with Client(api_base=server.url, api_key="test-key", max_retries=0) as client:
        yield client
