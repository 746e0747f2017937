"""Record the conversation over a WebSocket, and play it without a server."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .tape import TapeRequest, TapeResponse
from .tape_secrets import scrub_headers, scrub_value

if TYPE_CHECKING:
    from ..._core.http import HttpRequest
    from ..._core.websocket.handshake import Answer, HandshakeTransport

#: The status of a handshake that opens a WebSocket.
_SWITCHED = 101
_originals: list[Any] = []
_player: list[Callable[[], Any]] = []


def insert(player: Callable[[], Any]) -> None:
    """Let a cassette answer the handshakes of this process."""
    from ..._core.websocket.handshake import HandshakeTransport

    _player[:] = [player]
    _originals[:] = [HandshakeTransport.send, HandshakeTransport.asend]
    HandshakeTransport.send = _send  # type: ignore[method-assign]  # while a cassette is in use
    HandshakeTransport.asend = _asend  # type: ignore[method-assign]  # as above


def eject() -> None:
    """Let the network answer again."""
    from ..._core.websocket.handshake import HandshakeTransport

    HandshakeTransport.send, HandshakeTransport.asend = _originals  # type: ignore[method-assign]  # restores them


def _send(self: HandshakeTransport, request: HttpRequest) -> Answer:
    player, described, secrets = _describe(self, request)
    recorded = player.play(described)
    if recorded is not None:
        return _played(recorded, Played)
    answer: Answer = _originals[0](self, request)
    return _recorded(answer, Recorded, player, described, secrets)


async def _asend(self: HandshakeTransport, request: HttpRequest) -> Answer:
    player, described, secrets = _describe(self, request)
    recorded = player.play(described)
    if recorded is not None:
        return _played(recorded, AsyncPlayed)
    answer: Answer = await _originals[1](self, request)
    return _recorded(answer, AsyncRecorded, player, described, secrets)


def _describe(transport: HandshakeTransport, request: HttpRequest) -> tuple[Any, TapeRequest, list[str]]:
    transport.check_open()
    headers = {name: value for name, (_, value) in request.headers.items()}
    described, secrets = TapeRequest.of("WEBSOCKET", transport.route.origin + request.target, headers, b"")
    return _player[0](), described, secrets


def _played(recorded: TapeResponse, socket: Callable[[list[dict[str, Any]]], Any]) -> Answer:
    from ..._core.websocket.handshake import Answer

    headers = [(name, value) for name, value in recorded.headers]
    if recorded.status != _SWITCHED:
        return Answer(recorded.status, headers, b"".join(recorded.pieces))
    return Answer(_SWITCHED, headers, socket=socket(recorded.messages or []))


def _recorded(
    answer: Answer, wrap: Callable[..., Any], player: Any, described: TapeRequest, secrets: list[str]
) -> Answer:
    headers = [(name, value) for name, value in answer.headers.items()]
    if answer.status_code != _SWITCHED:
        player.add(described, TapeResponse.of(answer.status_code, headers, [answer.read(None)], secrets))
        return answer
    tape = TapeResponse(_SWITCHED, scrub_headers(headers, secrets), [], [])
    answer.socket = wrap(answer.socket, tape, secrets, lambda: player.add(described, tape))
    return answer


class _Recording:
    """An open WebSocket whose messages are written down; the tape is complete when it ends."""

    def __init__(self, inner: Any, tape: TapeResponse, secrets: list[str], done: Callable[[], None]) -> None:
        self._inner, self._tape, self._secrets, self._done = inner, tape, secrets, done
        self._ended = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def _note(self, side: str, data: bytes) -> None:
        assert self._tape.messages is not None
        try:
            message: Any = json.loads(data)
        except ValueError:
            message = data.decode(errors="replace")
        self._tape.messages.append({side: scrub_value(message, self._secrets)})

    def _close(self, closed: Any = None) -> None:
        if self._ended:
            return
        self._ended = True
        received = getattr(closed, "rcvd", None)
        if received is not None and self._tape.messages is not None:
            self._tape.messages.append({"close": [received.code, scrub_value(received.reason, self._secrets)]})
        self._done()

    def kill(self) -> None:
        """Close the connection."""
        self._inner.kill()
        self._close()


class Recorded(_Recording):
    """The recording of a blocking caller."""

    def recv(self, timeout: float | None, decode: bool) -> bytes:
        """Receive and note a message."""
        try:
            data: bytes = self._inner.recv(timeout, decode)
        except TimeoutError:
            raise
        except Exception as closed:
            self._close(closed)
            raise
        self._note("receive", data)
        return data

    def send(self, data: bytes, *, text: bool) -> None:
        """Send and note a message."""
        self._inner.send(data, text=text)
        self._note("send", data)


class AsyncRecorded(_Recording):
    """The recording of a coroutine."""

    async def recv(self, decode: bool) -> bytes:
        """Receive and note a message."""
        try:
            data: bytes = await self._inner.recv(decode)
        except Exception as closed:
            self._close(closed)
            raise
        self._note("receive", data)
        return data

    async def send(self, data: bytes, *, text: bool) -> None:
        """Send and note a message."""
        await self._inner.send(data, text=text)
        self._note("send", data)


class _Playing:
    """The tape of a conversation: what comes next, and what the client has to send before."""

    subprotocol = None

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self._messages, self._at, self._sent = messages, 0, 0
        self._expected = [one["send"] for one in messages if "send" in one]

    def _take(self, data: bytes) -> None:
        """Compare a message of the client with the tape. Raises NotOnTapeError."""
        from .cassette import NotOnTapeError

        message = json.loads(data)
        if self._sent >= len(self._expected) or self._expected[self._sent] != message:
            wanted = json.dumps(self._expected[self._sent]) if self._sent < len(self._expected) else "nothing"
            raise NotOnTapeError(f"the tape has {wanted[:500]} here, not {json.dumps(message)[:500]}")
        self._sent += 1

    def _next(self) -> bytes | None:
        """Return the next message, None where the client has to send first. Raises ConnectionClosed at the end."""
        from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK
        from websockets.frames import Close

        due = 0
        for one in self._messages[: self._at]:
            due += "send" in one
        while self._at < len(self._messages):
            one = self._messages[self._at]
            if "send" in one:
                due += 1
                if due > self._sent:
                    return None
            self._at += 1
            if "receive" in one:
                return json.dumps(one["receive"], ensure_ascii=False).encode()
            if "close" in one:
                self._at -= 1
                close = Close(*one["close"])
                raise (ConnectionClosedOK if close.code == 1000 else ConnectionClosedError)(close, close, True)
        raise ConnectionClosedError(None, None)

    def kill(self) -> None:
        """End: there is no connection."""

    disown = kill


class Played(_Playing):
    """A tape that a blocking caller hears."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        super().__init__(messages)
        self._changed = threading.Condition()

    def recv(self, timeout: float | None, decode: bool) -> bytes:
        """Return the next message of the tape."""
        with self._changed:
            while (data := self._next()) is None:
                if not self._changed.wait(timeout):
                    raise TimeoutError
            return data

    def send(self, data: bytes, *, text: bool) -> None:
        """Compare a message with the tape."""
        with self._changed:
            self._take(data)
            self._changed.notify_all()

    def ping(self) -> threading.Event:
        """Answer a ping at once."""
        answered = threading.Event()
        answered.set()
        return answered

    def close(self, code: int, reason: str) -> None:
        """Close nothing."""


class AsyncPlayed(_Playing):
    """A tape that a coroutine hears."""

    reading_paused = False

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        super().__init__(messages)
        self.loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    @property
    def heard(self) -> float:
        """When bytes came last: a tape is never silent."""
        return self.loop.time()

    async def recv(self, decode: bool) -> bytes:
        """Return the next message of the tape."""
        while (data := self._next()) is None:
            self._changed.clear()
            await self._changed.wait()
        return data

    async def send(self, data: bytes, *, text: bool) -> None:
        """Compare a message with the tape."""
        self._take(data)
        self._changed.set()

    async def ping(self) -> None:
        """Answer a ping at once."""

    async def close(self, code: int, reason: str) -> None:
        """Close nothing."""
