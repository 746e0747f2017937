"""HTTP/1.1 as bytes (RFC 9112): the head of a request, and where a response begins and ends. Pure.

The parser is strict where leniency could mix up two responses: conflicting lengths, bad chunk sizes, bytes after the
end. It is lenient where servers differ without harm: bare line feeds, missing reason phrases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ..validators import TOKEN
from .errors import MalformedError, TruncatedError

#: The maximum size in bytes of a response's head, and of its trailers.
HEAD_LIMIT = 100 * 1024
_LINE_LIMIT = 4096
_STATUS = re.compile(r"HTTP/1\.([01]) ([1-9][0-9]{2})(?: ([^\r\n]*))?\r?(?:\n|$)")
# These patterns begin with one literal character, which the regular expression engine finds fast.
_BLANK = re.compile(rb"\n\r?\n")
_HEADER = re.compile(rf"\n([{re.escape(TOKEN)}]+):[ \t]*([^\r\n]*)")
#: The white space around values. str.strip() would remove NBSP or a form feed too (RFC 9110, section 5.6.3).
_SPACE = " \t"
#: Headers that define the end of the body and of the connection.
_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
# The ways in which a body ends, and the states of a chunked body.
_LENGTH, _CLOSE, _CHUNKED = range(3)
_SIZE, _DATA, _AFTER, _TRAILERS = range(4)


@cache
def _chunk_line() -> re.Pattern[bytes]:
    """Return the pattern of the line before a chunk; it is compiled for the first chunked response."""
    return re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?")


def request_head(method: str, target: str, host: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Return the head of a request. The caller has checked that no part holds a line break."""
    start = f"{method} {target} HTTP/1.1\r\nHost: {host}"
    return "\r\n".join([start, *map(": ".join, headers), "\r\n"]).encode("latin-1")


