"""Statistics of a client."""

from __future__ import annotations

from attrs import frozen

from .public import expose


@frozen(kw_only=True)
class ClientStats:
    """The calls of a client at one moment, in all threads and event loops of this process; see `Client.stats`."""

    #: Calls that hold one of the `max_in_flight` slots: from before they connect until their reply has arrived, or
    #: their stream is closed. Pauses between attempts count.
    in_flight: int
    #: Calls that wait for a slot.
    waiting: int


expose(globals(), "stats")
