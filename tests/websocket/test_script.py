"""What the local server's script does with conversations, at any event."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIError, ConnectionClosedError, ConnectionTimeoutError
from sdk.testing import LocalServer

#: The events of a response with text alone, after `session.created`.
_EVENTS = [
    "session.created", "response.created", "response.output_item.added", "response.content_part.added",
    "response.output_text.delta", "response.output_text.done", "response.content_part.done",
    "response.output_item.done", "conversation.item.added", "conversation.item.done", "response.done",
]  # fmt: skip


def _talk(server: LocalServer, *, stall_timeout: float | None = None) -> tuple[list[str], BaseException | None]:
    """Ask for one response; return the types of the events, and the error that ended the conversation."""
    seen: list[str] = []
    with Client(api_base=server.url, api_key="test-key", strict=True) as client:
        try:
            with client.realtime.connect.sync(model="m", stall_timeout=stall_timeout) as connection:
                with suppress(ConnectionClosedError):  # what came before the end can be read
                    connection.response.create(response={"output_modalities": ["text"]})
                for event in connection:
                    seen.append(event.type)
                    if event.type == "response.done":
                        break
        except ConnectionClosedError as error:
            return seen, error
    return seen, None


@pytest.mark.parametrize(
    ("end", "code", "kind"),
    [
        (lambda server, after: server.close_socket(1013, "busy", after=after), 1013, ConnectionClosedError),
        (lambda server, after: server.cut_stream(after=after), 1006, ConnectionClosedError),
        (lambda server, after: server.stall(after=after), 1006, ConnectionTimeoutError),
    ],
    ids=["close", "cut", "stall"],
)
def test_an_end_after_any_event(
    openai_server: LocalServer, end: Callable[[LocalServer, int], Any], code: int, kind: type[Exception]
) -> None:
    """The conversation closes, breaks or goes silent after as many events as the script says."""
    for after in range(len(_EVENTS)):
        openai_server.reset()
        openai_server.reply("Hello.")
        end(openai_server, after)
        seen, error = _talk(openai_server, stall_timeout=0.05 if kind is ConnectionTimeoutError else None)
        assert (seen, type(error), getattr(error, "close_code", None)) == (_EVENTS[:after], kind, code)


def test_a_close_without_another_event(openai_server: LocalServer) -> None:
    """The close follows the last event at once, though the client sends nothing."""
    openai_server.close_socket(3000, "expired", after=1)
    with (
        Client(api_base=openai_server.url, api_key="test-key") as client,
        client.live.connect.sync() as live,
        client.realtime.connect.sync(model="m") as connection,
    ):
        live.session.start(session={"model": "gpt-live-1"})
        assert live.recv().type == "session.started"
        with pytest.raises(ConnectionClosedError, match="expired") as caught:
            live.recv()
        assert connection.recv().type == "session.created"
    assert caught.value.close_code == 3000


def test_a_handshake_that_is_refused(openai_server: LocalServer) -> None:
    """A handshake fails with a status, with a body of one's own, or without an answer."""
    openai_server.fail(403, message="not here")
    openai_server.reply_bytes(b"gone", status=410)
    openai_server.disconnect()
    with Client(api_base=openai_server.url, api_key="test-key", max_retries=0) as client:
        found: list[BaseException] = []
        for _ in range(3):
            with pytest.raises(APIError) as caught, client.realtime.connect.sync(model="m"):
                pass
            found.append(caught.value)
        with client.realtime.connect.sync(model="m") as connection:
            assert connection.recv().type == "session.created"
    assert [getattr(error, "status_code", None) for error in found] == [403, 410, None]


def test_events_of_ones_own(openai_server: LocalServer) -> None:
    """`reply_events` answers an event with any events; `times` says how often."""
    openai_server.on(type="input_audio_buffer.clear", times=2).reply_events({"type": "vendor.one"}, {"type": "b"})
    with (
        Client(api_base=openai_server.url, api_key="test-key") as client,
        client.realtime.connect.sync(model="m") as connection,
    ):
        for _ in range(3):
            connection.input_audio_buffer.clear()
        seen = [connection.recv().type for _ in range(6)]
    assert seen == ["session.created", "vendor.one", "b", "vendor.one", "b", "input_audio_buffer.cleared"]


def test_a_disconnect_in_answer_to_an_event(openai_server: LocalServer) -> None:
    """One event can break the connection."""
    openai_server.on(type="response.cancel").disconnect()
    with (
        Client(api_base=openai_server.url, api_key="test-key") as client,
        client.realtime.connect.sync(model="m") as connection,
    ):
        connection.recv()
        connection.response.cancel()
        with pytest.raises(ConnectionClosedError) as caught:
            connection.recv()
    assert caught.value.close_code == 1006
