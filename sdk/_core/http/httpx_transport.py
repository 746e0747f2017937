"""Send requests over httpx: for the user's own client or transport, trio, HTTP/2, and proxies behind TLS.

The user's own client or transport may be one of httpx2, which has the same interface.
"""

from __future__ import annotations

import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, nullcontext, suppress
from functools import cache
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakKeyDictionary

from ..errors import ConfigError
from ..lazy import fully_imported
from ..runtime.event_loop import running_loop, time_limit
from .decoding import Decoder, decoder
from .errors import NetworkError, PhaseTimeoutError
from .exchange import too_large
from .foreign_errors import ForeignErrors, WatchedBody
from .headers import Headers
from .message import WITHOUT_BODY

if TYPE_CHECKING:
    import httpx

    from ..options.resolve import Options
    from .message import HttpRequest
    from .route import Route


class HttpxTransport:
    """Send requests over httpx.

    httpx differs in two ways. In a sync call `timeout`, and `deadline` until the headers have arrived, limit each read
    rather than the whole phase. Bytes that a server sends after a response become part of the next response on that
    connection of the user's client or transport; connections of the transports made here serve one call each.
    """

    def __init__(self, options: Options, route: Route, module: Any = None) -> None:
        self._client, self._transport, self._route = options.http_client, options.transport, route
        self._httpx = module or module_of(self._client if self._transport is None else self._transport)
        given = options.http_options
        self._extra: dict[str, Any] = {"http1": given.get("http1", True), "http2": given.get("http2", False)}
        self.after_fork()

    def after_fork(self) -> None:
        """Forget the parent's connections."""
        self._own: httpx.HTTPTransport | None = None
        self._by_loop: WeakKeyDictionary[Any, httpx.AsyncHTTPTransport] = WeakKeyDictionary()

    def send(self, send: HttpRequest) -> HttpxResponse:
        """Send a request and return its response, whose body has not been read."""
        if self._client is not None:
            client = self._require_client(self._httpx.Client)
            request = self._request(send, client)
            with ForeignErrors(_body(request)):
                return HttpxResponse(client.send(request, stream=True, follow_redirects=False), send)
        transport: Any = self._transport
        if transport is None:
            if self._own is None:
                self._own = self._httpx.HTTPTransport(**self._route.httpx_options(), **self._extra)
            transport = self._own
        elif not hasattr(transport, "handle_request"):
            raise ConfigError(f"transport= is a {type(transport).__name__}, which serves asyncio calls only")
        request = self._request(send, None)
        with ForeignErrors(_body(request)):
            return HttpxResponse(transport.handle_request(request), send)

    async def asend(self, send: HttpRequest) -> HttpxResponse:
        """Send a request from a coroutine; see `send`."""
        async with _HeaderDeadline(send) as limit:
            if self._client is not None:
                client = self._require_client(self._httpx.AsyncClient)
                own = type(client) is self._httpx.AsyncClient
                request = self._request(send, client, timed_here=limit.holds and not own)
                with ForeignErrors(_body(request)):
                    return HttpxResponse(await client.send(request, stream=True, follow_redirects=False), send)
            transport = self._transport
            if transport is None:
                loop = running_loop()
                transport = self._by_loop.get(loop)
                if transport is None:
                    transport = self._by_loop[loop] = self._httpx.AsyncHTTPTransport(
                        **self._route.httpx_options(), **self._extra
                    )
            elif not hasattr(transport, "handle_async_request"):
                raise ConfigError(f"transport= is a {type(transport).__name__}, which serves sync calls only")
            own = isinstance(transport, self._httpx.AsyncHTTPTransport)
            request = self._request(send, None, timed_here=limit.holds and not own)
            with ForeignErrors(_body(request)):
                return HttpxResponse(await transport.handle_async_request(request), send)

    def close(self) -> None:
        """Close the transport made here; the user closes a client or transport of their own."""
        if self._own is not None:
            self._own.close()

    async def aclose(self) -> None:
        """Close the transport made here for the running loop."""
        transport = self._by_loop.pop(running_loop(), None)
        if transport is not None:
            await transport.aclose()

    def _require_client(self, kind: type[Any]) -> Any:
        if not isinstance(self._client, kind):
            given = type(self._client).__name__
            raise ConfigError(f"http_client= is a {given}; this call needs an {self._httpx.__name__}.{kind.__name__}")
        return self._client

    def _is_aiohttp(self) -> bool:
        httpx_aiohttp = fully_imported("httpx_aiohttp")
        kinds = () if httpx_aiohttp is None else (httpx_aiohttp.AiohttpTransport, httpx_aiohttp.HttpxAiohttpClient)
        return isinstance(self._transport or self._client, kinds)

    def _request(
        self, send: HttpRequest, client: httpx.Client | httpx.AsyncClient | None, *, timed_here: bool = False
    ) -> httpx.Request:
        """Return the httpx request; with `timed_here`, only the time limit of this class applies to its reads."""
        framing = send.content.framing or WITHOUT_BODY.get(send.method, {})
        headers = [*send.headers.values(), *framing.items()]
        if framing is WITHOUT_BODY.get(send.method) and "content-type" not in send.headers and self._is_aiohttp():
            headers.append(("Content-Type", "application/json"))  # aiohttp would add a type that servers refuse
        if client is None and self._transport is None and not self._extra["http2"]:
            headers.append(("Connection", "close"))
        # As bytes: httpx encodes a str in ASCII.
        pairs = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        options: dict[str, Any] = {"headers": pairs, "content": send.content.data}
        url = self._route.origin + send.target
        if client is None:
            request: httpx.Request = self._httpx.Request(send.method, url, **options)
        else:
            for phase, seconds in client.timeout.as_dict().items():  # the shorter limit applies
                limit = send.timeouts.get(phase)
                if isinstance(seconds, int | float) and (limit is None or seconds < limit):
                    send.timeouts[phase] = float(seconds)
            request = client.build_request(send.method, url, **options)
        # httpx's own transports read the limit again for the body; others read it once, before the headers.
        request.extensions["timeout"] = {**send.timeouts, "read": None} if timed_here else send.timeouts
        if send.content.stream is not None:
            request.stream = _body_class(self._httpx)(send.content.stream)
        return request


