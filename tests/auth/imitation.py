"""A server on loopback that answers as a function says, and keeps what came."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.faults.raw import CHAT, Peer, Raw

MESSAGES: Any = [{"role": "user", "content": "Hi"}]


class Sent(NamedTuple):
    """A request as it came."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path, without the query."""
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        """The query, each name once."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.target).query).items()}

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def bearer(self) -> str:
        """The token of the Authorization header, "" without one."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")


class Answer(NamedTuple):
    """What the server says."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = {}  # never changed


class Site(Raw):
    """A server whose `answer` gets each request."""

    def __init__(self, answer: Callable[[Sent], Answer], *, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(self._converse, tls=tls)
        self._answer = answer
        self.sent: list[Sent] = []

    @property
    def origin(self) -> str:
        """The URL without a path."""
        return self.url.removesuffix("/v1")

    def _converse(self, peer: Peer) -> None:
        while (whole := peer.request()) is not None:
            head, _, body = whole.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            method, target, _ = first.split(" ")
            pairs = (line.partition(":") for line in lines)
            sent = Sent(method, target, {name.lower(): value.strip() for name, _, value in pairs}, body)
            self.sent.append(sent)
            peer.send(_response(self._answer(sent)))


def _response(answer: Answer) -> bytes:
    data = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(data)), **answer.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {answer.status} X\r\n{lines}\r\n".encode() + data


def chat(_: Sent) -> Answer:
    """Answer a chat."""
    return Answer(CHAT)


class Tokens:
    """A token server: it numbers its tokens, and may fail."""

    def __init__(self, lifetime: float = 3600, *, failures: int = 0, field: str = "access_token") -> None:
        self.lifetime, self.failures, self.field = lifetime, failures, field
        self.given = 0
        self._lock = threading.Lock()

    def __call__(self, _: Sent) -> Answer:
        """Give the next token."""
        with self._lock:
            self.given += 1
            if self.given <= self.failures:
                return Answer({"error": "invalid_grant", "error_description": "no such subject"}, 400)
            return Answer({self.field: f"issued-token-{self.given}", "expires_in": self.lifetime})


def only(token: str, then: Callable[[Sent], Answer] = chat) -> Callable[[Sent], Answer]:
    """Answer 401 to every token but one."""

    def answer(sent: Sent) -> Answer:
        if sent.bearer != token:
            return Answer({"error": {"message": f"no such token {sent.bearer}"}}, 401)
        return then(sent)

    return answer
