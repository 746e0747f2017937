"""Decode the bytes of a stream into typed chunks, errors and the end. No I/O; `Stream` reads the bytes."""

from __future__ import annotations

import re
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
    StreamTooLargeError,
)
from ..errors.body import ErrorFields, error_in_body
from ..errors.redact import redact, request_id
from ..lazy import lazy_function
from ..sse import Decoder
from .accumulate import BATCH, accumulator
from .decode import has_long_digits, looks_like_events, media_type, parse, to_model, validate_strict

if TYPE_CHECKING:
    from ..json_lines import LineDecoder
    from ..options.resolve import Options
    from ..request.spec import EndpointSpec
    from ..service import Service
    from .accumulate import Accumulator
    from .failures import translate
    from .opened import OpenStream
else:  # for a stream that fails
    translate = lazy_function(globals(), ".failures", "translate")

Wire = dict[str, Any]

DONE = b"[DONE]"
_NEVER = float("inf")
#: The fields of an event: servers that write the whole event as data need no envelope around it.
_EVENT = frozenset({"event", "data", "id", "retry"})
_ENDLESS = "If this server never sends one, make the client with require_stream_end=False."
#: llama-cpp-python, for example, sends status 200 and then fails if the prompt is too long.
_FAILED = "The server may have failed as it began: its log says why, or the same call without a stream."
#: How an event stream may begin: a byte order mark, or the name of a field.
_STARTS = (b"\xef\xbb\xbf", b"data", b"event", b"id", b"retry")
#: Bytes that may come before the first event: a byte order mark, and blank lines.
_BLANK = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]*")


def read_whole_stream(opened: OpenStream, body: bytes, options: Options, service: Service) -> Any:
    """Return the reply of a stream that has been read completely. Raises APIError with `partial`, the reply so far."""
    accumulated = accumulator(opened.request, service)
    reader, ready = StreamReader(opened.request.spec, options, accumulated, opened, service.lenient), deque[Any]()
    try:
        reader.feed(body, ready)
        if not reader.done:
            reader.end(ready)
        reply = accumulated.reply()
        if reply is None:
            raise reader.incomplete("the stream held no reply at all")
    except Exception as error:
        raise reader.failure(error) from None
    return reply


def _decoder(spec: EndpointSpec, options: Options, opened: OpenStream) -> Decoder | LineDecoder:
    """Return the decoder of the bytes: of events, or of lines where the document and the response say so."""
    if spec.event_type and media_type(opened.headers.get("content-type", "")) != "text/event-stream":
        from ..json_lines import LineDecoder

        return LineDecoder(options.max_line_bytes)
    return Decoder(options.max_line_bytes, max_event_bytes=options.max_response_bytes)