def module_of(given: object) -> Any:
    """Return the module that a client or transport is of: httpx, or httpx2."""
    loaded = _loaded()
    for httpx in loaded:
        kinds = httpx.Client, httpx.AsyncClient, httpx.BaseTransport, httpx.AsyncBaseTransport
        if isinstance(given, kinds):
            return httpx
    if given is not None and len(loaded) == 1:  # a class of neither, which wraps what the program has imported
        return loaded[0]
    import httpx

    return httpx


def _loaded() -> list[Any]:
    """Return httpx and httpx2, as far as they are imported: what is not has made nothing."""
    return [module for module in map(fully_imported, ("httpx", "httpx2")) if module is not None]


@cache
def _body_class(httpx: Any) -> type[Any]:
    """Return the class of a streamed body as a version of httpx takes it. The call closes its files."""
    return type("_Body", (WatchedBody, httpx.SyncByteStream, httpx.AsyncByteStream), {})


def _late() -> PhaseTimeoutError:
    """Return the error of a read that took too long, after the request was sent."""
    error = PhaseTimeoutError("read")
    error.request_sent = True
    return error


def _body(request: httpx.Request) -> WatchedBody | None:
    return request.stream if isinstance(request.stream, WatchedBody) else None


class _HeaderDeadline:
    """A time limit for a coroutine, until all headers have arrived."""

    def __init__(self, send: HttpRequest) -> None:
        limits = [send.timeouts.get(phase) for phase in ("connect", "write", "read")]
        unlimited = None in limits or send.content.stream is not None
        self._limit = None if unlimited else sum(seconds or 0.0 for seconds in limits)
        self.holds = not unlimited
        if send.deadline is not None:
            remaining = max(0.0, send.deadline - time.monotonic())
            self._limit = remaining if self._limit is None else min(self._limit, remaining)
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
            raise _late() from None


