"""A server with a token bucket and a client that sends at its pace, on a virtual clock."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sdk._core.call.pace import Pace
from sdk._core.call.reported_limit import ReportedLimit


@dataclass
class World:
    """A run of `calls`, at most `at_once` of them in flight, against `rate` calls a second with a bucket of `bucket`.

    `answer` and `refusal` are the seconds until each arrives; `late` is the most that a timer is late. With `reported`
    the server says its limit of a minute in x-ratelimit headers.
    """

    rate: float
    bucket: float
    calls: int
    at_once: int
    answer: float = 0.001
    refusal: float = 0.002
    late: float = 0.002
    reported: bool = False
    seed: int = 0
    now: float = 0.0
    refused: int = 0
    done: int = 0
    last_sent: float = 0.0
    _events: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random, self._numbers, self._in_flight = random.Random(self.seed), itertools.count(), 0
        self.pace, self._tokens, self._filled = Pace(), self.bucket, 0.0
        self._waiting, self._timer = list(range(self.calls)), math.inf

    def run(self) -> World:
        """Run until all calls are done."""
        self._send()
        while self.done < self.calls and self.now < 600:
            self.now, _, action, arguments = heapq.heappop(self._events)
            action(*arguments)
            self._send()
        return self

    @property
    def ideal(self) -> float:
        """The least time in seconds that the limits allow."""
        return max((self.calls - self.bucket) / self.rate, math.ceil(self.calls / self.at_once) * self.answer)

    def _at(self, when: float, action: Callable[..., None], *arguments: object) -> None:
        heapq.heappush(self._events, (when, next(self._numbers), action, arguments))

    def _send(self) -> None:
        while self._waiting and self._in_flight < self.at_once:
            when = self.pace.when(self.now)
            if when > self.now:
                if when < self._timer:
                    self._timer = when
                    self._at(when + self._random.uniform(0, self.late), self._woken)
                return
            call = heapq.heappop(self._waiting)
            self._in_flight += 1
            self.last_sent = self.now
            number = self.pace.sent(self.now)
            self._at(self.now + self.refusal / 2, self._arrive, call, number, self.now)

    def _woken(self) -> None:
        self._timer = math.inf

    def _arrive(self, call: int, number: int, sent_at: float) -> None:
        self._tokens = min(self.bucket, self._tokens + (self.now - self._filled) * self.rate)
        self._filled = self.now
        accepted = self._tokens >= 1 - 1e-9
        self._tokens -= accepted
        headers = {
            "x-ratelimit-limit-requests": f"{self.rate * 60:.0f}",
            "x-ratelimit-remaining-requests": f"{int(self._tokens)}",
            "x-ratelimit-reset-requests": f"{(self.bucket - self._tokens) / self.rate * 1000:.0f}ms",
        }
        wait = self.answer * self._random.uniform(0.7, 1.3) if accepted else 0.0
        retry_after = max(1, math.ceil((1 - self._tokens) / self.rate))
        self._at(self.now + wait + self.refusal / 2, self._back, call, number, sent_at, accepted, retry_after, headers)

    def _back(
        self, call: int, number: int, sent_at: float, accepted: bool, retry_after: int, headers: dict[str, str]
    ) -> None:
        self._in_flight -= 1
        if accepted:
            self.done += 1
            self.pace.answered(number)
        else:
            self.refused += 1
            self.pace.refused(self.now, number, sent_at, retry_after)
            self._at(self.now + retry_after, heapq.heappush, self._waiting, call)
        if self.reported:
            self.pace.reported = self.pace.reported or ReportedLimit(self.pace.sent_count, 0)
            self.pace.reported.learn(headers, sent_at, number, 0)
