"""Waiting on trio, for coroutines that run on it and not on asyncio. httpx sends their requests."""

from __future__ import annotations

from typing import Any

import trio

sleep = trio.sleep


class Waiter:
    """The waiter of a trio task; see `waiters`."""

    def __init__(self) -> None:
        self._token = trio.lowlevel.current_trio_token()
        self._event = trio.Event()
        self.granted = False

    def grant(self) -> bool:
        """Grant the turn, at most once; return whether the task can still take it."""
        if not self.wake():
            return False
        self.granted = True
        return True

    def wake(self) -> bool:
        """End the current wait, or else the next one. Returns whether the task can still wake."""
        try:
            self._token.run_sync_soon(self._end)
        except trio.RunFinishedError:
            return False
        return True

    def _end(self) -> None:
        self._event.set()

    async def wait(self, timeout: float | None) -> None:
        """Wait for the turn, at most `timeout` seconds. Raises TimeoutError."""
        with trio.move_on_after(float("inf") if timeout is None else timeout) as scope:
            await self._event.wait()
        self._event = trio.Event()
        if scope.cancelled_caught:
            raise TimeoutError


class Limit:
    """A time limit as an async context manager, as `asyncio.timeout` is."""

    def __init__(self, seconds: float | None) -> None:
        self._scope = trio.move_on_after(float("inf") if seconds is None else seconds)

    async def __aenter__(self) -> None:
        self._scope.__enter__()

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> bool:
        swallowed = bool(self._scope.__exit__(kind, error, trace))
        if self._scope.cancelled_caught:
            raise TimeoutError
        return swallowed


def task() -> Any:
    """Return the current task. Raises RuntimeError outside trio."""
    return trio.lowlevel.current_task()


def run() -> Any:
    """Return an object that identifies this run of trio."""
    return trio.lowlevel.current_root_task()
