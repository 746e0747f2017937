"""Helper events: the same few events for every kind of stream."""

from __future__ import annotations

from .accumulate import Accumulator, Wire
from .stream_events import StreamEvent, TextDelta


class Helper:
    """Turn chunks into helper events. The base class yields text only."""

    def __init__(self, accumulator: Accumulator) -> None:
        self._accumulator = accumulator

    def of(self, wire: Wire) -> list[StreamEvent]:
        """Return the events of one chunk."""
        text = self._accumulator.text_of(wire)
        return [TextDelta(text)] if text else []

    def end(self) -> list[StreamEvent]:
        """Return the events that are known only at the end, except `Done`."""
        return []
