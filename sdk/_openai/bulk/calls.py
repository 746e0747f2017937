"""The calls of a map, on the running event loop or on one in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Self

from .caller import Caller
from .row import Result


class Calls:
    """Calls on the running event loop: at most `concurrency` at once, the others wait in order."""

    def __init__(self, caller: Caller, on_result: Callable[[Result[Any]], object]) -> None:
        self._caller, self._on_result = caller, on_result
        self._inputs: deque[tuple[int, Any]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = 0

    def submit(self, index: int, given: Any) -> None:
        """Call with an input as soon as fewer than `concurrency` calls run."""
        self._inputs.append((index, given))
        if self._running < self._caller.concurrency:
            self._running += 1
            task = asyncio.create_task(self._work())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self) -> None:
        while self._inputs:
            self._on_result(await self._caller.result(*self._inputs.popleft()))
        self._running -= 1  # nothing is awaited since the look at the inputs, so that none is left behind

    async def aclose(self) -> None:
        """Cancel the calls that run, and close the client if it was made for them."""
        self._inputs.clear()
        for task in (tasks := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._caller.aclose()


class CallThread:
    """An event loop in a thread, for the calls of a blocking map. Use it in a `with` block, which ends them."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._inputs: deque[tuple[int, Any]] = deque()
        self._results: SimpleQueue[Result[Any] | BaseException] = SimpleQueue()
        self._awake = False
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sdk.bulk", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stop: asyncio.Event

    def __enter__(self) -> Self:
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *error: object) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def submit(self, index: int, given: Any) -> None:
        """Call with an input; the result comes out of `wait`."""
        self._inputs.append((index, given))
        if not self._awake:  # the loop looks once for all inputs that arrived meanwhile
            self._awake = True
            self._loop.call_soon_threadsafe(self._take)

    @property
    def ready(self) -> bool:
        """Whether `wait` returns at once."""
        return not self._results.empty()

    def wait(self) -> Result[Any]:
        """Return the next result that arrives."""
        found = self._results.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def _take(self) -> None:
        self._awake = False
        while self._inputs:
            self._calls.submit(*self._inputs.popleft())

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # the thread that waits raises it
            self._results.put(error)
            self._started.set()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._calls = Calls(self._caller, self._results.put)
        self._started.set()
        try:
            await self._stop.wait()
        finally:
            await self._calls.aclose()
