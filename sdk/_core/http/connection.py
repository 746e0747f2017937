"""What both twins of a connection decide: limits, the options of sockets, and what a failure to connect means."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from .errors import ConnectError, PhaseTimeoutError

if TYPE_CHECKING:
    from .route import Route

#: Bytes read at once, and bytes written at once.
READ, WRITE = 64 * 1024, 256 * 1024
#: A connection that is silent for so many seconds is probed, so that no router forgets a slow answer's connection.
_PROBE_AFTER = 60
#: Seconds after which the next address of a host is tried.
_NEXT_AFTER = 2.5
#: What is said of a connection that ended before TLS could begin on it.
CLOSED_IN_HANDSHAKE = "the TLS handshake broke off: the connection was closed"


def remaining(deadline: float | None, phase: str) -> float | None:
    """Return the seconds deadline then. Raises TimedOut."""
    if deadline is None:
        return None
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise PhaseTimeoutError(phase)
    return seconds


def unreachable(route: Route, why: str) -> ConnectError:
    """Return the failure to connect to where a route leads first: its server, or its proxy."""
    host, port = route.connect_address
    proxy = route.proxy is not None
    return ConnectError(f"{'the proxy ' if proxy else ''}{host}:{port}: {why}", proxy=proxy)


def unresolvable(route: Route, error: Exception) -> ConnectError:
    """Return the failure to find the address of a host."""
    proxy = route.proxy is not None
    whose = "name of the proxy" if proxy else "host name"
    return ConnectError(f"the {whose} {route.connect_address[0]} cannot be resolved: {error}", proxy=proxy)


def attempt_timeout(seconds: float | None, addresses: int) -> float | None:
    """Return the time for the next of some addresses: one that does not answer must not use up that of the others."""
    if addresses < 2:
        return seconds
    return _NEXT_AFTER if seconds is None else min(_NEXT_AFTER, seconds / addresses)


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


def broke_off(route: Route, error: Exception) -> ConnectError:
    """Return the failure of a proxy whose connection broke before it had answered."""
    return ConnectError(f"the proxy {route.connect_address[0]} broke off: {error}", proxy=True)
