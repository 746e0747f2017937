"""What a detailed response says of limits."""

from datetime import timedelta

import pytest

from sdk.response import RateLimit, RateLimits


def test_limits_are_typed() -> None:
    """Numbers are int, what is left of the time a timedelta; for requests and tokens apart."""
    limits = RateLimits.of(
        {
            "x-ratelimit-limit-requests": "60",
            "x-ratelimit-remaining-requests": "59",
            "x-ratelimit-reset-requests": "1s",
            "x-ratelimit-limit-tokens": "150000",
            "x-ratelimit-remaining-tokens": "149984",
            "x-ratelimit-reset-tokens": "6m0s",
        }
    )
    assert limits.requests == RateLimit(60, 59, timedelta(seconds=1))
    assert limits.tokens == RateLimit(150_000, 149_984, timedelta(minutes=6))


@pytest.mark.parametrize(
    ("text", "reset"),
    [
        ("1m30.5s", timedelta(seconds=90.5)),
        ("120ms", timedelta(milliseconds=120)),
        ("1h2m3s", timedelta(hours=1, minutes=2, seconds=3)),
        ("17", timedelta(seconds=17)),
        ("0s", timedelta(0)),
        *[(junk, None) for junk in ("", "soon", "-1s", "1s2", "9" * 20 + "d", "9" * 400, "9" * 400 + "s", "9" * 5000)],
    ],
)
def test_durations(text: str, reset: timedelta | None) -> None:
    """Durations are read as servers write them; what is none, or no clock can count, reads as None."""
    assert RateLimits.of({"x-ratelimit-reset-tokens": text}).tokens.reset == reset


@pytest.mark.parametrize("text", ["", "many", "-1", "1.5", "٣", "9" * 5000])
def test_what_is_no_number(text: str) -> None:
    """What is no number, or has thousands of digits, reads as None."""
    assert RateLimits.of({"x-ratelimit-limit-tokens": text}).tokens.limit is None
