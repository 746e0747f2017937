"""What coroutines need of trio, where they run on it and not on asyncio. httpx does the sending then."""

from __future__ import annotations

from typing import Any

import trio

sleep = trio.sleep


class Waiter:
    """A wait for a place: `grant` is called from any thread, at most once."""

    def __init__(self) -> None:
        self._token = trio.lowlevel.current_trio_token()
        self._arrived = trio.Event()
        self.granted = False

    def grant(self) -> bool:
        """Hand the place over; tell whether anyone is there to take it."""
        try:
            self._token.run_sync_soon(self._arrived.set)
        except trio.RunFinishedError:
            return False
        self.granted = True
        return True

    async def wait(self, timeout: float | None) -> None:
        """Wait for the place, at most `timeout` seconds. Raises TimeoutError."""
        with trio.move_on_after(float("inf") if timeout is None else timeout) as scope:
            await self._arrived.wait()
        if scope.cancelled_caught:
            raise TimeoutError


class Limit:
    """A time limit as a context, as `asyncio.timeout` is one."""

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
    """Return the task that runs. Raises RuntimeError outside of trio."""
    return trio.lowlevel.current_task()


def run() -> Any:
    """Return what stands for this run of trio."""
    return trio.lowlevel.current_root_task()
