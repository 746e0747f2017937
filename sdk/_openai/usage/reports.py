"""What a client with a meter reports: the records of its calls and its statistics, with what was used."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from ..._core import stats
from ..._core.options import call_events
from ..._core.public import expose
from .usage import Usage


@frozen(kw_only=True)
class CallEnded(call_events.CallEnded):
    """A call is over; a call with a stream when the stream is."""

    #: What it used, None where the server does not say.
    usage: Usage | None


@frozen(kw_only=True)
class ClientStats(stats.ClientStats):
    """The calls of a client at one moment, in all threads and event loops of this process; see `Client.stats`."""

    #: What the calls of this client used, by the model that they named; a stream counts when it is complete.
    usage: Mapping[str, Usage] = field(factory=dict, eq=False)


expose(globals(), "hooks", "CallEnded")
expose(globals(), "stats", "ClientStats")
