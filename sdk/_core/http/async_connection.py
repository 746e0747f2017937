"""Connections for coroutines, the twin of `sync_connection`. Closing one needs no `await`."""

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
    attempt_delay,
    attempt_order,
    connection_lost,
    handshake_error,
    numeric_addresses,
    remaining,
    set_socket_options,
    tunnel_broken,
    unreachable,
)
from .errors import (
    ConnectError,
    ConnectionLostError,
    NetworkError,
    PhaseTimeoutError,
    describe_os_error,
)

if TYPE_CHECKING:
    from .route import Route
    from .tunnel import Steps

#: Unread bytes after which the connection stops reading, so that the server has to wait.
_HIGH_WATER = 256 * 1024


class _ClosedTransport:
    """The stand-in for a transport that is closed."""

    def is_closing(self) -> bool:
        return True


_CLOSED = _ClosedTransport()


class AsyncConnection(asyncio.Protocol):
    """One connection on an event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
        self._loop, self._loop_socket = loop, sock  # the loop owns the socket, and closes it unless the loop is closed
        self.transport: Any = None
        #: The ssl.SSLObject of a connection with TLS.
        self.tls: Any = None
        self._pieces: list[bytes] = []
        self._size, self._read_paused, self._write_paused = 0, False, False
        self._ended = False
        #: Whether TLS ended without close_notify.
        self.truncated = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        # One timer serves all waits: it is rescheduled only if it fires before the deadline, or would fire after it.
        self._timer: asyncio.TimerHandle | None = None
        self._waits_until: float | None = None
        self._fires = 0.0
        self._poll: Any = None
        self.used, self.closed, self.may_be_closing, self.idle_since = False, False, False, 0.0

    # Methods of asyncio.Protocol, which the event loop calls.

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.set_write_buffer_limits(high=0)  # a write is done only when the operating system has all bytes

    def data_received(self, data: bytes) -> None:
        self._pieces.append(data)
        self._size += len(data)
        if self._size > _HIGH_WATER and not self._read_paused:
            self._read_paused = True
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self._ended, self.truncated = True, self.tls is not None and not self._read_tls()
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended:
            self.truncated = self.tls is not None
        self._ended, self._error = True, self._error or exc
        self._write_paused = False
        self._wake()

    def pause_writing(self) -> None:
        self._write_paused = True

    def resume_writing(self) -> None:
        self._write_paused = False
        self._wake()

    # Methods for calls.

    async def send(self, data: bytes | memoryview, deadline: float | None) -> None:
        """Write all bytes. Raises PhaseTimeoutError, ConnectionLostError."""
        if not (self._error or self._ended or self.transport.is_closing()):
            self.transport.write(data)
            failed = self.tls is not None and not self.used and self._has_failed()
            while self._write_paused and not failed:
                await self._wait(deadline, "write")
            if not (failed or self.transport.is_closing()):
                return
            self._read_unread()
        raise self._broken("the server closed the connection")

    async def receive(self, deadline: float | None) -> bytes:
        """Return the next bytes, b"" at the end. Raises PhaseTimeoutError, ConnectionLostError."""
        while not self._pieces:
            if self._error is not None:
                raise self._broken("")
            if self._ended:
                return b""
            await self._wait(deadline, "read")
        return self._take()

    def read_available(self) -> bytes | None:
        """Return the bytes that have arrived, b"" at the end, without waiting; None if there are none."""
        if self._pieces:
            return self._take()
        return b"" if self._ended and self._error is None else None

    def readable(self) -> bool:
        """Return, without waiting, whether bytes or the end of the connection have arrived."""
        if self._pieces or self._ended or self.transport.is_closing():
            return True
        # The server may have closed the socket since the event loop last polled it.
        if self._poll is None and hasattr(select, "poll"):
            self._poll = select.poll()
            self._poll.register(self.transport.get_extra_info("socket").fileno(), 1)
        return self._poll is not None and bool(self._poll.poll(0))

    def close(self) -> None:
        """Close the connection; its event loop closes the socket in the next iteration."""
        if self.closed:
            return
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        transport, self.transport = self.transport, _CLOSED
        if transport is None or self._loop.is_closed():
            self._loop_socket.close()  # no event loop closes it
            return
        if asyncio._get_running_loop() is self._loop:
            transport.abort()
        else:  # in another thread: the garbage collector runs in any thread
            self._loop.call_soon_threadsafe(transport.abort)

    def _read_tls(self) -> bool:
        """Read what is left in TLS. Return whether close_notify ended it, which asyncio does not report."""
        try:
            while data := self.tls.read(READ):
                self._pieces.append(data)
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            self._error = self._error or (None if isinstance(error, ssl.SSLZeroReturnError) else error)
        return self._error is None

    def _has_failed(self) -> bool:
        """Return whether a write with TLS has failed at once, which the transport of TLS does not report."""
        raw = getattr(getattr(self.transport, "_ssl_protocol", None), "_transport", None)
        return raw is not None and bool(raw.is_closing())

    def _read_unread(self) -> None:
        """Read the bytes that arrived before the server reset the connection; asyncio drops them when a write fails."""
        take: Any = self._pieces.append
        if self.tls is not None:  # asyncio's buffer in front of TLS; other event loops do not show theirs
            take = getattr(getattr(getattr(self.transport, "_ssl_protocol", None), "_incoming", None), "write", None)
            if take is None:
                return
        with suppress(OSError):
            while data := self._loop_socket.recv(READ):
                take(data)
        if self.tls is not None:
            self._read_tls()  # it may hold the alert that says why

    def _broken(self, message: str) -> NetworkError:
        error = self._error
        failure = connection_lost(error) if isinstance(error, OSError) else ConnectionLostError(str(error or message))
        failure.__cause__ = error
        return failure

    abort = close

    def close_descriptor(self) -> None:
        """Close the file descriptor in the child of a fork, but touch no event loop: the parent shares its epoll."""
        self.closed, self.transport = True, _CLOSED
        self._loop_socket.close()

    def _take(self) -> bytes:
        pieces = self._pieces
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._size = 0
        if self._read_paused:
            self._read_paused = False
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
            self._wake()  # the waiter checks its deadline before it waits again


async def connect(route: Route, deadline: float | None) -> AsyncConnection:
    """Connect to the server of a route, or to its proxy. Raises ConnectError, TLSHandshakeError, PhaseTimeoutError."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(remaining(deadline, "connect")):
            return await _connect(loop, route, deadline)
    except PhaseTimeoutError:
        raise PhaseTimeoutError("connect") from None
    except TimeoutError as error:  # this limit's, or the operating system's for an address that does not answer
        raise PhaseTimeoutError("connect") from error
    except ssl.SSLError as error:
        raise handshake_error(error) from error
    except OSError as error:
        if route.uds is not None:
            raise ConnectError(f"{route.uds}: {describe_os_error(error)}") from error
        if isinstance(error, ConnectionResetError) and error.errno is None:  # asyncio raises it without errno
            raise ConnectError(CLOSED_IN_HANDSHAKE) from error
        # asyncio's own message does not name the reason; that of the errno does.
        raise unreachable(route, str(error) if error.errno is None else os.strerror(error.errno)) from error


