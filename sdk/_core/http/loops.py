"""Send requests from coroutines: a pool of connections for each event loop."""

from __future__ import annotations

import asyncio
import threading
from asyncio import sleep
from collections.abc import AsyncGenerator, Awaitable
from contextlib import suppress
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from .async_exchange import AsyncResponse, send_request
from .pool import Pool

if TYPE_CHECKING:
    from .message import HttpRequest
    from .route import Route


class Loops:
    """The event loops that use a client, one after another or in several threads."""

    def __init__(self, route: Route, max_idle: int | None) -> None:
        self._route, self._max_idle = route, max_idle
        self._lock = threading.Lock()
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, LoopPool] = WeakKeyDictionary()

    def send(self, request: HttpRequest) -> Awaitable[AsyncResponse]:
        """Send a request; return its response, whose body is still to be read."""
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
        """Close all connections. Warns about a loop that still runs with some."""
        for loop, pool in list(self._by_loop.items()):
            if len(pool) and loop.is_running():
                from ..runtime.warnings import warn

                warn(
                    "close() was called while an event loop still uses this client; use `await client.aclose()` there",
                    ResourceWarning,
                )
            pool.close()
            if not loop.is_running() and not loop.is_closed() and asyncio._get_running_loop() is None:
                loop.run_until_complete(sleep(0))  # one turn, in which it lets go of the sockets
        self._by_loop.clear()

    async def leave(self) -> None:
        """Close the connections of the running loop."""
        mine = self._by_loop.pop(asyncio.get_running_loop(), None)
        if mine is not None:
            mine.close()
            await sleep(0)  # in its next turn the loop lets go of the sockets

    def drop(self) -> int:
        """Close all connections without a word; return how many there were."""
        pools = list(self._by_loop.values())
        count = sum(map(len, pools))
        for pool in pools:
            pool.close()
        return count


class LoopPool(Pool):
    """The pool of one event loop. It is closed with the loop: an asynchronous generator tells when that ends."""

    _guard: AsyncGenerator[None, None] | None = None

    async def watch(self) -> None:
        """Begin to watch the running loop, which closes its asynchronous generators before it is closed."""
        self._guard = _until_the_loop_ends(self)
        await anext(self._guard)

    def close(self) -> None:
        """Close every connection, and watch no longer."""
        super().close()
        guard, self._guard = self._guard, None
        if guard is not None:
            with suppress(StopIteration, RuntimeError):  # RuntimeError: it is being closed right now
                guard.aclose().send(None)  # it awaits nothing, so this carries it to its end


async def _until_the_loop_ends(pool: LoopPool) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        Pool.close(pool)
