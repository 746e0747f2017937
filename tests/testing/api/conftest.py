"""A server that checks requests, and a client that checks replies."""

from collections.abc import Iterator
from typing import Any

import pytest

from sdk import Client
from sdk.testing import LocalServer


@pytest.fixture(scope="module")
def local() -> Iterator[LocalServer]:
    """A server that checks requests."""
    with LocalServer() as server:
        yield server


@pytest.fixture
def client(local: LocalServer) -> Iterator[Any]:
    """A client that lets no reply pass that breaks the API description."""
    local.reset()
    with Client(
        api_base=local.url, api_key="test-key", strict=True, max_retries=0, http_options={"trust_env": False}
    ) as made:
        yield made
