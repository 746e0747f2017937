"""What a new connection sends: the set-up, and what waited; never what is in doubt."""

from __future__ import annotations

import json

from sdk._core.websocket.backlog import Backlog


def _event(kind: str, **fields: object) -> bytes:
    return json.dumps({"type": kind, **fields}).encode()


def test_the_last_set_up_is_sent_again() -> None:
    """Of each event that sets the session up, the last one counts."""
    backlog = Backlog({"session.update"})
    for number in range(2):
        backlog.sent(_event("session.update", number=number))
    backlog.answered()
    assert backlog.begin_again() == ([_event("session.update", number=1)], [], True)


def test_what_was_sent_since_the_last_event_is_in_doubt() -> None:
    """An event of the server shows that it has what was sent before."""
    backlog = Backlog(())
    backlog.sent(_event("a"))
    backlog.answered()
    backlog.sent(_event("b"))
    assert backlog.begin_again() == ([], [_event("b")], True)
    assert backlog.begin_again() == ([], [], True)


def test_unsent_events_keep_their_order_up_to_a_limit() -> None:
    """Events wait in order; one that has no room is refused, and the others stay."""
    backlog = Backlog((), most=30)
    assert [backlog.keep(_event(kind)) for kind in ("a", "b", "c")] == [True, True, False]
    assert backlog.unsent() == [{"type": "a"}, {"type": "b"}]
    assert backlog.next_unsent() == _event("a")
    backlog.drop_unsent()
    assert backlog.next_unsent() == _event("b")
    assert backlog.keep(_event("c"))


def test_doubt_has_a_limit() -> None:
    """Only so many bytes are remembered as sent, and the record says that there were more."""
    backlog = Backlog((), most=30)
    for kind in "abcd":
        backlog.sent(_event(kind))
    _, doubt, complete = backlog.begin_again()
    assert (doubt, complete) == ([_event("c"), _event("d")], False)
