"""Decisions that both twins of a connection share: limits, socket options, and the errors of a failed connect."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from ..lazy import fully_imported
from .errors import (
    ConnectError,
    ConnectionLostError,
    NetworkError,
    PhaseTimeoutError,
    TLSHandshakeError,
    describe_os_error,
)

if TYPE_CHECKING:
    from .route import Route

#: Bytes of one read, and bytes of one write.
READ, WRITE = 64 * 1024, 256 * 1024
#: Seconds of silence before TCP keep-alive probes start, so that routers keep the connection of a slow response.
_PROBE_AFTER = 60
#: Seconds after which the next address of a host is tried.
_NEXT_AFTER = 2.5
#: The message for a connection that is closed during the TLS handshake.
CLOSED_IN_HANDSHAKE = "the TLS handshake failed: the connection was closed"


def remaining(deadline: float | None, phase: str) -> float | None:
    """Return the seconds until `deadline`; None without one. Raises PhaseTimeoutError once it has passed."""
    if deadline is None:
        return None
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise PhaseTimeoutError(phase)
    return seconds


def unreachable(route: Route, why: str) -> ConnectError:
    """Return the error of a failed connect to the server of a route, or to its proxy."""
    host, port = route.connect_address
    proxy = route.proxy is not None
    return ConnectError(f"{'the proxy ' if proxy else ''}{host}:{port}: {why}", proxy=proxy)


def unresolvable(route: Route, error: Exception) -> ConnectError:
    """Return the error for a host name that cannot be resolved."""
    proxy = route.proxy is not None
    whose = "name of the proxy" if proxy else "host name"
    return ConnectError(f"the {whose} {route.connect_address[0]} cannot be resolved: {error}", proxy=proxy)


def attempt_timeout(seconds: float | None, addresses: int) -> float | None:
    """Return the timeout of the next of several addresses; one that does not answer must leave time for the others."""
    if addresses < 2:
        return seconds
    return _NEXT_AFTER if seconds is None else min(_NEXT_AFTER, seconds / addresses)


def connection_lost(error: OSError) -> NetworkError:
    """Return the error of a connection that broke while it was read or written.

    A server with TLS 1.3 refuses the client's certificate after the client has completed the handshake.
    """
    failure = TLSHandshakeError(error)
    return failure if failure.client_refused else ConnectionLostError(describe_os_error(error))


def is_truncated(error: OSError) -> bool:
    """Return whether a TLS connection ended without close_notify, which anybody on the network can bring about."""
    ssl = fully_imported("ssl")
    return ssl is not None and isinstance(error, ssl.SSLEOFError)


def set_socket_options(sock: socket.socket, route: Route) -> None:
    """Set the options of a TCP socket."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _PROBE_AFTER)
    for option in route.socket_options:
        sock.setsockopt(*option)
    if route.local_address is not None:
        sock.bind((route.local_address, 0))


def tunnel_broken(route: Route, error: Exception) -> ConnectError:
    """Return the error of a connection to a proxy that broke before the proxy answered."""
    return ConnectError(f"the connection to the proxy {route.connect_address[0]} broke: {error}", proxy=True)
