"""Decide when the next call of a scope may be sent: a rate that is learned from what the server refuses.

No I/O and no clock of its own: the caller passes the time, in seconds of a monotonic clock. Each decision is O(1).
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .reported_limit import ReportedLimit

#: The start: this many calls at once, and twice as many each `_DOUBLING` seconds, until the first refusal.
_START, _DOUBLING = 6, 0.05
#: In this many seconds no more than twice as many: a program that did nothing for a while, such as one that imported
#: modules, has not read what its first calls were answered, and would send as many as the time allows.
_LOOK = 0.045
#: Seconds after which the start holds nothing back any more: it would allow millions of calls by then.
_STARTED = 1.0
#: What a cut leaves of the rate that the server has accepted. A little less, so that its bucket fills again.
_EASE = 0.97
#: Cut the rate by more than half only when that many calls were accepted since the estimate began.
_SURE = 3
#: A bucket of so few calls does not even out timers that are late, and what it accepts looks like a lower rate than its
#: own. There a refusal after `_MANY` accepted calls cuts by `_EASE`, another one by `_FEW` at most.
_SMALL, _MANY, _FEW = 2, 6, 0.8
#: A refused call takes nothing from a small bucket, which is full again before another interval is over: the next call
#: goes after this share of it. Otherwise each call that comes early, and each timer that is late, costs an interval.
_SOON = 0.5
#: So one refusal after another is no sign yet: a small bucket accepts nothing at all for this many intervals.
_VAIN = 4
#: Growth of the rate per second, up to 90 %, 110 % and 130 % of the rate at which the last refusal came, and above.
_GROWTH = ((0.9, 1.0), (1.1, 0.01), (1.3, 0.3), (float("inf"), 1.5))
#: The same for a small bucket, which refuses calls at its own rate, too.
_GROWTH_SMALL = ((0.9, 1.0), (1.1, 0.08), (1.3, 0.3), (float("inf"), 1.5))
#: The most that a rate grows with one call. Until the second refusal no rate is known, and it grows as the start does.
_STEP = 1.5
#: The number of calls whose times are kept.
_RECENT = 64
#: The share of an interval by which a call may follow one that went late too early: a bucket of one call refuses more.
_CATCH_UP = 0.1
#: Calls per second from which on a rate holds back nothing, and is forgotten.
_FAST = 10_000.0


class Pace:
    """The pace of one scope: one limit that a server keeps.

    Between two refusals the server accepted what was sent, less what it refused. At both its bucket was empty, so this
    number divided by the time between the two sends is its rate, however late the answers are. The rate is cut to that
    once for each burst, which is all calls that were sent before the cut; after it the rate grows, slowly near the
    rate at which the last refusal came.
    """

    __slots__ = (
        "_accepted",
        "_began",
        "_bucket",
        "_cut",
        "_edge",
        "_first",
        "_grown",
        "_look_at",
        "_look_count",
        "_mark",
        "_next",
        "_peak",
        "_refused_before",
        "_seconds",
        "_times",
        "answers",
        "open",
        "pause",
        "paused_by",
        "progress",
        "rate",
        "refused_count",
        "renew_at",
        "reported",
        "sent_count",
    )  # fmt: skip

    def __init__(self) -> None:
        #: Calls sent and refused so far; the number of a call is `sent_count` after it was sent.
        self.sent_count = self.refused_count = 0
        #: Answers that were no refusals, counted until the start is over.
        self.answers = 0
        #: How often it was seen that the server accepts calls.
        self.progress = 0
        #: Whether nothing is held back.
        self.open = False
        #: Calls per second; None before the first refusal.
        self.rate: float | None = None
        #: The time until which all calls wait, and the number of the refused call that it is for.
        self.pause, self.paused_by = 0.0, 0
        #: What the server says of its limit, if it says anything.
        self.reported: ReportedLimit | None = None
        #: The time from which on the next call begins a new second.
        self.renew_at = 0.0
        #: The calls of the start that had been sent when its number was looked at last, and when that was.
        self._look_count, self._look_at = _START, 0.0
        self._next = self._grown = 0.0
        #: When the start began, None before it; the calls sent and refused before it.
        self._began: float | None = None
        self._first = self._refused_before = 0
        #: The latest refused call: its number, when it was sent, and the refusals up to it.
        self._mark = (0, 0.0, 0)
        self._cut = 0
        self._accepted = self._seconds = 0.0
        #: The rate at which the last refusal came.
        self._peak: float | None = None
        #: The most calls that the server's bucket can hold: as many were accepted before the first refusal, the number
        #: of which is `_edge`.
        self._bucket = self._edge = 0
        #: When the latest calls were sent, by their numbers modulo `_RECENT`.
        self._times = [0.0] * _RECENT

    def when(self, now: float, tokens: int = 0) -> float:
        """Return the time at which the next call may be sent; it may lie in the past."""
        if self.rate is not None:
            at = max(self.pause, self._next)
        elif self.open or self._began is None:
            at = self.pause
        else:
            number = self.sent_count - self._first
            if number < _START + self.answers:
                at = self.pause
            elif now < self._look_at + _LOOK and number >= 2 * self._look_count:
                at = max(self.pause, self._look_at + _LOOK)
            else:
                at = max(self.pause, self._began + _DOUBLING * log2((number + 1) / _START))
        return at if self.reported is None else max(at, self.reported.when(now, tokens))

    def sent(self, now: float, tokens: int = 0) -> int:
        """Count a call that is sent now, and return its number."""
        self.sent_count += 1
        self._times[self.sent_count % _RECENT] = now
        if self.rate is not None:
            rate = self._grow(now, self.rate)
            self._next = max(self._next, now - _CATCH_UP / rate) + 1 / rate
            self.rate = rate
            if rate > _FAST:
                self.rate, self.open, self._began = None, True, None
        elif self._began is None:
            self.renew(now)
            self._look_at, self._look_count = now, _START
        elif now > self.renew_at:
            self.renew(now)
            self.open = True
        elif now >= self._look_at + _LOOK:
            self._look_at, self._look_count = now, max(_START, self.sent_count - self._first)
        if self.reported is not None:
            self.reported.spend(tokens)
        return self.sent_count

    def renew(self, now: float) -> None:
        """Begin a new second with the call that is sent now: what was accepted long ago is no rate of today."""
        self._began, self._first, self._refused_before = now, self.sent_count - 1, self.refused_count
        self.renew_at, self.answers = now + _STARTED, 0

    def answered(self, number: int) -> None:
        """Record that call `number` was accepted."""
        self.answers += 1
        self.progress += 1
        if number > self.paused_by:
            self.pause = 0.0

    def refused(self, now: float, number: int, sent_at: float, wait: float, own: int = 0) -> None:
        """Record that the server refused call `number`, which was sent at `sent_at` and will wait `wait` seconds.

        The server has accepted `own` earlier attempts of this call, which do not count as progress.
        """
        self.refused_count += 1
        if self.rate is None:
            self._end_start(now, number, sent_at, wait, own)
            return
        last, last_sent_at, refused = self._mark
        if number <= last:  # its answer was late: what is known of later calls is more
            self._mark = last, last_sent_at, refused + 1
            self._bucket -= number < self._edge
            return
        accepted, small = number - last - (self.refused_count - refused), self._bucket <= _SMALL
        if small and accepted <= 0 and sent_at - last_sent_at < _VAIN / self.rate:
            if self._cut < number == self.sent_count:
                self._next = now + _SOON / self.rate
            return
        self._mark = number, sent_at, self.refused_count
        self._accepted += max(0, accepted)
        self._seconds += max(0.0, sent_at - last_sent_at)
        if number <= self._cut:
            return
        self._cut, self._grown, self._peak = self.sent_count, now, self.rate
        if accepted <= 0:
            self._pause(now, number, wait)
            self.rate /= 2
            return
        self.progress += accepted > own
        accepted_rate = self._accepted / self._seconds if self._seconds else self.rate
        accepted_rate = max(accepted_rate, self._recent_rate(number, sent_at, last))
        least = 0.0 if self._accepted >= _SURE else self.rate / 2
        if small:
            least = self.rate * (_EASE if accepted >= _MANY else _FEW)
        if self.reported is not None and not least:
            self.reported.raise_to(accepted_rate)
        self.rate = max(min(self.rate, accepted_rate) * _EASE, least)
        if self._seconds > 1:  # the older an observation is, the less it counts
            self._accepted /= 2
            self._seconds /= 2
        interval = 1 / self.rate
        self._next = now + _SOON * interval if small and number == self._cut else max(self._next, now + interval)

    def _end_start(self, now: float, number: int, sent_at: float, wait: float, own: int) -> None:
        """Record a refusal while no rate is known."""
        accepted = number - self._first - (self.refused_count - self._refused_before)
        if accepted <= 0 or self._began is None:  # nothing at all was accepted: begin again after the pause
            self._pause(now, number, wait)
            self._began, self.open = None, False
            return
        self.progress += accepted > own
        self.open = False
        self._mark, self._cut = (number, sent_at, self.refused_count), self.sent_count
        self.rate = max(accepted, 2) / max(0.5, sent_at - self._began)
        self._accepted = self._seconds = 0.0
        self._bucket, self._edge = accepted, number
        self._grown, self._next, self._peak = now, now + 1 / self.rate, None

    def _recent_rate(self, number: int, sent_at: float, last: int) -> float:
        """Return what the latest calls before a refused one say of the rate: at least so much the server accepts.

        Between two refusals the bucket may have been full for a while, so that the whole time says too little. `last`
        is the refused call before.
        """
        rate = 0.0
        for count in (4, 8, 16):
            first = number - count
            if count <= self._bucket or first <= last or first <= self.sent_count - _RECENT:
                continue
            seconds = sent_at - self._times[first % _RECENT]
            if seconds > 0:
                rate = max(rate, (count - self._bucket) / seconds)
        return rate

    def _pause(self, now: float, number: int, wait: float) -> None:
        self.pause, self.paused_by = max(self.pause, now + wait), number

    def _grow(self, now: float, rate: float) -> float:
        """Return the rate with what it has grown since the last call."""
        seconds, self._grown = max(0.0, now - self._grown), now
        if self._peak is None:
            return rate * min(_STEP, 2 ** min(1.0, seconds / _DOUBLING))
        share = rate / self._peak
        table = _GROWTH if self._bucket > _SMALL else _GROWTH_SMALL
        growth = next(growth for most, growth in table if share < most)
        return rate * min(_STEP, 1 + growth * seconds)
