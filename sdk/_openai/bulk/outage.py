"""Decide from failures in a row whether any server answers at all. No I/O."""

from __future__ import annotations

from typing import Generic, TypeVar

from ..._core.errors import APIConnectionError
from .errors import UnreachableError

L = TypeVar("L")
#: Failures in a row that end the work where requests were sent.
_MOST_SENT = 20
#: Statuses of a gateway without a server behind it.
_GATEWAY = (502, 503, 504)


class Outage(Generic[L]):
    """Holds the failures since the last response: a line that no server has seen counts as not tried, not as failed.

    As many failures in a row as there are calls at once, none of which reached a server, mean that there is none.
    """

    def __init__(self, at_once: int, server: str) -> None:
        self._at_once, self._server = at_once, server
        self._held: list[L] = []
        self._sent = False

    def responded(self) -> list[L]:
        """Record a response; return the failures before it, which count."""
        held, self._held, self._sent = self._held, [], False
        return held

    def failed(self, error: Exception, line: L) -> list[L]:
        """Take a failure; return those that count. Raises: UnreachableError if nothing answers any more."""
        if not isinstance(error, APIConnectionError) and getattr(error, "status_code", None) not in _GATEWAY:
            return [*self.responded(), line]
        self._held.append(line)
        self._sent = self._sent or getattr(error, "request_sent", True) is not False
        most = max(self._at_once, _MOST_SENT) if self._sent else self._at_once
        if len(self._held) < most:
            return []
        lines = "1 line" if most == 1 else f"{most} lines in a row"
        reason = error.message if isinstance(error, APIConnectionError) else str(error)
        raise UnreachableError(
            f"nothing answers at {self._server}: {lines} got no reply ({reason}). They count as not tried: check the "
            "server and the base URL, and start the same again"
        ) from error
