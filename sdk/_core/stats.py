"""What a client tells of itself while it works."""

from __future__ import annotations

from attrs import frozen

from .public import expose


@frozen(kw_only=True)
class ClientStats:
    """The calls of a client at one moment, of all threads and event loops of this process; see `Client.stats`."""

    #: Calls that hold one of the `max_in_flight` places: from before they connect until their reply is there, or
    #: their stream is closed. Pauses between attempts count.
    in_flight: int
    #: Calls that wait for such a place.
    waiting: int


expose(globals(), "stats")
