"""Connections of the server on loopback: how many there may be, and how long each may take to make a request."""

import asyncio

from h11 import IDLE
from uvicorn.protocols.http.h11_impl import H11Protocol

#: Connections beyond these are closed at once.
MOST = 1000
#: Seconds in which the head of a request must have arrived, on a new connection and on one that waits for another.
HEAD_TIMEOUT = 30.0


class Connection(H11Protocol):
    """A connection that does not outlast a client that sends no request."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin; close a connection that is one too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST:
            transport.abort()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._cancel()
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Take what has arrived, and look whether a request is still wanted."""
        super().handle_events()
        self._watch()

    def _watch(self) -> None:
        """Start the clock where the head of a request is to come, stop it where one has arrived."""
        if self.conn.their_state is not IDLE:
            self._cancel()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_TIMEOUT, self.transport.abort)

    def _cancel(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
