"""What the end of a connection means: the code of a close frame (RFC 6455, section 7.4), and what may follow."""

from __future__ import annotations

from typing import NamedTuple

NORMAL, GOING_AWAY, NO_CODE, LOST, FAILED = 1000, 1001, 1005, 1006, 1011

#: The meaning of a code: RFC 6455, section 7.4.1, and the IANA registry of WebSocket close codes.
MEANINGS = {
    1000: "the conversation is over",
    1001: "the server is going away",
    1002: "a protocol error",
    1003: "a type of data that the other side does not accept",
    1005: "a close without a code",
    1006: "the connection broke without a close",
    1007: "data that is not valid, such as text that is not UTF-8",
    1008: "a violation of the server's policy",
    1009: "a message that is too large",
    1010: "an extension that is missing",
    1011: "an internal error",
    1012: "the server restarts",
    1013: "the server asks to try again later",
    1014: "a bad gateway",
    1015: "TLS failed",
    3000: "unauthorized: the key is missing or not accepted",
    3003: "forbidden",
    3008: "a timeout of the server",
}
#: Codes after which a new connection may work.
_RECOVERABLE = frozenset({GOING_AWAY, NO_CODE, LOST, FAILED, 1012, 1013, 1014, 3008})
_HINTS = {
    1008: "Check what the key and the session may do; the reason says more.",
    1009: "Raise max_message_bytes=, or send less in one event.",
    1012: "Connect again; reconnect=True does so.",
    1013: "Connect again later; reconnect=True does so.",
    3000: "Check the API key: {api_key}.",
    3003: "Check what the key and its account may use.",
}
#: Limits, and what is said of one that has passed.
_LIMITS = {
    "ping_timeout": "the server did not answer a ping in ping_timeout",
    "stall_timeout": "no event came for stall_timeout",
    "timeout": "the server took nothing of what was sent for timeout",
    "deadline": "the deadline of the whole connection has passed",
}


class Ending(NamedTuple):
    """How a connection ended: its code, the reason that was given, and whether the server closed it.

    `limit` is the limit that ended it here; `sent` is whether this side closed it because of what it received.
    """

    code: int = LOST
    reason: str = ""
    by_server: bool = False
    limit: str = ""
    cause: str = ""

    @property
    def clean(self) -> bool:
        """Whether the server ended the conversation in order."""
        return self.by_server and self.code in (NORMAL, NO_CODE)

    @property
    def recoverable(self) -> bool:
        """Whether a new connection may continue."""
        return self.code in _RECOVERABLE and self.limit != "deadline"

    @property
    def hint(self) -> str | None:
        """What to do next."""
        return _HINTS.get(self.code)

    def __str__(self) -> str:
        if self.limit:
            return _LIMITS[self.limit]
        if not self.by_server and self.code == LOST:
            return f"the connection broke{f': {self.cause}' if self.cause else ''}"
        meaning = MEANINGS.get(self.code) or ("a code of the server's own" if self.code >= 3000 else "no known meaning")
        who = "the server closed the connection" if self.by_server else "the connection was closed here"
        said = f": {self.reason}" if self.reason else ""
        return f"{who} with code {self.code} ({meaning}){said}"


def ending_of(closed: object) -> Ending:
    """Return how a connection ended, from the exception that `websockets` raises for it."""
    received, sent = getattr(closed, "rcvd", None), getattr(closed, "sent", None)
    if received is not None and (sent is None or getattr(closed, "rcvd_then_sent", True)):
        return Ending(received.code, received.reason, by_server=True)
    if sent is not None and sent.code != NORMAL:
        return Ending(sent.code, sent.reason)
    if received is not None:
        return Ending(received.code, received.reason, by_server=True)
    cause = getattr(closed, "__cause__", None)
    return Ending(cause=str(cause or ""))
