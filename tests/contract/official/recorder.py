"""A server on loopback that records each request to the byte, and answers with as little as a client can read."""

from __future__ import annotations

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from attrs import frozen


@frozen
class Sent:
    """One request: method, target and headers as they came, and the body without its transfer coding."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Recorder(ThreadingHTTPServer):
    """Record what comes until it is taken."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.sent: list[Sent] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The base URL that both clients get."""
        return f"http://127.0.0.1:{self.server_port}/v1"

    def take(self) -> list[Sent]:
        """Return the requests since the last time."""
        found, self.sent = self.sent, []
        return found

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that hangs up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Recorder

    def _answer(self) -> None:
        body = self._body()
        self.server.sent.append(Sent(self.command, self.path, tuple(self.headers.items()), body))
        streamed = b'"stream":true' in body or b'"sse"' in body or "stream=true" in self.path
        streamed |= b'name="stream"\r\n\r\ntrue' in body
        kind, reply = ("text/event-stream", b"data: [DONE]\n\n") if streamed else ("application/json", b"{}")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        pieces = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = _answer

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