async def _connect(loop: asyncio.AbstractEventLoop, route: Route, deadline: float | None) -> AsyncConnection:
    context = route.context() if route.tls else None
    name = route.host if context is not None else None
    sock = await _dial(loop, route, deadline)
    connection = AsyncConnection(loop, sock)
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
        connection.tls = connection.transport.get_extra_info("ssl_object")
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
                raise tunnel_broken(route, error) from error
            data = steps.send(answer)


async def _dial(loop: asyncio.AbstractEventLoop, route: Route, deadline: float | None) -> socket.socket:
    """Open a TCP connection to the first address that accepts one."""
    if route.uds is not None:
        return await _attempt(loop, route, (socket.AF_UNIX, socket.SOCK_STREAM, 0, "", route.uds))
    addresses = await _addresses(route, deadline)
    if len(addresses) == 1:
        return await _attempt(loop, route, addresses[0])
    return await _race(loop, route, addresses, deadline)


async def _addresses(route: Route, deadline: float | None) -> list[Any]:
    """Return the addresses to connect to, in order."""
    found = numeric_addresses(route)
    if found is None:
        lookup = route.lookup()
        await lookup.ajoin(deadline)
        found = lookup.addresses(route)
    return attempt_order(found, route)


async def _race(
    loop: asyncio.AbstractEventLoop, route: Route, addresses: list[Any], deadline: float | None
) -> socket.socket:
    """Connect to the first address that accepts. The next one is tried when one has failed, or has not yet answered."""
    failure: BaseException = OSError("the host has no address")
    attempts: dict[asyncio.Task[socket.socket], Any] = {}
    try:
        while addresses or attempts:
            if addresses:
                address = addresses.pop(0)
                attempts[loop.create_task(_attempt(loop, route, address))] = address
            delay = attempt_delay(remaining(deadline, "connect"), len(addresses))
            done, _ = await asyncio.wait(attempts, timeout=delay, return_when=asyncio.FIRST_COMPLETED)
            for attempt in done:
                address = attempts.pop(attempt)
                failed = attempt.exception()
                if failed is None:
                    route.working_address = address[4]
                    return attempt.result()
                failure = failed
    finally:
        for attempt in attempts:
            attempt.cancel()
        for result in await asyncio.gather(*attempts, return_exceptions=True):
            if isinstance(result, socket.socket):
                result.close()
    raise failure


async def _attempt(loop: asyncio.AbstractEventLoop, route: Route, address: Any) -> socket.socket:
    """Connect to one address."""
    sock = socket.socket(*address[:3])
    try:
        sock.setblocking(False)
        if route.uds is None:
            set_socket_options(sock, route)
        await loop.sock_connect(sock, address[4])
    except BaseException:
        sock.close()
        raise
    return sock
