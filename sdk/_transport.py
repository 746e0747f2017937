"""Send requests: over connections of our own, or over what a user brought along. One object for each client."""

from __future__ import annotations

import threading
import warnings
from typing import TYPE_CHECKING, Any

from ._exchange import connect_by, exchange
from ._fork import tell_after_fork
from ._loop import on_trio
from ._network import Broken, connect
from ._pool import Pool
from ._route import Route
from .errors import ClientClosedError

if TYPE_CHECKING:
    from ._atransport import Loops
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
        self.quiet = False  # a process-wide client is nobody's to close
        self.outside: Any = None
        self.outside_of_trio: Any = None  # our own connections are asyncio's; on trio httpx does the sending
        if self.route.outside or options.http_client is not None or options.transport is not None:
            from ._outside import Outside

            self.outside = Outside(options, self.route)
        self._begin()
        tell_after_fork(self)

    def _begin(self) -> None:
        self._sync = Pool(self.route, self._most)
        self._loops: Loops | None = None

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
                if not again(broken, send):
                    raise
        wire = connect(self.route, connect_by(self.route, send))
        pool.add(wire)
        return exchange(self.route, pool, wire, send)

    async def asend(self, send: Send) -> Any:
        """Send a request from a coroutine; see `send`."""
        self.check_open()
        if self.outside is None and on_trio():
            from ._outside import Outside

            self.outside_of_trio = self.outside_of_trio or Outside(self._options, self.route)
            return await self.outside_of_trio.asend(send)
        if self.outside is not None:
            return await self.outside.asend(send)
        return await self.loops().send(send)

    def loops(self) -> Loops:
        """Return the side of event loops; asyncio loads with the first call that needs it."""
        if self._loops is None:
            from ._atransport import Loops

            with self._lock:
                if self._loops is None:
                    self._loops = Loops(self.route, self._most)
        return self._loops

    def check_open(self) -> None:
        """Raise ClientClosedError after `close`."""
        if self.closed:
            raise ClientClosedError("the client is closed; make a new one")

    def close(self) -> None:
        """Close all connections; those of a loop that still runs are closed there, with a warning."""
        self.closed = True
        self._sync.close()
        if self._loops is not None:
            self._loops.close()
        if self.outside is not None:
            self.outside.close()

    async def aclose(self) -> None:
        """Close all connections, those of the running event loop included."""
        if self.outside_of_trio is not None and on_trio():
            await self.outside_of_trio.aclose()
        if self._loops is not None and not on_trio():
            await self._loops.leave()
        if self.outside is not None:
            await self.outside.aclose()
        self.close()

    def drop(self) -> None:
        """Close the connections of a client that nobody can reach any more, and say so."""
        if self.closed:
            return
        self.closed = True
        count = len(self._sync)
        self._sync.close()
        if self._loops is not None:
            count += self._loops.drop()
        if not count or self.quiet:
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
        self._parents = self._loops
        self._begin()
        self.outside_of_trio = None
        if self.outside is not None:
            self.outside.after_fork()


def again(broken: Broken, send: Send) -> bool:
    """Tell whether a request may go out once more, on a new connection: the server had closed the old one unseen."""
    if not broken.stale or not (send.resend or not broken.request_sent):
        return False
    return send.content.rewind()
