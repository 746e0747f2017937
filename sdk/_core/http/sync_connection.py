"""Connections for blocking callers: TCP, TLS and tunnels. Each step has a deadline."""

from __future__ import annotations

import select
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .connection import (
    CLOSED_IN_HANDSHAKE,
    READ,
    attempt_timeout,
    connection_lost,
    is_truncated,
    remaining,
    set_socket_options,
    tunnel_broken,
    unreachable,
    unresolvable,
)
from .errors import ConnectError, PhaseTimeoutError, TLSHandshakeError, describe_os_error

if TYPE_CHECKING:
    from .route import Route
    from .tunnel import Steps


class Connection:
    """One connection to a server."""

    __slots__ = ("_poll", "_socket", "closed", "idle_since", "may_be_closing", "truncated", "used")

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._poll: Any = None
        #: Whether TLS ended without close_notify.
        self.truncated = False
        self.used, self.closed, self.may_be_closing, self.idle_since = False, False, False, 0.0

    def send(self, data: bytes | memoryview, deadline: float | None) -> None:
        """Write all bytes. Raises PhaseTimeoutError, ConnectionLostError."""
        self._socket.settimeout(remaining(deadline, "write"))
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise PhaseTimeoutError("write") from None
        except OSError as error:
            raise connection_lost(error) from error

    def receive(self, deadline: float | None) -> bytes:
        """Return the next bytes, b"" at the end. Raises PhaseTimeoutError, ConnectionLostError."""
        self._socket.settimeout(remaining(deadline, "read"))
        try:
            data: bytes = self._socket.recv(READ)
        except TimeoutError:
            raise PhaseTimeoutError("read") from None
        except OSError as error:
            return self._end(error)
        return data

    def readable(self) -> bool:
        """Return, without waiting, whether bytes or the end of the connection have arrived."""
        if self._poll is None:
            self._poll = select.poll() if hasattr(select, "poll") else _Select(self._socket)
            self._poll.register(self._socket.fileno(), 1)  # POLLIN; poll() always reports errors
        return bool(self._poll.poll(0))

    def read_available(self) -> bytes | None:
        """Return the bytes that have arrived, b"" at the end, without waiting; None if there are none."""
        if not self.readable():
            return None
        import ssl

        self._socket.settimeout(0)
        try:
            data: bytes = self._socket.recv(READ)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except OSError as error:
            return self._end(error)
        return data

    def _end(self, error: OSError) -> bytes:
        """Return b"" if an error is the end of the connection, else raise NetworkError."""
        if not is_truncated(error):
            raise connection_lost(error) from error
        self.truncated = True
        return b""

    def abort(self) -> None:
        """Shut the connection down while another thread uses it: that thread wakes up and closes it.

        Closing it here would not wake that thread, and would free its file descriptor for the next file that is opened.
        """
        with suppress(OSError):  # it may be closed already; in the child of a fork all are
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        if not self.closed:
            self.closed = True
            self._socket.close()


class _Select:
    """The replacement for `select.poll` on Windows, which lacks it."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock

    def register(self, number: int, events: int) -> None:
        """Accept the arguments of `select.poll`; there is nothing to register."""

    def poll(self, timeout: float) -> list[Any]:
        return select.select([self._socket], [], [], timeout)[0]


def connect(route: Route, deadline: float | None) -> Connection:
    """Connect to the server of a route, or to its proxy. Raises ConnectError, TLSHandshakeError, PhaseTimeoutError."""
    sock: Any = _dial(route, deadline)
    try:
        if route.tunnel is not None:
            _open_tunnel(sock, route, route.tunnel(), deadline)
        if route.tls:
            import ssl

            context = route.context()
            sock.settimeout(remaining(deadline, "connect"))
            try:
                # wrap_socket() closes the plain socket object, whether it succeeds or fails.
                sock = context.wrap_socket(
                    sock, server_hostname=route.host, do_handshake_on_connect=False, suppress_ragged_eofs=False
                )
                sock.do_handshake()
            except TimeoutError:
                raise PhaseTimeoutError("connect") from None
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:
                # EOF during the handshake is a network failure, not a certificate failure; it is retried.
                raise ConnectError(CLOSED_IN_HANDSHAKE) from error
            except ssl.SSLError as error:
                raise TLSHandshakeError(error) from error
            except OSError as error:
                raise ConnectError(f"the TLS handshake failed: {error}") from error
    except BaseException:
        sock.close()
        raise
    return Connection(sock)


def _dial(route: Route, deadline: float | None) -> socket.socket:
    """Open a TCP connection to the first address that accepts one."""
    if route.uds is not None:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.settimeout(remaining(deadline, "connect"))
            sock.connect(route.uds)
        except OSError as error:
            sock.close()
            raise ConnectError(f"{route.uds}: {describe_os_error(error)}") from error
        return sock
    host, port = route.connect_address
    try:
        addresses = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise unresolvable(route, error) from error
    failure: OSError | None = None
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        seconds = attempt_timeout(remaining(deadline, "connect"), len(addresses) - number)
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(seconds)
            set_socket_options(sock, route)
            sock.connect(address)
        except OSError as error:
            sock.close()
            failure = error
            continue
        except BaseException:
            sock.close()
            raise
        return sock
    if isinstance(failure, TimeoutError):
        raise PhaseTimeoutError("connect") from failure
    raise unreachable(route, describe_os_error(failure) if failure else "the host has no address") from failure


def _open_tunnel(sock: socket.socket, route: Route, steps: Steps, deadline: float | None) -> None:
    """Ask a proxy for a connection to the server."""
    with suppress(StopIteration):
        data = next(steps)
        while True:
            try:
                sock.settimeout(remaining(deadline, "connect"))
                sock.sendall(data)
                sock.settimeout(remaining(deadline, "connect"))
                answer = sock.recv(READ)
            except TimeoutError:
                raise PhaseTimeoutError("connect") from None
            except OSError as error:
                raise tunnel_broken(route, error) from error
            data = steps.send(answer)
