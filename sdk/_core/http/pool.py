"""Idle connections, to be used again. There is one pool for all blocking callers, and one for each event loop."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from ..errors import ClientClosedError

if TYPE_CHECKING:
    from .route import Route

_NEVER = float("inf")
#: Seconds that a server needs to close a connection after a response without `Connection: close`.
CLOSE_GRACE = 0.01
#: Seconds between two searches for idle connections that the server has closed.
_SWEEP = 1.0


class Pool:
    """The connections to one server. The most recently used one is used next, so that a quiet client keeps only one.

    The pool does not limit their number: each call in flight uses one, and the concurrency limiter counts the calls.
    """

    def __init__(self, route: Route, max_idle: int | None) -> None:
        self._keepalive, self._max_idle = route.keepalive, max_idle
        self._lock = threading.RLock()  # reentrant: the garbage collector may release a connection at any moment
        self._idle: list[Any] = []
        self._open: set[Any] = set()
        self.closed = False
        # When an idle connection may have to be closed. The first in the list has been idle for longest.
        self._sweep_at = _NEVER
        self._interval = _SWEEP if route.keepalive is None else min(_SWEEP, route.keepalive)

    def grace_period(self) -> float:
        """Return the seconds to wait until it is known whether the server closes the next connection; mostly 0.

        llama-server closes after each stream, uvicorn after an error of the application, both without
        `Connection: close`. A request that is sent at that moment is lost.
        """
        try:
            connection = self._idle[-1]
        except IndexError:
            return 0.0
        return max(0.0, connection.idle_since + CLOSE_GRACE - time.monotonic()) if connection.may_be_closing else 0.0

    def acquire(self) -> Any:
        """Return an idle connection, or None. Discard those that have expired, and those that the server has closed."""
        now = time.monotonic()
        if now >= self._sweep_at:
            self._sweep(now)
        while self._idle:
            connection = None
            try:
                with self._lock:
                    if not self._idle:
                        return None
                    # `pop()` is a call: a KeyboardInterrupt between it and the assignment would leak the connection.
                    connection = self._idle[-1]
                    del self._idle[-1]
                expired = self._keepalive is not None and now - connection.idle_since > self._keepalive
                # An idle connection is readable if the server closed it, or sent bytes that belong to no response.
                usable = not (expired or connection.closed or connection.readable())
            except BaseException:  # Ctrl-C
                if connection is not None:
                    self.discard(connection)
                raise
            if usable:
                return connection
            self.discard(connection)
        return None

    def add(self, connection: Any) -> None:
        """Register a new connection. Raises ClientClosedError."""
        with self._lock:
            if not self.closed:
                self._open.add(connection)
                return
        connection.close()
        raise ClientClosedError("the client was closed while this call was connecting")

    def release(self, connection: Any, *, may_be_closing: bool = False) -> None:
        """Take a connection back. `may_be_closing`: some servers close now without `Connection: close`."""
        now = time.monotonic()
        if now >= self._sweep_at:
            self._sweep(now)
        connection.used, connection.may_be_closing, connection.idle_since = True, may_be_closing, now
        with self._lock:
            if not self.closed and (self._max_idle is None or len(self._idle) < self._max_idle):
                if not self._idle:
                    self._sweep_at = now + self._interval
                self._idle.append(connection)
                return
        self.discard(connection)

    def _sweep(self, now: float) -> None:
        """Close the idle connections that cannot be used: a call uses only the last one."""
        with self._lock:
            expiry = -_NEVER if self._keepalive is None else now - self._keepalive
            unusable = {one for one in self._idle if one.idle_since < expiry or one.closed or one.readable()}
            for connection in unusable:  # before they leave the list: after Ctrl-C, the next sweep finds them again
                self.discard(connection)
            self._idle[:] = [one for one in self._idle if one not in unusable]
            self._sweep_at = _NEVER
            if self._idle:
                self._sweep_at = now + _SWEEP
                if self._keepalive is not None:
                    self._sweep_at = min(self._sweep_at, self._idle[0].idle_since + self._keepalive)

    def discard(self, connection: Any) -> None:
        """Close a connection, and wake a thread that waits for it."""
        self._open.discard(connection)
        connection.abort()
        connection.close()

    def close(self) -> None:
        """Close every connection, those in use included."""
        with self._lock:
            self.closed = True
            idle, used = self._idle, self._open.difference(self._idle)
            self._idle, self._open = [], set()
        for connection in idle:
            connection.close()
        for connection in used:
            connection.abort()

    def discard_all(self) -> None:
        """Close the file descriptors of every connection in the child of a fork, where nothing else uses the pool."""
        for connection in self._open:
            connection.close()

    def __len__(self) -> int:
        return len(self._open)
