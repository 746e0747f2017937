"""Connections that leave HTTP: opened like those of calls, then handed to another protocol."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from ..errors import ConfigError

if TYPE_CHECKING:
    from asyncio import Protocol
    from collections.abc import Callable

    from .route import Route


def upgrade_route(route: Route) -> Route:
    """Return the route of connections that leave HTTP: through a tunnel even where a proxy forwards plain HTTP.

    Raises: ConfigError for a proxy that is reached over TLS.
    """
    proxy = route.proxy
    if proxy is None:
        return route
    if proxy.scheme == "https":
        raise ConfigError("a WebSocket needs a proxy that begins with http:// or socks5://, not with https://")
    if route.tunnel is None:
        from .tunnel import tunnel

        route = copy(route)
        route.tunnel, route.prefix, route.proxy_headers = tunnel(proxy, route.host, route.port), "", ()
    return route


def open_socket(route: Route, deadline: float | None) -> Any:
    """Connect, blocking, and return the socket: plain or TLS. Raises NetworkError."""
    from .sync_connection import connect

    return connect(route, deadline)._socket


async def aopen_socket(route: Route, deadline: float | None, protocol: Callable[[], Protocol]) -> Any:
    """Connect from a coroutine, hand the transport to a new protocol and return that. Raises NetworkError."""
    from .async_connection import connect

    connection = await connect(route, deadline)
    transport, made = connection.transport, protocol()
    transport.set_protocol(made)
    made.connection_made(transport)
    return made
