"""Wait until another thread or task says so: the waiters of threads, of asyncio tasks, and the choice between loops."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .event_loop import on_trio

if TYPE_CHECKING:
    import asyncio


class ThreadWaiter:
    """The waiter of a thread. Not an Event: the garbage collector could run while its internal lock is held."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._gate.acquire()
        self.granted = False

    def grant(self) -> bool:
        """Wake the thread, at most once. Returns True: a waiting thread always takes what it gets."""
        self.granted = True
        self.wake()
        return True

    def wake(self) -> None:
        """End the current wait, or else the next one."""
        if self._gate.locked():
            self._gate.release()

    def wait(self, timeout: float | None) -> None:
        """Wait for `grant`, at most `timeout` seconds. Raises TimeoutError."""
        if not self._gate.acquire(timeout=-1 if timeout is None else max(0.0, min(timeout, threading.TIMEOUT_MAX))):
            raise TimeoutError


class LoopWaiter:
    """The waiter of an asyncio task. Any thread may call `grant`, at most once, and `wake`."""

    def __init__(self) -> None:
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()
        self.granted = False

    def grant(self) -> bool:
        """Wake the task. Returns whether it can still take what it gets."""
        if not self.wake():
            return False
        self.granted = True
        return True

    def wake(self) -> bool:
        """End the current wait, or else the next one. Returns whether the task can still wake."""
        try:
            self._loop.call_soon_threadsafe(self._end)
        except RuntimeError:  # the loop is closed
            return False
        return True

    def _end(self) -> None:
        if not self._future.done():
            self._future.set_result(None)

    async def wait(self, timeout: float | None) -> None:
        """Wait for `grant`, at most `timeout` seconds. Raises TimeoutError."""
        import asyncio

        try:
            async with asyncio.timeout(timeout):
                await self._future
        finally:
            self._future = self._loop.create_future()


def task_waiter() -> Any:
    """Return a waiter of the running task, on asyncio or on trio."""
    if on_trio():
        from .trio import Waiter

        return Waiter()
    return LoopWaiter()
