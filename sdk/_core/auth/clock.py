"""Detect a wrong clock: compare the time of this machine with the Date header of a response."""

from __future__ import annotations

from collections.abc import Mapping

#: Seconds by which clocks may differ before a credential suffers.
_TOLERANCE = 60.0


def clock_hint(headers: Mapping[str, str], now: float) -> str | None:
    """Return a hint if the clock of this machine is wrong; `now` is its Unix time in seconds (RFC 9110, 6.6.1)."""
    from email.utils import parsedate_to_datetime  # here: only a refused credential needs it

    try:
        ahead = now - parsedate_to_datetime(headers.get("date") or "").timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    if abs(ahead) <= _TOLERANCE:
        return None
    direction = "ahead of" if ahead > 0 else "behind"
    return f"The clock of this machine is {abs(ahead):.0f} s {direction} the server's, and credentials have times."
