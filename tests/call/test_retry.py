"""Decisions about retries, without a clock."""

from __future__ import annotations

import pytest

from sdk._core.call.retry import RetryBudget, backoff, retriable_status, retry_after

_NOW = 784111777.0  # Sun, 06 Nov 1994 08:49:37 GMT


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (50, 8.0)]
)
def test_backoff_is_full_jitter(attempt: int, longest: float) -> None:
    """The wait is anything from nothing to a limit that doubles up to eight seconds."""
    assert (backoff(attempt, 0.0), backoff(attempt, 0.5), backoff(attempt, 1.0)) == (0.0, longest / 2, longest)


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, None),
        ({"retry-after": "5"}, 5.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "0"}, None),
        ({"retry-after": "Sun, 06 Nov 1994 08:50:07 GMT"}, 30.0),
        ({"retry-after": "Sunday, 06-Nov-94 08:50:07 GMT"}, 30.0),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:00 GMT"}, None),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "junk", "retry-after": "9"}, 9.0),
        *[({"retry-after": junk}, None) for junk in ("-5", "nan", "inf", "abc", "1e3", "1_0", "٣", "1.2.3")],
        *[({name: "9" * 400}, float("inf")) for name in ("retry-after", "retry-after-ms")],
        ({"retry-after": "12345678901234567890"}, 12345678901234567890.0),
        ({"retry-after": "0" * 30 + "5.0000000000000000000000"}, 5.0),
    ],
)
def test_retry_after(headers: dict[str, str], wait: float | None) -> None:
    """Milliseconds win over seconds and dates; a number of any length counts, what is past or nonsense does not."""
    assert retry_after(headers, _NOW) == wait


@pytest.mark.parametrize(
    ("status", "headers", "code", "again"),
    [
        (429, {}, None, True),
        (429, {}, "insufficient_quota", False),
        (429, {"x-should-retry": "true"}, "insufficient_quota", False),
        (500, {"x-should-retry": "false"}, None, False),
        (404, {"x-should-retry": "true"}, None, True),
        (404, {"x-should-retry": "maybe"}, None, False),
        (501, {}, None, False),
        (505, {}, None, False),
    ],
)
def test_retriable_status(status: int, headers: dict[str, str], code: str | None, again: bool) -> None:
    """Want of quota is final, then the server's wish counts, then the status."""
    assert retriable_status(status, headers, code, None) is again


@pytest.mark.parametrize(("status", "again"), [(408, True), (429, True), (503, True), (409, False), (500, False)])
def test_what_may_have_been_done(status: int, again: bool) -> None:
    """What must not be done twice is tried again only after a refusal."""
    assert retriable_status(status, {}, None, None, repeatable=False) is again


def test_quota_ends_and_fills() -> None:
    """Fifty retries at once; then one more for each success, and for each two seconds, and never more than fifty."""
    quota = RetryBudget()
    assert [quota.spend(100.0) for _ in range(60)].count(True) == 50
    assert quota.spend(101.0) is False
    assert quota.spend(102.0) is True
    quota.refund()
    assert [quota.spend(102.0), quota.spend(102.0)] == [True, False]
    assert [quota.spend(1e6) for _ in range(60)].count(True) == 50
