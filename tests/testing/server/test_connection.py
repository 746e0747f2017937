"""Connections that ask for nothing: they are few, and closed after a while."""

import socket
from collections.abc import Iterator

import pytest

from sdk.testing import LocalServer
from sdk.testing.server import connection

_REQUEST = b"GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer test-key\r\n\r\n"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalServer]:
    """A server with three places, which waits a twentieth of a second for a request."""
    monkeypatch.setattr(connection, "MOST", 3)
    monkeypatch.setattr(connection, "HEAD_TIMEOUT", 0.05)
    with LocalServer() as running:
        yield running


def connected(server: LocalServer) -> socket.socket:
    """Return a connection on which a read waits for five seconds at most."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=5)


def rest(sock: socket.socket) -> bytes:
    """Read until the server closes the connection."""
    found = b""
    try:
        while data := sock.recv(65536):
            found += data
    except ConnectionResetError:
        pass
    return found


@pytest.mark.parametrize("start", [b"", b"GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_connection_without_a_request_is_closed(server: LocalServer, start: bytes) -> None:
    """Whether nothing comes or half a head, the server does not wait for ever."""
    with connected(server) as sock:
        sock.sendall(start)
        assert rest(sock) == b""


def test_a_kept_connection_with_half_a_request_is_closed(server: LocalServer) -> None:
    """The clock starts anew after each response."""
    with connected(server) as sock:
        sock.sendall(_REQUEST)
        assert sock.recv(65536).startswith(b"HTTP/1.1 200 OK")
        sock.sendall(_REQUEST[:20])
        assert b"HTTP/1.1" not in rest(sock)


def test_a_request_that_is_being_answered_has_time(server: LocalServer) -> None:
    """The clock is for the head of a request: the answer may take longer."""
    server.state.latency = 0.2
    with connected(server) as sock:
        sock.sendall(_REQUEST.replace(b"Host", b"Connection: close\r\nHost"))
        assert rest(sock).startswith(b"HTTP/1.1 200 OK")


def test_connections_beyond_the_most_are_closed_at_once(server: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others go on; a place that is given up can be taken again."""
    monkeypatch.setattr(connection, "HEAD_TIMEOUT", 60)
    held = [connected(server) for _ in range(3)]
    with connected(server) as one_too_many:
        assert rest(one_too_many) == b""
    for sock in held:
        sock.sendall(_REQUEST.replace(b"Host", b"Connection: close\r\nHost"))
        assert rest(sock).startswith(b"HTTP/1.1 200 OK")
        sock.close()
    with connected(server) as sock:
        sock.sendall(_REQUEST.replace(b"Host", b"Connection: close\r\nHost"))
        assert rest(sock).startswith(b"HTTP/1.1 200 OK")
