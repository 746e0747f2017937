"""A server on a port of this machine, in a thread: what serves the application of any API."""

import asyncio
import os
import socket
import threading
from contextlib import suppress
from importlib.util import find_spec
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.utils import ClientDisconnected

from ..description.document import description
from .asgi import CLOSE, ASGITransport
from .connection import Connection
from .recorded_request import RecordedRequest
from .script import Rule, Scriptable, Selection
from .state import State

# Seconds that `stop` waits for handlers that are still running.
_SHUTDOWN_TIMEOUT = 1
#: Bytes of the largest message of a WebSocket that is read.
_MOST_MESSAGE = 64 * 1024 * 1024


class Loopback(Scriptable):
    """A server that runs inside a `with` block; `port=0` takes any free port.

    The methods of `Scriptable` script replies and faults, before the server starts or while it runs.
    Raises OSError if the port is not available.
    """

    def __init__(self, app: ASGIApp, state: State, host: str, port: int, api_key: str | None) -> None:
        self.host, self.port, self.api_key = host, port, api_key
        self.app, self.state = app, state
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL: a client's `api_base`. The port is known once the server has started."""
        if self.port == 0:
            raise RuntimeError("the server has no port yet: call start(), or use it in a with block")
        # The wildcard address accepts connections, but nothing can connect to it.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}{description().base}"

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests so far, in order of arrival; refused ones too."""
        return self.state.requests

    @property
    def pending(self) -> list[Rule]:
        """The rules that no request has used. A test may assert that there are none."""
        return self.state.script.pending

    def reset(self) -> None:
        """Forget requests, stored objects and the script."""
        self.state.reset()

    def transport(self) -> ASGITransport:
        """Return an httpx transport to this server: `Client(transport=...)`. It needs no socket and no `start`.

        `api_base` can be any URL that ends as `url` does.
        """
        return ASGITransport(self.app)

    def _selection(self) -> Selection:
        return self.state.script._selection()

    def start(self) -> Self:
        """Listen, and return once requests are answered."""
        if self._thread is not None:
            raise RuntimeError("this server has already been started")
        listener = _listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        server = self._server = _Server(self.app)
        # A daemon thread: a server that is never stopped must not keep the program alive.
        self._thread = threading.Thread(
            target=server.run_on, args=[listener], name=__name__.partition(".server.")[0], daemon=True
        )
        self._thread.start()
        server.ready.wait()
        if server.failure is not None:
            self._thread.join()
            raise RuntimeError("the local server did not start") from server.failure
        return self

    def stop(self) -> None:
        """Close all connections and the port, and end the thread. Does nothing if the server does not run."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """A uvicorn server that signals when it is ready and does not wait for clients when it ends."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            self._with_close(app),
            http=Connection,
            ws="websockets-sansio" if find_spec("websockets") else "none",
            ws_max_size=_MOST_MESSAGE,
            ws_ping_interval=None,
            lifespan="off",
            # Do not change the logging configuration of the program.
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_SHUTDOWN_TIMEOUT,
        )
        super().__init__(config)
        self.ready = threading.Event()
        self.failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """Ask the server to end, from any thread."""
        self.should_exit = True
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._stopped.set)

    async def main_loop(self) -> None:
        """Serve until `stop`, which wakes it: a timer may be hours away where a test has changed the clock."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), 0.5)

    def _with_close(self, app: ASGIApp) -> ASGIApp:
        """Add the extension with which the application closes the connection of a request."""

        async def with_close(scope: Scope, receive: Receive, send: Send) -> None:
            async def close() -> None:
                for connection in self.server_state.connections:
                    if getattr(connection, "scope", None) is scope:
                        connection.transport.close()

            accepted = scope["type"] != "websocket"

            async def watch(message: Message) -> None:
                nonlocal accepted
                accepted = accepted or message["type"] == "websocket.accept"
                await send(message)

            extended = {**scope, "extensions": {**scope.get("extensions", {}), CLOSE: close}}
            await app(extended, receive, send if accepted else watch)
            if not accepted:  # uvicorn would log that the handshake is not complete: it was refused on purpose
                raise ClientDisconnected

        return with_close

    def run_on(self, listener: socket.socket) -> None:
        """Serve until `should_exit` is set. Runs in the server's thread."""
        try:
            asyncio.run(self.serve(sockets=[listener]))
        except BaseException as error:
            self.failure = error
        finally:
            listener.close()
            self.ready.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then signal that the server is ready."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close idle connections, abort the others, then let uvicorn shut down."""
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)
        for connection in list(self.server_state.connections):
            transport = getattr(connection, "transport", None)
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        await asyncio.sleep(0)
        await super().shutdown(sockets)


def _listen(host: str, port: int) -> socket.socket:
    """Bind the port in the caller's thread, so that the caller gets the error."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Name the protocol: asyncio sets TCP_NODELAY only on sockets whose protocol is TCP. Without it, each response of
    # two writes waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener
