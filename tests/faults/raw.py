"""A server of raw sockets that does to each connection what a test says, and counts what came."""

from __future__ import annotations

import os
import re
import socket
import ssl
import stat
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

CHAT = b'{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[]}'


def reply(body: bytes = CHAT, status: str = "200 OK", headers: str = "Content-Type: application/json\r\n") -> bytes:
    """Return a whole response with its length."""
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Peer:
    """One connection, from the server's side."""

    def __init__(self, server: Raw, sock: socket.socket, number: int) -> None:
        self._server, self.sock, self.number = server, sock, number
        self._buffer = b""

    def request(self) -> bytes | None:
        """Read one request whole and return it; None at the end of the connection."""
        try:
            while b"\r\n\r\n" not in self._buffer:
                if not self._more():
                    return None
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            found = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
            length = int(found[1]) if found else 0
            while len(rest) < length:
                if not self._more():
                    return None
                rest = self._buffer.partition(b"\r\n\r\n")[2]
        except OSError:
            return None
        self._buffer = rest[length:]
        whole = head + b"\r\n\r\n" + rest[:length]
        with self._server.changed:
            self._server.requests.append(whole)
        return whole

    def _more(self) -> bool:
        data = self.sock.recv(65536)
        self._buffer += data
        return bool(data)

    def send(self, data: bytes) -> None:
        """Write; what the client has closed meanwhile does not matter."""
        try:
            self.sock.sendall(data)
        except OSError:
            self._server.hangups += 1

    def hold(self) -> None:
        """Keep the connection until the client, or the end of the test, closes it."""
        try:
            while self.sock.recv(65536):
                pass
        except OSError:
            self._server.hangups += 1

    def say(self, data: bytes) -> None:
        """Write, and keep the connection."""
        self.send(data)
        self.hold()

    def pause(self, seconds: float) -> bool:
        """Wait; tell whether the test has ended."""
        return self._server.ended.wait(seconds)

    def idle(self) -> None:
        """Keep the connection, and read nothing, until the test ends."""
        self._server.ended.wait(20)

    def reset(self) -> None:
        """Close with RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Script = Callable[[Peer], Any]


class Raw:
    """Run `script` in a thread for every connection, and close it afterwards."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None) -> None:
        self._script, self._tls = script, tls
        self.requests: list[bytes] = []
        self.connections, self.closed, self.hangups = 0, 0, 0
        self.changed = threading.Condition()
        self.ended = threading.Event()
        self._inodes: set[int] = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=600)
        self._note(self._listener)
        self.port: int = self._listener.getsockname()[1]
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._before = sockets()

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for connection in self._sockets:
            if connection.fileno() >= 0:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    self.hangups += 1
        for thread in self._threads[1:]:
            thread.join()

    def baseline(self) -> None:
        """Count only the sockets that are opened from now on."""
        self._before = sockets()

    def open(self, expected: int | None) -> int:
        """Return how many sockets the client side holds; waits a little for the number to be as expected.

        None: the test does not ask.
        """
        if expected is None:
            return -1
        until = time.monotonic() + 2
        while True:
            with self.changed:
                found = len(sockets() - self._before - self._inodes)
                if found == expected or time.monotonic() > until:
                    return found
                self.changed.wait(0.005)

    def _note(self, sock: socket.socket) -> None:
        self._inodes.add(os.fstat(sock.fileno()).st_ino)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with self.changed:
                self.connections += 1
                self._note(connection)
                number = self.connections
            thread = threading.Thread(target=self._serve, args=[connection, number], daemon=True)
            self._threads.append(thread)
            self._sockets.append(connection)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
                self._sockets.append(connection)
            self._script(Peer(self, connection, number))
        except OSError:
            self.hangups += 1
        finally:
            connection.close()
            with self.changed:
                self.closed += 1
                self.changed.notify_all()

    def has_closed(self, count: int) -> None:
        """Wait until the server has closed so many connections."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.closed == count, 5)


def always(*answers: bytes) -> Script:
    """Answer every request: the first of the server with the first answer, and so on; the last goes on for ever."""

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(answers[min(len(peer._server.requests), len(answers)) - 1])

    return script


def once(then: Callable[[Peer], Any]) -> Script:
    """Read one request, then do as told."""

    def script(peer: Peer) -> None:
        if peer.request() is not None:
            then(peer)

    return script


def sockets() -> set[int]:
    """Return the inodes of all sockets that this process holds."""
    found = set()
    for entry in list(Path("/dev/fd").iterdir()):
        try:
            info = os.stat(entry)  # noqa: PTH116  # Path.stat would do the same
        except OSError:  # the directory's own descriptor
            continue
        if stat.S_ISSOCK(info.st_mode):
            found.add(info.st_ino)
    return found
