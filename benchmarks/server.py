"""A server that costs as little as it can: raw asyncio, answers built before the first request. Prints its port."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from . import payloads

_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)")


def whole(wire: Any) -> bytes:
    """Return a response that carries some JSON."""
    body = json.dumps(wire, separators=(",", ":")).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class Answers:
    """All answers, by what a request asks for."""

    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    def __init__(self) -> None:
        self.chat = whole(payloads.chat())
        self.large = whole(payloads.chat("x" * 1_000_000))
        self.response = whole(payloads.response())
        self.vectors = {packed: whole(payloads.embeddings(packed)) for packed in (False, True)}
        self.streams = {
            name: [b"%x\r\n%b\r\n" % (len(e), e) for e in events] + [b"0\r\n\r\n"]
            for name, events in (("chat", payloads.chat_events()), ("responses", payloads.response_events()))
        }

    def to(self, path: bytes, body: bytes) -> tuple[list[bytes], bool]:
        """Return the pieces to write, and whether the response is held open after them."""
        if b"/embeddings" in path:
            return [self.vectors[b"base64" in body]], False
        kind = "responses" if b"/responses" in path else "chat"
        if b'"stream":true' in body.replace(b": ", b":"):
            pieces = [self.head, *self.streams[kind]]
            return (pieces[:2], True) if b"hold" in body else (pieces, False)
        if b'"large"' in body:
            return [self.large], False
        return [self.response if kind == "responses" else self.chat], False


class Connection(asyncio.Protocol):
    """One connection."""

    def __init__(self, answers: Answers) -> None:
        self._answers, self._buffer = answers, b""

    def connection_made(self, transport: Any) -> None:
        """Keep the transport."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer the requests that are whole."""
        self._buffer += data
        while b"\r\n\r\n" in self._buffer:
            head, _, rest = self._buffer.partition(b"\r\n\r\n")
            found = _LENGTH.search(head)
            length = int(found[1]) if found else 0
            if len(rest) < length:
                return
            self._buffer = rest[length:]
            pieces, _ = self._answers.to(head.split(b" ", 2)[1], rest[:length])
            for piece in pieces:  # an event is a write of its own, as of a model that thinks
                self._transport.write(piece)


async def main() -> None:
    """Serve until killed."""
    answers = Answers()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answers), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
