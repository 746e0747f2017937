"""Read a response of HTTP/1.1 with the parser of this package, and with h11."""

from __future__ import annotations

import h11

from sdk._core.http.errors import MalformedError, TruncatedError
from sdk._core.http.http11 import Parser

Read = tuple[int, list[tuple[str, str]], bytes] | str


def read(pieces: list[bytes]) -> Read:
    """Read a response that comes in pieces and then ends: (status, headers, body), or what is wrong."""
    parser, body, headed = Parser(), b"", False
    try:
        for piece in pieces:
            if parser.done:
                break
            if headed:
                body += parser.body(piece)
            elif parser.head(piece):
                headed = True
                rest = parser.take_buffered()
                body += parser.body(rest) if rest else b""
        if not headed:
            return "broken"
        parser.end()
    except (MalformedError, TruncatedError):
        return "broken"
    return parser.status, parser.headers, body


def read_by_h11(data: bytes) -> Read:
    """Read the same with h11."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    status, headers, body = 0, [], b""
    try:
        connection.receive_data(data)
        connection.receive_data(b"")
        while True:
            event = connection.next_event()
            if isinstance(event, h11.Response):
                status = event.status_code
                headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in event.headers]
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return status, headers, body
            elif event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
                return "broken"
    except h11.RemoteProtocolError:
        return "broken"