class HttpxResponse:
    """A response of httpx with the interface of `Response`; this package decodes its raw bytes."""

    has_framing = True

    def __init__(self, response: httpx.Response, send: HttpRequest) -> None:
        self._response = response
        self._errors = (*(httpx.TransportError for httpx in _loaded()), NetworkError)
        self.status_code = response.status_code
        self.headers = Headers(response.headers.multi_items())
        self.on_close: Callable[[], None] | None = None
        self._encoding = self.headers.get("content-encoding")
        self._timeouts, self._deadline = send.timeouts, send.deadline

    def read(self, limit: int | None) -> bytes:
        """Return the whole body, decoded."""
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in self.iter_bytes():
                pieces.append(piece)
                size += len(piece)
                if limit is not None and size > limit:
                    raise too_large(pieces, limit)
        except self._errors as error:
            error.partial = b"".join(pieces)
            raise
        finally:
            self.close()
        return b"".join(pieces)

    def iter_bytes(self) -> Iterator[bytes]:
        """Yield the decoded body as it arrives."""
        if self._response.is_stream_consumed:  # the response of a mock is complete and decoded
            yield self._response.content
            return
        stage = self._decoder()
        known = self._timeouts["read"] = self._read_limit()  # httpcore reads it once, before the first piece
        pieces = self._response.iter_raw()
        waited = 0.0  # since the last decoded piece: bytes that decode to nothing do not count as progress
        while True:
            limit, began = self._read_limit(waited), time.monotonic()
            shorter = limit is not None and (known is None or limit < known)
            timer = ReadDeadline(self._response, limit) if limit is not None and shorter else nullcontext()
            with ForeignErrors(answered=True), timer:
                data = next(pieces, None)
            if data is None:
                break
            waited += time.monotonic() - began
            for piece in stage.feed(data) if stage is not None else (data,):
                yield piece
                waited = 0.0
        if stage is not None:
            stage.end()

    def close(self) -> None:
        """Close the response."""
        self._run_on_close()
        self._response.close()

    drain = close

    async def aread(self, limit: int | None) -> bytes:
        """Return the whole body, decoded."""
        pieces: list[bytes] = []
        size = 0
        try:
            async for piece in self.aiter_bytes():
                pieces.append(piece)
                size += len(piece)
                if limit is not None and size > limit:
                    raise too_large(pieces, limit)
        except self._errors as error:
            error.partial = b"".join(pieces)
            raise
        finally:
            await self.aclose()
        return b"".join(pieces)

    async def aiter_bytes(self) -> AsyncIterator[bytes]:
        """Yield the decoded body as it arrives."""
        if self._response.is_stream_consumed:
            yield self._response.content
            return
        stage = self._decoder()
        # An asynchronous generator that is dropped half way would leave its event loop a task.
        generator: Any = self._response.aiter_raw()
        async with aclosing(generator) as pieces:
            waited = 0.0  # as in iter_bytes
            while True:
                limit, began = self._read_limit(waited), time.monotonic()
                try:
                    async with time_limit(limit):
                        with ForeignErrors(answered=True):
                            data = await anext(pieces, None)
                except TimeoutError:
                    raise _late() from None
                if data is None:
                    break
                waited += time.monotonic() - began
                for piece in stage.feed(data) if stage is not None else (data,):
                    yield piece
                    waited = 0.0
        if stage is not None:
            stage.end()

    async def aclose(self) -> None:
        """Close the response."""
        self._run_on_close()
        await self._response.aclose()

    adrain = aclose

    def _read_limit(self, waited: float = 0.0) -> float | None:
        """Return the seconds left for the next read, after `waited`. Raises PhaseTimeoutError if there are none."""
        limit: float | None = self._timeouts.get("read")
        if limit is not None and waited:
            limit -= waited
            if limit <= 0:
                raise _late()
        if self._deadline is None:
            return limit
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise _late()
        return remaining if limit is None else min(limit, remaining)

    def _decoder(self) -> Decoder | None:
        return decoder(self._encoding) if self._encoding else None

    def _run_on_close(self) -> None:
        callback, self.on_close = self.on_close, None
        if callback is not None:
            callback()


class ReadDeadline:
    """A time limit for one blocking read of httpx: after it, the socket is shut down, which wakes the reader.

    There is no limit if the transport does not expose its socket, or several responses share it (HTTP/2).
    """

    def __init__(self, response: httpx.Response, seconds: float) -> None:
        stream = response.extensions.get("network_stream") if response.http_version != "HTTP/2" else None
        self._socket: Any = getattr(stream, "get_extra_info", lambda _: None)("socket")
        self._timer = Timer(seconds, self._expire)
        self._timer.daemon = True
        self._lock = Lock()  # without it, a late timer could shut a connection that serves another call by then
        self._over = self._expired = False

    def _expire(self) -> None:
        with self._lock:
            if not self._over:
                self._expired = True
                with suppress(OSError):  # the reader's own timeout may have closed it at the same moment
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
        # The reader may take the shutdown for the end of a response.
        if self._expired and (error is None or isinstance(error, Exception)):
            raise _late() from None
