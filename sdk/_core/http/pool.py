"""Connections that wait to be used again. One pool for blocking callers of a process, and one for each event loop."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from ..errors import ClientClosedError

if TYPE_CHECKING:
    from .route import Route

#: Seconds within which a server that closes a connection after its reply, and did not say so, has closed it.
CLOSE_GRACE = 0.01


class Pool:
    """The connections to one server. The one used last is used next, so that a quiet client keeps but one.

    How many there are at once is no matter of the pool: each call in flight has one, and the places count the calls.
    """

    def __init__(self, route: Route, max_idle: int | None) -> None:
        self._keepalive, self._max_idle = route.keepalive, max_idle
        self._lock = threading.RLock()  # the garbage collector may give a connection back at any moment
        self._idle: list[Any] = []
        self._open: set[Any] = set()
        self.closed = False

    def grace_period(self) -> float:
        """Return the seconds for which the next connection may yet turn out to be closed; mostly 0.

        llama-server closes after each stream, uvicorn after an application that failed. Neither says so, and a request
        that is sent in that moment is lost.
        """
        try:
            connection = self._idle[-1]
        except IndexError:
            return 0.0
        return max(0.0, connection.idle_since + CLOSE_GRACE - time.monotonic()) if connection.may_be_closing else 0.0

    def acquire(self) -> Any:
        """Return a connection that can be used, or None. Those that the server has closed are closed here too."""
        while self._idle:
            connection = None
            try:
                with self._lock:
                    if not self._idle:
                        return None
                    connection = self._idle[-1]
                    del self._idle[-1]  # not pop(): after a call Ctrl-C may come, and nobody would have the connection
                expired = self._keepalive is not None and time.monotonic() - connection.idle_since > self._keepalive
                # What is readable now is the server's farewell, or bytes that belong to no answer.
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
        """Take note of a new connection. Raises ClientClosedError."""
        with self._lock:
            if not self.closed:
                self._open.add(connection)
                return
        connection.close()
        raise ClientClosedError("the client was closed while this call was connecting")

    def release(self, connection: Any, *, may_be_closing: bool = False) -> None:
        """Take a connection back; `may_be_closing` after a reply of a kind after which servers close without a word."""
        connection.used, connection.may_be_closing, connection.idle_since = True, may_be_closing, time.monotonic()
        with self._lock:
            if not self.closed and (self._max_idle is None or len(self._idle) < self._max_idle):
                self._idle.append(connection)
                return
        self.discard(connection)

    def discard(self, connection: Any) -> None:
        """Close a connection for good, and wake the thread that may wait for it."""
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
        """Close this process' side of every connection, in the child of a fork. Nobody else uses the pool there."""
        for connection in self._open:
            connection.close()

    def __len__(self) -> int:
        return len(self._open)
