"""Connections of blocking callers: TCP, TLS and tunnels, each step with a time by which it must be done."""

from __future__ import annotations

import select
import socket
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .route import Route
    from .tunnel import Steps

#: Bytes read at once, and bytes written at once.
READ, WRITE = 64 * 1024, 256 * 1024
#: A connection that is silent for so many seconds is probed, so that no router forgets a slow answer's connection.
_PROBE_AFTER = 60
#: Seconds after which the next address of a host is tried.
_NEXT_AFTER = 2.5
#: What is said of a connection that ended before TLS could begin on it.
HUNG_UP = "the TLS handshake broke off: the connection was closed"


class NetworkError(Exception):
    """Something failed below HTTP. `request_sent`: whether the request had been written whole by then."""

    request_sent: bool = False
    #: What came of the body, undone of its encodings.
    partial: bytes = b""


class ConnectFailed(NetworkError):
    """No connection came about. `proxy` tells that one stood in the way, `again` whether another attempt may help."""

    def __init__(self, told: str, *, proxy: bool = False, again: bool = True) -> None:
        super().__init__(told)
        self.proxy, self.again = proxy, again


class TLSFailed(NetworkError):
    """No trusted connection came about."""


class Broken(NetworkError):
    """The connection broke, or what came over it was no HTTP."""

    #: Whether the server is sure not to have answered: nothing came back on a connection that had been used before.
    stale: bool = False


class TimedOut(NetworkError):
    """A time limit passed; `phase` is connect, write or read."""

    def __init__(self, phase: str) -> None:
        super().__init__(phase)
        self.phase = phase


def told(error: OSError) -> str:
    """Return what a system's error says."""
    return error.strerror or str(error) or type(error).__name__


def left(until: float | None, phase: str) -> float | None:
    """Return the seconds until then. Raises TimedOut."""
    if until is None:
        return None
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimedOut(phase)
    return seconds


