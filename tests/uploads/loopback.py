"""A server on a real socket that answers by a script, and tells what came and which connections are open."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from email.message import Message
from email.parser import BytesParser
from typing import NamedTuple, Self

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
ERROR = b"HTTP/1.1 500 Oh\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Received(NamedTuple):
    """One request, its body decoded from chunks; `size` counts the body's bytes where they were not kept."""

    headers: dict[str, str]
    body: bytes
    size: int

    def parts(self) -> list[Message]:
        """Return the parts of a multipart body, by a parser that is not ours."""
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        found = BytesParser().parsebytes(head + self.body)
        assert found.is_multipart()
        return [part for part in found.walk() if part is not found]


class Loopback:
    """Answer the first request with the first answer, and so on; the last answer goes on for ever."""

    def __init__(self, *answers: bytes, keep: bool = True) -> None:
        self.answers, self._keep = answers, keep
        self.received: list[Received] = []
        self.incomplete = 0
        self.connections = 0
        self._open = 0
        self._probes = dict[int, bool]()  # port → accepted
        self._changed = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for connection in self._sockets:
            with suppress(OSError):  # closed already, by either side
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()

    def settles_at(self, count: int) -> bool:
        """Tell whether the number of open connections becomes `count` within two seconds."""
        # Connections are accepted in their order: once one of our own is, all that came before are counted.
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
            self._probes[port] = False
            probe.connect(self._listener.getsockname())
            with self._changed:
                return self._changed.wait_for(lambda: self._probes[port] and self._open == count, 2)

    def meets(self, count: int) -> bool:
        """Tell whether `count` connections have come, and all are closed again, within two seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: (self.connections, self._open) == (count, 0), 2)

    def _accept(self) -> None:
        while True:
            try:
                connection, (_, port) = self._listener.accept()
            except OSError:
                return
            if port in self._probes:
                connection.close()
                with self._changed:
                    self._probes[port] = True
                    self._changed.notify_all()
                continue
            with self._changed:
                self.connections += 1
                self._open += 1
            self._sockets.append(connection)
            thread = threading.Thread(target=self._serve, args=[connection], daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb", buffering=1 << 20) as stream:
                while self._one(connection, stream):
                    pass
        except ConnectionError:
            self.incomplete += 1
        finally:
            connection.close()
            with self._changed:
                self._open -= 1
                self._changed.notify_all()

    def _one(self, connection: socket.socket, stream) -> bool:  # type: ignore[no-untyped-def]
        if not stream.readline():
            return False
        headers: dict[str, str] = {}
        while (line := stream.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        body, size = bytearray(), 0
        if "content-length" in headers:
            size = self._take(stream, int(headers["content-length"]), body)
        elif headers.get("transfer-encoding") == "chunked":
            while length := int(stream.readline() or b"-1", 16):
                size += self._take(stream, length, body)
                stream.readline()
            stream.readline()
        self.received.append(Received(headers, bytes(body), size))
        connection.sendall(self.answers[min(len(self.received), len(self.answers)) - 1])
        return True

    def _take(self, stream, length: int, body: bytearray) -> int:  # type: ignore[no-untyped-def]
        left, buffer = length, bytearray(min(max(length, 0), 1 << 20))
        while left:
            count = stream.readinto(memoryview(buffer)[:left]) if left > 0 else 0
            if not count:
                raise ConnectionError("the body ended early")
            if self._keep:
                body += buffer[:count]
            left -= count
        return length
