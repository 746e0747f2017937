"""Limit the calls in flight: a fair limiter that threads and the tasks of any event loop share."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ..errors import PoolTimeoutError
from ..lazy import lazy_function
from ..runtime.event_loop import on_asyncio, on_trio
from ..runtime.fork import register_after_fork

if TYPE_CHECKING:
    from ..effects import Acquire
    from ..log import log_waiting
else:
    log_waiting = lazy_function(globals(), "..log", "log_waiting")


class ConcurrencyLimiter:
    """Grant at most `limit` permits at once, first come, first served; None grants any number.

    The first time that a call has to wait for the default limit, one line in the log says so and how to
    raise the limit.
    """

    def __init__(
        self, limit: int | None, timeout: float | None, name: str, variable: str, *, chosen: bool = True
    ) -> None:
        self._limit, self.timeout, self._name, self._variable = limit, timeout, name, variable
        self._logged = chosen
        #: The value of `taken` of a permit that was taken in this process, and not before a fork.
        self.process = 0
        self.after_fork()
        register_after_fork(self)

    def after_fork(self) -> None:
        """Start with all permits free: their holders and waiters are in the parent process."""
        self._taken = 0
        self.process += 1
        # Reentrant: the garbage collector may close a dropped stream, which releases its permit, at any moment.
        self.lock = threading.RLock()
        self._waiting: deque[Any] = deque()  # waiters; `grant` returns whether the waiter took the permit
        # How many permits each task (or thread) holds by its own open streams: only that task can release them.
        self._streams: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def acquire(self, timeout: float | None, permit: Acquire | None = None) -> None:
        """Take a permit, waiting at most `timeout` seconds, and set `permit.taken`. Raises PoolTimeoutError."""
        from ..runtime.waiters import ThreadWaiter  # few calls wait

        waiter = ThreadWaiter()
        try:
            if self.take(permit, waiter):
                return
            waiter.wait(self._effective_timeout(timeout))
        except BaseException as error:
            late = type(error) is TimeoutError
            if not self._stop_waiting(waiter, keep=late):
                if late:
                    raise self.timed_out() from None
                raise
        if permit is not None:
            permit.taken = self.process

    async def aacquire(self, timeout: float | None, permit: Acquire | None = None) -> None:
        """Take a permit from a coroutine; see `acquire`."""
        from ..runtime.waiters import task_waiter  # few calls wait

        waiter = task_waiter()
        try:
            if self.take(permit, waiter):
                return
            await waiter.wait(self._effective_timeout(timeout))
        except BaseException as error:
            late = type(error) is TimeoutError
            if not self._stop_waiting(waiter, keep=late):
                if late:
                    raise self.timed_out() from None
                raise
        if permit is not None:
            permit.taken = self.process

    def release(self, permit: Acquire | None = None) -> None:
        """Release a permit; the waiter that has waited longest gets it. One of the parent process has no effect."""
        with self.lock:
            if permit is not None:
                if permit.taken != self.process:
                    return
                permit.taken = 0
            while self._waiting:
                if self._waiting.popleft().grant():
                    return
            if self._taken:
                self._taken -= 1

    def counts(self) -> tuple[int, int]:
        """Return how many permits are taken and how many calls wait, both at the same moment."""
        with self.lock:
            return self._taken, len(self._waiting)

    def stream_opened(self) -> Callable[[], None]:
        """Count an open stream of the running task or thread; the returned function ends the count."""
        holder, streams = _holder(), self._streams
        streams[holder] = streams.get(holder, 0) + 1

        def closed() -> None:
            count = streams.get(holder, 0) - 1
            if count > 0:
                streams[holder] = count
            else:
                streams.pop(holder, None)

        return closed

    def take(self, permit: Acquire | None, waiter: Any = None) -> bool:
        """Take a free permit and return True. If none is free, put `waiter` into the queue and return False."""
        if waiter is not None:
            self.check_own_streams()
        with self.lock:
            if self._limit is None or (self._taken < self._limit and not self._waiting):
                self._taken += 1
                if permit is not None:  # no call in between, so a KeyboardInterrupt cannot separate the two
                    permit.taken = self.process
                return True
            if waiter is None:
                return False
            self._waiting.append(waiter)
        self.warn_once()
        return False

    def queue(self, waiter: Any) -> None:
        """Put a waiter at the end of the queue. The caller holds the lock, and has found no free permit."""
        self._waiting.append(waiter)

    def check_own_streams(self) -> None:
        """Raise PoolTimeoutError where open streams of the running task hold all permits: it would wait for itself."""
        if self._limit is not None and self._streams and self._streams.get(_holder(), 0) >= self._limit:
            raise self._error(f"open streams of this task hold all places ({self._name}={self._limit})")

    def warn_once(self) -> None:
        """Log the first call that waits for a permit, unless the limit was set."""
        with self.lock:
            first, self._logged = not self._logged, True
        if first and self._limit is not None:
            log_waiting(self._limit, self._name, self._variable)

    def _stop_waiting(self, waiter: Any, *, keep: bool) -> bool:
        """Leave the queue. If a permit was granted meanwhile, `keep` it and return True, else release it."""
        with self.lock, suppress(ValueError):
            self._waiting.remove(waiter)
        if waiter.granted and not keep:
            self.release()
        return bool(waiter.granted and keep)

    def _effective_timeout(self, timeout: float | None) -> float | None:
        both = [t for t in (timeout, self.timeout) if t is not None]
        return min(both) if both else None

    def timed_out(self) -> PoolTimeoutError:
        """Return the error of a call that waited too long for a permit."""
        return self._error(f"no place became free: {self._name}={self._limit} calls were in flight all the time")

    def _error(self, message: str) -> PoolTimeoutError:
        hint = f"Close streams that are no longer read, or raise {self._name}."
        return PoolTimeoutError(message, request_sent=False, hint=hint)


def _holder() -> Any:
    """Return the running task, or the thread if there is none."""
    if on_asyncio():
        task = sys.modules["asyncio"].current_task()
        if task is not None:
            return task
    elif on_trio():
        from ..runtime import trio as _trio

        return _trio.task()
    return threading.current_thread()
