"""Waiting on trio, for coroutines that run on it and not on asyncio. httpx sends their requests."""

from __future__ import annotations

from typing import Any

import trio

sleep = trio.sleep


class Waiter:
    """A wait for a permit of the concurrency limiter. Any thread may call `grant`, at most once."""

    def __init__(self) -> None:
        self._token = trio.lowlevel.current_trio_token()
        self._event = trio.Event()
        self.granted = False

    def grant(self) -> bool:
        """Grant the permit; return whether the waiter can still take it."""
        try:
            self._token.run_sync_soon(self._event.set)
        except trio.RunFinishedError:
            return False
        self.granted = True
        return True

    async def wait(self, timeout: float | None) -> None:
        """Wait for the permit, at most `timeout` seconds. Raises TimeoutError."""
        with trio.move_on_after(float("inf") if timeout is None else timeout) as scope:
            await self._event.wait()
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
