"""The span of one call, as a hook of it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

from opentelemetry import propagate
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer, set_span_in_context

from ..options.call_events import (
    AttemptStarted,
    CallEnded,
    CallEvent,
    CallWaits,
    FirstPiece,
    ResponseStarted,
)
from . import names
from .convention import Attributes, Recorder

#: The names of events of a span: a request was sent, and answered or lost; the call waited.
ATTEMPT, WAIT = "http.client.attempt", "http.client.wait"
_TRACEPARENT = "traceparent"


class CallTrace:
    """The span of one call. Its parent is the span that is current where the call begins.

    `usage` is what the reply says of it, and `reply` the reply itself, if `captures`; set before the end.
    """

    def __init__(self, tracer: Tracer, recorder: Recorder) -> None:
        self._recorder, self.captures = recorder, recorder.captures
        self._span = tracer.start_span(recorder.name, kind=SpanKind.CLIENT, attributes=recorder.attributes)
        self._attempt = 0
        self._sent_at: float | None = None
        self.usage: object = None
        self.reply: Any = None

    def __call__(self, event: CallEvent) -> Mapping[str, str] | None:
        """Record a moment of the call; return the headers to send with an attempt."""
        if isinstance(event, AttemptStarted):
            self._attempt, self._sent_at = event.attempt, time.monotonic()
            return self._headers(event.headers)
        if isinstance(event, ResponseStarted):
            self._answered({names.STATUS_CODE: event.status_code}, event.call.method, event.call.url, event.elapsed)
        elif isinstance(event, CallWaits):
            self._lost(event.error, event)
            attributes: Attributes = {"reason": event.reason}
            if event.seconds is not None:
                attributes["seconds"] = event.seconds
            self._span.add_event(WAIT, attributes)
        elif isinstance(event, FirstPiece):
            self._span.set_attributes(self._recorder.first_piece(event.elapsed))
        elif isinstance(event, CallEnded):
            self._end(event)
        return None

    def note(self, wires: Iterable[Any]) -> None:
        """Take the JSON of the reply, or of chunks that arrived in one read."""
        self._recorder.note(wires)

    def _headers(self, sent: Mapping[str, str]) -> dict[str, str]:
        """Return the headers that carry the trace, unless the program sends its own."""
        if _TRACEPARENT in sent:
            return {}
        headers: dict[str, str] = {}
        propagate.inject(headers, set_span_in_context(self._span))
        return headers

    def _answered(self, outcome: Attributes, method: str, url: str, seconds: float) -> None:
        self._sent_at = None
        attributes: Attributes = {names.METHOD: method, names.URL_FULL: url, **outcome}
        if self._attempt > 1:
            attributes[names.RESEND_COUNT] = self._attempt - 1
        self._span.add_event(ATTEMPT, attributes)
        self._recorder.attempt(seconds, attributes)

    def _lost(self, error: BaseException | None, event: CallWaits | CallEnded) -> None:
        """Record an attempt that got no response."""
        if self._sent_at is not None and error is not None:
            seconds = time.monotonic() - self._sent_at
            self._answered({names.ERROR_TYPE: type(error).__name__}, event.call.method, event.call.url, seconds)

    def _end(self, event: CallEnded) -> None:
        self._lost(event.error, event)
        self._span.set_attributes(self._recorder.end(event, self.usage, self.reply))
        if event.error is not None:  # without the message, which may quote what was sent
            status = "" if event.status_code is None else f" {event.status_code}"
            self._span.set_status(Status(StatusCode.ERROR, f"{type(event.error).__name__}{status}"))
        self._span.end()