class Parser:
    """Read one response: call `head` until it returns True, then `body` with the next bytes until `done`."""

    __slots__ = (
        "_buffer", "_left", "_mode", "_state", "_trailers", "done", "excess", "has_framing", "headers", "keep_alive",
        "reason", "started", "status",
    )  # fmt: skip

    def __init__(self) -> None:
        self._buffer: bytes | bytearray = b""
        self._mode, self._state, self._left, self._trailers = _LENGTH, _SIZE, 0, 0
        self.status, self.reason = 0, ""
        self.headers: list[tuple[str, str]] = []
        #: Whether any byte has arrived.
        self.started = False
        #: `keep_alive`: the connection may carry another request; `excess`: bytes follow the response; `done`: the
        #: response is complete; `has_framing`: it marks its own end, rather than by closing the connection.
        self.keep_alive, self.excess, self.done, self.has_framing = False, False, False, True

    def head(self, data: bytes, *, bodiless: bool = False) -> bool:
        """Parse bytes of the head; return True once it is complete.

        Interim responses (100, 103) are skipped. Raises MalformedError.
        """
        self.started = True
        buffer: bytes | bytearray = data
        at = searched = 0
        if self._buffer:
            # Search only new bytes, and extend the buffer in place: linear time for pieces of any size.
            searched = max(0, len(self._buffer) - 2)
            self._buffer += data
            buffer = self._buffer
        while True:
            # A bare line feed also ends a line: RFC 9112, section 2.2, allows that. The first blank line ends the head,
            # whichever line ends it has, so that the segments of TCP do not matter.
            blank = _BLANK.search(buffer, searched)
            end = len(buffer) if blank is None else blank.start()
            if blank is None and not buffer.startswith(b"HTTP/"[: end - at], at):
                raise MalformedError("the server did not send an HTTP response")
            if end - at > HEAD_LIMIT:
                raise MalformedError(f"the response's headers are larger than {HEAD_LIMIT:,} bytes")
            if blank is None:
                self._buffer = bytearray(buffer[at:]) if at or buffer is data else buffer
                return False
            self._lines(buffer[at:end].decode("latin-1").removesuffix("\r"))
            at = searched = blank.end()
            if self.status == 101:
                raise MalformedError("the server switched protocols without a request to do so")
            if self.status >= 200:
                break
        self._buffer = bytes(buffer[at:])
        if bodiless or self.status in (204, 304):
            self._mode, self._left = _LENGTH, 0
        elif self._mode == _CLOSE:
            self.keep_alive, self.has_framing = False, False
        if self._mode == _LENGTH and not self._left:
            self.done, self.excess = True, bool(self._buffer)
        return True

    def take_buffered(self) -> bytes:
        """Return the bytes that arrived after the head; pass them to `body`."""
        rest, self._buffer = self._buffer, b""
        return bytes(rest)

    def body(self, data: bytes) -> bytes:
        """Take the next bytes and return the part of the body in them. Raises MalformedError."""
        if self._mode == _CLOSE:
            return data
        if self._mode == _CHUNKED:
            return self._chunks(data)
        size = len(data)
        if size > self._left:
            data, self.excess = data[: self._left], True
        self._left -= len(data)
        self.done = not self._left
        return data

    def end(self, *, truncated: bool = False) -> None:
        """Handle the end of the connection. Raises TruncatedError unless it ends the body."""
        if self.done:
            return
        if self._mode != _CLOSE:
            left = f", {self._left:,} bytes short" if self._mode == _LENGTH else ""
            raise TruncatedError(f"the connection was closed in the middle of the response{left}")
        if truncated:
            raise TruncatedError("the TLS connection ended without close_notify: the response may have been cut short")
        self.done = True

    def _lines(self, text: str) -> None:
        if "\0" in text or text.count("\r") != text.count("\r\n"):
            raise MalformedError("the response's headers contain a control character")
        if "\n " in text or "\n\t" in text:  # obsolete folding: RFC 9112, section 5.2
            if re.match(r"[^\n]*\n[ \t]", text):  # section 2.2: other readers skip this line
                raise MalformedError("white space follows the status line of the response")
            text = re.sub(r"\n[ \t]+", " ", text.replace("\r", ""))
        status = _STATUS.match(text)
        if status is None:
            raise MalformedError("the response does not begin with a status line of HTTP/1")
        self.headers = [(name.lower(), value.rstrip(_SPACE)) for name, value in _HEADER.findall(text)]
        if len(self.headers) != text.count("\n"):
            raise MalformedError("a line of the response's headers has no header name")
        framing: dict[str, list[str]] = {}
        for name, value in self.headers:
            if name in _FRAMING:
                framing.setdefault(name, []).append(value)
        self.status, self.reason = int(status[2]), status[3] or ""
        connection = ",".join(framing.get("connection", ())).lower()
        closes = "close" in connection and "close" in [word.strip(_SPACE) for word in connection.split(",")]
        self.keep_alive = status[1] == "1" and not closes
        lengths = framing.get("content-length")
        coding = ",".join(framing.get("transfer-encoding", ())).lower()
        self._frame(None if lengths is None else ",".join(lengths), coding)

    def _frame(self, length: str | None, coding: str) -> None:
        """Decide where the body ends (RFC 9112, section 6.3)."""
        self._left, known = 0, None
        if length is not None:
            lengths = {one.strip(_SPACE) for one in length.split(",")} if "," in length else {length}
            one = lengths.pop()
            if lengths or not (one.isascii() and one.isdigit() and len(one) < 19):
                raise MalformedError("the response has conflicting or unreadable Content-Length headers")
            known = int(one)
        if coding:
            if coding != "chunked":
                raise MalformedError("the response has a transfer encoding other than chunked")
            self._mode = _CHUNKED
            if known is not None:  # a sign of request smuggling: do not reuse the connection
                self.keep_alive = False
        elif known is not None:
            self._mode, self._left = _LENGTH, known
        else:
            self._mode = _CLOSE

    def _chunks(self, data: bytes) -> bytes:
        if self._buffer:
            # The start of a line, or of the line end after a chunk; search only new bytes, as above.
            searched = len(self._buffer) - 1
            self._buffer += data
            line = self._state != _AFTER and len(self._buffer) <= _LINE_LIMIT
            if line and self._buffer.find(b"\r\n", searched) < 0:
                return b""
            data, self._buffer = bytes(self._buffer), b""
        found: list[bytes] = []
        at, size, state = 0, len(data), self._state
        chunk_line = _chunk_line()
        while not self.done:
            if state == _DATA:
                piece = data[at : at + self._left]
                found.append(piece)
                at += len(piece)
                self._left -= len(piece)
                if self._left:
                    break
                state = _AFTER
            elif state == _AFTER:
                if not b"\r\n".startswith(data[at : at + 2]):
                    raise MalformedError("a chunk of the response is longer than its size says")
                if size - at < 2:
                    break
                at, state = at + 2, _SIZE
            else:
                end = data.find(b"\r\n", at)
                if (end if end >= 0 else size) - at > _LINE_LIMIT:
                    raise MalformedError("a line between the chunks of the response is too long")
                if end < 0:
                    break
                if state == _SIZE:
                    match = chunk_line.fullmatch(data, at, end)
                    if match is None:
                        raise MalformedError("the size of a chunk is not a number")
                    self._left = int(match[1], 16)
                    state = _DATA if self._left else _TRAILERS
                elif end == at:
                    self.done, self.excess = True, size > end + 2
                else:
                    self._trailers += end - at
                    if self._trailers > HEAD_LIMIT:
                        raise MalformedError("the response's trailers are too large")
                at = end + 2
        self._state = state
        if at < size and not self.done:
            self._buffer = bytearray(data[at:])
        return found[0] if len(found) == 1 else b"".join(found)
