"""Send requests from coroutines: a pool of connections for each event loop."""

from __future__ import annotations

import asyncio
import threading
import time
from asyncio import sleep
from collections.abc import AsyncGenerator, Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from .async_exchange import AsyncResponse, send_request
from .pool import Pool

if TYPE_CHECKING:
    from .message import HttpRequest
    from .route import Route

#: The shortest delay of the timer, in seconds.
_LEAST = 0.01


class Loops:
    """The event loops that use a client, one after another or in several threads, each with its pool."""

    def __init__(self, route: Route, max_idle: int | None) -> None:
        self._route, self._max_idle = route, max_idle
        self._lock = threading.Lock()
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopPool] = WeakKeyDictionary()

    def send(self, request: HttpRequest) -> Awaitable[AsyncResponse]:
        """Send a request and return its response, whose body has not been read."""
        pool = self._by_loop.get(asyncio.get_running_loop())
        if pool is None or pool.closed:
            return self._begin(request)
        return send_request(self._route, pool, request)

    async def _begin(self, request: HttpRequest) -> AsyncResponse:
        pool = LoopPool(self._route, self._max_idle)
        with self._lock:
            gone = [loop for loop in self._by_loop if loop.is_closed()]
            for old in map(self._by_loop.pop, gone):
                old.close()
            self._by_loop[asyncio.get_running_loop()] = pool
        await pool.watch()
        return await send_request(self._route, pool, request)

    def close(self) -> None:
        """Close all connections. Warns about those of a loop that still runs."""
        for loop, pool in list(self._by_loop.items()):
            if len(pool) and loop.is_running():
                from ..runtime.warnings import warn

                warn(
                    "close() was called while an event loop still uses this client; use `await client.aclose()` there",
                    ResourceWarning,
                )
            pool.close()
            if not loop.is_running() and not loop.is_closed() and asyncio._get_running_loop() is None:
                loop.run_until_complete(sleep(0))  # one iteration, in which the loop closes the sockets
        self._by_loop.clear()

    async def leave(self) -> None:
        """Close the connections of the running loop."""
        pool = self._by_loop.pop(asyncio.get_running_loop(), None)
        if pool is not None:
            pool.close()
            await sleep(0)  # the loop closes the sockets in its next iteration

    def drop(self) -> int:
        """Close all connections without a warning; return how many there were."""
        pools = list(self._by_loop.values())
        count = sum(map(len, pools))
        for pool in pools:
            pool.close()
        return count


class LoopPool(Pool):
    """The pool of one event loop. It is closed with the loop, which finalizes an asynchronous generator of the pool."""

    _guard: AsyncGenerator[None, None] | None = None
    #: Closes connections when they expire, where no call does. It runs while the pool has connections.
    _timer: asyncio.TimerHandle | None = None

    def add(self, connection: Any) -> None:
        """Register a new connection. Raises ClientClosedError."""
        super().add(connection)
        if self._timer is None and self._keepalive is not None:
            self._timer = asyncio.get_running_loop().call_later(self._keepalive, self._close_expired, self._keepalive)

    def _close_expired(self, keepalive: float) -> None:
        self._timer = None
        now = time.monotonic()
        self._sweep(now)
        if self._open:  # a connection that is in use now expires later than those that are idle
            delay = keepalive - now + (self._idle[0].idle_since if self._idle else now)
            self._timer = asyncio.get_running_loop().call_later(max(delay, _LEAST), self._close_expired, keepalive)

    async def watch(self) -> None:
        """Start the generator that the running loop finalizes when it shuts down."""
        self._guard = _until_the_loop_ends(self)
        await anext(self._guard)

    def close(self) -> None:
        """Close every connection, and the generator."""
        self.end()
        guard, self._guard = self._guard, None
        if guard is not None:
            with suppress(StopIteration, RuntimeError):  # RuntimeError: the loop is finalizing it right now
                guard.aclose().send(None)  # it awaits nothing, so one send() finishes it

    def end(self) -> None:
        """Close every connection, and stop the timer."""
        super().close()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


async def _until_the_loop_ends(pool: LoopPool) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        pool.end()
