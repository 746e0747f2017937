"""What a connection that is opened again sends: events that set it up, and events that were not sent. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Any

import orjson
from attrs import frozen

from ..public import expose

#: Bytes of events that wait to be sent, and of those that are remembered as sent.
MOST_BYTES = 1024 * 1024


@frozen
class Reconnected:
    """A connection that was opened again: after how many attempts, and what ended the last one.

    `sent_again` are the events that set up the session, `in_doubt` those that had been sent and of which nothing says
    whether the server has them: they are not sent again. `complete` is False if there were more than are remembered.
    """

    attempts: int
    error: Exception
    sent_again: tuple[dict[str, Any], ...] = ()
    in_doubt: tuple[dict[str, Any], ...] = ()
    complete: bool = True


class Backlog:
    """The events of one side of a conversation, as far as a new connection needs them."""

    def __init__(self, setup: Collection[str], most: int = MOST_BYTES) -> None:
        self._setup_types, self._most = frozenset(setup), most
        self._setup: dict[str, bytes] = {}
        self._unsent: deque[bytes] = deque()
        self._unsent_bytes = self._recent_bytes = 0
        self._recent: deque[bytes] = deque()
        self._complete = True

    def sent(self, data: bytes) -> None:
        """Remember an event that was sent, until the next one comes from the server."""
        kind = orjson.loads(data).get("type") if self._setup_types else None
        if kind in self._setup_types:
            self._setup[kind] = data
        self._recent.append(data)
        self._recent_bytes += len(data)
        while self._recent_bytes > self._most and len(self._recent) > 1:
            self._recent_bytes -= len(self._recent.popleft())
            self._complete = False

    def answered(self) -> None:
        """Forget what was sent before an event of the server: it lives, and has read it."""
        if self._recent:
            self._recent.clear()
            self._recent_bytes, self._complete = 0, True

    def keep(self, data: bytes) -> bool:
        """Keep an event that cannot be sent now, in order. Return False if there is no room."""
        if self._unsent_bytes + len(data) > self._most:
            return False
        self._unsent.append(data)
        self._unsent_bytes += len(data)
        return True

    def begin_again(self) -> tuple[list[bytes], list[bytes], bool]:
        """Return what to send first, what is in doubt, and whether that is all of it."""
        doubt, complete = [one for one in self._recent if one not in self._setup.values()], self._complete
        self.answered()
        return list(self._setup.values()), doubt, complete

    def next_unsent(self) -> bytes | None:
        """Return the oldest event that waits, None if there is none; `drop_unsent` takes it away once it is sent."""
        return self._unsent[0] if self._unsent else None

    def drop_unsent(self) -> None:
        """Take the oldest event away."""
        self._unsent_bytes -= len(self._unsent.popleft())

    def unsent(self) -> list[dict[str, Any]]:
        """Return the events that wait."""
        return [orjson.loads(data) for data in self._unsent]


expose(globals(), "websocket", "Reconnected")
