"""When a connection is due, by times that a test passes."""

from __future__ import annotations

import pytest

from sdk._core.websocket.watch import Due, Limits, Watch


def _watch(**limits: float | None) -> Watch:
    return Watch(Limits(**{"ping_interval": None, "ping_timeout": None, **limits}), 100.0)


def test_nothing_is_due_without_limits() -> None:
    """A connection without limits needs no timer."""
    assert _watch().due(1e9) == Due()


def test_silence_brings_a_ping_and_then_the_end() -> None:
    """A ping goes out after ping_interval of silence; without an answer the connection ends after ping_timeout."""
    watch = _watch(ping_interval=20.0, ping_timeout=5.0)
    assert watch.due(110.0) == Due(wait=10.0)
    assert watch.due(120.0) == Due(ping=True, wait=5.0)
    assert watch.due(124.0) == Due(wait=1.0)
    assert watch.due(125.0) == Due(limit="ping_timeout")


def test_any_byte_answers_a_ping() -> None:
    """Bytes after a ping show that the server lives, and the next silence counts from them."""
    watch = _watch(ping_interval=20.0, ping_timeout=5.0)
    watch.due(120.0)
    watch.heard = 123.0
    assert watch.due(126.0) == Due(wait=17.0)


def test_a_slow_reader_counts_for_nothing() -> None:
    """While the connection does not read, silence says nothing: no ping goes out, and none fails."""
    watch = _watch(ping_interval=20.0, ping_timeout=5.0)
    watch.due(120.0)
    assert watch.due(126.0, paused=True) == Due(wait=20.0)


@pytest.mark.parametrize(("attribute", "limit"), [("reading", "stall_timeout"), ("writing", "timeout")])
def test_somebody_waits(attribute: str, limit: str) -> None:
    """Who waits longer than a limit ends the connection; nobody waits without asking for something."""
    watch = _watch(stall_timeout=3.0, write_timeout=3.0)
    assert watch.due(150.0) == Due(wait=3.0)
    setattr(watch, attribute, 149.0)
    assert watch.due(151.0) == Due(wait=1.0)
    assert watch.due(152.0) == Due(limit=limit)


def test_the_deadline_is_a_time() -> None:
    """The deadline ends a connection, whatever happens."""
    assert _watch(deadline=130.0).due(129.0) == Due(wait=1.0)
    assert _watch(deadline=130.0).due(130.0) == Due(limit="deadline")
