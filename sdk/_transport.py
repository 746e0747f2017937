"""Send requests: over connections of our own, or over what a user brought along. One object for each client."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ._exchange import by, exchange
from ._fork import tell_after_fork
from ._network import Broken, connect
from ._pool import Pool
from ._route import Route
from .errors import ClientClosedError

if TYPE_CHECKING:
    from ._config import Options
    from ._effects import Send


class Transport:
    """The connections of one client: a pool for blocking callers and one for each event loop, anew after a fork."""

    def __init__(self, options: Options) -> None:
        self.route = Route(options)
        self._lock = threading.Lock()
        self._most = options.max_in_flight if self.route.most_idle is None else self.route.most_idle
        self._options = options
        self.closed = False
        self.outside: Any = None
        if self.route.outside or options.http_client is not None or options.transport is not None:
            from ._outside import Outside

            self.outside = Outside(options, self.route)
        self._begin()
        tell_after_fork(self)

    def _begin(self) -> None:
        self._sync = Pool(self.route, self._most)
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, _LoopPool] = WeakKeyDictionary()

    def send(self, send: Send) -> Any:
        """Send a request; return its response, whose body is still to be read."""
        self.check_open()
        if self.outside is not None:
            return self.outside.send(send)
        pool = self._sync
        wire = pool.take()
        if wire is not None:
            try:
                return exchange(self.route, pool, wire, send)
            except Broken as broken:
                if not _again(broken, send):
                    raise
        wire = connect(self.route, by(send.timeouts["connect"], send.deadline))
        pool.add(wire)
        return exchange(self.route, pool, wire, send)

    async def asend(self, send: Send) -> Any:
        """Send a request from a coroutine; see `send`."""
        self.check_open()
        if self.outside is not None:
            return await self.outside.asend(send)
        from ._aexchange import exchange as aexchange
        from ._anetwork import connect as aconnect

        pool = self._by_loop.get(asyncio.get_running_loop())
        if pool is None or pool.closed:
            pool = await self._new_pool()
        wire = pool.take()
        if wire is not None:
            try:
                return await aexchange(self.route, pool, wire, send)
            except Broken as broken:
                if not _again(broken, send):
                    raise
        wire = await aconnect(self.route, by(send.timeouts["connect"], send.deadline))
        pool.add(wire)
        return await aexchange(self.route, pool, wire, send)

    async def _new_pool(self) -> _LoopPool:
        pool = _LoopPool(self.route, self._most)
        with self._lock:
            self._by_loop[asyncio.get_running_loop()] = pool
        await pool.watch()
        return pool

    def check_open(self) -> None:
        """Raise ClientClosedError after `close`."""
        if self.closed:
            raise ClientClosedError("the client is closed; make a new one")

    def close(self) -> None:
        """Close all connections; those of a loop that still runs elsewhere are closed there, with a warning."""
        self.closed = True
        self._sync.close()
        for loop, pool in list(self._by_loop.items()):
            if len(pool) and loop.is_running():
                warnings.warn(
                    "close() was called while an event loop still uses this client; use `await client.aclose()` there",
                    ResourceWarning,
                    stacklevel=3,
                )
            pool.close()
            if not loop.is_running() and not loop.is_closed() and asyncio._get_running_loop() is None:
                loop.run_until_complete(asyncio.sleep(0))  # one turn, in which it lets go of the sockets
        self._by_loop.clear()
        if self.outside is not None:
            self.outside.close()

    async def aclose(self) -> None:
        """Close all connections, those of the running event loop included."""
        mine = self._by_loop.pop(asyncio.get_running_loop(), None)
        if mine is not None:
            mine.close()
            await asyncio.sleep(0)  # in its next turn the loop lets go of the sockets
        if self.outside is not None:
            await self.outside.aclose()
        self.close()

    def drop(self) -> None:
        """Close the connections of a client that nobody can reach any more, and say so."""
        pools = [self._sync, *self._by_loop.values()]
        count = 0 if self.closed else sum(map(len, pools))
        self.closed = True
        for pool in pools:
            pool.close()
        if not count:
            return
        many = "connections" if count > 1 else "connection"
        warnings.warn(
            f"a client was dropped with {count} open {many}: use it in a with block, or close() it",
            ResourceWarning,
            stacklevel=2,
        )

    def after_fork(self) -> None:
        """Forget the parent's connections: two processes that share one would read each other's answers."""
        self._lock = threading.Lock()
        self._sync.forget_all()
        # Kept, and not touched: to let go of them would tell the parent's event loops, whose files the child shares.
        self._parents = dict(self._by_loop)
        self._begin()
        if self.outside is not None:
            self.outside.after_fork()


class _LoopPool(Pool):
    """The pool of one event loop. It is closed with the loop: an asynchronous generator tells when that ends."""

    _guard: AsyncGenerator[None, None] | None = None

    async def watch(self) -> None:
        """Begin to watch the running loop, which closes its asynchronous generators before it is closed."""
        self._guard = _until_the_loop_ends(self)
        await anext(self._guard)

    def close(self) -> None:
        super().close()
        guard, self._guard = self._guard, None
        if guard is not None:
            with suppress(StopIteration, RuntimeError):  # RuntimeError: it is being closed right now
                guard.aclose().send(None)  # it awaits nothing, so this carries it to its end


async def _until_the_loop_ends(pool: _LoopPool) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        Pool.close(pool)


def _again(broken: Broken, send: Send) -> bool:
    """Tell whether a request may go out once more, on a new connection: the server had closed the old one unseen."""
    if not broken.stale or not (send.resend or not broken.request_sent):
        return False
    return send.content.rewind()
