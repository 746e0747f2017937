"""Run a coroutine for a blocking caller: on a loop of its own, in this thread if no loop runs in it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from ..._core.runtime.event_loop import on_asyncio

T = TypeVar("T")


def run_blocking(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end, and return its result. Ctrl-C cancels it, and is raised when it has ended."""
    if not on_asyncio():
        return asyncio.run(work)
    return _InThread(work).result()  # type: ignore[no-any-return]  # what the coroutine returns


class _InThread:
    """A coroutine on a loop in a thread: a notebook runs a loop in the thread of the caller."""

    def __init__(self, work: Coroutine[Any, Any, Any]) -> None:
        self._work, self._outcome = work, list[Any]()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[Any] | None = None
        self._thread = threading.Thread(target=self._run, name="sdk.bulk", daemon=True)

    def result(self) -> Any:
        self._thread.start()
        try:
            self._thread.join()
        except KeyboardInterrupt:
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
            self._thread.join()
            raise
        value, error = self._outcome
        if error is not None:
            raise error
        return value

    def _run(self) -> None:
        try:
            self._outcome = [asyncio.run(self._main()), None]
        except BaseException as error:  # the caller's thread raises it
            self._outcome = [None, error]

    async def _main(self) -> Any:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        return await self._work
