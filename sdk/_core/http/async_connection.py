"""Connections of coroutines: the same as `_network`, on an event loop. Closing never has to be awaited."""

from __future__ import annotations

import asyncio
import os
import select
import socket
import ssl
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .connection import (
    CLOSED_IN_HANDSHAKE,
    READ,
    attempt_timeout,
    broke_off,
    remaining,
    set_socket_options,
    unreachable,
    unresolvable,
)
from .errors import ConnectError, ConnectionLostError, PhaseTimeoutError, TLSHandshakeError, describe_os_error

if TYPE_CHECKING:
    from .route import Route
    from .tunnel import Steps

#: Bytes that may wait to be taken before the server is made to wait.
_HIGH_WATER = 256 * 1024


class _ClosedTransport:
    """In the place of a transport that is closed."""

    def is_closing(self) -> bool:
        return True


_CLOSED = _ClosedTransport()


class AsyncConnection(asyncio.Protocol):
    """One connection of an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sock: socket.socket, *, secure: bool = False) -> None:
        self._loop, self._lent = loop, sock  # lent to the loop, which closes it as long as it lives
        self._socket = None if secure else sock  # under TLS only the transport can read
        self.transport: Any = None
        self._pieces: list[bytes] = []
        self._size, self._paused, self._full = 0, False, False
        self._ended = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        # One timer serves all waits: it is set anew only when it fires too early, or would fire too late.
        self._timer: asyncio.TimerHandle | None = None
        self._waits_until: float | None = None
        self._fires = 0.0
        self._poll: Any = None
        self.used, self.closed, self.may_be_closing, self.idle_since = False, False, False, 0.0

    # What the event loop calls.

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.set_write_buffer_limits(high=0)  # so that "written" means: handed to the system

    def data_received(self, data: bytes) -> None:
        self._pieces.append(data)
        self._size += len(data)
        if self._size > _HIGH_WATER and not self._paused:
            self._paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self._ended, self._error = True, self._error or error
        self._full = False
        self._wake()

    def pause_writing(self) -> None:
        self._full = True

    def resume_writing(self) -> None:
        self._full = False
        self._wake()

    # What a call does.

    async def send(self, data: bytes | memoryview, deadline: float | None) -> None:
        """Write all of it. Raises TimedOut, Broken."""
        if not (self._error or self._ended or self.transport.is_closing()):
            self.transport.write(data)
            while self._full:
                await self._wait(deadline, "write")
            if not self.transport.is_closing():
                return
            self._read_unread()
        raise self._broken("the server closed the connection")

    async def receive(self, deadline: float | None) -> bytes:
        """Return what comes next, b"" at the end. Raises TimedOut, Broken."""
        while not self._pieces:
            if self._error is not None:
                raise self._broken("")
            if self._ended:
                return b""
            await self._wait(deadline, "read")
        return self._take()

    def read_available(self) -> bytes | None:
        """Return what has come without waiting, b"" at the end; None if nothing has."""
        if self._pieces:
            return self._take()
        return b"" if self._ended and self._error is None else None

    def readable(self) -> bool:
        """Tell, without waiting, whether something has come, were it the end."""
        if self._pieces or self._ended or self.transport.is_closing():
            return True
        # The loop may not yet have looked at the socket since the server closed it.
        if self._poll is None and hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(self.transport.get_extra_info("socket").fileno(), 1)
        return self._poll is not None and bool(self._poll.poll(0))

    def close(self) -> None:
        """Close the connection; its loop lets go of the socket in its next turn."""
        if self.closed:
            return
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        transport, self.transport = self.transport, _CLOSED
        if transport is None or self._loop.is_closed():
            self._lent.close()  # no loop will
            return
        if asyncio._get_running_loop() is self._loop:
            transport.abort()
        else:  # from another thread, where the garbage collector may run as well
            self._loop.call_soon_threadsafe(transport.abort)

    def _read_unread(self) -> None:
        """Read what the server said before it reset the connection; asyncio lets go of it when a write fails."""
        if self._socket is None:
            return
        with suppress(OSError):
            while data := self._socket.recv(READ):
                self._pieces.append(data)

    def _broken(self, message: str) -> ConnectionLostError:
        error = self._error
        broken = ConnectionLostError(describe_os_error(error) if isinstance(error, OSError) else str(error or message))
        broken.__cause__ = error
        return broken

    abort = close

    def _take(self) -> bytes:
        pieces = self._pieces
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._size = 0
        if self._paused:
            self._paused = False
            if not self.transport.is_closing():
                self.transport.resume_reading()
        return data

    def _wake(self) -> None:
        waiter = self._waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    async def _wait(self, deadline: float | None, phase: str) -> None:
        remaining(deadline, phase)
        self._waits_until = deadline
        if deadline is not None and (self._timer is None or self._fires > deadline):
            self._arm()
        self._waiter = waiter = self._loop.create_future()
        try:
            await waiter
        finally:
            self._waiter, self._waits_until = None, None

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        assert self._waits_until is not None
        self._fires = self._waits_until
        self._timer = self._loop.call_later(max(0.0, self._waits_until - time.monotonic()), self._alarm)

    def _alarm(self) -> None:
        self._timer = None
        if self._waits_until is None:
            return
        if self._waits_until > time.monotonic():
            self._arm()
        else:
            self._wake()  # whoever waits looks at the clock before it waits again


async def connect(route: Route, deadline: float | None) -> AsyncConnection:
    """Connect to where a route leads, through its proxy if it has one. Raises ConnectFailed, TLSFailed, TimedOut."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(remaining(deadline, "connect")):
            return await _connect(loop, route, deadline)
    except PhaseTimeoutError:
        raise PhaseTimeoutError("connect") from None
    except TimeoutError as error:  # ours, or the system's for an address that does not answer
        raise PhaseTimeoutError("connect") from error
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError) as error:  # whoever hangs up has said nothing of trust
        raise ConnectError(CLOSED_IN_HANDSHAKE) from error
    except ssl.SSLError as error:
        raise TLSHandshakeError(str(error)) from error
    except OSError as error:
        if route.uds is not None:
            raise ConnectError(f"{route.uds}: {describe_os_error(error)}") from error
        if isinstance(error, ConnectionResetError) and error.errno is None:  # asyncio's, with nothing said
            raise ConnectError(CLOSED_IN_HANDSHAKE) from error
        # asyncio's own words leave out what happened.
        raise unreachable(route, str(error) if error.errno is None else os.strerror(error.errno)) from error


