"""Play a cassette: as an httpx transport for one client, or in place of the transport of every client."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from .tape import Answered, Asked

if TYPE_CHECKING:
    from .._core.effects import Send
    from .._core.http.transport import Transport


class Playing(Protocol):
    """What plays: it has an answer, or None where one is to be recorded."""

    def play(self, asked: Asked) -> Answered | None:
        """Return the answer to a request."""

    def add(self, asked: Asked, answered: Answered) -> None:
        """Record an answer."""


class CassetteTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Play a cassette to one client, and record from another transport."""

    def __init__(self, tape: Playing, inner: httpx.BaseTransport | httpx.AsyncBaseTransport | None) -> None:
        self._tape, self._inner = tape, inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the tape, or from the inner transport."""
        asked, secrets = Asked.of(request.method, str(request.url), request.headers, request.read())
        answered = self._tape.play(asked)
        if answered is None:
            inner = self._inner or httpx.HTTPTransport()
            request.headers["accept-encoding"] = "identity"
            try:
                response = inner.handle_request(request)  # type: ignore[union-attr]  # the user's own choice
                with _closing(response):
                    pieces = list(response.iter_bytes())
                answered = Answered.of(response.status_code, response.headers.multi_items(), pieces, secrets)
            finally:
                if self._inner is None:
                    inner.close()  # type: ignore[union-attr]  # ours
            self._tape.add(asked, answered)
        return _response(answered)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a coroutine from the tape, or from the inner transport."""
        asked, secrets = Asked.of(request.method, str(request.url), request.headers, await request.aread())
        answered = self._tape.play(asked)
        if answered is None:
            inner = self._inner or httpx.AsyncHTTPTransport()
            request.headers["accept-encoding"] = "identity"
            try:
                response = await inner.handle_async_request(request)  # type: ignore[union-attr]  # as above
                try:
                    pieces = [piece async for piece in response.aiter_bytes()]
                finally:
                    await response.aclose()
                answered = Answered.of(response.status_code, response.headers.multi_items(), pieces, secrets)
            finally:
                if self._inner is None:
                    await inner.aclose()  # type: ignore[union-attr]  # ours
            self._tape.add(asked, answered)
        return _response(answered)


class _closing:
    """Close a response at the end of a `with` block."""

    def __init__(self, response: httpx.Response) -> None:
        self._response = response

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        self._response.close()


class _Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def _response(answered: Answered) -> httpx.Response:
    headers = [(name, value) for name, value in answered.headers]
    return httpx.Response(answered.status, headers=headers, stream=_Pieces(answered.pieces))


#: The cassettes in the machine; the last one plays.
_inserted: list[Playing] = []
_lock = threading.RLock()
_originals: list[Any] = []


def insert(tape: Playing) -> None:
    """Let a cassette answer every client of this process."""
    from .._core.http.transport import Transport

    with _lock:
        if not _inserted:
            _originals[:] = [Transport.send, Transport.asend]
            Transport.send = _send  # type: ignore[method-assign]  # for as long as a cassette is in
            Transport.asend = _asend  # type: ignore[method-assign]  # as above
        _inserted.append(tape)


def eject(tape: Playing) -> None:
    """Take a cassette out again; the one before it, or the network, answers."""
    from .._core.http.transport import Transport

    with _lock:
        _inserted.reverse()
        _inserted.remove(tape)
        _inserted.reverse()
        if not _inserted:
            Transport.send, Transport.asend = _originals  # type: ignore[method-assign]  # as it was


def _send(self: Transport, send: Send) -> Any:
    from .._core.http.httpx_transport import OutsideResponse

    self.check_open()
    tape, original = _inserted[-1], _originals[0]
    asked, secrets, live = _live(self, send)
    answered = tape.play(asked)
    if answered is None:
        response = original(self, live)
        try:
            pieces = list(response.iter_bytes())
        finally:
            response.close()
        answered = Answered.of(response.status_code, _pairs(response.headers), pieces, secrets)
        tape.add(asked, answered)
    return OutsideResponse(_response(answered), send)


async def _asend(self: Transport, send: Send) -> Any:
    from .._core.http.httpx_transport import OutsideResponse

    self.check_open()
    tape, original = _inserted[-1], _originals[1]
    asked, secrets, live = _live(self, send)
    answered = tape.play(asked)
    if answered is None:
        response = await original(self, live)
        try:
            pieces = [piece async for piece in response.aiter_bytes()]
        finally:
            await response.aclose()
        answered = Answered.of(response.status_code, _pairs(response.headers), pieces, secrets)
        tape.add(asked, answered)
    return OutsideResponse(_response(answered), send)


def _live(transport: Transport, send: Send) -> tuple[Asked, list[str], Send]:
    """Return the request as a cassette knows it, its secrets, and the request to send where it must be recorded."""
    from .._core.effects import Send as Sending
    from .._core.request.serialize import Content

    content = send.content
    if content.stream is not None:  # read once here, and sent from memory
        content = Content(b"".join(content.stream), content.content_type)
    headers = {name: value for name, (_, value) in send.headers.items()}
    asked, secrets = Asked.of(send.method, transport.route.origin + send.target, headers, content.data or b"")
    plain = {**send.headers, "accept-encoding": ("Accept-Encoding", "identity")}
    live = Sending(send.method, send.target, plain, content, send.timeouts, send.deadline, send.resend)
    return asked, secrets, live


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [(name, value) for name in headers for value in headers.get_list(name)]
