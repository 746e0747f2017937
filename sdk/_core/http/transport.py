"""Send requests over connections of this package, or over the user's client or transport. Each client has one."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from sys import modules
from typing import TYPE_CHECKING, Any

from ..errors import ClientClosedError
from ..lazy import lazy_function
from ..runtime.event_loop import on_trio
from ..runtime.fork import ForkAwareLock, register_after_fork
from .pool import Pool
from .route import Route

if TYPE_CHECKING:
    from typing import Protocol
    from weakref import WeakSet

    from ..options.resolve import Options
    from .loops import Loops
    from .message import HttpRequest
    from .replaced import replaced
    from .sync_exchange import send_request

    class Adopted(Protocol):
        """A connection that has left HTTP."""

        def kill(self) -> None:
            """Close it at once, from any thread."""

else:
    replaced = lazy_function(globals(), ".replaced", "replaced")
    send_request = lazy_function(globals(), ".sync_exchange", "send_request")


class Transport:
    """The connections of one client: a pool for blocking callers and one for each event loop, new after a fork."""

    def __init__(self, options: Options) -> None:
        self.route = Route(options)
        self._lock = ForkAwareLock()
        self._max_idle = options.max_in_flight if self.route.max_idle is None else self.route.max_idle
        self._options = options
        self.closed = False
        self.process_wide = False  # the default client: no caller closes it, so there is no warning
        self.httpx: Any = None
        self.httpx_on_trio: Any = None  # connections of this package need asyncio; on trio httpx sends
        self._watches = options.http is None
        #: Called with a name, once, when a library that mocks httpx is at work.
        self.on_replaced: Callable[[str], None] | None = None
        self._replaced: Any = None
        given = options.http_client is not None or options.transport is not None
        if given or self.route.needs_httpx or options.http == "httpx":
            from .httpx_transport import HttpxTransport

            self.httpx = HttpxTransport(options, self.route)
        #: Whether connections of the user send the requests.
        self.custom = options.http_client is not None or options.transport is not None
        self._inherited: list[Loops | None] = []
        self._begin()
        register_after_fork(self)

    def _begin(self) -> None:
        self._sync = Pool(self.route, self._max_idle)
        self._loops: Loops | None = None
        #: Connections that have left HTTP; made with the first one.
        self._adopted: WeakSet[Adopted] | None = None

    def send(self, request: HttpRequest) -> Any:
        """Send a request and return its response, whose body has not been read."""
        if self.closed:
            self.check_open()
        if self.httpx is not None:
            return self.httpx.send(request)
        if self._watches and ("httpx" in modules or "httpx2" in modules) and (found := replaced()) is not None:
            return self._in_place(*found).send(request)
        return send_request(self.route, self._sync, request)

    async def asend(self, request: HttpRequest) -> Any:
        """Send a request from a coroutine; see `send`."""
        if self.closed:
            self.check_open()
        if self.httpx is None and on_trio():
            from .httpx_transport import HttpxTransport

            self.httpx_on_trio = self.httpx_on_trio or HttpxTransport(self._options, self.route)
            return await self.httpx_on_trio.asend(request)
        if self.httpx is not None:
            return await self.httpx.asend(request)
        if self._watches and ("httpx" in modules or "httpx2" in modules) and (found := replaced()) is not None:
            return await self._in_place(*found).asend(request)
        return await self.loops().send(request)

    def _in_place(self, module: Any, name: str) -> Any:
        """Return what sends over httpx while a library sees its requests; the first time, say so."""
        from .httpx_transport import HttpxTransport

        if self._replaced is None:
            if self.on_replaced is not None:
                self.on_replaced(name)
            self._replaced = {}
        if module not in self._replaced:
            self._replaced[module] = HttpxTransport(self._options, self.route, module)
        return self._replaced[module]

    def loops(self) -> Loops:
        """Return the pools of event loops; the first async call imports asyncio."""
        if self._loops is None:
            from .loops import Loops

            with self._lock.lock:
                if self._loops is None:
                    self._loops = Loops(self.route, self._max_idle)
        return self._loops

    def adopt(self, connection: Adopted) -> None:
        """Close a connection that has left HTTP with this client."""
        with self._lock.lock:
            if self._adopted is None:
                from weakref import WeakSet

                self._adopted = WeakSet()
            self._adopted.add(connection)

    def _kill_adopted(self) -> int:
        """Close the connections that have left HTTP; return how many there were."""
        with self._lock.lock:
            found, self._adopted = [*(self._adopted or ())], None
        for connection in found:
            connection.kill()
        return len(found)

    def check_open(self) -> None:
        """Raise ClientClosedError after `close`."""
        if self.closed:
            raise ClientClosedError("the client is closed; make a new one")

    def close(self) -> None:
        """Close all connections; for those of a loop that still runs, warn."""
        self.closed = True
        self._sync.close()
        self._kill_adopted()
        if self._loops is not None:
            self._loops.close()
        for own in (self.httpx, *(self._replaced or {}).values()):
            if own is not None:
                own.close()

    async def aclose(self) -> None:
        """Close all connections, those of the running event loop included."""
        if self.httpx_on_trio is not None and on_trio():
            await self.httpx_on_trio.aclose()
        if self._loops is not None and not on_trio():
            await self._loops.leave()
        for own in (self.httpx, *(self._replaced or {}).values()):
            if own is not None:
                await own.aclose()
        self.close()

    def drop(self) -> None:
        """Close the connections of a client that is garbage collected, and warn."""
        if self.closed:
            return
        self.closed = True
        count = len(self._sync)
        self._adopted = None  # whoever uses such a connection closes it
        self._sync.close()
        if self._loops is not None:
            count += self._loops.drop()
        if not count or self.process_wide:
            return
        many = "connections" if count > 1 else "connection"
        warnings.warn(
            f"a client was dropped with {count} open {many}: use it in a with block, or close() it",
            ResourceWarning,
            stacklevel=2,
        )

    def after_fork(self) -> None:
        """Drop the parent's connections: two processes that share one would read each other's responses."""
        # Keep references: finalizing them would touch epoll descriptors shared with the parent.
        self._inherited.append(self._loops)
        self._begin()
        self.httpx_on_trio = self._replaced = None
        if self.httpx is not None:
            self.httpx.after_fork()
