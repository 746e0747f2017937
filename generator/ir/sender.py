"""A sender: the method of a connection that sends one event of the client."""

from __future__ import annotations

from attrs import frozen


@frozen
class Sender:
    """A method that sends an event: its dotted name below the connection, the event's type, and its class."""

    name: str
    kind: str
    event: str
