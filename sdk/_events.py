"""What the bytes of a stream mean: typed chunks, errors, and the end. Pure; `streaming` reads the bytes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from ._error_body import error_in_body
from ._failures import translate
from ._reply import check, parse, typed
from .errors import (
    APIError,
    APIResponseError,
    APITimeoutError,
    StreamBrokenError,
    StreamError,
    StreamIncompleteError,
    StreamStalledError,
)
from .sse import Decoder, ServerSentEvent

if TYPE_CHECKING:
    from ._accumulate import Accumulator
    from ._config import Options
    from ._flow import Opened
    from .operation import Settings

DONE = "[DONE]"


class Reader:
    """Turn bytes into chunks. `done` is set by the event that ends the stream."""

    def __init__(self, settings: Settings, options: Options, total: Accumulator, opened: Opened) -> None:
        self._settings, self._options, self._total, self._opened = settings, options, total, opened
        self._model = settings.model(settings.events)
        self._decoder = Decoder(options.max_line_bytes)
        self._last_event = time.monotonic()
        self._stall = opened.timeouts["read"]
        self._ends_by_done = DONE in settings.terminal
        self.done = False

    def feed(self, data: bytes) -> list[Any]:
        """Return the chunks that these bytes complete.

        Raises: APIError for an error that the server sends, StreamError for what cannot be read.
        """
        events = self._decoder.feed(data)
        now = time.monotonic()
        if events:
            self._last_event = now
        elif self._stall is not None and now - self._last_event > self._stall:
            raise StreamStalledError(f"no event for {self._stall:g} s, only heartbeats", **self._details())
        if self._opened.deadline is not None and now > self._opened.deadline:
            raise APITimeoutError("the deadline of the whole call has passed", **self._details())
        chunks: list[Any] = []
        for event in events:
            if self.done:
                break
            if event.data == DONE:
                self.done = True
            elif event.data:
                chunks.append(self._chunk(event))
        return chunks

    def _chunk(self, event: ServerSentEvent) -> Any:
        details = self._details()
        try:
            wire = parse(event.data, "", details)
        except APIResponseError as error:
            if not error.body or event.data.strip() == DONE:
                raise
            raise StreamError(
                f"an event of the stream is not JSON: {event.data[:200]!r}",
                partial=self._total.partial(),
                **{**details, "body": event.data},
            ) from error
        kind = wire.get("type") if isinstance(wire, dict) else None
        told = error_in_body(wire) if isinstance(wire, dict) and wire.get("error") is not None else None
        if told is None and (event.event == "error" or kind == "error") and isinstance(wire, dict):
            told = error_in_body({"error": wire})
        if told is not None and not (kind or "").startswith("response."):
            message, type_, code, param = told
            raise StreamError(
                message,
                partial=self._total.partial(),
                **{**details, "body": wire, "type": type_, "code": code, "param": param},
            )
        if self._settings.envelope:
            wire, kind = {"event": event.event, "data": wire}, event.event
        chunk = typed(self._model, wire, "", details) if kind is None else self._model.from_dict(wire)
        if self._options.strict:
            check(self._settings, "text/event-stream", wire, details)
        self._total.add(chunk)
        if kind is not None and kind in self._settings.terminal:
            self.done = True
        return chunk

    def end(self) -> None:
        """Say that the bytes have ended. Raises StreamIncompleteError where the reply has not."""
        if self.done or (self._total.complete() and not self._decoder.pending):
            return
        if not self._options.require_stream_end and not self._decoder.pending:
            return
        wanted = " or ".join(self._settings.terminal)
        raise StreamIncompleteError(
            f"the stream ended without {wanted or 'its last event'}; what came is in .partial",
            partial=self._total.partial(),
            hint="If this server never sends one, make the client with require_stream_end=False.",
            **self._details(),
        )

    def failure(self, error: BaseException) -> BaseException:
        """Return the error that an exception while reading means for this stream."""
        if isinstance(error, APIError):
            if isinstance(error, StreamError) and error.partial is None:
                error.partial = self._total.partial()
            return error
        found = (
            translate(error, self._details(), deadline=self._opened.deadline) if isinstance(error, Exception) else None
        )
        if found is None:
            return error
        if isinstance(found.error, APITimeoutError):
            if "deadline" in found.error.message:
                return found.error
            told = f"nothing came for {self._stall:g} s" if self._stall is not None else "nothing came"
            return StreamStalledError(told, partial=self._total.partial(), **self._details())
        if isinstance(found.error, APIResponseError):
            return found.error
        return StreamBrokenError(
            f"the connection broke: {found.error.message}", partial=self._total.partial(), **self._details()
        )

    def _details(self) -> dict[str, Any]:
        opened = self._opened
        return {
            "request": opened.info,
            "attempts": opened.attempts,
            "request_sent": True,
            "request_id": opened.headers.get("x-request-id"),
            "status_code": opened.response.status_code,
        }
