"""What is said to a proxy before the server's own bytes: CONNECT (RFC 9110, section 9.3.6) and SOCKS (RFC 1928, 1929).

Decided once, as generators: they yield what to request, b"" for nothing, and get what comes next, b"" at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from ipaddress import ip_address
from typing import TYPE_CHECKING

from .errors import ConnectError, MalformedError
from .http11 import Parser

if TYPE_CHECKING:
    from .proxies import Proxy

Steps = Generator[bytes, bytes, None]
Tunnel = Callable[[], Steps]
_SOCKS = 5
_NO_PASSWORD, _PASSWORD, _NEITHER = 0, 2, 0xFF
#: What a SOCKS proxy says of a connection that it did not make.
_REFUSALS = (
    *("", "it failed", "its rules do not allow it", "network unreachable", "host unreachable", "connection refused"),
    *("time to live expired", "it knows no CONNECT", "it does not know this kind of address"),
)
_NOT_ALLOWED = 2


def tunnel(proxy: Proxy, host: str, port: int) -> Tunnel:
    """Return what opens a way through a proxy to a host."""
    if proxy.scheme == "http":
        return lambda: _connect(proxy, host, port)
    return lambda: _socks(proxy, host, port)


def _connect(proxy: Proxy, host: str, port: int) -> Steps:
    name = f"[{host}]" if ":" in host else host
    lines = [f"CONNECT {name}:{port} HTTP/1.1", f"Host: {name}:{port}"]
    lines += [f"{key}: {value}" for key, value in proxy.headers]
    answer = yield ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
    parser = Parser()
    try:
        while answer and not parser.head(answer, bodiless=True):
            answer = yield b""
    except MalformedError as error:
        raise _refused(proxy, f"its answer cannot be read: {error}") from error
    if not answer:
        raise _refused(proxy, "it closed the connection")
    if not 200 <= parser.status < 300:
        final = parser.status == 407  # it wants a password, or another one
        raise _refused(proxy, f"{parser.status} {parser.reason}".rstrip(), again=not final)
    if parser.excess:  # TLS begins with the client, so these bytes are not the server's
        raise _refused(proxy, "more bytes follow its answer")


def _socks(proxy: Proxy, host: str, port: int) -> Steps:
    offered = (_NO_PASSWORD, _PASSWORD) if proxy.auth is not None else (_NO_PASSWORD,)
    read = _Reader(proxy, bytes([_SOCKS, len(offered), *offered]))
    version, method = yield from read.take(2)
    if version != _SOCKS:
        raise _refused(proxy, "it does not speak SOCKS 5", again=False)
    if method == _PASSWORD and proxy.auth is not None:
        user, password = proxy.auth
        read.send = bytes([1, len(user)]) + user + bytes([len(password)]) + password
        if (yield from read.take(2))[1] != 0:
            raise _refused(proxy, "it does not accept the password", again=False)
    elif method != _NO_PASSWORD:
        wants = "a password" if method in (_PASSWORD, _NEITHER) and proxy.auth is None else "another way to log in"
        raise _refused(proxy, f"it wants {wants}", again=False)
    read.send = bytes([_SOCKS, 1, 0]) + _address(proxy, host) + port.to_bytes(2)
    _, code, _, kind = yield from read.take(4)
    if code != 0:
        why = _REFUSALS[code] if code < len(_REFUSALS) else f"code {code}"
        raise _refused(proxy, why, again=code != _NOT_ALLOWED)
    size = {1: 4, 4: 16}.get(kind)
    yield from read.take((yield from read.take(1))[0] if size is None else size)  # where it connected from
    yield from read.take(2)


class _Reader:
    """Exactly so many bytes of the proxy's, after what is to be sent first."""

    def __init__(self, proxy: Proxy, send: bytes) -> None:
        self._proxy, self.send, self._held = proxy, send, bytearray()

    def take(self, count: int) -> Generator[bytes, bytes, bytes]:
        while len(self._held) < count:
            send, self.send = self.send, b""
            piece = yield send
            if not piece:
                raise _refused(self._proxy, "it closed the connection")
            self._held += piece
        found = bytes(self._held[:count])
        del self._held[:count]
        return found


def _address(proxy: Proxy, host: str) -> bytes:
    """Return a host as SOCKS writes it. Names are the proxy's to look up."""
    try:
        address = ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        if len(name) > 255:
            raise _refused(proxy, "no host has so long a name", again=False) from None
        return bytes([3, len(name)]) + name
    return bytes([1 if address.version == 4 else 4]) + address.packed


def _refused(proxy: Proxy, why: str, *, again: bool = True) -> ConnectError:
    """Return the failure of a proxy that makes no connection."""
    return ConnectError(f"the proxy {proxy.host} refused the connection: {why}", proxy=True, again=again)
