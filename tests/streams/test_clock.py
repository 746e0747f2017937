"""Stalls and deadlines of a stream, on a clock that the test moves."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace
from typing import Any

import pytest

from sdk import Client
from sdk._core.reply.accumulate import accumulator
from sdk._core.reply.stream_reader import StreamReader
from sdk._openai.service import OPENAI
from sdk.errors import APITimeoutError, StreamStalledError

from .wire import ARGUMENTS, chunk, event

CHUNK = event(chunk({"content": "x"}))


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Put the reader on a clock of ours."""
    made = Clock()
    monkeypatch.setattr("sdk._core.reply.stream_reader.time", SimpleNamespace(monotonic=made.monotonic))
    return made


def _reader(*, stall: float | None, deadline: float | None = None) -> tuple[StreamReader, dict[str, float | None]]:
    """Return a reader of a chat stream, and the limits that it sets."""
    with Client(api_base="http://t/v1", api_key="k", stall_timeout=stall) as client:
        request: Any = client.chat.create.request(**ARGUMENTS["chat.create"])
        limits: dict[str, float | None] = {"read": stall}
        response = SimpleNamespace(status_code=200)
        opened: Any = SimpleNamespace(
            response=response,
            request=request,
            info=lambda: None,
            headers={},
            attempts=(),
            timeouts=limits,
            deadline=deadline,
        )
        return StreamReader(request.spec, client.options, accumulator(request, OPENAI), opened, OPENAI.lenient), limits


def test_silence_adds_up(clock: Clock) -> None:
    """Heartbeats leave each read less time, until none is left."""
    reader, limits = _reader(stall=10)
    for passed, left in ((4, 6), (5, 1)):
        reader.wait()
        clock.now += passed
        reader.feed(b": ping\n\n", deque())
        reader.wait()
        assert limits["read"] == pytest.approx(left)
    clock.now += 1
    with pytest.raises(StreamStalledError, match="only heartbeats came for 10 s"):
        reader.feed(b": ping\n\n", deque())


def test_an_event_ends_the_silence(clock: Clock) -> None:
    """After an event, the whole time counts again; what the caller does in between does not count."""
    reader, limits = _reader(stall=10)
    reader.wait()
    clock.now += 9
    reader.feed(b": ping\n\n", deque())
    reader.feed(CHUNK, deque())
    clock.now += 1000
    reader.wait()
    assert limits["read"] == pytest.approx(10)


def test_a_dripping_event(clock: Clock) -> None:
    """Bytes of an event that never gets whole are no data."""
    reader, _ = _reader(stall=10)
    reader.wait()
    for byte in CHUNK[:10]:
        clock.now += 1
        if clock.now < 1010:
            reader.feed(bytes([byte]), deque())
    with pytest.raises(StreamStalledError):
        reader.feed(b"x", deque())


def test_no_stall_timeout(clock: Clock) -> None:
    """stall_timeout=None waits for ever."""
    reader, limits = _reader(stall=None)
    reader.wait()
    clock.now += 1e6
    reader.feed(b": ping\n\n", deque())
    reader.wait()
    assert limits["read"] is None


def test_deadline_shortens_a_read(clock: Clock) -> None:
    """A read takes no longer than the deadline of the call allows, and past it none begins."""
    reader, limits = _reader(stall=10, deadline=1012)
    reader.wait()
    assert limits["read"] == pytest.approx(10)
    clock.now += 5
    reader.feed(CHUNK, deque())
    reader.wait()
    assert limits["read"] == pytest.approx(7)
    clock.now += 7
    with pytest.raises(APITimeoutError, match="deadline"):
        reader.wait()
