"""The limits that a client keeps by itself: requests and tokens per minute."""

from __future__ import annotations

_MINUTE = 60.0
#: Seconds whose share of a limit may be used at once.
_BURST = 1.0


class Quota:
    """The requests and tokens that the calls of one client may use per minute, spread evenly. No clock of its own.

    A call that uses more tokens than a second allows goes when the calls before it are paid for, and the next one
    waits longer (GCRA, the generic cell rate algorithm of ITU-T I.371).
    """

    __slots__ = ("_requests", "_tokens", "requests_per_minute", "tokens_per_minute")

    def __init__(self, requests_per_minute: int | None, tokens_per_minute: int | None) -> None:
        self.requests_per_minute, self.tokens_per_minute = requests_per_minute, tokens_per_minute
        #: The times until which requests and tokens are used up.
        self._requests = self._tokens = 0.0

    def reserve(self, now: float, tokens: int) -> float:
        """Return the time at which a call with that many tokens may be sent, and count it as sent then."""
        at = now
        if self.requests_per_minute is not None:
            interval = _MINUTE / self.requests_per_minute
            at = max(at, self._requests - max(0.0, _BURST - interval))
            self._requests = max(self._requests, now) + interval
        if self.tokens_per_minute is not None:
            at = max(at, self._tokens - _BURST)
            self._tokens = max(self._tokens, now) + tokens * _MINUTE / self.tokens_per_minute
        return at

    def correct(self, tokens: int) -> None:
        """Add this many tokens, or subtract them if negative: what a call used, less what was estimated."""
        if self.tokens_per_minute is not None:
            self._tokens += tokens * _MINUTE / self.tokens_per_minute
