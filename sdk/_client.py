"""The client without its resources: all that operations know of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlencode

from . import _encode
from ._config import Options
from ._pools import Pools
from ._slots import Slots

if TYPE_CHECKING:
    from ._flow import Opened
    from ._request import Content, Request
    from .response import APIResponse


class BaseClient:
    """Options, connections and the ways to send a request."""

    def __init__(self, **options: Any) -> None:
        self.options = Options.resolve(**options)
        self._start()

    def _start(self) -> None:
        self._pools = Pools(self.options)
        self._slots = Slots(self.options.max_in_flight, self.options.pool_timeout)
        options = self.options
        self._fixed_headers = {"Accept": "application/json", "User-Agent": options.user_agent}
        if options.organization:
            self._fixed_headers["OpenAI-Organization"] = options.organization
        if options.project:
            self._fixed_headers["OpenAI-Project"] = options.project
        self._fixed_headers.update(options.default_headers)
        self._fixed_query = _encode.query(dict(options.default_query), {})

    def send(self, request: Request[Any, Any]) -> APIResponse[Any]:
        """Send a request that was built with `.request(...)`, and return the reply in detail."""
        return cast("APIResponse[Any]", self._open(request))  # not streamed, so never Opened

    async def asend(self, request: Request[Any, Any]) -> APIResponse[Any]:
        """Send a request from a coroutine; see `send`."""
        return cast("APIResponse[Any]", await self._aopen(request))

    def _open(self, request: Request[Any, Any]) -> APIResponse[Any] | Opened:
        """Send a request and return as soon as its stream begins."""
        from ._drivers import run
        from ._flow import Call, flow

        return run(self, flow(Call(self, request)))

    async def _aopen(self, request: Request[Any, Any]) -> APIResponse[Any] | Opened:
        """Send a request from a coroutine and return as soon as its stream begins."""
        from ._drivers import arun
        from ._flow import Call, flow

        return await arun(self, flow(Call(self, request)))

    def _url(self, request: Request[Any, Any]) -> str:
        """Return the whole URL of a request."""
        pairs = self._fixed_query + request.query
        return f"{self.options.api_base}{request.path}" + (f"?{urlencode(pairs)}" if pairs else "")

    def _headers_of(self, request: Request[Any, Any], content: Content) -> dict[str, str]:
        """Return the headers of a request, but for the key."""
        headers = dict(self._fixed_headers)
        if request.streamed:
            headers["Accept"] = "text/event-stream"
        elif request.settings.returns != "json" or request.settings.text_too:
            headers["Accept"] = "*/*"
        if content.content_type:
            headers["Content-Type"] = content.content_type
        if request.method == "POST":
            from ._flow import idempotency_key

            headers["Idempotency-Key"] = request.options.get("idempotency_key") or idempotency_key()
        headers.update(request.headers)
        return headers

    def with_options(self, **changes: Any) -> Self:
        """Return a new client with some options changed. It has connections of its own."""
        other = type(self).__new__(type(self))
        other.options = self.options.replace(**changes)
        other._start()
        return other

    def close(self) -> None:
        """Close all connections. Calls after that raise ClientClosedError."""
        self._pools.close()

    async def aclose(self) -> None:
        """Close all connections, those of the running event loop included."""
        await self._pools.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.options.api_base}>"


_default: BaseClient | None = None
_lock = threading.Lock()


def client_of(options: Mapping[str, Any]) -> BaseClient:
    """Return the client of a call: the one given, or the process-wide one made from the environment."""
    given: BaseClient | None = options.get("client")
    return given if given is not None else default_client()


def default_client() -> BaseClient:
    """Return the process-wide client. It is made anew when the environment that it was made from has changed."""
    global _default
    from ._config import environment

    now = environment()
    with _lock:
        if _default is None or _default._pools.closed or _seen != now:
            from .client import Client

            _default = Client()
            _remember(now)
    return _default


_seen: tuple[str | None, ...] = ()


def _remember(values: tuple[str | None, ...]) -> None:
    global _seen
    _seen = values
