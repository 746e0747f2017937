"""Connections that wait to be used again. One pool for blocking callers of a process, and one for each event loop."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from ..errors import ClientClosedError

if TYPE_CHECKING:
    from .route import Route

#: Seconds within which a server that closes a connection after its reply, and did not say so, has closed it.
_FAREWELL = 0.01


class Pool:
    """The connections to one server. The one used last is used next, so that a quiet client keeps but one.

    How many there are at once is no matter of the pool: each call in flight has one, and the places count the calls.
    """

    def __init__(self, route: Route, most_idle: int | None) -> None:
        self._keepalive, self._most = route.keepalive, most_idle
        self._lock = threading.RLock()  # the garbage collector may give a connection back at any moment
        self._idle: list[Any] = []
        self._open: set[Any] = set()
        self.closed = False

    def doubt(self) -> float:
        """Return the seconds for which the next connection may yet turn out to be closed; mostly 0.

        llama-server closes after each stream, uvicorn after an application that failed. Neither says so, and a request
        that is sent in that moment is lost.
        """
        try:
            wire = self._idle[-1]
        except IndexError:
            return 0.0
        return max(0.0, wire.idle_since + _FAREWELL - time.monotonic()) if wire.doubtful else 0.0

    def take(self) -> Any:
        """Return a connection that can be used, or None. Those that the server has closed are closed here too."""
        while self._idle:
            wire = None
            try:
                with self._lock:
                    if not self._idle:
                        return None
                    wire = self._idle[-1]
                    del self._idle[-1]  # not pop(): after a call Ctrl-C may come, and nobody would have the connection
                expired = self._keepalive is not None and time.monotonic() - wire.idle_since > self._keepalive
                # What is readable now is the server's farewell, or bytes that belong to no answer.
                usable = not (expired or wire.closed or wire.readable())
            except BaseException:  # Ctrl-C
                if wire is not None:
                    self.forget(wire)
                raise
            if usable:
                return wire
            self.forget(wire)
        return None

    def add(self, wire: Any) -> None:
        """Take note of a new connection. Raises ClientClosedError."""
        with self._lock:
            if not self.closed:
                self._open.add(wire)
                return
        wire.close()
        raise ClientClosedError("the client was closed while this call was connecting")

    def put(self, wire: Any, *, doubtful: bool = False) -> None:
        """Take a connection back; `doubtful` after a reply of a kind after which servers close without a word."""
        wire.used, wire.doubtful, wire.idle_since = True, doubtful, time.monotonic()
        with self._lock:
            if not self.closed and (self._most is None or len(self._idle) < self._most):
                self._idle.append(wire)
                return
        self.forget(wire)

    def forget(self, wire: Any) -> None:
        """Close a connection for good, and wake the thread that may wait for it."""
        self._open.discard(wire)
        wire.abort()
        wire.close()

    def close(self) -> None:
        """Close every connection, those in use included."""
        with self._lock:
            self.closed = True
            idle, used = self._idle, self._open.difference(self._idle)
            self._idle, self._open = [], set()
        for wire in idle:
            wire.close()
        for wire in used:
            wire.abort()

    def forget_all(self) -> None:
        """Close this process' side of every connection, in the child of a fork. Nobody else uses the pool there."""
        for wire in self._open:
            wire.close()

    def __len__(self) -> int:
        return len(self._open)
