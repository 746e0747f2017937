"""An httpx transport that calls an ASGI application in the same process, and streams its responses.

httpx's own ASGI transport collects the whole response before it returns the first byte. Here the client receives each
chunk as soon as the application sends it. A client that disconnects ends the application, and an application that does
not complete its response breaks the client's read: both as a closed connection would.
"""

import asyncio
import contextlib
import threading
import weakref
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future
from typing import Any, TypeVar

import httpx
from starlette.types import ASGIApp, Message

_T = TypeVar("_T")
#: The ASGI extension that closes the connection of a request: an async function without arguments.
CLOSE = f"{__package__}.close"
#: Chunks that may wait for the client; a faster application waits, as it would on a socket.
_WINDOW = 16
#: Seconds in which an application may end by itself after its client has disconnected.
_GRACE = 1.0


class ASGITransport(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """An httpx transport to an ASGI application: `Client(transport=ASGITransport(app), api_base="http://app/...")`.

    Asyncio calls run in the caller's event loop. Sync calls run in an event loop of its own, in a thread that runs
    until `close`. An exception that the application raises before its response starts propagates to the caller.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._thread: _LoopThread | None = None
        self._lock = threading.Lock()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request from a coroutine."""
        body = await request.aread()
        call = _Call(self._app, request, body)
        await call.start()
        return httpx.Response(call.status, headers=call.headers, stream=_AsyncBody(call))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request from a thread without an event loop."""
        body = request.read()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():  # in the child of a fork it is not
                self._thread = _LoopThread()
                weakref.finalize(self, self._thread.stop_soon)  # for a transport that is never closed
            thread = self._thread
        call = thread.run(_started(self._app, request, body))
        return httpx.Response(call.status, headers=call.headers, stream=_Body(call, thread))

    def close(self) -> None:
        """Stop the thread of the sync calls, if it runs."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop_soon()
            thread.join()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()


class _Call:
    """One request that the application handles."""

    def __init__(self, app: ASGIApp, request: httpx.Request, body: bytes) -> None:
        self.status, self.headers = 0, list[tuple[bytes, bytes]]()
        self._request, self._body = request, body
        self._started = asyncio.Event()
        self._disconnected = asyncio.Event()
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue(_WINDOW)
        self._complete = False
        self._body_received = False
        self._error: Exception | None = None
        self._app = app
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Run the application until its response starts. Raises what it raises, and httpx.ReadTimeout."""
        self._task = asyncio.create_task(self._run())
        started = asyncio.create_task(self._started.wait())
        try:
            limit = _timeout(self._request)
            done, _ = await asyncio.wait({started, self._task}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                raise httpx.ReadTimeout("the application took too long to answer", request=self._request)
        except BaseException:
            await self.close()
            raise
        finally:
            started.cancel()
        if not self._started.is_set():
            self._task.result()
            raise httpx.RemoteProtocolError("the application ended without an answer", request=self._request)

    async def chunk(self) -> bytes | None:
        """Return the next chunk of the body, or None at its end."""
        try:
            # Read the timeout for each chunk: a client may change it once the response has started.
            async with asyncio.timeout(_timeout(self._request)):
                chunk = await self._chunks.get()
        except TimeoutError:
            raise httpx.ReadTimeout("the application sent nothing for too long", request=self._request) from None
        if chunk is None and not self._complete:
            message = "the application closed the connection early"
            raise httpx.RemoteProtocolError(message, request=self._request) from self._error
        return chunk

    async def close(self) -> None:
        """Let the application see that its client has disconnected, and wait for it to end."""
        self._disconnected.set()
        task = self._task
        if task is None or task.done():
            return
        while not self._chunks.empty():  # make room, so that an application that waits to send can continue
            self._chunks.get_nowait()
        await asyncio.wait({task}, timeout=_GRACE)
        task.cancel()
        await asyncio.wait({task})

    async def _run(self) -> None:
        try:
            await self._app(self._scope(), self._receive, self._send)
        except Exception as error:
            if not self._started.is_set():
                raise
            # The response has started: the client only sees that the connection closes.
            self._error = error
        finally:
            if self._started.is_set() and not self._disconnected.is_set():
                await self._chunks.put(None)

    def _scope(self) -> dict[str, Any]:
        url = self._request.url
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self._request.method,
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.split(b"?")[0],
            "query_string": url.query,
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in self._request.headers.raw],
            "server": (url.host, url.port),
            "client": ("127.0.0.1", 0),
            "extensions": {CLOSE: self._close_by_app},
        }

    async def _receive(self) -> Message:
        if not self._body_received:
            self._body_received = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._disconnected.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._disconnected.is_set():
            return
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
            self._started.set()
        elif message["type"] == "http.response.body":
            if message.get("body") and self._request.method != "HEAD":  # as on a socket: RFC 9110, section 9.3.2
                await self._chunks.put(bytes(message["body"]))
            if not message.get("more_body", False):
                self._complete = True
                await self._chunks.put(None)

    async def _close_by_app(self) -> None:
        if self._started.is_set():
            await self._chunks.put(None)
        self._disconnected.set()


async def _started(app: ASGIApp, request: httpx.Request, body: bytes) -> _Call:
    call = _Call(app, request, body)
    await call.start()
    return call


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, call: _Call) -> None:
        self._call = call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self._call.chunk()) is not None:
            yield chunk

    async def aclose(self) -> None:
        await self._call.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, call: _Call, thread: "_LoopThread") -> None:
        self._call, self._thread = call, thread

    def __iter__(self) -> Iterator[bytes]:
        while (chunk := self._thread.run(self._call.chunk())) is not None:
            yield chunk

    def close(self) -> None:
        if self._thread.is_alive():  # it ends with the transport
            self._thread.run(self._call.close())


class _LoopThread:
    """An event loop that runs in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=__name__, daemon=True)
        self.join, self.is_alive = self._thread.join, self._thread.is_alive
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine in the loop, and wait for its result."""
        future: Future[_T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # the caller was interrupted
            raise

    def stop_soon(self) -> None:
        """Let the thread cancel its remaining tasks and end."""
        with contextlib.suppress(RuntimeError):  # the loop has been closed already
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _serve(self) -> None:
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._cancel_all())
        finally:
            self._loop.close()

    async def _cancel_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _timeout(request: httpx.Request) -> float | None:
    found: float | None = request.extensions.get("timeout", {}).get("read")
    return found
