"""Places for calls in flight: a fair counter that threads and coroutines of any event loop share."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ..errors import PoolTimeoutError
from ..runtime.event_loop import on_asyncio, on_trio
from ..runtime.fork import register_after_fork

if TYPE_CHECKING:
    from ..effects import Acquire


class ConcurrencyLimiter:
    """Hand out at most `limit` places, first come first served; None hands out any number.

    The first time that a call has to wait, one warning says so and how to raise the limit.
    """

    def __init__(self, limit: int | None, timeout: float | None, name: str, variable: str) -> None:
        self._limit, self._timeout, self._name, self._variable = limit, timeout, name, variable
        self._warned = False
        self.after_fork()
        register_after_fork(self)

    def after_fork(self) -> None:
        """Begin with all places free: who held them, or waits for them, is in the parent."""
        self._taken = 0
        # Reentrant: the garbage collector may close a dropped stream, which gives its place back, at any moment.
        self._lock = threading.RLock()
        self._waiting: deque[Any] = deque()  # turns: each is handed a place, and says whether it was taken
        # How many places each task (or thread) holds by streams of its own: only it can free them.
        self._streams: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def acquire(self, timeout: float | None, permit: Acquire | None = None) -> None:
        """Take a place, waiting at most `timeout` seconds, and note that in `permit`. Raises PoolTimeoutError."""
        waiter = _ThreadWaiter()
        try:
            if self.take(permit, waiter):
                return
            waiter.wait(self._shorter(timeout))
        except BaseException as error:
            late = type(error) is TimeoutError
            if not self._stop_waiting(waiter, keep=late):
                if late:
                    raise self._timed_out() from None
                raise
        if permit is not None:
            permit.taken = True

    async def aacquire(self, timeout: float | None, permit: Acquire | None = None) -> None:
        """Take a place from a coroutine; see `acquire`."""
        waiter = _waiter()
        try:
            if self.take(permit, waiter):
                return
            await waiter.wait(self._shorter(timeout))
        except BaseException as error:
            late = type(error) is TimeoutError
            if not self._stop_waiting(waiter, keep=late):
                if late:
                    raise self._timed_out() from None
                raise
        if permit is not None:
            permit.taken = True

    def release(self) -> None:
        """Give a place back: to who has waited longest, if anyone waits."""
        with self._lock:
            while self._waiting:
                if self._waiting.popleft().grant():
                    return
            if self._taken:  # a place taken before a fork is not this process'
                self._taken -= 1

    def counts(self) -> tuple[int, int]:
        """Return how many places are taken, and how many calls wait for one, at the same moment."""
        with self._lock:
            return self._taken, len(self._waiting)

    def stream_opened(self) -> Callable[[], None]:
        """Note that the running task, or thread, holds its place by a stream; call the answer when it is closed."""
        holder, streams = _holder(), self._streams
        streams[holder] = streams.get(holder, 0) + 1

        def closed() -> None:
            left = streams.get(holder, 0) - 1
            if left > 0:
                streams[holder] = left
            else:
                streams.pop(holder, None)

        return closed

    def take(self, permit: Acquire | None, waiter: Any = None) -> bool:
        """Take a place that is free and return True; if none is, `waiter` joins the queue, where it is given."""
        mine = 0 if waiter is None else self._streams.get(_holder(), 0)
        with self._lock:
            if self._limit is None or (self._taken < self._limit and not self._waiting):
                self._taken += 1
                if permit is not None:  # with no call in between, after which Ctrl-C could come
                    permit.taken = True
                return True
            if waiter is None:
                return False
            if mine < self._limit:
                self._waiting.append(waiter)
            first, self._warned = not self._warned, True
        if mine >= self._limit:
            raise self._error(f"open streams of this very task hold all places ({self._name}={self._limit})")
        if first:
            self._warn()
        return False

    def _warn(self) -> None:
        from ..runtime.warnings import warn

        warn(
            f"a call waits because {self._limit} others are in flight; raise {self._name}= of the client, or set "
            f"{self._variable}, to let more calls run at once (None: no cap)",
            RuntimeWarning,
        )

    def _stop_waiting(self, waiter: Any, *, keep: bool) -> bool:
        """Leave the queue. A place that arrived meanwhile is kept and True returned, or passed on."""
        with self._lock, suppress(ValueError):
            self._waiting.remove(waiter)
        if waiter.granted and not keep:
            self.release()
        return bool(waiter.granted and keep)

    def _shorter(self, timeout: float | None) -> float | None:
        both = [t for t in (timeout, self._timeout) if t is not None]
        return min(both) if both else None

    def _timed_out(self) -> PoolTimeoutError:
        return self._error(f"no place became free: {self._name}={self._limit} calls were in flight all the time")

    def _error(self, message: str) -> PoolTimeoutError:
        hint = f"Close streams that are no longer read, or raise {self._name}."
        return PoolTimeoutError(message, request_sent=False, hint=hint)


def _waiter() -> Any:
    if on_trio():
        from ..runtime.trio import Waiter

        return Waiter()
    return _LoopWaiter()


class _ThreadWaiter:
    """A wait for a place in a thread. Not an Event, whose own lock would be in the way of the garbage collector."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._gate.acquire()
        self.granted = False

    def grant(self) -> bool:
        """Hand the place over; a thread is always there to take it."""
        self.granted = True
        self._gate.release()
        return True

    def wait(self, timeout: float | None) -> None:
        """Wait for the place, at most `timeout` seconds. Raises TimeoutError."""
        if not self._gate.acquire(timeout=-1 if timeout is None else max(0.0, min(timeout, threading.TIMEOUT_MAX))):
            raise TimeoutError


class _LoopWaiter:
    """A wait for a place on asyncio: `grant` is called from any thread, at most once."""

    def __init__(self) -> None:
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()
        self.granted = False

    def grant(self) -> bool:
        """Hand the place over; tell whether anyone is there to take it."""
        try:
            self._loop.call_soon_threadsafe(lambda: None if self._future.done() else self._future.set_result(None))
        except RuntimeError:  # the loop is closed, so nobody waits there any more
            return False
        self.granted = True
        return True

    async def wait(self, timeout: float | None) -> None:
        """Wait for the place, at most `timeout` seconds. Raises TimeoutError."""
        import asyncio

        async with asyncio.timeout(timeout):
            await self._future


def _holder() -> Any:
    """Return who runs now: the task, or else the thread."""
    if on_asyncio():
        task = sys.modules["asyncio"].current_task()
        if task is not None:
            return task
    elif on_trio():
        from ..runtime import trio as _trio

        return _trio.task()
    return threading.current_thread()
