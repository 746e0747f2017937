"""The rate limits in the headers of a response."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

from attrs import frozen

from ..public import expose

# Pickles name the public module, so that this one may change.
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|d|h|m|s)")
_LONGEST = 100  # characters of a number or duration
_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}


@frozen
class RateLimit:
    """One limit: its size, what remains of it, and the time until it is reset."""

    limit: int | None = None
    remaining: int | None = None
    reset: timedelta | None = None


@frozen
class RateLimits:
    """The limits in the x-ratelimit-* headers of a response; None for a header that is missing."""

    requests: RateLimit
    tokens: RateLimit

    @classmethod
    def of(cls, headers: Mapping[str, str]) -> RateLimits:
        """Read the headers; a value that is not a number or duration is read as None."""

        def one(kind: str) -> RateLimit:
            limit, remaining, reset = (
                headers.get(f"x-ratelimit-{part}-{kind}") for part in ("limit", "remaining", "reset")
            )
            return RateLimit(_integer(limit), _integer(remaining), _duration(reset))

        return cls(one("requests"), one("tokens"))


def _integer(text: str | None) -> int | None:
    # int() raises ValueError for thousands of digits; no limit has that many.
    return int(text) if text and len(text) <= _LONGEST and text.isascii() and text.isdigit() else None


def _duration(text: str | None) -> timedelta | None:
    """Read a duration such as 6m0s, 1.5s or 120ms; a number without a unit is in seconds."""
    if not text or len(text) > _LONGEST:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", text, re.ASCII):
        seconds = float(text)
    else:
        parts = _DURATION.findall(text)
        if not parts or "".join(n + u for n, u in parts) != text:
            return None
        seconds = sum(float(n) * _UNITS[u] for n, u in parts)
    try:
        return timedelta(seconds=seconds)
    except OverflowError:  # more than a million years
        return None


expose(globals(), "response")
