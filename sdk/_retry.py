"""When to try again, and how long to wait before: pure decisions, no clock, no randomness of its own."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

#: Statuses that say "not now" rather than "not so". 501 and 505 will not get better.
_RETRIED = frozenset({408, 409, 429})
_FINAL = frozenset({501, 505})
_FIRST, _LONGEST = 0.5, 8.0


def retriable_status(status: int, headers: Mapping[str, str], code: str | None, kind: str | None) -> bool:
    """Tell whether a response of an error status is worth another attempt."""
    if "insufficient_quota" in (code, kind):
        return False
    wish = headers.get("x-should-retry")
    if wish in ("true", "false"):
        return wish == "true"
    return status in _RETRIED or (status >= 500 and status not in _FINAL)


def backoff(attempt: int, random: float) -> float:
    """Return the wait in seconds after the attempt of that number (from 1): full jitter, `random` from 0 to 1."""
    return float(min(_LONGEST, _FIRST * 2 ** (attempt - 1)) * random)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the wait that the server asks for, in seconds; None where it asks for none, or for nonsense.

    `retry-after-ms` wins over Retry-After, which is seconds or an HTTP date (RFC 9110, section 10.2.3). `now` is
    Unix time in seconds.
    """
    wait = _number(headers.get("retry-after-ms"))
    if wait is not None:
        return wait / 1000 if wait > 0 else None
    text = headers.get("retry-after")
    wait = _number(text)
    if wait is None and text:
        try:
            wait = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, TypeError, OverflowError):
            return None
    return wait if wait is not None and wait > 0 else None


def _number(text: str | None) -> float | None:
    if not text:
        return None
    whole, _, fraction = text.strip().partition(".")
    if not (whole.isascii() and whole.isdigit() and (not fraction or (fraction.isascii() and fraction.isdigit()))):
        return None
    return float(text) if len(text) < 20 else None
