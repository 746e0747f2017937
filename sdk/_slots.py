"""Places for calls in flight: a fair counter that threads and coroutines of any event loop share."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections import deque
from collections.abc import Callable
from typing import Any

from .errors import PoolTimeoutError


class Slots:
    """Hand out at most `limit` places, first come first served; None hands out any number.

    The first time that a call has to wait, one warning says so and how to raise the limit.
    """

    def __init__(self, limit: int | None, timeout: float | None) -> None:
        self._limit, self._timeout = limit, timeout
        self._taken = 0
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], bool]] = deque()  # each hands a place over, and says whether it was taken
        self._warned = False

    def acquire(self, timeout: float | None) -> None:
        """Take a place, waiting at most `timeout` seconds. Raises PoolTimeoutError."""
        event = threading.Event()

        def hand_over() -> bool:
            event.set()
            return True

        if self._take_or_queue(hand_over):
            return
        try:
            arrived = event.wait(self._shorter(timeout))
        except BaseException:
            self._give_up(hand_over, event.is_set(), keep=False)
            raise
        if not arrived and not self._give_up(hand_over, False):
            raise self._timed_out()

    async def aacquire(self, timeout: float | None) -> None:
        """Take a place from a coroutine, waiting at most `timeout` seconds. Raises PoolTimeoutError."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        handed = False

        def hand_over() -> bool:
            nonlocal handed
            try:
                loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(None))
            except RuntimeError:  # the loop is closed, so nobody waits there any more
                return False
            handed = True
            return True

        if self._take_or_queue(hand_over):
            return
        try:
            async with asyncio.timeout(self._shorter(timeout)):
                await future
        except BaseException as error:
            got_it = self._give_up(hand_over, handed, keep=isinstance(error, TimeoutError))
            if not isinstance(error, TimeoutError):
                raise
            if not got_it:
                raise self._timed_out() from None

    def release(self) -> None:
        """Give a place back: to who has waited longest, if anyone waits."""
        with self._lock:
            while self._waiting:
                if self._waiting.popleft()():
                    return
            self._taken -= 1

    def _take_or_queue(self, hand_over: Callable[[], bool]) -> bool:
        with self._lock:
            if self._limit is None or (self._taken < self._limit and not self._waiting):
                self._taken += 1
                return True
            self._waiting.append(hand_over)
            first, self._warned = not self._warned, True
        if first:
            warnings.warn(
                f"a call waits because {self._limit} others are in flight; raise max_in_flight= of the client, or set "
                "OPENAI_MAX_IN_FLIGHT, to let more calls run at once (None: no cap)",
                RuntimeWarning,
                stacklevel=2,
            )
        return False

    def _give_up(self, hand_over: Any, handed: bool, *, keep: bool = True) -> bool:
        """Stop waiting. A place that arrived meanwhile is kept and True returned, or passed on."""
        with self._lock:
            try:
                self._waiting.remove(hand_over)
            except ValueError:
                handed = True
        if handed and not keep:
            self.release()
        return handed

    def _shorter(self, timeout: float | None) -> float | None:
        both = [t for t in (timeout, self._timeout) if t is not None]
        return min(both) if both else None

    def _timed_out(self) -> PoolTimeoutError:
        return PoolTimeoutError(
            f"no place became free: max_in_flight={self._limit} calls were in flight all the time",
            request_sent=False,
            hint="Close streams that are no longer read, or raise max_in_flight.",
        )
