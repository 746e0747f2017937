"""Spans of connections: from the handshake to the end of the conversation."""

from __future__ import annotations

from typing import Any

import pytest

from sdk import Client
from sdk.errors import AuthenticationError, ConnectionClosedError
from sdk.testing import LocalServer

from .conftest import Telemetry


def test_a_conversation_is_a_span(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """The span ends with the conversation, and its context goes to the server."""
    with client.realtime.connect.sync(model="m") as connection:
        connection.recv()
        assert recorded.spans() == []
    span = recorded.span()
    assert span.attributes is not None
    assert (span.name, span.attributes["http.response.status_code"]) == ("GET /realtime", 101)
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" in openai_server.requests[0].headers["traceparent"]


@pytest.mark.parametrize("how", ["refused", "closed"])
def test_how_it_ended(client: Client, openai_server: LocalServer, recorded: Telemetry, how: str) -> None:
    """A handshake that is refused, and a conversation that breaks, are errors of the span."""
    kinds: dict[str, Any] = {"refused": AuthenticationError, "closed": ConnectionClosedError}
    openai_server.fail(401) if how == "refused" else openai_server.close_socket(1011, after=1)
    with pytest.raises(kinds[how]), client.realtime.connect.sync(model="m") as connection:
        list(connection)
    span = recorded.span()
    assert span.attributes is not None
    assert span.attributes["error.type"] == kinds[how].__name__
