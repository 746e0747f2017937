"""Places for calls in flight: a fair counter that threads and coroutines of any event loop share."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from ._fork import tell_after_fork
from ._loop import on_asyncio, on_trio
from .errors import PoolTimeoutError


class Slots:
    """Hand out at most `limit` places, first come first served; None hands out any number.

    The first time that a call has to wait, one warning says so and how to raise the limit.
    """

    def __init__(self, limit: int | None, timeout: float | None, name: str = "max_in_flight") -> None:
        self._limit, self._timeout, self._name = limit, timeout, name
        self._warned = False
        self.after_fork()
        tell_after_fork(self)

    def after_fork(self) -> None:
        """Begin with all places free: who held them, or waits for them, is in the parent."""
        self._taken = 0
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], bool]] = deque()  # each hands a place over, and says whether it was taken
        # How many places each task (or thread) holds by streams of its own: only it can free them.
        self._streams: WeakKeyDictionary[Any, int] = WeakKeyDictionary()

    def acquire(self, timeout: float | None) -> None:
        """Take a place, waiting at most `timeout` seconds. Raises PoolTimeoutError."""
        if self._take():
            return
        event = threading.Event()

        def hand_over() -> bool:
            event.set()
            return True

        if self._take(hand_over):
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
        if self._take():
            return
        turn = _turn()
        if self._take(turn.hand_over):
            return
        try:
            await turn.wait(self._shorter(timeout))
        except BaseException as error:
            got_it = self._give_up(turn.hand_over, turn.handed, keep=isinstance(error, TimeoutError))
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
            self._taken = max(0, self._taken - 1)  # a place taken before a fork is not this process'

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

    def _take(self, hand_over: Callable[[], bool] | None = None) -> bool:
        """Take a place that is free; if none is, join the queue, where `hand_over` is given."""
        with self._lock:
            if self._limit is None or (self._taken < self._limit and not self._waiting):
                self._taken += 1
                return True
            if hand_over is None:
                return False
            mine = self._streams.get(_holder(), 0)
            if mine < self._limit:
                self._waiting.append(hand_over)
            first, self._warned = not self._warned, True
        if mine >= self._limit:
            raise self._error(f"open streams of this very task hold all places ({self._name}={self._limit})")
        if first:
            try:
                self._warn()
            except BaseException:  # where warnings are errors
                self._give_up(hand_over, False, keep=False)
                raise
        return False

    def _warn(self) -> None:
        from ._warnings import warn

        warn(
            f"a call waits because {self._limit} others are in flight; raise {self._name}= of the client, or set "
            "OPENAI_MAX_IN_FLIGHT, to let more calls run at once (None: no cap)",
            RuntimeWarning,
        )

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
        return self._error(f"no place became free: {self._name}={self._limit} calls were in flight all the time")

    def _error(self, message: str) -> PoolTimeoutError:
        hint = f"Close streams that are no longer read, or raise {self._name}."
        return PoolTimeoutError(message, request_sent=False, hint=hint)


def _turn() -> Any:
    if on_trio():
        from ._trio import Turn

        return Turn()
    return _Turn()


class _Turn:
    """A wait for a place on asyncio: `hand_over` is called from any thread, at most once."""

    def __init__(self) -> None:
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()
        self.handed = False

    def hand_over(self) -> bool:
        """Hand the place over; tell whether anyone is there to take it."""
        try:
            self._loop.call_soon_threadsafe(lambda: None if self._future.done() else self._future.set_result(None))
        except RuntimeError:  # the loop is closed, so nobody waits there any more
            return False
        self.handed = True
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
        from . import _trio

        return _trio.task()
    return threading.current_thread()
