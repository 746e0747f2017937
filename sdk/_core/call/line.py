"""The line of one scope: its calls go first come, first served, at the pace of the scope."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, Any

from ..errors import RateLimitError
from ..runtime.fork import register_after_fork
from .pace import Pace

if TYPE_CHECKING:
    from ..effects import Acquire
    from .limiter import ConcurrencyLimiter
    from .quota import Quota

#: A call that waits for its pace looks so often, in seconds, whether it waits for a permit by now.
_LOOK = 0.05
_NEVER = float("inf")
#: A remaining number with this many digits holds nothing back.
_REQUESTS_DIGITS, _TOKENS_DIGITS = 3, 6
_REQUESTS, _TOKENS = "x-ratelimit-remaining-requests", "x-ratelimit-remaining-tokens"


class Line:
    """The calls of one scope that wait, in the order in which they came, and the pace at which they go.

    The first call takes a permit of the limiter when the pace lets it go, so that a waiting call holds none. While no
    permit is free, the line is in the queue of the limiter, once for all of its calls.
    """

    def __init__(
        self, limiter: ConcurrencyLimiter, name: str, longest: float | None, quota: Quota | None, learns: bool
    ) -> None:
        self._limiter, self.name, self._longest, self._quota = limiter, name, longest, quota
        self.pace = Pace()
        #: Whether the pace is learned from what the server refuses; else only the client's own limits hold.
        self.learns = learns
        self.pace.open = not learns
        self._tickets = count(1)
        self._reserved: float | None = None
        self._tokens_sent = 0
        #: Whether the tokens of a call are estimated before it is sent.
        self.counts_tokens = quota is not None and quota.tokens_per_minute is not None
        self.after_fork()
        register_after_fork(self)

    def after_fork(self) -> None:
        """Start without waiting calls: they are in the parent process."""
        self._heap: list[tuple[int, Acquire, Any]] = []
        #: Calls that wait in the heap, and refused calls that wait until they may come back.
        self.waiting = self.resting = 0
        #: Whether the line is in the queue of the limiter; since when; the seconds that it was there before.
        self._queued, self._queued_at, self._queued_for = False, 0.0, 0.0
        #: The waiter that looks again when the next call may go, and when that is.
        self._host: Any = None
        self._alarm = _NEVER

    def take(self, permit: Acquire, waiter: Any = None) -> bool:
        """Take a permit and return True if a call may go now. If it may not, let `waiter` wait, and return False.

        Raises PoolTimeoutError where open streams of this task hold all permits, and RateLimitError where the server
        asked all calls to wait for too long.
        """
        limiter, pace = self._limiter, self.pace
        if not permit.ticket:
            permit.ticket, permit.answers, permit.ready_at = next(self._tickets), 0, 0.0
        if waiter is None:
            if not pace.open or pace.reported is not None or self._quota is not None:
                with limiter.lock:
                    now = max(
                        time.monotonic(), permit.ready_at
                    )  # a refused call has waited as long as the server asked
                    at = pace.when(now, permit.tokens) if self._quota is None else self._time(now, permit)
                    if self.waiting or at > now or not limiter.take(permit):
                        return False
                    self._sent(now, permit)
                    return True
            if self.waiting or not limiter.take(permit):
                return False
            # Nothing is held back. Threads may race here; one call more or less in the counts does no harm.
            permit.sent_at = now = time.monotonic()
            pace.sent_count = permit.number = pace.sent_count + 1
            if now >= pace.renew_at:
                pace.renew(now)
            permit.progress, permit.tokens_sent = pace.progress, self._tokens_sent
            return True
        with limiter.lock:
            limiter.check_own_streams()
            self._check_pause(time.monotonic())
            permit.waits = True
            self.waiting += 1
            heappush(self._heap, (permit.ticket, permit, waiter))
            self._pump(waiter)
            queued = self._queued
        if queued:
            limiter.warn_once()
        return False

    def acquire(self, timeout: float | None, permit: Acquire) -> None:
        """Take a permit when the pace and the limiter allow it, within `timeout` seconds, and set `permit.taken`.

        Raises: PoolTimeoutError, RateLimitError; see `take`.
        """
        from ..runtime.waiters import ThreadWaiter

        waiter = ThreadWaiter()
        end, queued_for = self._start(timeout)
        try:
            self.take(permit, waiter)
            while (seconds := self._patience(waiter, end, queued_for)) is not None:
                with suppress(TimeoutError):
                    waiter.wait(seconds)
        except BaseException:
            self._leave(permit, waiter)
            raise
        permit.taken = self._limiter.process

    async def aacquire(self, timeout: float | None, permit: Acquire) -> None:
        """Take a permit from a coroutine; see `acquire`."""
        from ..runtime.waiters import task_waiter

        waiter = task_waiter()
        end, queued_for = self._start(timeout)
        try:
            self.take(permit, waiter)
            while (seconds := self._patience(waiter, end, queued_for)) is not None:
                with suppress(TimeoutError):
                    await waiter.wait(seconds)
        except BaseException:
            self._leave(permit, waiter)
            raise
        permit.taken = self._limiter.process

    def grant(self) -> bool:
        """Give the permit of the limiter that is free to the first call; return whether it was taken."""
        now = time.monotonic()
        self._queued, self._queued_for = False, self._queued_for + now - self._queued_at
        while (first := self._first()) is not None:
            if not self._may_go(first, now):
                return False
            if self._hand_over(now):
                self._pump()
                return True
        return False

    def answered(self, permit: Acquire, headers: Mapping[str, str]) -> None:
        """Record that the server accepted a call, and what its headers say about its limit."""
        pace, remaining = self.pace, headers.get(_REQUESTS)
        if pace.open and remaining is None and pace.reported is None:
            pace.progress = permit.progress = pace.progress + 1
            permit.answers += 1
            return
        with self._limiter.lock:
            pace.answered(permit.number)
            permit.answers += 1
            permit.progress = pace.progress
            if remaining is not None:
                self._learn(permit, headers, remaining)
            if self.waiting:
                self._pump()

    def refused(self, permit: Acquire, headers: Mapping[str, str], wait: float) -> bool:
        """Record that the server refused a call, which waits `wait` seconds before it comes back.

        Returns whether the server accepted other calls since this one was sent.
        """
        with self._limiter.lock:
            now, pace = time.monotonic(), self.pace
            pace.refused(now, permit.number, permit.sent_at, wait, permit.answers)
            remaining = headers.get(_REQUESTS)
            if remaining is not None:
                self._learn(permit, headers, remaining)
            permit.ready_at = now + wait
            if self._longest is not None and pace.pause - now > self._longest:
                for _, _, waiter in self._heap:
                    waiter.wake()
            return pace.progress > permit.progress

    def sent_again(self, permit: Acquire) -> None:
        """Count another attempt of a call that kept its permit; it has no time reserved."""
        with self._limiter.lock:
            reserved = self._reserved
            self._sent(time.monotonic(), permit)
            self._reserved = reserved

    def rest(self, permit: Acquire) -> None:
        """Give back the permit of a refused call until it comes back with `take`."""
        with self._limiter.lock:
            self.resting += 1
            permit.rests = True
        self._limiter.release(permit)

    def rested(self, permit: Acquire) -> None:
        """End the rest of a call."""
        with self._limiter.lock:
            self.resting -= 1
            permit.rests = False

    def _learn(self, permit: Acquire, headers: Mapping[str, str], remaining: str) -> None:
        """Read what the server says of its limit, where that may hold calls back."""
        pace, tokens = self.pace, headers.get(_TOKENS)
        if _plenty(remaining, tokens):
            pace.reported = None
            return
        self.counts_tokens = self.counts_tokens or tokens is not None
        if pace.reported is None:
            from .reported_limit import ReportedLimit

            pace.reported = ReportedLimit(pace.sent_count, self._tokens_sent)
        pace.reported.learn(headers, permit.sent_at, permit.number, permit.tokens_sent)

    def _start(self, timeout: float | None) -> tuple[float, float]:
        """Return when a wait that begins now has to end, and the seconds that this line has been queued before."""
        now = time.monotonic()
        return now + (_NEVER if timeout is None else timeout), self._queued_until(now)

    def _queued_until(self, now: float) -> float:
        return self._queued_for + (now - self._queued_at if self._queued else 0.0)

    def _patience(self, waiter: Any, end: float, queued_for: float) -> float | None:
        """Return the seconds that a waiter waits before it looks again; None once its call may go.

        Raises PoolTimeoutError, RateLimitError.
        """
        with self._limiter.lock:
            now = time.monotonic()
            if self._host is waiter and now >= self._alarm:
                self._host, self._alarm = None, _NEVER
                self._pump(waiter)
            if waiter.granted:
                return None
            self._check_pause(now)
            until = min(end, self._alarm) if self._host is waiter else end
            if self._limiter.timeout is not None:  # only the time without a free permit counts
                left = self._limiter.timeout - (self._queued_until(now) - queued_for)
                if left <= 0 and self._queued:
                    raise self._limiter.timed_out()
                until = min(until, now + (left if self._queued else max(left, _LOOK)))
            if now >= end:
                raise self._limiter.timed_out()
            return until - now

    def _check_pause(self, now: float) -> None:
        seconds = self.pace.pause - now
        if self._longest is not None and seconds > self._longest:
            raise RateLimitError(
                f"not sent: the server asked all calls of {self.name} to wait {seconds:.0f} s more, which is longer "
                f"than max_retry_after ({self._longest:g} s)",
                status_code=429,
                request_sent=False,
                hint="Wait, or raise max_retry_after.",
            )

    def _leave(self, permit: Acquire, waiter: Any) -> None:
        """Leave the line. A permit that was granted meanwhile is given back."""
        with self._limiter.lock:
            if permit.waits:
                permit.waits = False
                self.waiting -= 1
            granted, waiter.granted = waiter.granted, False
            if self._host is waiter:
                self._host, self._alarm = None, _NEVER
        if granted:
            self._limiter.release()
        with self._limiter.lock:
            self._pump()

    def _first(self) -> tuple[int, Acquire, Any] | None:
        """Return the first call that still waits."""
        while self._heap and not self._heap[0][1].waits:
            heappop(self._heap)
        return self._heap[0] if self._heap else None

    def _time(self, now: float, permit: Acquire) -> float:
        """Return when the first call may go, by the server's limit and by the client's own."""
        at = self.pace.when(now, permit.tokens)
        if self._quota is None:
            return at
        if self._reserved is None:
            self._reserved = self._quota.reserve(now, permit.tokens)
        return max(at, self._reserved)

    def _sent(self, now: float, permit: Acquire) -> None:
        permit.number, permit.sent_at, self._reserved = self.pace.sent(now, permit.tokens), now, None
        permit.progress = self.pace.progress
        self._tokens_sent += permit.tokens
        permit.tokens_sent = self._tokens_sent

    def _may_go(self, first: tuple[int, Acquire, Any], now: float, own: Any = None) -> bool:
        """Return whether the first call may go; if not, its waiter looks again when it may. `own` is not woken."""
        _, permit, waiter = first
        at = self._time(now, permit)
        if at <= now:
            return True
        if at < self._alarm:
            self._alarm, self._host = at, waiter
            if waiter is not own:
                waiter.wake()
        return False

    def _hand_over(self, now: float) -> bool:
        """Give a permit to the first call; return whether a call has taken it."""
        if self._first() is None:  # the garbage collector has closed a stream, whose permit went to that call
            return False
        _, permit, waiter = heappop(self._heap)
        permit.waits = False
        self.waiting -= 1
        if self._host is waiter:
            self._host, self._alarm = None, _NEVER
        if not waiter.grant():  # its event loop is closed
            return False
        self._sent(now, permit)
        return True

    def _pump(self, own: Any = None) -> None:
        """Let all calls go that may go. The caller holds the lock."""
        while not self._queued and (first := self._first()) is not None:
            now = time.monotonic()
            if not self._may_go(first, now, own):
                return
            if not self._limiter.take(None):
                self._queued, self._queued_at = True, now
                self._limiter.queue(self)
                return
            if not self._hand_over(now):
                self._limiter.release()


def _plenty(requests: str, tokens: str | None) -> bool:
    """Return whether so much remains that no call is held back: at least 100 requests and 100,000 tokens."""
    return (len(requests) >= _REQUESTS_DIGITS and requests.isdigit()) and (
        tokens is None or (len(tokens) >= _TOKENS_DIGITS and tokens.isdigit())
    )
