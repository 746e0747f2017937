"""Statistics of a client."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from .public import expose


@frozen(kw_only=True)
class ClientStats:
    """The calls of a client at one moment, in all threads and event loops of this process; see `Client.stats`."""

    #: Calls that hold one of the `max_in_flight` slots: from before they connect until their reply has arrived, or
    #: their stream is closed. Pauses between attempts count, except after a refusal (429) that is paced.
    in_flight: int
    #: Calls that wait for a slot or for their pace, and calls that the server refused until they may come back.
    waiting: int
    #: Calls per second that a learned limit of the server allows, by kind of calls, such as "chat with model m"; those
    #: that nothing holds back are missing.
    paces: Mapping[str, float] = field(factory=dict, eq=False)


expose(globals(), "stats")
