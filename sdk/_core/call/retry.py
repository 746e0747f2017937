"""When to try again, and how long to wait before: pure decisions, no clock, no randomness of its own."""

from __future__ import annotations

from collections.abc import Mapping

#: Statuses that say "not now" rather than "not so". 501 and 505 will not get better.
_RETRIED = frozenset({408, 409, 429})
_FINAL = frozenset({501, 505})
_FIRST, _LONGEST = 0.5, 8.0
#: Seconds that no clock can wait; whoever is asked to gives up.
MAX_WAIT = 1e9
#: Statuses that say that the request was not carried out (RFC 9110, 15.5.9 and 15.6.4; RFC 6585, 4).
_REFUSED = frozenset({408, 429, 503})
#: Retries that a client may spend at once, and what it gets back per second and per success.
_QUOTA, _PER_SECOND = 50.0, 0.5


class RetryBudget:
    """What a client may still retry: a bucket of tokens, so that a dead server is asked once, not three times.

    Only retries that nobody asked for cost one: where the server itself said when to come back, that is obeyed. A
    failing server's wish for less than a second does not count.
    Threads may race here; a token more or less does no harm.
    """

    __slots__ = ("_seen", "_tokens")

    def __init__(self) -> None:
        self._tokens, self._seen = _QUOTA, 0.0

    def spend(self, now: float) -> bool:
        """Take one token; False where none is left. `now` is in seconds, of any clock that only goes forward."""
        if self._seen:
            self._tokens = min(_QUOTA, self._tokens + (now - self._seen) * _PER_SECOND)
        self._seen = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def refund(self) -> None:
        """Give one token back, for a call that succeeded."""
        if self._tokens < _QUOTA:
            self._tokens = min(_QUOTA, self._tokens + 1)


def retriable_status(
    status: int, headers: Mapping[str, str], code: str | None, kind: str | None, *, repeatable: bool = True
) -> bool:
    """Tell whether a response of an error status is worth another attempt.

    What is not `repeatable` may do its work twice, so that only a refusal allows another attempt.
    """
    if "insufficient_quota" in (code, kind):
        return False
    wish = headers.get("x-should-retry")
    if wish in ("true", "false"):
        return wish == "true"
    if not repeatable:
        return status in _REFUSED
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
        from email.utils import parsedate_to_datetime  # here: few servers send a date

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
    return float(text)  # more digits than a float holds are infinity: longer than anybody waits
