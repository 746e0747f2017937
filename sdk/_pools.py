"""The connections of one client: one httpx client for sync calls, and one for each event loop."""

from __future__ import annotations

import asyncio
import threading
import warnings
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from .errors import ClientClosedError, ConfigError

if TYPE_CHECKING:
    import httpx

    from ._config import Options
    from ._flow import Send


class Pools:
    """Make httpx clients when they are first needed, and close them all together."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._sync: httpx.Client | None = None
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()
        self.closed = False

    def sync(self) -> httpx.Client:
        """Return the client for sync calls."""
        self._check_open()
        if self._sync is None:
            import httpx

            given = self._given(httpx.Client)
            with self._lock:
                if self._sync is None:
                    self._sync = given or httpx.Client(**self._settings(httpx))
        return self._sync

    def asyncio(self) -> httpx.AsyncClient:
        """Return the client of the running event loop."""
        self._check_open()
        loop = asyncio.get_running_loop()
        found = self._by_loop.get(loop)
        if found is None:
            import httpx

            found = self._given(httpx.AsyncClient) or httpx.AsyncClient(**self._settings(httpx))
            with self._lock:
                self._by_loop[loop] = found
        return found

    def request(self, send: Send, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """Build httpx's own request."""
        content = send.content
        request = client.build_request(
            send.method,
            send.url,
            headers={**send.headers, **content.framing},
            content=content.data,
            extensions={"timeout": send.timeouts},
        )
        if content.stream is not None:
            request.stream = content.stream
        return request

    def close(self) -> None:
        """Close the sync connections, and drop those of loops that are gone; warn about a running loop's."""
        self.closed = True
        if self._sync is not None and self._sync is not self._options.http_client:
            self._sync.close()
        for loop, client in list(self._by_loop.items()):
            if client is self._options.http_client:
                continue
            if loop.is_closed():
                _drop(client)
            elif loop.is_running():
                warnings.warn(
                    "close() was called while an event loop still uses this client; use `await client.aclose()` there",
                    ResourceWarning,
                    stacklevel=3,
                )
            else:
                loop.run_until_complete(client.aclose())

    async def aclose(self) -> None:
        """Close everything from a coroutine."""
        mine = self._by_loop.pop(asyncio.get_running_loop(), None)
        if mine is not None and mine is not self._options.http_client:
            await mine.aclose()
        self.close()

    def _check_open(self) -> None:
        if self.closed:
            raise ClientClosedError("the client is closed; make a new one")

    def _given(self, kind: type[Any]) -> Any:
        given = self._options.http_client
        if given is not None and not isinstance(given, kind):
            raise ConfigError(f"http_client= is a {type(given).__name__}; this call needs an httpx.{kind.__name__}")
        return given

    def _settings(self, httpx: Any) -> dict[str, Any]:
        options = self._options
        limits = httpx.Limits(
            max_connections=options.max_connections, max_keepalive_connections=options.max_connections
        )
        settings = {"limits": limits, **options.http_options, "follow_redirects": False}
        if options.transport is not None:
            settings["transport"] = options.transport
        return settings


def _drop(client: httpx.AsyncClient) -> None:
    """Close the sockets of a client whose event loop is gone: its own close would need that loop."""
    pool = getattr(client._transport, "_pool", None)  # httpx has no public way to it
    for connection in getattr(pool, "connections", ()):
        stream = getattr(getattr(connection, "_connection", None), "_network_stream", None)
        raw = stream.get_extra_info("socket") if stream is not None else None
        if raw is not None:
            raw.close()
