"""Play a cassette: as the httpx transport of one client, or in place of the transport of all clients."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from ..._core.runtime.fork import ForkAwareLock
from . import conversation
from .tape import TapeRequest, TapeResponse

if TYPE_CHECKING:
    from ..._core.http import HttpRequest, Transport


class Player(Protocol):
    """A cassette, as a transport uses it."""

    def play(self, request: TapeRequest) -> TapeResponse | None:
        """Return the response to a request; None if it is to be recorded."""

    def add(self, request: TapeRequest, response: TapeResponse) -> None:
        """Record a request and its response."""


class CassetteTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Play a cassette to one client; record from another transport."""

    def __init__(self, player: Player, inner: httpx.BaseTransport | httpx.AsyncBaseTransport | None) -> None:
        self._player, self._inner = player, inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer from the tape, or from the inner transport."""
        described, secrets = TapeRequest.of(request.method, str(request.url), request.headers, request.read())
        recorded = self._player.play(described)
        if recorded is None:
            inner = self._inner or httpx.HTTPTransport()
            request.headers["accept-encoding"] = "identity"
            try:
                response = inner.handle_request(request)  # type: ignore[union-attr]  # the user's own choice
                with _closing(response):
                    pieces = list(response.iter_bytes())
                headers = response.headers.multi_items()
                recorded = TapeResponse.of(response.status_code, headers, pieces, secrets)
            finally:
                if self._inner is None:
                    inner.close()  # type: ignore[union-attr]  # ours
            self._player.add(described, recorded)
        return _httpx_response(recorded)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a coroutine from the tape, or from the inner transport."""
        described, secrets = TapeRequest.of(request.method, str(request.url), request.headers, await request.aread())
        recorded = self._player.play(described)
        if recorded is None:
            inner = self._inner or httpx.AsyncHTTPTransport()
            request.headers["accept-encoding"] = "identity"
            try:
                response = await inner.handle_async_request(request)  # type: ignore[union-attr]  # as above
                try:
                    pieces = [piece async for piece in response.aiter_bytes()]
                finally:
                    await response.aclose()
                headers = response.headers.multi_items()
                recorded = TapeResponse.of(response.status_code, headers, pieces, secrets)
            finally:
                if self._inner is None:
                    await inner.aclose()  # type: ignore[union-attr]  # ours
            self._player.add(described, recorded)
        return _httpx_response(recorded)


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


def _httpx_response(recorded: TapeResponse) -> httpx.Response:
    headers = [(name, value) for name, value in recorded.headers]
    return httpx.Response(recorded.status, headers=headers, stream=_Pieces(recorded.pieces))


#: The cassettes that are in use; the last one plays.
_inserted: list[Player] = []
_lock = ForkAwareLock()
_originals: list[Any] = []


def insert(player: Player) -> None:
    """Let a cassette answer all clients of this process."""
    from ..._core.http import Transport

    with _lock.lock:
        if not _inserted:
            _originals[:] = [Transport.send, Transport.asend]
            Transport.send = _send  # type: ignore[method-assign]  # while a cassette is in use
            Transport.asend = _asend  # type: ignore[method-assign]  # as above
            conversation.insert(lambda: _inserted[-1])
        _inserted.append(player)


def eject(player: Player) -> None:
    """Stop using a cassette; the one inserted before it, or the network, answers again."""
    from ..._core.http import Transport

    with _lock.lock:
        _inserted.reverse()
        _inserted.remove(player)
        _inserted.reverse()
        if not _inserted:
            Transport.send, Transport.asend = _originals  # type: ignore[method-assign]  # restores the methods
            conversation.eject()


def _send(self: Transport, request: HttpRequest) -> Any:
    from ..._core.http import HttpxResponse

    self.check_open()
    player, original = _inserted[-1], _originals[0]
    described, secrets, live = _describe(self, request)
    recorded = player.play(described)
    if recorded is None:
        response = original(self, live)
        try:
            pieces = list(response.iter_bytes())
        finally:
            response.close()
        recorded = TapeResponse.of(response.status_code, _pairs(response.headers), pieces, secrets)
        player.add(described, recorded)
    return HttpxResponse(_httpx_response(recorded), request)


async def _asend(self: Transport, request: HttpRequest) -> Any:
    from ..._core.http import HttpxResponse

    self.check_open()
    player, original = _inserted[-1], _originals[1]
    described, secrets, live = _describe(self, request)
    recorded = player.play(described)
    if recorded is None:
        response = await original(self, live)
        try:
            pieces = [piece async for piece in response.aiter_bytes()]
        finally:
            await response.aclose()
        recorded = TapeResponse.of(response.status_code, _pairs(response.headers), pieces, secrets)
        player.add(described, recorded)
    return HttpxResponse(_httpx_response(recorded), request)


def _describe(transport: Transport, request: HttpRequest) -> tuple[TapeRequest, list[str], HttpRequest]:
    """Return the request as a tape has it, its secrets, and the request to send if it must be recorded."""
    from ..._core.http import Content
    from ..._core.http import HttpRequest as Request

    content = request.content
    if content.stream is not None:  # read the stream once; the recording sends it from memory
        content = Content(b"".join(content.stream), content.content_type)
    headers = {name: value for name, (_, value) in request.headers.items()}
    url = transport.route.origin + request.target
    described, secrets = TapeRequest.of(request.method, url, headers, content.data or b"")
    plain = {**request.headers, "accept-encoding": ("Accept-Encoding", "identity")}
    live = Request(request.method, request.target, plain, content, request.timeouts, request.deadline, request.resend)
    return described, secrets, live


def _pairs(headers: Any) -> list[tuple[str, str]]:
    return [(name, value) for name in headers for value in headers.get_list(name)]
