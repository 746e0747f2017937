"""What the bytes of a stream mean: typed chunks, errors, and the end. Pure; `streaming` reads the bytes."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

import orjson

from ..errors import (
    APIError,
    APIResponseError,
    APITimeoutError,
    StreamBrokenError,
    StreamDeadlineError,
    StreamError,
    StreamIncompleteError,
    StreamStalledError,
)
from ..errors.body import ErrorFields, error_in_body
from ..errors.redact import redact, request_id
from ..sse import Decoder
from .accumulate import BATCH, accumulator
from .decode import has_long_digits, looks_like_events, media_type, parse, to_model, validate_strict
from .failures import translate

if TYPE_CHECKING:
    from ..options.resolve import Options
    from ..request.spec import EndpointSpec
    from ..service import Service
    from .accumulate import Accumulator
    from .opened import OpenStream

Wire = dict[str, Any]

DONE = b"[DONE]"
_ENDLESS = "If this server never sends one, make the client with require_stream_end=False."
#: Of a server whose program broke after it had said 200, as llama-cpp-python's does with a prompt that is too long.
_FAILED = "The server may have failed as it began: its log says why, or the same call without a stream."
#: What a stream may begin with: a byte order mark, the name of a field.
_STARTS = (b"\xef\xbb\xbf", b"data", b"event", b"id", b"retry")


def _begins(data: bytearray) -> bool:
    """Tell whether a stream of events has begun, were it with a heartbeat."""
    return data[:1] == b":" or looks_like_events(data)


def read_whole_stream(opened: OpenStream, body: bytes, options: Options, service: Service) -> Any:
    """Return the reply that a whole stream stands for. Raises APIError, with what came in `partial`."""
    total = accumulator(opened.request, service)
    reader, ready = StreamReader(opened.request.spec, options, total, opened, service.lenient), deque[Any]()
    try:
        reader.feed(body, ready)
        if not reader.done:
            reader.end(ready)
        reply = total.reply()
        if reply is None:
            raise reader.incomplete("the stream held no reply at all")
    except Exception as error:
        raise reader.failure(error) from None
    return reply


class StreamReader:
    """Turn bytes into chunks. `done` is set by the event that ends the stream.

    `ended_by_server`: the server has ended the stream, perhaps with an error; little is left to read.
    """

    def __init__(
        self, spec: EndpointSpec, options: Options, total: Accumulator, opened: OpenStream, lenient: bool
    ) -> None:
        self._spec, self._options, self._accumulator, self._opened = spec, options, total, opened
        self._read = getattr(spec.model(spec.events), "from_dict", None) or spec.chunk
        self._lenient = lenient  # any event may say an error; see Service
        self._raw = (decoder := Decoder(options.max_line_bytes)).raw
        self._decoder = decoder
        # A tuple: what servers give as the type may be of any kind, and a set cannot be asked for a list.
        self._terminal = tuple(t for t in spec.end_events if t != DONE.decode())
        self._ends = total.terminal_count
        self._stall: float | None = opened.request.options.get("stall_timeout", options.stall_timeout)
        self._silent_since: float | None = None
        self._exact = opened.deadline is not None
        self._strict = options.strict
        self._heartbeats_only = False
        # Bytes before the first event; the body may turn out not to be an event stream.
        self._head: bytearray | None = bytearray() if lenient else None
        self.done = self.ended_by_server = False

    def wait(self) -> None:
        """Set the time that the next read may take. Only waiting counts: not what the caller does between chunks.

        Raises: StreamDeadlineError once the deadline has passed.
        """
        now = time.monotonic()
        if self._silent_since is None:
            self._silent_since, self._heartbeats_only = now, False
        if self._exact:
            self._limit(now)

    def _limit(self, now: float) -> None:
        deadline, since = self._opened.deadline, self._silent_since
        if deadline is not None and now >= deadline:
            raise self._too_late()
        limits = [] if deadline is None else [deadline - now]
        if self._stall is not None and since is not None:
            limits.append(since + self._stall - now)
        self._opened.timeouts["read"] = min(limits) if limits else None
        self._exact = deadline is not None or since != now

    def feed(self, data: bytes, ready: deque[Any]) -> None:
        """Append the chunks that these bytes complete to `ready`, those before an error too.

        Raises: APIError for an error that the server sends, StreamError for what cannot be read.
        """
        heard = False
        queue, envelope, terminal, required_key = (
            self._accumulator.queue,
            self._spec.envelope,
            self._terminal,
            self._accumulator.required_key,
        )
        piece, lenient = self._spec.event_data, self._lenient
        for name, text, _, _ in self._raw(data):
            if not text:
                continue
            if text == DONE:
                self._on_done_marker()
                break
            if piece == "text":
                self._take(text.decode("utf-8", "replace"), ready)
                heard = True
                continue
            try:
                wire = orjson.loads(text) if not has_long_digits(text) else self._parse_lenient(name, text)
            except orjson.JSONDecodeError:
                wire = self._parse_lenient(name, text)
            if wire.__class__ is not dict:
                if wire is None and lenient:  # llama-server begins so where a stream answers several prompts
                    continue
                if piece != "json":
                    raise self._error("an event of the stream is not an object", body=wire)
                self._take(wire, ready)
                heard = True
                continue
            if name == b"error" or (
                lenient and (b'"error"' in text or (required_key is not None and required_key not in wire))
            ):
                self._refuse_error(name, wire)
            if envelope:
                wire = {"event": name.decode("utf-8", "replace"), "data": wire}
            if self._strict:
                validate_strict(self._spec, "text/event-stream", wire, self.details())
            ready.append(self._read(wire))
            queue.append(wire)
            heard = True
            if terminal and wire.get("type") in terminal:
                self._ends -= 1
                if self._ends < 1:
                    self.done = self.ended_by_server = True
                    break
        if len(queue) >= BATCH:
            self._accumulator.absorb()
        if heard:
            self._silent_since = self._head = None
        elif not self.done:
            self._on_heartbeat(data)

    def _take(self, wire: Any, ready: deque[Any]) -> None:
        """Take an event that is no object."""
        ready.append(self._spec.chunk(wire))
        self._accumulator.queue.append(wire)

    def _on_done_marker(self) -> None:
        """Take `[DONE]`. Raises StreamIncompleteError where something else must come before it."""
        self.done = self.ended_by_server = True
        if self._accumulator.needs_terminal and self._options.require_stream_end and not self._accumulator.complete():
            raise self._incomplete()

    def _on_heartbeat(self, data: bytes) -> None:
        """Note a read that brought no event, only a heartbeat: from now on the limit of each read is worked out."""
        if self._head is not None:
            self._head += data
            most = self._options.max_line_bytes
            if (most is not None and len(self._head) > most) or _begins(self._head):
                self._head = None
        self._exact = self._heartbeats_only = True
        now = time.monotonic()
        if self._stall is not None and self._silent_since is not None and now - self._silent_since >= self._stall:
            raise self._stalled()

    def _parse_lenient(self, name: bytes | bytearray, text: bytes | bytearray) -> Any:
        """Return what is JSON in a wider sense: with NaN, huge numbers, or bytes that are no UTF-8."""
        told = text.decode("utf-8", "replace")
        try:
            return parse(told, "", {})
        except APIResponseError as error:
            if name == b"error":
                raise self._error(told[:500], body=told) from None
            # A server that sends this ends its reply; but what it says is not what ends a stream.
            self.ended_by_server = told.startswith("[DONE]")
            raise self._error(f"an event of the stream is not JSON ({len(text)} bytes, in .body)", body=told) from error

    def _refuse_error(self, name: bytes | bytearray, wire: Wire) -> None:
        """Raise the error that an event may be. Types of the Responses API say for themselves what they are."""
        kind = wire.get("type")
        if isinstance(kind, str) and kind.startswith("response."):
            return
        told: ErrorFields | None = None
        if wire.get("error") is not None or self._accumulator.required_key is not None:
            told = error_in_body(wire)
        if told is None and (name == b"error" or kind == "error"):
            told = error_in_body({"error": wire})
        if told is not None:
            message, type_, code, param = told
            raise self._error(message, body=wire, type=type_, code=code, param=param)

    def end(self, ready: deque[Any]) -> None:
        """Say that the bytes have ended. Raises StreamIncompleteError where the reply has not."""
        if self._head and not self._cut_in_first_field():
            ready.extend(self._unstreamed_reply(bytes(self._head)))
            return
        if self._spec.ends_on_close:  # nothing says how it ends: its end is its end
            if self._decoder.pending:
                self.feed(b"\n\n", ready)
            return
        if self._decoder.pending:
            # Some servers forget the blank line after the last event of all; nothing can be cut from this one.
            last = self._raw(b"\n\n")
            if last and last[-1][1] == DONE:
                self._on_done_marker()
                return
        elif self._accumulator.complete() or not self._options.require_stream_end:
            return
        raise self._incomplete()

    def _cut_in_first_field(self) -> bool:
        """Tell whether what came of a stream, as its content type says, is less than the name of its first field."""
        head = bytes(self._head or b"").strip().removeprefix(_STARTS[0])
        begun = any(start.startswith(head) for start in _STARTS)
        return begun and media_type(self._opened.headers) == "text/event-stream"

    def _unstreamed_reply(self, content: bytes) -> list[Any]:
        """Return the chunks that a whole reply stands for; it came without a single event. Raises APIResponseError."""
        kind, details = media_type(self._opened.headers), self.details()
        wire = parse(content, kind, details)
        reply = to_model(self._spec.model(self._opened.request.reply), wire, kind, details)
        return [self._spec.chunk(piece) for piece in self._accumulator.instead(reply)]

    def _incomplete(self) -> StreamIncompleteError:
        wanted = " or ".join(self._spec.end_events)
        if self._accumulator.partial() is None:
            return self.incomplete("the stream ended before its first event")
        return self.incomplete(f"the stream ended without {wanted or 'its last event'}; what came is in .partial")

    def incomplete(self, message: str) -> StreamIncompleteError:
        """Return the error of a stream that is not complete."""
        partial = self._accumulator.partial()
        return StreamIncompleteError(
            message, partial=partial, hint=_FAILED if partial is None else _ENDLESS, **self.details()
        )

    def failure(self, error: BaseException) -> BaseException:
        """Return the error that an exception while reading means for this stream, without the key."""
        found = self._failure(error)
        if isinstance(found, APIError):
            redact(found, self._opened.secrets())
        return found

    def _failure(self, error: BaseException) -> BaseException:
        if isinstance(error, StreamError) and error.request is None:  # of the decoder or the accumulator
            return self._error(error.message, body=error.body)
        if isinstance(error, RecursionError):
            return self._error("an event of the stream is nested too deeply")
        if isinstance(error, APIError) or not isinstance(error, Exception):
            return error
        found = translate(error, self.details(), deadline=self._opened.deadline)
        if found is None:
            return error
        if isinstance(found.error, APITimeoutError):
            if self._opened.deadline is not None and time.monotonic() >= self._opened.deadline - 0.01:
                return self._too_late()
            return self._stalled()
        if isinstance(found.error, APIResponseError):
            return found.error
        return StreamBrokenError(
            f"the connection broke: {found.error.message}", partial=self._accumulator.partial(), **self.details()
        )

    def closed(self) -> StreamIncompleteError:
        """Return the error of a stream that somebody closed under its reader."""
        told = "the stream was closed by another thread or task while it was read; what came is in .partial"
        return StreamIncompleteError(told, partial=self._accumulator.partial(), **self.details())

    def _stalled(self) -> StreamStalledError:
        what = "only heartbeats came" if self._heartbeats_only else "nothing came"
        limit = f" for {self._stall:g} s (stall_timeout)" if self._stall is not None else ""
        return StreamStalledError(f"{what}{limit}", partial=self._accumulator.partial(), **self.details())

    def _too_late(self) -> StreamDeadlineError:
        told = "the deadline of the whole call has passed; what came is in .partial"
        return StreamDeadlineError(told, partial=self._accumulator.partial(), **self.details())

    def _error(self, message: str, **more: Any) -> StreamError:
        return StreamError(message, partial=self._accumulator.partial(), **{**self.details(), **more})

    def details(self) -> dict[str, Any]:
        """Return what every error of this stream can tell."""
        opened = self._opened
        return {
            "request": opened.info,
            "attempts": opened.attempts,
            "request_sent": True,
            "request_id": request_id(opened.headers),
            "status_code": opened.response.status_code,
        }