class StreamReader:
    """Decode bytes into chunks. The event that ends the stream sets `done`.

    `ended_by_server`: the server has ended the stream, perhaps with an error; at most a few bytes follow.
    """

    def __init__(
        self, spec: EndpointSpec, options: Options, accumulator: Accumulator, opened: OpenStream, lenient: str
    ) -> None:
        self._spec, self._options, self._accumulator, self._opened = spec, options, accumulator, opened
        self._read = getattr(spec.model(spec.events), "from_dict", None) or spec.chunk
        self._lenient = lenient  # any event may hold an error; see Service
        self._decoder = decoder = _decoder(spec, options, opened)
        self._raw = decoder.raw
        # A tuple, not a set: the `type` of an event may be an unhashable value.
        self._terminal = tuple(t for t in spec.end_events if t != DONE.decode())
        self._terminals_left = accumulator.terminal_count
        self._stall: float | None = opened.request.options.get("stall_timeout", options.stall_timeout)
        self._silent_since: float | None = None
        self._exact = opened.deadline is not None
        self._strict = options.strict
        self._heartbeats_only = False
        # Bytes before the first event; the body may turn out not to be an event stream.
        self._head: bytearray | None = bytearray() if lenient else None
        self.done = self.ended_by_server = False
        #: The `usage` that an event had last.
        self.usage: Any = None
        #: How many bytes may come before what is kept can be larger than it may be.
        self._unmeasured: float = _NEVER if options.max_response_bytes is None else options.max_response_bytes
        self._may_be_over = False  # what is kept may be too large before that many bytes have arrived
        self._began = False
        self._batch = BATCH if accumulator.keeps else 1  # what is not kept need not wait, either
        self._where = "; the reply so far is in .partial" if accumulator.keeps else ""

    def wait(self) -> None:
        """Set the timeout of the next read. The time that the caller spends between chunks does not count.

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
            raise self._deadline_passed()
        limits = [] if deadline is None else [deadline - now]
        if self._stall is not None and since is not None:
            limits.append(since + self._stall - now)
        self._opened.timeouts["read"] = min(limits) if limits else None
        self._exact = deadline is not None or since != now

    def feed(self, data: bytes, ready: deque[Any]) -> None:
        """Append the chunks that these bytes complete to `ready`, including those before an error.

        Raises: APIError for an error that the server sends, StreamError for an event that cannot be read.
        """
        received = False
        queue, envelope, terminal, required_key = (
            self._accumulator.queue,
            self._spec.envelope,
            self._terminal,
            self._accumulator.required_key,
        )
        event_data, lenient = self._spec.event_data, self._lenient
        for name, text, _, _ in self._raw(data):
            if not text:
                continue
            if text == DONE:
                self._on_done_marker()
                break
            if event_data == "text":
                self._take(text.decode("utf-8", "replace"), ready)
                received = True
                continue
            try:
                wire = orjson.loads(text) if not has_long_digits(text) else self._parse_lenient(name, text)
            except orjson.JSONDecodeError:
                wire = self._parse_lenient(name, text)
            if wire.__class__ is not dict and not envelope:
                if wire is None and lenient:  # llama-server sends null first if the request has several prompts
                    continue
                if event_data != "json":
                    raise self._error("an event of the stream is not an object", body=wire)
                self._take(wire, ready)
                received = True
                continue
            if name == b"error" or (
                lenient and (b'"error"' in text or (required_key is not None and required_key not in wire))
            ):
                self._refuse_error(name, wire)
            if wire.__class__ is dict and (usage := wire.get("usage")) is not None:
                self.usage = usage
            if envelope and (wire.__class__ is not dict or "data" not in wire or not wire.keys() <= _EVENT):
                wire = {"event": name.decode("utf-8", "replace"), "data": wire}
            if self._strict:
                validate_strict(self._spec, "text/event-stream", wire, self.details())
            ready.append(self._read(wire))
            queue.append(wire)
            received = True
            if terminal and wire.get("type") in terminal:
                self._terminals_left -= 1
                reply: Any = wire.get("response")
                if reply.__class__ is dict:
                    self.usage = reply.get("usage")
                if self._terminals_left < 1:
                    self.done = self.ended_by_server = True
                    break
        if len(queue) >= self._batch:
            self._accumulator.absorb()
        self._unmeasured -= len(data)
        if self._unmeasured < 0 or (self.done and self._may_be_over):
            self._measure()
        if received:
            self._silent_since = self._head = None
            self._began = True
        elif not self.done:
            self._on_heartbeat(data)

    def _measure(self) -> None:
        """Measure what is kept. Raises StreamTooLargeError if that is more than a reply may be."""
        limit = self._options.max_response_bytes
        size, count = self._accumulator.size()
        if limit is not None and size > limit:
            raise StreamTooLargeError(
                f"the reply of the stream is larger than max_response_bytes={limit}{self._where}",
                partial=self._accumulator.partial(),
                hint="Raise max_response_bytes=, or read the stream with keep_reply=False, which keeps no reply.",
                **self.details(),
            )
        # To measure takes as long as there are values: the next time is no sooner than as many bytes have arrived, or
        # at the end, so that a reply is too large wherever the network has cut it.
        self._unmeasured = _NEVER if limit is None else max(limit - size, count)
        self._may_be_over = limit is not None and count > limit - size

    def _take(self, wire: Any, ready: deque[Any]) -> None:
        """Take an event that is not an object."""
        ready.append(self._spec.chunk(wire))
        self._accumulator.queue.append(wire)

    def _on_done_marker(self) -> None:
        """Take `[DONE]`. Raises StreamIncompleteError if a terminal event must precede it."""
        self.done = self.ended_by_server = True
        if self._accumulator.needs_terminal and self._options.require_stream_end and not self._accumulator.complete():
            raise self._incomplete()

    def _on_heartbeat(self, data: bytes) -> None:
        """Take bytes that complete no event. Each further read gets what remains of stall_timeout."""
        if self._head is not None:
            self._head += data
            if blank := _BLANK.match(self._head):  # drop them, so that no later read searches them again
                del self._head[: blank.end()]
            limit = self._options.max_line_bytes
            if (limit is not None and len(self._head) > limit) or looks_like_events(self._head):
                self._head = None
        self._exact = self._heartbeats_only = True
        now = time.monotonic()
        if self._stall is not None and self._silent_since is not None and now - self._silent_since >= self._stall:
            raise self._stalled()

    def _parse_lenient(self, name: bytes | bytearray, text: bytes | bytearray) -> Any:
        """Decode JSON that orjson refuses: with NaN, integers over 64 bits, or bytes that are not UTF-8."""
        data = text.decode("utf-8", "replace")
        try:
            return parse(data, "", {})
        except APIResponseError as error:
            if name == b"error":
                raise self._error(data[:500], body=data) from None
            # Text after `[DONE]` in the same event: the server has finished, but this is not the end marker.
            self.ended_by_server = data.startswith("[DONE]")
            raise self._error(f"an event of the stream is not JSON ({len(text)} bytes, in .body)", body=data) from error

    def _refuse_error(self, name: bytes | bytearray, wire: Wire) -> None:
        """Raise StreamError if the event is an error. Events whose type begins with `response.` are none.

        Where the document says so, an event with a type is none either.
        """
        kind = wire.get("type")
        if isinstance(kind, str) and (self._spec.error_events or kind.startswith("response.")):
            return
        found: ErrorFields | None = None
        if wire.get("error") is not None or self._accumulator.required_key is not None:
            found = error_in_body(wire)
        if found is None and (name == b"error" or kind == "error"):
            found = error_in_body({"error": wire})
        if found is not None:
            message, type_, code, param = found
            raise self._error(message, body=wire, type=type_, code=code, param=param)

    def end(self, ready: deque[Any]) -> None:
        """Take the end of the bytes. Raises StreamIncompleteError if the reply is not complete."""
        if self._head and not self._cut_in_first_field():
            ready.extend(self._unstreamed_reply(bytes(self._head)))
            return
        if self._spec.ends_on_close and self._decoder.pending:
            self.feed(b"\n\n", ready)
        if self._may_be_over:
            self._measure()
        if self._spec.ends_on_close:  # the document names no terminal event, so the end of the bytes is the end
            return
        if self._decoder.pending:
            # Some servers omit the blank line after the last event. `[DONE]` is complete without it.
            last = self._raw(b"\n\n")
            if last and last[-1][1] == DONE:
                self._on_done_marker()
                return
        elif self._accumulator.complete() or not self._options.require_stream_end:
            return
        raise self._incomplete()

    def _cut_in_first_field(self) -> bool:
        """Return whether an event stream, by its media type, was cut within the name of its first field."""
        head = bytes(self._head or b"").strip().removeprefix(_STARTS[0])
        is_prefix = any(start.startswith(head) for start in _STARTS)
        return is_prefix and media_type(self._opened.headers.get("content-type", "")) == "text/event-stream"

    def _unstreamed_reply(self, content: bytes) -> list[Any]:
        """Return the chunks of a reply that arrived whole, without a single event. Raises APIResponseError."""
        kind, details = media_type(self._opened.headers.get("content-type", "")), self.details()
        wire = parse(content, kind, details)
        reply = to_model(self._spec.model(self._opened.request.reply), wire, kind, details, lenient=self._lenient)
        return [self._spec.chunk(chunk) for chunk in self._accumulator.take_whole_reply(reply)]

    def _incomplete(self) -> StreamIncompleteError:
        wanted = " or ".join(self._spec.end_events)
        if self._empty():
            return self.incomplete("the stream ended before its first event")
        return self.incomplete(f"the stream ended without {wanted or 'its last event'}{self._where}")

    def _empty(self) -> bool:
        """Return whether nothing of a reply has arrived."""
        return self._accumulator.partial() is None if self._accumulator.keeps else not self._began

    def incomplete(self, message: str) -> StreamIncompleteError:
        """Return the error of a stream that is not complete."""
        partial = self._accumulator.partial()
        return StreamIncompleteError(
            message, partial=partial, hint=_FAILED if self._empty() else _ENDLESS, **self.details()
        )

    def failure(self, error: BaseException) -> BaseException:
        """Translate an exception raised while reading into an error of this stream, without the key."""
        found = self._failure(error)
        if isinstance(found, APIError):
            redact(found, self._opened.secrets())
        return found

    def _failure(self, error: BaseException) -> BaseException:
        if isinstance(error, StreamError) and error.request is None:  # raised by the decoder or the accumulator
            # The decoder's limit of an event is the client's of a reply.
            return self._error(error.message.replace("max_event_bytes", "max_response_bytes"), body=error.body)
        if isinstance(error, RecursionError):
            return self._error("an event of the stream is nested too deeply")
        if isinstance(error, APIError) or not isinstance(error, Exception):
            return error
        found = translate(error, self.details(), deadline=self._opened.deadline)
        if found is None:
            return error
        if isinstance(found.error, APITimeoutError):
            if self._opened.deadline is not None and time.monotonic() >= self._opened.deadline - 0.01:
                return self._deadline_passed()
            return self._stalled()
        if isinstance(found.error, APIResponseError):
            return found.error
        return StreamBrokenError(
            f"the connection broke: {found.error.message}", partial=self._accumulator.partial(), **self.details()
        )

    def closed(self) -> StreamIncompleteError:
        """Return the error of a stream that another thread or task closed while it was read."""
        message = f"the stream was closed by another thread or task while it was read{self._where}"
        return StreamIncompleteError(message, partial=self._accumulator.partial(), **self.details())

    def _stalled(self) -> StreamStalledError:
        what = "only heartbeats came" if self._heartbeats_only else "nothing came"
        limit = f" for {self._stall:g} s (stall_timeout)" if self._stall is not None else ""
        return StreamStalledError(f"{what}{limit}", partial=self._accumulator.partial(), **self.details())

    def _deadline_passed(self) -> StreamDeadlineError:
        message = f"the deadline of the whole call has passed{self._where}"
        return StreamDeadlineError(message, partial=self._accumulator.partial(), **self.details())

    def _error(self, message: str, **more: Any) -> StreamError:
        return StreamError(message, partial=self._accumulator.partial(), **{**self.details(), **more})

    def details(self) -> dict[str, Any]:
        """Return the arguments that every error of this stream has."""
        opened = self._opened
        return {
            "request": opened.info(),
            "attempts": opened.attempts,
            "request_sent": True,
            "request_id": request_id(opened.headers),
            "status_code": opened.response.status_code,
        }
