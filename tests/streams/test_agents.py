"""Streams of agents: events go on after one that tells of an error, and the end of the connection is the end."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from sdk import Client, models
from sdk.errors import StreamError

from .wire import Wire, event

ERROR: Wire = {
    "type": "error",
    "event_id": "ev_1",
    "session_id": "s",
    "error": {"code": "server_error", "message": "the tool broke", "type": "server_error"},
}
IDLE: Wire = {"type": "agent.session.idle", "event_id": "ev_2", "session": {"id": "s"}}


def read(*events: bytes) -> list[Any]:
    """Return the chunks of agents.sessions.events.stream, the same from sync and asyncio; or what it raised."""

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["openai-beta"] == "agents=v1"
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=b"".join(events))

    def client() -> Client:
        return Client(api_base="http://test/v1", api_key="k", transport=httpx.MockTransport(answer))

    found: list[Any] = []
    with client() as one, one.agents.sessions.events.stream.stream("s") as stream:
        found.extend(stream)

    async def call() -> list[Any]:
        async with client() as two, two.agents.sessions.events.stream.asyncio_stream("s") as chunks:
            return [chunk async for chunk in chunks]

    assert [one.to_dict() for one in asyncio.run(call())] == [one.to_dict() for one in found]
    return found


@pytest.mark.parametrize("name", [None, "error"])
def test_an_event_of_an_error_is_an_event(name: str | None) -> None:
    """An error is told as an event, whatever its event is called, and the stream goes on to its end."""
    error, idle = read(event(ERROR, name), event(IDLE))
    assert type(error) is models.AgentSessionErrorEvent
    assert error.error.message == "the tool broke"
    assert type(idle) is models.AgentSessionIdleEvent


def test_an_error_without_a_type_is_a_failure() -> None:
    """What is none of the events, as a proxy may send, is raised as in every other stream."""
    with pytest.raises(StreamError, match="the proxy gave up"):
        read(event(IDLE), event({"error": {"message": "the proxy gave up"}}))


def test_a_session_that_begins_with_a_stream() -> None:
    """Creating a session streams the same events, and asks for them in the body."""
    asked: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.content)
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=event(ERROR) + event(IDLE))

    client = Client(api_base="http://test/v1", api_key="k", transport=httpx.MockTransport(answer))
    with client, client.agents.sessions.create.stream(environment={"type": "none"}) as stream:
        assert [chunk.type for chunk in stream] == ["error", "agent.session.idle"]
    assert asked == [b'{"environment":{"type":"none"},"stream":true}']
