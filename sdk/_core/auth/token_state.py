"""When a token is used, fetched, waited for or missing: a state machine without clock, lock or input."""

from __future__ import annotations

from typing import Literal, NamedTuple

#: Seconds that a new token is used for although its expiry lies in the past: then one of the two clocks is wrong.
_LEAST = 60.0
#: Seconds until a source that failed is asked again: doubled with each failure, up to the longest.
_FIRST, _LONGEST = 1.0, 30.0
#: Seconds in which a second refused token does not lead to a third one.
_REFUSALS_APART = 10.0

Action = Literal["use", "fetch", "wait", "fail"]


class Token(NamedTuple):
    """What a source gives: a token, and the seconds that it is valid from the moment of asking; None: no end."""

    value: str
    lifetime: float | None = None


class _Current(NamedTuple):
    """A token with its times: it is renewed from `renews` on, and not used from `expires` on."""

    value: str
    renews: float
    expires: float


class TokenState:
    """The token of one source. The times are those of one monotonic clock, in seconds.

    A token is renewed `early` seconds before its end, or at half of its lifetime if that is later. While one caller
    renews it, and while the source fails, the others use it up to its end.
    """

    __slots__ = ("_current", "_early", "_failures", "_fetching", "_refused", "_retry")

    def __init__(self, early: float) -> None:
        self._early = early
        self._current: _Current | None = None
        self._fetching = False
        self._failures, self._retry = 0, float("-inf")
        self._refused = float("-inf")

    def fresh(self, now: float) -> str | None:
        """Return the token if there is nothing to do about it."""
        current = self._current  # read once: another thread may replace it
        return current.value if current is not None and now < current.renews else None

    def decide(self, now: float) -> tuple[Action, str]:
        """Return what the caller does, and the token for "use". After "fetch" the caller reports the result."""
        current = self._current
        valid = current.value if current is not None and now < current.expires else ""
        if self.fresh(now) is None and not self._fetching and now >= self._retry:
            self._fetching = True
            return "fetch", ""
        if valid:
            return "use", valid
        return ("wait" if self._fetching else "fail"), ""

    def fetched(self, token: Token, asked: float) -> None:
        """Take a new token, which the source was asked for at the time `asked`."""
        self._fetching, self._failures, self._retry = False, 0, float("-inf")
        if token.lifetime is None:
            self._current = _Current(token.value, float("inf"), float("inf"))
            return
        lifetime = max(token.lifetime, _LEAST)
        early = min(self._early, lifetime / 2)
        self._current = _Current(token.value, asked + lifetime - early, asked + lifetime)

    def failed(self, now: float, retry_after: float | None = None) -> float:
        """Note that the source failed, and return the seconds until it is asked again."""
        pause = min(_FIRST * float(2**self._failures), _LONGEST)
        self._fetching, self._failures = False, min(self._failures + 1, 10)
        pause = max(pause, retry_after or 0.0)
        self._retry = now + pause
        return pause

    def abandoned(self) -> None:
        """Note that the caller stopped asking, for a reason of its own."""
        self._fetching = False

    def refused(self, value: str, now: float) -> bool:
        """Note that the server refused a token; return whether another attempt has, or will get, another one."""
        current = self._current
        if current is not None and current.value != value:
            return True
        if current is None:
            return self._fetching or now >= self._retry
        if now - self._refused < _REFUSALS_APART:
            return False
        self._refused, self._current = now, None
        return True
