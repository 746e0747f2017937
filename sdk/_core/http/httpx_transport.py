"""Send requests over httpx: a client or transport that the user brought along, trio, HTTP/2, proxies behind TLS."""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext, suppress
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

import httpx

from ..errors import ConfigError
from ..lazy import fully_imported
from ..runtime.event_loop import running_loop, time_limit
from .decoding import Decoder, decoder
from .errors import NetworkError
from .exchange import BodyBuffer
from .foreign_errors import WatchedBody, foreign_errors
from .headers import Headers

if TYPE_CHECKING:
    from ..options.resolve import Options
    from .message import HttpRequest
    from .route import Route


class HttpxTransport:
    """Hand requests to httpx.

    What httpx does differently: for a sync call `timeout` holds for each read rather than for all headers, and so does
    `deadline` until they are there. What a server sends behind a reply, the next call on a connection of the user's
    client or transport reads as its own; connections that are made here serve one call each, so that none does.
    """

    def __init__(self, options: Options, route: Route) -> None:
        self._client, self._given, self._route = options.http_client, options.transport, route
        self._more: dict[str, Any] = {"http2": bool(options.http_options.get("http2"))}
        self.after_fork()

    def after_fork(self) -> None:
        """Forget the parent's connections."""
        self._own: httpx.HTTPTransport | None = None
        self._by_loop: WeakKeyDictionary[Any, httpx.AsyncHTTPTransport] = WeakKeyDictionary()

    def send(self, send: HttpRequest) -> HttpxResponse:
        """Send a request; return its response, whose body is still to be read."""
        if self._client is not None:
            client = self._fitting(httpx.Client)
            request = self._request(send, client)
            with foreign_errors(_body(request)):
                return HttpxResponse(client.send(request, stream=True, follow_redirects=False), send)
        transport = self._given
        if transport is None:
            if self._own is None:
                self._own = httpx.HTTPTransport(**self._route.httpx_options(), **self._more)
            transport = self._own
        elif not hasattr(transport, "handle_request"):
            raise ConfigError(f"transport= is a {type(transport).__name__}, which serves asyncio calls only")
        request = self._request(send, None)
        with foreign_errors(_body(request)):
            return HttpxResponse(transport.handle_request(request), send)

    async def asend(self, send: HttpRequest) -> HttpxResponse:
        """Send a request from a coroutine; see `send`."""
        async with _within(send) as within:
            if self._client is not None:
                client = self._fitting(httpx.AsyncClient)
                request = self._request(send, client, held=within.holds and type(client) is not httpx.AsyncClient)
                with foreign_errors(_body(request)):
                    return HttpxResponse(await client.send(request, stream=True, follow_redirects=False), send)
            transport = self._given
            if transport is None:
                loop = running_loop()
                transport = self._by_loop.get(loop)
                if transport is None:
                    transport = self._by_loop[loop] = httpx.AsyncHTTPTransport(
                        **self._route.httpx_options(), **self._more
                    )
            elif not hasattr(transport, "handle_async_request"):
                raise ConfigError(f"transport= is a {type(transport).__name__}, which serves sync calls only")
            own = isinstance(transport, httpx.AsyncHTTPTransport)
            request = self._request(send, None, held=within.holds and not own)
            with foreign_errors(_body(request)):
                return HttpxResponse(await transport.handle_async_request(request), send)

    def close(self) -> None:
        """Close what was made here; what a user brought along is the user's to close."""
        if self._own is not None:
            self._own.close()

    async def aclose(self) -> None:
        """Close what was made here for the running loop."""
        mine = self._by_loop.pop(running_loop(), None)
        if mine is not None:
            await mine.aclose()

    def _fitting(self, kind: type[Any]) -> Any:
        if not isinstance(self._client, kind):
            given = type(self._client).__name__
            raise ConfigError(f"http_client= is a {given}; this call needs an httpx.{kind.__name__}")
        return self._client

    def _over_aiohttp(self) -> bool:
        httpx_aiohttp = fully_imported("httpx_aiohttp")
        kinds = () if httpx_aiohttp is None else (httpx_aiohttp.AiohttpTransport, httpx_aiohttp.HttpxAiohttpClient)
        return isinstance(self._given or self._client, kinds)

    def _request(
        self, send: HttpRequest, client: httpx.Client | httpx.AsyncClient | None, *, held: bool = False
    ) -> httpx.Request:
        """Return the request; `held` says that its reads are timed here alone."""
        headers = [*send.headers.values(), *send.framing.items()]
        if send.lacks_body and "content-type" not in send.headers and self._over_aiohttp():
            headers.append(("Content-Type", "application/json"))  # else aiohttp adds one that servers refuse
        if client is None and self._given is None and not self._more["http2"]:
            headers.append(("Connection", "close"))
        given: dict[str, Any] = {"headers": headers, "content": send.content.data}
        url = self._route.origin + send.target
        if client is None:
            request = httpx.Request(send.method, url, **given)
        else:
            for phase, seconds in client.timeout.as_dict().items():  # the shorter limit holds
                mine = send.timeouts.get(phase)
                if isinstance(seconds, int | float) and (mine is None or seconds < mine):
                    send.timeouts[phase] = float(seconds)
            request = client.build_request(send.method, url, **given)
        # httpx's own transports look at the limit anew for the body; others once, before the headers.
        request.extensions["timeout"] = {**send.timeouts, "read": None} if held else send.timeouts
        if send.content.stream is not None:
            request.stream = _Body(send.content.stream)
        return request