async def _connect(loop: asyncio.AbstractEventLoop, route: Route, deadline: float | None) -> AsyncConnection:
    context = route.context() if route.tls else None
    name = route.host if context is not None else None
    sock = await _dial(loop, route, deadline)
    connection = AsyncConnection(loop, sock, secure=route.tls)
    try:
        direct: dict[str, Any] = {"ssl": context, "server_hostname": name} if route.tunnel is None else {}
        make = loop.create_unix_connection if route.uds is not None else loop.create_connection
        await make(lambda: connection, sock=sock, **direct)
        if route.tunnel is not None:
            await _open_tunnel(connection, route, route.tunnel(), deadline)
            if context is not None:
                connection.connection_made(
                    await loop.start_tls(connection.transport, connection, context, server_hostname=name)
                )
    except BaseException:
        connection.close()
        sock.close()
        raise
    return connection


async def _open_tunnel(connection: AsyncConnection, route: Route, steps: Steps, deadline: float | None) -> None:
    """Ask a proxy for a connection to the server."""
    with suppress(StopIteration):
        data = next(steps)
        while True:
            try:
                await connection.send(data, deadline)
                answer = await connection.receive(deadline)
            except ConnectionLostError as error:
                raise broke_off(route, error) from error
            data = steps.send(answer)


async def _dial(loop: asyncio.AbstractEventLoop, route: Route, deadline: float | None) -> socket.socket:
    """Open a TCP connection to the first address that takes one."""
    addresses: Any
    if route.uds is not None:
        addresses = [(socket.AF_UNIX, socket.SOCK_STREAM, 0, "", route.uds)]
    else:
        host, port = route.connect_address
        try:  # an address needs no look-up, and so no thread
            addresses = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
        except (socket.gaierror, UnicodeError):
            try:
                addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            except (socket.gaierror, UnicodeError) as error:
                raise unresolvable(route, error) from error
    for number, (family, kind, protocol, _, address) in enumerate(addresses, 1):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.setblocking(False)
            if route.uds is None:
                set_socket_options(sock, route)
            async with asyncio.timeout(attempt_timeout(remaining(deadline, "connect"), len(addresses) - number + 1)):
                await loop.sock_connect(sock, address)
        except OSError:
            sock.close()
            if number == len(addresses):
                raise
            continue
        except BaseException:
            sock.close()
            raise
        return sock
    raise unreachable(route, "it has no address")
