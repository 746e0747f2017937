"""Call an ASGI application in the same process, as a server over the network would be called: in pieces.

httpx's own ASGI transport gathers the whole reply before it gives the first byte of it. Here a piece is there as soon
as the application sends it; a client that goes away ends the application as a closed connection would, and an
application that does not end its response breaks the client's read as a closed connection would.
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

from .middleware import CLOSE

_T = TypeVar("_T")
#: How many pieces may wait for the client: a sender that is faster has to wait, as on a socket.
_WINDOW = 16
#: How long an application may take to end by itself when its client has gone, in seconds.
_GRACE = 1.0


class ASGITransport(httpx.AsyncBaseTransport, httpx.BaseTransport):
    """An httpx transport to an ASGI application: `Client(transport=ASGITransport(app), api_base="http://app/v1")`.

    It serves asyncio calls in the caller's own event loop, and sync calls in a loop of its own that runs in a thread
    until `close`. What the application raises before its response begins reaches the caller as it is.
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
            if self._thread is None:
                self._thread = _LoopThread()
                weakref.finalize(self, self._thread.stop_soon)  # for who forgets to close
            thread = self._thread
        call = thread.run(_made(self._app, request, body))
        return httpx.Response(call.status, headers=call.headers, stream=_Body(call, thread))

    def close(self) -> None:
        """End the thread of the sync calls, if there is one."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            thread.stop_soon()
            thread.join()

    async def aclose(self) -> None:
        """See `close`."""
        self.close()


class _Call:
    """One request in the application's hands."""

    def __init__(self, app: ASGIApp, request: httpx.Request, body: bytes) -> None:
        self.status, self.headers = 0, list[tuple[bytes, bytes]]()
        self._request, self._body = request, body
        self._started = asyncio.Event()
        self._gone = asyncio.Event()
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_WINDOW)
        self._complete = False
        self._asked = False
        self._error: Exception | None = None
        self._app = app
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Run the application until its response begins. Raises what it raises, and httpx.ReadTimeout."""
        self._task = asyncio.create_task(self._run())
        begun = asyncio.create_task(self._started.wait())
        try:
            limit = _timeout(self._request)
            done, _ = await asyncio.wait({begun, self._task}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                raise httpx.ReadTimeout("the application took too long to answer", request=self._request)
        except BaseException:
            await self.close()
            raise
        finally:
            begun.cancel()
        if not self._started.is_set():
            self._task.result()
            raise httpx.RemoteProtocolError("the application ended without an answer", request=self._request)

    async def piece(self) -> bytes | None:
        """Return the next piece of the body, or None at its end."""
        try:
            # Asked for each time: a client may change its patience once the response has begun.
            async with asyncio.timeout(_timeout(self._request)):
                piece = await self._pieces.get()
        except TimeoutError:
            raise httpx.ReadTimeout("the application sent nothing for too long", request=self._request) from None
        if piece is None and not self._complete:
            early = "the application closed the connection early"
            raise httpx.RemoteProtocolError(early, request=self._request) from self._error
        return piece

    async def close(self) -> None:
        """Tell the application that its client has gone, and see it end."""
        self._gone.set()
        task = self._task
        if task is None or task.done():
            return
        while not self._pieces.empty():  # a sender that waits for room must get on
            self._pieces.get_nowait()
        await asyncio.wait({task}, timeout=_GRACE)
        task.cancel()
        await asyncio.wait({task})

    async def _run(self) -> None:
        try:
            await self._app(self._scope(), self._receive, self._send)
        except Exception as error:
            if not self._started.is_set():
                raise
            # The response has begun: what a client sees of it is that the connection ends.
            self._error = error
        finally:
            if self._started.is_set() and not self._gone.is_set():
                await self._pieces.put(None)

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
            "extensions": {CLOSE: self._closed_by_app},
        }

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._gone.is_set():
            return
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
            self._started.set()
        elif message["type"] == "http.response.body":
            if message.get("body"):
                await self._pieces.put(bytes(message["body"]))
            if not message.get("more_body", False):
                self._complete = True
                await self._pieces.put(None)

    async def _closed_by_app(self) -> None:
        if self._started.is_set():
            await self._pieces.put(None)
        self._gone.set()


async def _made(app: ASGIApp, request: httpx.Request, body: bytes) -> _Call:
    call = _Call(app, request, body)
    await call.start()
    return call


class _AsyncBody(httpx.AsyncByteStream):
    def __init__(self, call: _Call) -> None:
        self._call = call

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self._call.piece()) is not None:
            yield piece

    async def aclose(self) -> None:
        await self._call.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, call: _Call, thread: "_LoopThread") -> None:
        self._call, self._thread = call, thread

    def __iter__(self) -> Iterator[bytes]:
        while (piece := self._thread.run(self._call.piece())) is not None:
            yield piece

    def close(self) -> None:
        if self._thread.is_alive():  # else it ended with the transport
            self._thread.run(self._call.close())


class _LoopThread:
    """An event loop that runs in a thread of its own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="sdk.testing.asgi", daemon=True)
        self.join, self.is_alive = self._thread.join, self._thread.is_alive
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Run a coroutine there, and wait for what it gives."""
        future: Future[_T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # the caller was interrupted
            raise

    def stop_soon(self) -> None:
        """Let the thread cancel what still runs there, and end."""
        with contextlib.suppress(RuntimeError):  # it has ended already
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _serve(self) -> None:
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(self._end())
        finally:
            self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _timeout(request: httpx.Request) -> float | None:
    found: float | None = request.extensions.get("timeout", {}).get("read")
    return found
