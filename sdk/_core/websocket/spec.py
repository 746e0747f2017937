"""What the description says of a connection besides its arguments."""

from __future__ import annotations


class ConnectSpec:
    """The facts of one connection.

    `place` names the classes of the connection, "module:class" without the prefix Async. `ends` are the types of the
    events that end the conversation, `setup` those of the client's events that set it up: a new connection sends the
    last of each again.
    """

    __slots__ = ("ends", "place", "setup", "subprotocols")

    def __init__(
        self, place: str, *, ends: tuple[str, ...] = (), setup: tuple[str, ...] = (), subprotocols: tuple[str, ...] = ()
    ) -> None:
        self.place, self.ends, self.setup, self.subprotocols = place, ends, setup, subprotocols
