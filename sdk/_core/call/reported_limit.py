"""What a server says of its limit in the x-ratelimit-* headers: a model of its bucket."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from ..reply.rate_limits import RateLimit, RateLimits

#: `limit` applies to this many seconds.
_MINUTE = 60.0
#: How much the rate may rise with one answer: `remaining` is rounded down, so that it seems to fill too fast.
_RISE = 1.001


class _Bucket:
    """One bucket of a server: its level, and the rate at which it fills."""

    __slots__ = ("_at", "_filling", "_full", "_level", "_reset_at", "_seen", "rate", "spent")

    def __init__(self, spent: int) -> None:
        #: Units that were sent so far, in all.
        self.spent = spent
        self.rate = 0.0
        self._full = 0
        self._filling = self._seen = self._level = self._at = self._reset_at = 0.0

    def learn(self, reported: RateLimit, sent_at: float, spent: int) -> None:
        """Take the numbers of an answer to a request that was sent at `sent_at`, when `spent` units had been sent.

        `limit` may be that of a minute, of a day (where `reset` is the time until all of it is there again), or the
        size of a small bucket. The largest `remaining` that was seen says how large the bucket is.
        """
        limit, remaining = reported.limit or 0, reported.remaining
        if remaining is None:
            remaining = 0 if not self._full else self._full - 1
        self._full = min(limit, max(self._full, remaining + 1))
        rate, reset = limit / _MINUTE, 0.0 if reported.reset is None else reported.reset.total_seconds()
        if reset > 0 and limit > remaining:
            if 2 * self._full >= limit:  # `remaining` counts down from `limit`, so this is how fast it fills again
                self._filling = min((limit - remaining) / reset, (self._filling or inf) * _RISE)
                rate = self._filling
            self._reset_at = sent_at + reset
        self.rate = max(rate, self._seen)
        self._level, self._at = remaining - (self.spent - spent), sent_at

    def raise_to(self, rate: float) -> None:
        """Take a rate that was seen."""
        self._seen = rate
        self.rate = max(self.rate, rate)

    def when(self, now: float, units: int) -> float:
        """Return when the bucket has that many units; a call that needs more than it can hold goes when it is full."""
        missing = min(units, self._full) - min(self._full, self._level + max(0.0, now - self._at) * self.rate)
        if missing <= 0:
            return now
        at = now + missing / self.rate
        if self._reset_at <= self._at:
            return at
        if now >= self._reset_at:  # by now it was full, less what has been sent since
            self._level, self._at, self._reset_at = max(self._level, self._full + min(0.0, self._level)), now, 0.0
            return self.when(now, units)
        return min(at, self._reset_at)

    def spend(self, units: int) -> None:
        """Count units that are sent."""
        self._level -= units
        self.spent += units


class ReportedLimit:
    """The limits of requests and of tokens of one scope, as far as the server reports them."""

    __slots__ = ("_requests", "_requests_sent", "_tokens", "_tokens_sent")

    def __init__(self, requests_sent: int, tokens_sent: int) -> None:
        self._requests_sent, self._tokens_sent = requests_sent, tokens_sent
        self._requests: _Bucket | None = None
        self._tokens: _Bucket | None = None

    def learn(self, headers: Mapping[str, str], sent_at: float, requests: int, tokens: int) -> None:
        """Take the headers of an answer; its request was sent at `sent_at`, as the last of `requests` and `tokens`."""
        reported = RateLimits.of(headers)
        if reported.requests.limit:
            if self._requests is None:
                self._requests = _Bucket(self._requests_sent)
            self._requests.learn(reported.requests, sent_at, requests)
        if reported.tokens.limit:
            if self._tokens is None:
                self._tokens = _Bucket(self._tokens_sent)
            self._tokens.learn(reported.tokens, sent_at, tokens)

    def when(self, now: float, tokens: int) -> float:
        """Return when a call with that many tokens may be sent."""
        at = now if self._requests is None else self._requests.when(now, 1)
        return at if self._tokens is None else max(at, self._tokens.when(now, tokens))

    def spend(self, tokens: int) -> None:
        """Count a call that is sent."""
        self._requests_sent += 1
        self._tokens_sent += tokens
        if self._requests is not None:
            self._requests.spend(1)
        if self._tokens is not None:
            self._tokens.spend(tokens)

    def raise_to(self, rate: float) -> None:
        """Take a rate of requests that the server was seen to accept, where it reports a lower one."""
        if self._requests is not None:
            self._requests.raise_to(rate)
