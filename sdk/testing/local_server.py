"""Serve the application on this machine, in a thread of its own."""

import asyncio
import os
import socket
import threading
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from .app import create_app
from .server.asgi import ASGITransport
from .server.middleware import CLOSE
from .server.recorded_request import RecordedRequest
from .server.script import Rule, Script, Scriptable, Where
from .server.state import State

# How long stopping waits for handlers that do not end by themselves, in seconds.
_PATIENCE = 1


class LocalServer(Scriptable):
    """An OpenAI-compatible server for the length of a `with` block.

    `port=0` takes any free port. `app` serves another ASGI application in place of `create_app(...)`; only one made
    by `create_app` records its requests.
    Every response waits `latency` seconds; a stream then sends `tokens_per_second` events (None: as fast as it can).
    A request that breaks the API description is refused with 400, which says where, unless `validate` is False;
    `allow_unknown` lets parameters pass that the description does not know, such as those of vLLM.
    What it says and does wrong is scripted by the methods of `Scriptable`, before it starts or while it runs.
    Raises OSError where the port cannot be had.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | None = "test-key",
        state: State | None = None,
        app: ASGIApp | None = None,
        latency: float = 0.0,
        tokens_per_second: float | None = None,
        validate: bool = True,
        allow_unknown: bool = False,
    ) -> None:
        self.host = host
        self.port = port
        self.api_key = api_key
        self._app = app or create_app(api_key, state=state)
        theirs = getattr(getattr(self._app, "state", None), "server", None)
        self.state = theirs if isinstance(theirs, State) else state or State()
        self.state.validate, self.state.allow_unknown = validate, allow_unknown
        self.state.latency, self.state.tokens_per_second = latency, tokens_per_second
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The base URL, with /v1: what a client takes as `api_base`. The port is known once it has started."""
        if self.port == 0:
            raise RuntimeError("the server has no port yet: start() it, or use it in a with block")
        # The address that means "all of them" is none to connect to.
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.port}/v1"

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request so far, in order of arrival, refused ones included."""
        return self.state.requests

    @property
    def pending(self) -> list[Rule]:
        """What was scripted and that no request has used: a test may assert that it is empty."""
        return self.state.script.pending

    def reset(self) -> None:
        """Forget requests, files and stored replies, and what was scripted."""
        self.state.reset()

    def transport(self) -> ASGITransport:
        """Return an httpx transport to this server that needs no socket, and no `start`: `Client(transport=...)`.

        `api_base` may then be any URL that ends in /v1.
        """
        return ASGITransport(self._app)

    def _told(self) -> tuple[Script, Where, str | None, int | None]:
        return self.state.script._told()

    def start(self) -> Self:
        """Listen, and return as soon as requests are answered."""
        if self._thread is not None:
            raise RuntimeError("this server has been started already")
        listener = _listen(self.host, self.port)
        self.port = listener.getsockname()[1]
        server = self._server = _Server(self._app)
        # A daemon: a server that was never stopped must not keep the program alive.
        self._thread = threading.Thread(target=server.run_on, args=[listener], name="sdk.testing", daemon=True)
        self._thread.start()
        server.ready.wait()
        if server.failure is not None:
            self._thread.join()
            raise RuntimeError("the local server did not start") from server.failure
        return self

    def stop(self) -> None:
        """Close every connection and the port, and end the thread. Does nothing where none runs."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """Uvicorn's server, which says when it is ready and does not wait for clients when it ends."""

    def __init__(self, app: ASGIApp) -> None:
        config = uvicorn.Config(
            self._closing(app),
            http="h11",
            ws="none",
            lifespan="off",
            # Leave the logging of the program that runs it alone.
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=_PATIENCE,
        )
        super().__init__(config)
        self.ready = threading.Event()
        self.failure: BaseException | None = None

    def _closing(self, app: ASGIApp) -> ASGIApp:
        """Let the application close the connection that a request came on."""

        async def closing(scope: Scope, receive: Receive, send: Send) -> None:
            async def close() -> None:
                for connection in self.server_state.connections:
                    if getattr(connection, "scope", None) is scope:
                        connection.transport.close()

            extended = {**scope, "extensions": {**scope.get("extensions", {}), CLOSE: close}}
            await app(extended, receive, send)

        return closing

    def run_on(self, listener: socket.socket) -> None:
        """Serve until told to exit. Runs in the server's thread."""
        try:
            asyncio.run(self.serve(sockets=[listener]))
        except BaseException as error:
            self.failure = error
        finally:
            listener.close()
            self.ready.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what is idle, cut off what is not, then let uvicorn do the rest."""
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
    """Bind the port here and not in the thread, so that the caller gets the error."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Name the protocol: asyncio turns Nagle's algorithm off only where it is said to be TCP, and else every reply
    # in two writes waits 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except BaseException:
        listener.close()
        raise
    return listener