class _Body(WatchedBody, httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that is read while it is sent, as httpx knows one. The call closes its files."""


def _body(request: httpx.Request) -> WatchedBody | None:
    return request.stream if isinstance(request.stream, WatchedBody) else None


class _within:
    """Hold a coroutine to the time in which the headers must be there, however they drip."""

    def __init__(self, send: HttpRequest) -> None:
        limits = [send.timeouts.get(phase) for phase in ("connect", "write", "read")]
        endless = None in limits or send.content.stream is not None
        self._limit = None if endless else sum(seconds or 0.0 for seconds in limits)
        self.holds = not endless
        if send.deadline is not None:
            left = max(0.0, send.deadline - time.monotonic())
            self._limit = left if self._limit is None else min(self._limit, left)
        self._timeout: Any = None

    async def __aenter__(self) -> Self:
        if self._limit is not None:
            self._timeout = time_limit(self._limit)
            await self._timeout.__aenter__()
        return self

    async def __aexit__(self, kind: Any, error: Any, trace: Any) -> None:
        if self._timeout is None:
            return
        try:
            await self._timeout.__aexit__(kind, error, trace)
        except TimeoutError:
            raise httpx.ReadTimeout("the headers took too long") from None


class HttpxResponse:
    """A response of httpx, read as our own are: raw bytes in, decoded here."""

    has_framing = True

    def __init__(self, response: httpx.Response, send: HttpRequest) -> None:
        self._response = response
        self.status_code = response.status_code
        self.headers = Headers(response.headers.multi_items())
        self.on_close: Callable[[], None] | None = None
        self._encoding = self.headers.get("content-encoding")
        self._timeouts, self._deadline = send.timeouts, send.deadline

    def read(self, limit: int | None) -> bytes:
        """Return the whole body, decoded."""
        body = BodyBuffer(limit)
        try:
            for piece in self.iter_bytes():
                body.add(piece)
        except (httpx.TransportError, NetworkError) as error:
            error.partial = body.bytes()  # type: ignore[union-attr]  # an error of httpx takes it too
            raise
        finally:
            self.close()
        return body.bytes()

    def iter_bytes(self) -> Iterator[bytes]:
        """Yield the body as it comes, decoded."""
        if self._response.is_stream_consumed:  # a mock's reply comes whole, and decoded
            yield self._response.content
            return
        stage = self._decoder()
        known = self._timeouts["read"] = self._left()  # httpcore looks at it once, before the first piece
        pieces = self._response.iter_raw()
        while True:
            left = self._left()
            shorter = left is not None and (known is None or left < known)
            limited = ReadDeadline(self._response, left) if left is not None and shorter else nullcontext()
            with foreign_errors(answered=True), limited:
                data = next(pieces, None)
            if data is None:
                break
            yield from stage.feed(data) if stage is not None else (data,)
        if stage is not None:
            stage.end()

    def close(self) -> None:
        """Be done with the response."""
        self._closed()
        self._response.close()

    drain = close

    async def aread(self, limit: int | None) -> bytes:
        """Return the whole body, decoded."""
        body = BodyBuffer(limit)
        try:
            async for piece in self.aiter_bytes():
                body.add(piece)
        except (httpx.TransportError, NetworkError) as error:
            error.partial = body.bytes()  # type: ignore[union-attr]  # an error of httpx takes it too
            raise
        finally:
            await self.aclose()
        return body.bytes()

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes, decoded."""
        if self._response.is_stream_consumed:
            yield self._response.content
            return
        stage = self._decoder()
        pieces = aiter(self._response.aiter_raw())
        while True:
            try:
                async with time_limit(self._left()):
                    with foreign_errors(answered=True):
                        data = await anext(pieces, None)
            except TimeoutError:
                raise httpx.ReadTimeout("the next piece took too long") from None
            if data is None:
                break
            if stage is None:
                yield data
                continue
            for piece in stage.feed(data):
                yield piece
        if stage is not None:
            stage.end()

    async def aclose(self) -> None:
        """Be done with the response."""
        self._closed()
        await self._response.aclose()

    adrain = aclose

    def _left(self) -> float | None:
        """Return how long the next piece may take. Raises httpx.ReadTimeout once the deadline has passed."""
        limit: float | None = self._timeouts.get("read")
        if self._deadline is None:
            return limit
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise httpx.ReadTimeout("the deadline has passed")
        return left if limit is None else min(limit, left)

    def _decoder(self) -> Decoder | None:
        return decoder(self._encoding) if self._encoding else None

    def _closed(self) -> None:
        done, self.on_close = self.on_close, None
        if done is not None:
            done()


class ReadDeadline:
    """A time limit for one blocking read of httpx: once it has passed, the connection is shut, which wakes the reader.

    Where the transport does not tell its socket, or several replies share it (HTTP/2), the limit does not hold.
    """

    def __init__(self, response: httpx.Response, seconds: float) -> None:
        stream = response.extensions.get("network_stream") if response.http_version != "HTTP/2" else None
        self._socket: Any = getattr(stream, "get_extra_info", lambda _: None)("socket")
        self._timer = Timer(seconds, self._expire)
        self._timer.daemon = True
        self._lock = Lock()  # else a late fuse could shut a connection that serves another call by then
        self._over = self._expired = False

    def _expire(self) -> None:
        with self._lock:
            if not self._over:
                self._expired = True
                with suppress(OSError):  # the reader's own timeout may have closed it in the same moment
                    self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        if self._socket is not None:
            self._timer.start()
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        with self._lock:
            self._over = True
        if self._socket is not None:
            self._timer.cancel()
            self._timer.join()
        # What the reader makes of the shut connection may even look like the end of a reply.
        if self._expired and (error is None or isinstance(error, Exception)):
            raise httpx.ReadTimeout("the next piece took too long") from None
