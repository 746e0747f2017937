"""What a server says of its limit, on a virtual clock."""

from __future__ import annotations

import pytest

from sdk._core.call.reported_limit import ReportedLimit


def _headers(limit: int, remaining: int, reset: str, kind: str = "requests") -> dict[str, str]:
    names = ("limit", "remaining", "reset")
    return {
        f"x-ratelimit-{name}-{kind}": str(value) for name, value in zip(names, (limit, remaining, reset), strict=True)
    }


def _told(headers: dict[str, str], *, sent: int = 1, tokens: int = 0) -> ReportedLimit:
    """Return what is known after an answer to the last of so many requests, sent at 10 s."""
    reported = ReportedLimit(sent, tokens)
    reported.learn(headers, 10.0, sent, tokens)
    return reported


@pytest.mark.parametrize(
    ("limit", "remaining", "reset", "at"),
    [
        (600, 0, "6s", 10.1),  # a hundred in ten seconds, by both
        (600, 0, "0s", 10.1),  # no reset: a minute's limit
        (1200, 0, "200ms", 10.05),  # a bucket that is smaller than the limit
        (14400, 7200, "43200s", 10.0),  # half of a day's limit remains
        (14400, 7199, "43206s", 10.0),
        (600, 0, "10ms", 10.01),  # no longer than the reset
    ],
)
def test_when_the_next_request_may_go(limit: int, remaining: int, reset: str, at: float) -> None:
    """At once while some remain; else when one has come back at the rate of the limit, or with the reset."""
    reported = _told(_headers(limit, remaining, reset))
    assert reported.when(10.0, 0) == pytest.approx(at)


def test_what_was_sent_meanwhile_counts() -> None:
    """Three remain by the answer to the first of four: none is left."""
    reported = ReportedLimit(4, 0)
    reported.learn(_headers(600, 3, "6s"), 10.0, 1, 0)
    assert reported.when(10.0, 0) == pytest.approx(10.1)
    reported.learn(_headers(600, 4, "6s"), 10.0, 1, 0)
    assert reported.when(10.0, 0) == 10.0
    reported.spend(0)
    assert reported.when(10.0, 0) == pytest.approx(10.1)


def test_after_the_reset_the_bucket_is_full() -> None:
    """As full as it was ever seen, whatever the rate says."""
    reported = ReportedLimit(1, 0)
    reported.learn(_headers(100_000, 9, "1ms"), 10.0, 1, 0)
    reported.learn(_headers(60, 0, "500ms"), 10.0, 1, 0)
    for _ in range(9):
        assert reported.when(10.6, 0) == 10.6
        reported.spend(0)


def test_tokens_hold_back_too() -> None:
    """A call waits until its tokens are there; one that needs more than there ever are goes when all are there."""
    reported = _told(_headers(6000, 300, "0.5s", "tokens"), tokens=50)
    assert reported.when(10.0, 300) == 10.0
    assert reported.when(10.0, 301) == pytest.approx(10.01)
    assert reported.when(10.0, 10_000) == pytest.approx(10.01)
    reported.spend(200)
    assert reported.when(10.0, 101) == pytest.approx(10.01)


def test_a_rate_that_was_seen_is_believed() -> None:
    """A server that accepts more than it tells is taken at its deeds, also after its next answer."""
    reported = _told(_headers(60, 0, ""))
    assert reported.when(10.0, 0) == pytest.approx(11.0)
    reported.raise_to(20.0)
    assert reported.when(10.0, 0) == pytest.approx(10.05)
    reported.learn(_headers(60, 0, ""), 10.0, 1, 0)
    assert reported.when(10.0, 0) == pytest.approx(10.05)


def test_headers_without_numbers_hold_nothing_back() -> None:
    """What is no number says nothing."""
    reported = _told({"x-ratelimit-limit-requests": "many", "x-ratelimit-remaining-requests": "0"})
    assert reported.when(10.0, 5) == 10.0
