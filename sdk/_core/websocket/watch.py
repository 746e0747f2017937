"""When a connection is due: for a ping, or for its end because a limit has passed. Pure: drivers pass the times."""

from __future__ import annotations

from typing import NamedTuple


class Limits(NamedTuple):
    """The limits of one connection. Times are seconds; None is no limit.

    `ping_interval`: silence after which a ping is sent; `ping_timeout`: the longest wait for any byte after a ping.
    `stall_timeout`: the longest wait for the next event. `write_timeout`: the longest wait for the server to take what
    is sent. `deadline`: the end of the whole connection, a time of time.monotonic().
    """

    ping_interval: float | None = 20.0
    ping_timeout: float | None = 20.0
    stall_timeout: float | None = None
    write_timeout: float | None = None
    deadline: float | None = None


class Due(NamedTuple):
    """What a driver does now: send a ping, end the connection because of `limit`, or look again after `wait` seconds.

    `wait` is None if nothing is ever due.
    """

    ping: bool = False
    limit: str = ""
    wait: float | None = None


class Watch:
    """What is known of one connection: when bytes came, since when a caller waits."""

    __slots__ = ("heard", "limits", "pinged", "reading", "writing")

    def __init__(self, limits: Limits, now: float) -> None:
        self.limits = limits
        #: When the last bytes came.
        self.heard = now
        #: When the ping was sent that waits for an answer.
        self.pinged: float | None = None
        #: Since when a caller waits for an event, and for the server to take what is sent.
        self.reading: float | None = None
        self.writing: float | None = None

    def due(self, now: float, *, paused: bool = False) -> Due:
        """Return what is due; `paused`: a slow reader keeps the connection from reading, so silence says nothing."""
        limits, times = self.limits, []
        if paused:
            self.heard, self.pinged = now, None
        elif self.pinged is not None and self.heard >= self.pinged:
            self.pinged = None
        for name, since, limit in (
            ("stall_timeout", self.reading, limits.stall_timeout),
            ("timeout", self.writing, limits.write_timeout),
            ("ping_timeout", self.pinged, limits.ping_timeout),
            ("deadline", limits.deadline, 0.0),
        ):
            if since is not None and limit is not None:
                if now >= since + limit:
                    return Due(limit=name)
                times.append(since + limit - now)
        if limits.ping_interval is not None and self.pinged is None:
            if now >= self.heard + limits.ping_interval:
                self.pinged = now
                rest = [t for t in (*times, limits.ping_timeout, limits.ping_interval) if t is not None]
                return Due(ping=True, wait=min(rest))
            times.append(self.heard + limits.ping_interval - now)
        # A caller may begin to wait right after this.
        times += [limit for limit in (limits.stall_timeout, limits.write_timeout) if limit is not None]
        return Due(wait=min(times) if times else None)
