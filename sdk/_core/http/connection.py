"""Decisions that both twins of a connection share: limits, socket options, and the errors of a failed connect."""

from __future__ import annotations

import socket
import time
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

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
    import ssl

    from .route import Route

#: Bytes of one read, and bytes of one write.
READ, WRITE = 64 * 1024, 256 * 1024
#: Seconds of silence before TCP keep-alive probes start, so that routers keep the connection of a slow response.
_PROBE_AFTER = 60
#: Seconds after which the next address of a host is tried too: RFC 8305, section 5.
_ATTEMPT_DELAY = 0.25
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


def numeric_addresses(route: Route) -> list[Any] | None:
    """Return the addresses of a host that is an IP address, which needs no lookup; None for a host name."""
    host, port = route.connect_address
    if ":" not in host and not host.rpartition(".")[2][:1].isdigit():
        return None
    try:
        # As bytes: for a str, Python imports a codec of IDNA, which ASCII does not need.
        return socket.getaddrinfo(host.encode(), port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return None


def attempt_order(addresses: list[Any], route: Route) -> list[Any]:
    """Return the addresses of a host in the order in which to try them: RFC 8305, section 4.

    Families alternate, since often one of them does not work at all. The address that worked last is first.
    """
    first = [one for one in addresses if one[0] == addresses[0][0]]
    other = [one for one in addresses if one[0] != addresses[0][0]]
    ordered = [one for pair in zip_longest(first, other) for one in pair if one is not None]
    return sorted(ordered, key=lambda one: one[4] != route.working_address)


def attempt_delay(seconds: float | None, addresses: int) -> float | None:
    """Return the seconds to wait before the next of some addresses is tried too, so that all are within `seconds`."""
    if not addresses:
        return seconds
    return _ATTEMPT_DELAY if seconds is None else min(_ATTEMPT_DELAY, seconds / (addresses + 1))


def connection_lost(error: OSError) -> NetworkError:
    """Return the error of a connection that broke while it was read or written.

    A server with TLS 1.3 refuses the client's certificate after the client has completed the handshake.
    """
    failure = TLSHandshakeError(error)
    return failure if failure.client_refused else ConnectionLostError(describe_os_error(error))


def is_truncated(error: OSError) -> bool:
    """Return whether a TLS connection ended without close_notify, which anybody on the network can bring about."""
    tls = fully_imported("ssl")
    if tls is None or not isinstance(error, tls.SSLError):
        return False
    # Python below 3.11.4 has no class of its own for it.
    return isinstance(error, tls.SSLEOFError) or getattr(error, "reason", None) == "UNEXPECTED_EOF_WHILE_READING"


def handshake_error(error: ssl.SSLError) -> NetworkError:
    """Return the error of a TLS handshake. Its EOF is a network failure, not a certificate failure; it is retried."""
    import ssl

    if is_truncated(error) or isinstance(error, ssl.SSLZeroReturnError):
        return ConnectError(CLOSED_IN_HANDSHAKE)
    return TLSHandshakeError(error)


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
