"""The server's side of HTTP/2 on a raw connection, with what a test wants to be answered."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from pathlib import Path

from attrs import define, field
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import DataReceived, Event, RequestReceived, StreamEnded
from h2.exceptions import ProtocolError

from .conftest import Certificate
from .raw import Peer, Script


@define
class Asked:
    """A request that has come whole, and how to answer it."""

    peer: Peer
    connection: H2Connection
    stream: int
    headers: dict[str, str]
    body: bytes = b""
    _begun: bool = field(default=False, init=False)

    def answer(self, *pieces: bytes, status: str = "200", end: bool = True, kind: str = "application/json") -> None:
        """Send a response, or more of it: each piece in a frame of its own."""
        if not self._begun:
            self._begun = True
            self.connection.send_headers(self.stream, [(":status", status), ("content-type", kind)])
        for piece in pieces:
            self.connection.send_data(self.stream, piece)
        if end:
            self.connection.end_stream(self.stream)
        self._flush()

    def reset(self) -> None:
        """Give this request up, and keep the connection."""
        self.connection.reset_stream(self.stream, 2)
        self._flush()

    def go_away(self) -> None:
        """Say that this request was not looked at, and that no other one will be."""
        self.connection.close_connection(error_code=0, last_stream_id=max(self.stream - 2, 0))
        self._flush()

    def _flush(self) -> None:
        self.peer.send(self.connection.data_to_send())


def http2(answer: Callable[[Asked], None]) -> Script:
    """Return a script that speaks HTTP/2 and hands each request on; `server.requests` holds their bodies."""

    def script(peer: Peer) -> None:
        connection = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        connection.initiate_connection()
        peer.send(connection.data_to_send())
        asked: dict[int, Asked] = {}
        while data := peer.sock.recv(65536):
            try:
                events = connection.receive_data(data)
            except ProtocolError:
                return
            for event in events:
                _take(event, asked, connection, peer, answer)
            peer.send(connection.data_to_send())

    return script


def _take(
    event: Event, asked: dict[int, Asked], connection: H2Connection, peer: Peer, answer: Callable[[Asked], None]
) -> None:
    if isinstance(event, RequestReceived):
        headers = {str(name): str(value) for name, value in event.headers}
        asked[event.stream_id] = Asked(peer, connection, event.stream_id, headers)
    elif isinstance(event, DataReceived):
        asked[event.stream_id].body += event.data
        connection.acknowledge_received_data(event.flow_controlled_length or 0, event.stream_id)
    elif isinstance(event, StreamEnded):
        one = asked.pop(event.stream_id)
        with peer._server.changed:
            peer._server.requests.append(one.body)
        answer(one)


def context(made: Certificate) -> ssl.SSLContext:
    """Return the context of a server that offers HTTP/2 alone."""
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(made.file, Path(made.file).with_name("key.pem"))
    found.set_alpn_protocols(["h2"])
    return found
