"""Clients of httpx with the defaults of the official package, for `http_client=`."""

from __future__ import annotations

from typing import Any

import httpx

from .options import CONNECT_SECONDS, DEFAULT_TIMEOUT_SECONDS

Timeout = httpx.Timeout
DEFAULT_TIMEOUT = httpx.Timeout(DEFAULT_TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
DEFAULT_CONNECTION_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)


def _defaults(options: dict[str, Any]) -> dict[str, Any]:
    return {"timeout": DEFAULT_TIMEOUT, "limits": DEFAULT_CONNECTION_LIMITS, "follow_redirects": True, **options}


class DefaultHttpxClient(httpx.Client):
    """An `httpx.Client` with other defaults."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_defaults(options))


class DefaultAsyncHttpxClient(httpx.AsyncClient):
    """An `httpx.AsyncClient` with other defaults."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**_defaults(options))


def DefaultAioHttpClient(**options: Any) -> Any:
    """Return an async client over aiohttp. Raises: RuntimeError without the extra `aiohttp`."""
    try:
        import httpx_aiohttp
    except ImportError as error:
        raise RuntimeError("DefaultAioHttpClient needs the extra `aiohttp` of this SDK") from error
    return httpx_aiohttp.HttpxAiohttpClient(**_defaults(options))


def __getattr__(name: str) -> Any:
    """Make the clients of httpx2, which a program that asks for them has installed."""
    bases = {"DefaultHttpx2Client": "Client", "DefaultAsyncHttpx2Client": "AsyncClient"}
    if name not in bases:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import httpx2

    def start(self: Any, **options: Any) -> None:
        limits = httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
        timeout = httpx2.Timeout(DEFAULT_TIMEOUT_SECONDS, connect=CONNECT_SECONDS)
        base.__init__(self, **{"timeout": timeout, "limits": limits, "follow_redirects": True, **options})

    base = getattr(httpx2, bases[name])
    found = globals()[name] = type(name, (base,), {"__init__": start, "__module__": __name__})
    return found
