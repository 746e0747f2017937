"""Connections for blocking callers: TCP, TLS and tunnels. Each step has a deadline."""

from __future__ import annotations

import errno
import os
import select
import selectors
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from .connection import (
    READ,
    attempt_delay,
    attempt_order,
    connection_lost,
    handshake_error,
    is_truncated,
    numeric_addresses,
    remaining,
    set_socket_options,
    tunnel_broken,
    unreachable,
)
from .errors import ConnectError, PhaseTimeoutError, describe_os_error

if TYPE_CHECKING:
    from .route import Route
    from .tunnel import Steps

#: What connect_ex() returns for a socket that does not block.
_STARTED = (0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EINTR)


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
        try:
            self._socket.settimeout(remaining(deadline, "write"))
            self._socket.sendall(data)
        except TimeoutError:
            raise PhaseTimeoutError("write") from None
        except OSError as error:
            raise connection_lost(error) from error

    def receive(self, deadline: float | None) -> bytes:
        """Return the next bytes, b"" at the end. Raises PhaseTimeoutError, ConnectionLostError."""
        try:
            self._socket.settimeout(remaining(deadline, "read"))
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

    close_descriptor = close


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
            except ssl.SSLError as error:
                raise handshake_error(error) from error
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
    return _race(route, _addresses(route, deadline), deadline)


def _addresses(route: Route, deadline: float | None) -> list[Any]:
    """Return the addresses to connect to, in order."""
    found = numeric_addresses(route)
    if found is None:
        lookup = route.lookup()
        lookup.join(deadline)
        found = lookup.addresses(route)
    return attempt_order(found, route)


def _race(route: Route, addresses: list[Any], deadline: float | None) -> socket.socket:
    """Connect to the first address that accepts. The next one is tried when one has failed, or has not yet answered."""
    failure: OSError | None = None
    with selectors.DefaultSelector() as attempts:
        try:
            while addresses or attempts.get_map():
                if addresses:
                    address = addresses.pop(0)
                    try:
                        attempts.register(_attempt(route, address), selectors.EVENT_WRITE, address)
                    except OSError as error:
                        failure = error
                        continue
                for key, _ in attempts.select(attempt_delay(remaining(deadline, "connect"), len(addresses))):
                    sock: Any = key.fileobj
                    attempts.unregister(sock)
                    code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                    if not code:
                        route.working_address = key.data[4]
                        return cast("socket.socket", sock)
                    sock.close()
                    failure = OSError(code, os.strerror(code))
        finally:
            for key in attempts.get_map().values():
                cast("socket.socket", key.fileobj).close()
    if isinstance(failure, TimeoutError):
        raise PhaseTimeoutError("connect") from failure
    raise unreachable(route, describe_os_error(failure) if failure else "the host has no address") from failure


def _attempt(route: Route, address: Any) -> socket.socket:
    """Start to connect to one address."""
    sock = socket.socket(*address[:3])
    try:
        sock.setblocking(False)
        set_socket_options(sock, route)
        code = sock.connect_ex(address[4])
        if code not in _STARTED:
            raise OSError(code, os.strerror(code))
    except BaseException:
        sock.close()
        raise
    return sock


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