class Wire:
    """One connection: bytes out, bytes in."""

    __slots__ = ("_poll", "_socket", "closed", "doubtful", "idle_since", "used")

    def __init__(self, sock: Any) -> None:
        self._socket = sock
        self._poll: Any = None
        self.used, self.closed, self.doubtful, self.idle_since = False, False, False, 0.0

    def send(self, data: bytes | memoryview, until: float | None) -> None:
        """Write all of it. Raises TimedOut, Broken."""
        self._socket.settimeout(left(until, "write"))
        try:
            self._socket.sendall(data)
        except TimeoutError:
            raise TimedOut("write") from None
        except OSError as error:
            raise Broken(told(error)) from error

    def receive(self, until: float | None) -> bytes:
        """Return what comes next, b"" at the end. Raises TimedOut, Broken."""
        self._socket.settimeout(left(until, "read"))
        try:
            data: bytes = self._socket.recv(READ)
        except TimeoutError:
            raise TimedOut("read") from None
        except OSError as error:
            raise Broken(told(error)) from error
        return data

    def readable(self) -> bool:
        """Tell, without waiting, whether something has come, were it the end."""
        if self._poll is None:
            self._poll = select.poll() if hasattr(select, "poll") else _Select(self._socket)
            self._poll.register(self._socket.fileno(), 1)  # POLLIN; errors are always told
        return bool(self._poll.poll(0))

    def at_hand(self) -> bytes | None:
        """Return what has come without waiting, b"" at the end; None if nothing has."""
        if not self.readable():
            return None
        import ssl

        self._socket.settimeout(0)
        try:
            data: bytes = self._socket.recv(READ)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        except OSError as error:
            raise Broken(told(error)) from error
        return data

    def abort(self) -> None:
        """End the connection under a thread that uses it: that one wakes up and closes it.

        To close it here would not wake the other, and would hand its descriptor to whoever opens the next file.
        """
        with suppress(OSError):  # it is closed already, as all are in the child of a fork
            socket.socket.shutdown(self._socket, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close the connection."""
        if not self.closed:
            self.closed = True
            self._socket.close()


class _Select:
    """`select.poll` where a system has none: Windows."""

    def __init__(self, sock: Any) -> None:
        self._socket = sock

    def register(self, number: int, events: int) -> None:
        """Take what `select.poll` takes."""

    def poll(self, timeout: float) -> list[Any]:
        return select.select([self._socket], [], [], timeout)[0]


def connect(route: Route, until: float | None) -> Wire:
    """Connect to where a route leads, through its proxy if it has one. Raises ConnectFailed, TLSFailed, TimedOut."""
    sock: Any = _dial(route, until)
    try:
        if route.tunnel is not None:
            _go_through(sock, route, route.tunnel(), until)
        if route.tls:
            import ssl

            context = route.context()
            sock.settimeout(left(until, "connect"))
            try:
                # Closes the plain socket's object when it takes over, or fails.
                sock = context.wrap_socket(sock, server_hostname=route.host, do_handshake_on_connect=False)
                sock.do_handshake()
            except TimeoutError:
                raise TimedOut("connect") from None
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:  # whoever hangs up has said nothing of trust
                raise ConnectFailed(HUNG_UP) from error
            except ssl.SSLError as error:
                raise TLSFailed(str(error)) from error
            except OSError as error:
                raise ConnectFailed(f"the TLS handshake broke off: {error}") from error
    except BaseException:
        sock.close()
        raise
    return Wire(sock)


def _dial(route: Route, until: float | None) -> socket.socket:
    """Open a TCP connection to the first address that takes one."""
    if route.uds is not None:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.settimeout(left(until, "connect"))
            sock.connect(route.uds)
        except OSError as error:
            sock.close()
            raise ConnectFailed(f"{route.uds}: {told(error)}") from error
        return sock
    host, port = route.dial
    try:
        addresses = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise unresolvable(route, error) from error
    failure: OSError | None = None
    for number, (family, kind, protocol, _, address) in enumerate(addresses):
        seconds = share(left(until, "connect"), len(addresses) - number)
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(seconds)
            prepare(sock, route)
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
        raise TimedOut("connect") from failure
    raise unreachable(route, told(failure) if failure else "it has no address") from failure


def unreachable(route: Route, why: str) -> ConnectFailed:
    """Return the failure to connect to where a route leads first: its server, or its proxy."""
    host, port = route.dial
    proxy = route.proxy is not None
    return ConnectFailed(f"{'the proxy ' if proxy else ''}{host}:{port}: {why}", proxy=proxy)


def unresolvable(route: Route, error: Exception) -> ConnectFailed:
    """Return the failure to find the address of a host."""
    proxy = route.proxy is not None
    whose = "name of the proxy" if proxy else "host name"
    return ConnectFailed(f"the {whose} {route.dial[0]} cannot be resolved: {error}", proxy=proxy)


def share(seconds: float | None, addresses: int) -> float | None:
    """Return the time for the next of some addresses: one that does not answer must not use up that of the others."""
    if addresses < 2:
        return seconds
    return _NEXT_AFTER if seconds is None else min(_NEXT_AFTER, seconds / addresses)


def prepare(sock: socket.socket, route: Route) -> None:
    """Set the options of a TCP socket."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, _PROBE_AFTER)
    for option in route.socket_options:
        sock.setsockopt(*option)
    if route.local_address is not None:
        sock.bind((route.local_address, 0))


def _go_through(sock: socket.socket, route: Route, steps: Steps, until: float | None) -> None:
    """Ask a proxy for a connection to the server."""
    with suppress(StopIteration):
        data = next(steps)
        while True:
            try:
                sock.settimeout(left(until, "connect"))
                sock.sendall(data)
                sock.settimeout(left(until, "connect"))
                answer = sock.recv(READ)
            except TimeoutError:
                raise TimedOut("connect") from None
            except OSError as error:
                raise broke_off(route, error) from error
            data = steps.send(answer)


def broke_off(route: Route, error: Exception) -> ConnectFailed:
    """Return the failure of a proxy whose connection broke before it had answered."""
    return ConnectFailed(f"the proxy {route.dial[0]} broke off: {error}", proxy=True)
