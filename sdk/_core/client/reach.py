"""How a client reaches its server, for programs that check the way step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ssl

    from .base import BaseClient


class Reach(NamedTuple):
    """The server, and the address that connections go to: its own, or that of a proxy."""

    host: str
    port: int
    tls: bool
    address: tuple[str, int]
    #: The proxy without its password, such as "http://proxy.example:3128"; "" if there is none.
    proxy: str


def reach_of(client: BaseClient) -> Reach:
    """Return how a client reaches its server."""
    route = client._context.transport.route
    proxy = "" if route.proxy is None else f"{route.proxy.scheme}://{route.proxy.host}:{route.proxy.port}"
    address = (route.proxy.host, route.proxy.port) if route.proxy is not None else (route.host, route.port)
    return Reach(route.host, route.port, route.tls, address, proxy)


def tls_context_of(client: BaseClient) -> ssl.SSLContext:
    """Return the TLS context of a client's connections."""
    return client._context.transport.route.context()
