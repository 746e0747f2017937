"""Decide when to retry and how long to wait. No I/O; the caller passes the time and the random number."""

from __future__ import annotations

from collections.abc import Mapping

#: Statuses that may succeed later. 501 and 505 do not change with time.
_RETRIED = frozenset({408, 409, 429})
_FINAL = frozenset({501, 505})
_FIRST, _LONGEST = 0.5, 8.0
#: Upper bound of a wait, in seconds; a longer Retry-After ends the retries.
MAX_WAIT = 1e9
#: Statuses of requests that the server did not process (RFC 9110, 15.5.9 and 15.6.4; RFC 6585, 4).
_NOT_PROCESSED = frozenset({408, 429, 503})
#: Retries that a client may spend at once, and what it gets back per second. A success gives back one.
_CAPACITY, _PER_SECOND = 50.0, 0.5


class RetryBudget:
    """The retries that a client has left: a token bucket, so that a dead server gets one request, not three.

    A retry that the server has scheduled (Retry-After of a second or more, or status 429) costs nothing. Threads may
    race here; one token more or less does no harm.
    """

    __slots__ = ("_tokens", "_updated", "spent")

    def __init__(self) -> None:
        self._tokens, self._updated = _CAPACITY, 0.0
        #: Whether any token is missing.
        self.spent = False

    def spend(self, now: float) -> bool:
        """Take one token, and return whether there was one. `now` is the time in seconds of a monotonic clock."""
        if self._updated:
            self._tokens = min(_CAPACITY, self._tokens + (now - self._updated) * _PER_SECOND)
        self._updated = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        self.spent = True
        return True

    def refund(self) -> None:
        """Give one token back, for a call that succeeded."""
        self._tokens = min(_CAPACITY, self._tokens + 1)
        self.spent = self._tokens < _CAPACITY


def retriable_status(
    status: int, headers: Mapping[str, str], code: str | None, kind: str | None, *, repeatable: bool = True
) -> bool:
    """Return whether a response with an error status is retried.

    A request that is not `repeatable` is retried only if the server did not process it.
    """
    if "insufficient_quota" in (code, kind):
        return False
    should_retry = headers.get("x-should-retry")
    if should_retry in ("true", "false"):
        return should_retry == "true"
    if not repeatable:
        return status in _NOT_PROCESSED
    return status in _RETRIED or (status >= 500 and status not in _FINAL)


def backoff(attempt: int, random: float) -> float:
    """Return the seconds to wait after attempt number `attempt` (from 1): full jitter, `random` from 0 to 1."""
    return float(min(_LONGEST, _FIRST * 2 ** (attempt - 1)) * random)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that the server asks to wait; None if it asks for none, or the value is invalid.

    `retry-after-ms` takes precedence over Retry-After, which is seconds or an HTTP date (RFC 9110, section 10.2.3).
    `now` is Unix time in seconds.
    """
    wait = _number(headers.get("retry-after-ms"))
    if wait is not None:
        return wait / 1000 if wait > 0 else None
    text = headers.get("retry-after")
    wait = _number(text)
    if wait is None and text:
        from email.utils import parsedate_to_datetime  # here: few servers send a date

        try:
            wait = parsedate_to_datetime(text).timestamp() - now
        except (ValueError, TypeError, OverflowError):
            return None
    return wait if wait is not None and wait > 0 else None


def _number(text: str | None) -> float | None:
    if not text:
        return None
    integer, _, fraction = text.strip().partition(".")
    if not (integer.isascii() and integer.isdigit() and (not fraction or (fraction.isascii() and fraction.isdigit()))):
        return None
    return float(text)  # more digits than a float holds are infinity: longer than anybody waits
