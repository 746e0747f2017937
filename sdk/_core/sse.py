"""Decode server-sent events from bytes. Pure: no I/O, no clock, no JSON.

Source: WHATWG HTML, sections 9.2.5 and 9.2.6 (https://html.spec.whatwg.org/multipage/server-sent-events.html).
"""

import attrs

from .errors import ConfigError, StreamError
from .public import expose
from .validators import LARGEST, number_problem

_BOM = b"\xef\xbb\xbf"
_LF, _CR = b"\n\r"
# Longer than any sensible wait, and shorter than the limit of int() for digits.
_RETRY_DIGITS = 18

#: An event before its bytes are decoded: name (b"" when unnamed), data, current last event ID, retry.
Raw = tuple[bytes | bytearray, bytes | bytearray, str, int | None]


# Not frozen: a frozen attrs class takes three times as long to build, once per event.
@attrs.define
class ServerSentEvent:
    """One dispatched event.

    `event` is "message" when unnamed. `id` is the current last event ID, "" without one. `retry` is the
    reconnection time in milliseconds that the block of this event sets, else None.
    """

    event: str
    data: str
    id: str = ""
    retry: int | None = None


class Decoder:
    """Decode the bytes of one stream into events; the boundaries of the chunks do not matter.

    `max_line_bytes` limits one line without its end, `max_event_bytes` the data of one event (None: no limit), so that
    a server that never ends either cannot fill the memory.
    Raises: ConfigError for a limit that is not a whole number above 0.
    """

    __slots__ = (
        "_data",
        "_error",
        "_event",
        "_id",
        "_idle",
        "_max_event",
        "_max_line",
        "_retry",
        "_skip_lf",
        "_start",
        "_tail",
    )

    def __init__(
        self, max_line_bytes: int | None = 16 * 1024 * 1024, *, max_event_bytes: int | None = 512 * 1024 * 1024
    ) -> None:
        for name, limit in (("max_line_bytes", max_line_bytes), ("max_event_bytes", max_event_bytes)):
            if limit is not None and not (limit.__class__ is int and 0 < limit <= LARGEST):
                raise ConfigError(f"{name} {number_problem(limit, whole=True, least=1)}")
        self._max_line = max_line_bytes
        self._max_event = max_event_bytes
        self._start: bytes | None = b""  # bytes that may be the start of a BOM; None after the check
        self._skip_lf = False  # the last chunk ended in CR: an LF now belongs to it
        self._tail = bytearray()  # a line whose end has not arrived
        self._data: bytes | bytearray | None = None  # None: no data line yet; a bytearray from the second one on
        self._event = b""
        self._id = ""
        self._retry: int | None = None
        self._error: str | None = None
        self._idle = False  # the buffers are empty: the next byte begins an event

    @property
    def pending(self) -> bool:
        """Whether the buffers hold part of an event: an unfinished line, or a block without its blank line.

        A complete comment, id or retry line does not count: nothing is lost if the stream ends after it.
        """
        return bool(self._start or self._tail or self._data is not None or self._event or self._error)

    def feed(self, chunk: bytes) -> list[ServerSentEvent]:
        """Decode the next bytes and return the events that they complete.

        Raises StreamError once a line or an event exceeds its limit. Events that are complete before it are returned
        first, and the next call raises: the same bytes give the same events, whatever the chunks.
        """
        return [
            # UTF-8 is decoded per event: no line end occurs inside a character, so no character is split.
            ServerSentEvent(
                name.decode("utf-8", "replace") if name else "message", data.decode("utf-8", "replace"), last_id, retry
            )
            for name, data, last_id, retry in self.raw(chunk)
        ]

    def raw(self, chunk: bytes) -> list[Raw]:
        """Decode like `feed`, but return the bytes of each event undecoded, for a JSON parser, which takes UTF-8."""
        if self._error is not None:
            raise StreamError(self._error)
        if chunk.__class__ is not bytes:
            chunk = bytes(_buffer(chunk))
        if self._idle and chunk[-2:] == b"\n\n" and b"\r" not in chunk:
            limit = self._max_line
            if limit is None or len(chunk) <= limit:
                return self._blocks(chunk)
        if self._start is not None:
            chunk = self._strip_bom(chunk)
        if self._skip_lf and chunk:
            self._skip_lf = False
            if chunk[0] == _LF:
                chunk = chunk[1:]
        if not chunk:
            return []
        lines = chunk.splitlines()  # bytes.splitlines() splits at CR, LF and CRLF only
        last = chunk[-1]
        rest = b""
        if last == _CR:
            self._skip_lf = True
        elif last != _LF:
            rest = lines.pop()
        if self._tail and lines:
            # Only new bytes are searched for a line end, and the tail grows in place: linear time for any chunks.
            self._tail += lines[0]
            lines[0] = bytes(self._tail)
            self._tail.clear()
        limit = self._max_line
        if limit is not None and lines and (len(chunk) > limit or len(lines[0]) > limit):
            for number, line in enumerate(lines):
                if len(line) > limit:
                    return self._fail(self._lines(lines[:number]), _over("line", "max_line_bytes", limit))
        events = self._lines(lines)
        if rest and self._error is None:
            if limit is not None and len(self._tail) + len(rest) > limit:
                return self._fail(events, _over("line", "max_line_bytes", limit))
            self._tail += rest
        held = self._data is not None or self._retry is not None
        self._idle = not (rest or self._skip_lf or held or self._event or self._tail)
        return events

    def _blocks(self, chunk: bytes) -> list[Raw]:
        """Decode bytes that hold only complete events, as servers that write one event at a time send them."""
        events: list[Raw] = []
        for block in chunk[:-2].split(b"\n\n"):
            name, data = b"", block
            if block[:7] == b"event: ":
                name, _, data = block.partition(b"\n")
                name = name[7:]
            if data[:6] == b"data: " and b"\n" not in data:
                events.append((name, data[6:], self._id, None))
                continue
            if not block:  # blank lines only
                continue
            # Any other block, with the blank line that split() removed. An empty first line is the second of two blank
            # lines.
            events += self._lines([*block.split(b"\n"), b""])
            if self._error is not None:
                self._idle = False
                break
        return events

    def _strip_bom(self, chunk: bytes) -> bytes:
        """Remove one leading BOM; keep the bytes back while they may be the start of one."""
        held = (self._start or b"") + chunk
        if len(held) < len(_BOM) and _BOM.startswith(held):
            self._start = held
            return b""
        self._start = None
        return held.removeprefix(_BOM)

    def _lines(self, lines: list[bytes]) -> list[Raw]:
        """Process complete lines in order."""
        events: list[Raw] = []
        data, event = self._data, self._event
        for line in lines:
            if not line:
                if data is not None:
                    events.append((event, data, self._id, self._retry))
                    data = None
                event = b""
                self._retry = None
                continue
            if line[:6] == b"data: ":  # nearly every line
                value = line[6:]
            elif line[:7] == b"event: ":
                event = line[7:]
                continue
            else:
                name, _, value = line.partition(b":")
                if value[:1] == b" ":
                    value = value[1:]
                if name != b"data":
                    if name == b"event":
                        event = value
                    else:
                        self._other(name, value)
                    continue
            if data is None:
                data = value
            else:
                if isinstance(data, bytes):
                    data = bytearray(data)
                data += b"\n"
                data += value
                if self._max_event is not None and len(data) > self._max_event:
                    return self._fail(events, _over("event", "max_event_bytes", self._max_event))
        self._data, self._event = data, event
        return events

    def _other(self, name: bytes, value: bytes) -> None:
        """Process a line that is neither data nor event; a comment has an empty name."""
        if name == b"id":
            if b"\0" not in value:
                self._id = value.decode("utf-8", "replace")
        elif name == b"retry" and value.isdigit() and len(value) <= _RETRY_DIGITS:  # bytes.isdigit(): ASCII digits only
            self._retry = int(value)

    def _fail(self, events: list[Raw], message: str) -> list[Raw]:
        """Clear the buffers; raise now, or at the next call if there are events to return first."""
        self._data, self._event, self._tail, self._idle = None, b"", bytearray(), False
        # An event limit that was exceeded in the same chunk comes first in the stream: keep it.
        self._error = self._error or message
        if events:
            return events
        raise StreamError(self._error)


_BUFFERS = (bytes, bytearray, memoryview)


def _buffer(chunk: object) -> bytearray | memoryview | bytes:
    """Return what bytes can be made of; a str, or a list of numbers, are other things."""
    if not isinstance(chunk, _BUFFERS):
        raise TypeError(f"the decoder takes bytes, not {type(chunk).__name__}")
    return chunk


def _over(what: str, option: str, limit: int) -> str:
    return f"one {what} of the stream is longer than {limit} bytes ({option})"


expose(globals(), "sse")
