"""A WebSocket of an API: its arguments, its events both ways, and the senders of those of the client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from . import Param, Security, Type


@frozen
class Sender:
    """A method that sends an event: its dotted name below the connection, the event's type, and its class."""

    name: str
    kind: str
    event: str


@frozen
class WebSocket:
    """A path that is opened as a WebSocket.

    `sends` and `receives` are the unions of the events of the client and of the server. `ends` are the types of events
    that end the conversation, `setup` those of the client's events that set it up.
    """

    name: str
    path: str
    pointer: str
    params: tuple[Param, ...]
    sends: Type
    receives: Type
    senders: tuple[Sender, ...]
    ends: tuple[str, ...] = ()
    setup: tuple[str, ...] = ()
    subprotocols: tuple[str, ...] = ()
    description: str | None = None
    security: Security = (("api_key",),)

    @property
    def request_types(self) -> list[Type]:
        """The types of the arguments, and of the client's events."""
        return [*(p.type for p in self.params), self.sends]

    @property
    def resource(self) -> str:
        """The dotted name of its resource."""
        return self.name.rpartition(".")[0]

    @property
    def verb(self) -> str:
        """Its name in the resource."""
        return self.name.rpartition(".")[2]
