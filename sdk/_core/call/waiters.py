"""Waiting for a turn, in a thread and in a task of any event loop; any thread may end the wait."""

from __future__ import annotations

import threading
from typing import Any

from ..runtime.event_loop import on_trio


class ThreadWaiter:
    """The waiter of a thread. Not an Event: the garbage collector could run while its internal lock is held."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._gate.acquire()
        self.granted = False

    def grant(self) -> bool:
        """Grant the turn, at most once. Returns True: a waiting thread always takes it."""
        self.granted = True
        self.wake()
        return True

    def wake(self) -> None:
        """End the current wait, or else the next one."""
        if self._gate.locked():
            self._gate.release()

    def wait(self, timeout: float | None) -> None:
        """Wait for the turn, at most `timeout` seconds. Raises TimeoutError."""
        if not self._gate.acquire(timeout=-1 if timeout is None else max(0.0, min(timeout, threading.TIMEOUT_MAX))):
            raise TimeoutError


class LoopWaiter:
    """The waiter of an asyncio task."""

    def __init__(self) -> None:
        import asyncio

        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()
        self.granted = False

    def grant(self) -> bool:
        """Grant the turn, at most once. Returns whether the task can still take it."""
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
        """Wait for the turn, at most `timeout` seconds. Raises TimeoutError."""
        import asyncio

        try:
            async with asyncio.timeout(timeout):
                await self._future
        finally:
            self._future = self._loop.create_future()


def async_waiter() -> Any:
    """Return a waiter of the running task."""
    if on_trio():
        from ..runtime.trio import Waiter

        return Waiter()
    return LoopWaiter()
