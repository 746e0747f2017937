"""Helper events: what chunks mean, as the same few events for every kind of stream."""

from __future__ import annotations

from .accumulate import Accumulator, Wire
from .stream_events import StreamEvent, TextDelta


class Helper:
    """Turn chunks into helper events; this one knows text only."""

    def __init__(self, total: Accumulator) -> None:
        self._total = total

    def of(self, wire: Wire) -> list[StreamEvent]:
        """Return the events of one chunk."""
        text = self._total.text_of(wire)
        return [TextDelta(text)] if text else []

    def end(self) -> list[StreamEvent]:
        """Return the events that only the end tells, but for `Done`."""
        return []
