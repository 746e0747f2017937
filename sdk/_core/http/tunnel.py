"""Open a tunnel through a proxy: CONNECT (RFC 9110, section 9.3.6) and SOCKS (RFC 1928, 1929).

Both protocols are generators, for blocking callers and coroutines alike: they yield the bytes to send, b"" for none,
and receive the next bytes of the proxy, b"" at the end.
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
#: The meaning of the reply codes of SOCKS (RFC 1928, section 6).
_REFUSALS = (
    *("", "it failed", "its rules do not allow it", "network unreachable", "host unreachable", "connection refused"),
    *("time to live expired", "it does not support CONNECT", "it does not support this type of address"),
)
_NOT_ALLOWED = 2


def tunnel(proxy: Proxy, host: str, port: int) -> Tunnel:
    """Return the function that opens a tunnel through a proxy to a host."""
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
        raise _refused(proxy, f"its response cannot be read: {error}") from error
    if not answer:
        raise _refused(proxy, "it closed the connection")
    if not 200 <= parser.status < 300:
        final = parser.status == 407  # it requires a password, or another one
        raise _refused(proxy, f"{parser.status} {parser.reason}".rstrip(), retryable=not final)
    if parser.excess:  # in TLS the client speaks first, so the server did not send these bytes
        raise _refused(proxy, "more bytes follow its response")


def _socks(proxy: Proxy, host: str, port: int) -> Steps:
    offered = (_NO_PASSWORD, _PASSWORD) if proxy.auth is not None else (_NO_PASSWORD,)
    read = _Reader(proxy, bytes([_SOCKS, len(offered), *offered]))
    version, method = yield from read.take(2)
    if version != _SOCKS:
        raise _refused(proxy, "it does not speak SOCKS 5", retryable=False)
    if method == _PASSWORD and proxy.auth is not None:
        user, password = proxy.auth
        read.send = bytes([1, len(user)]) + user + bytes([len(password)]) + password
        if (yield from read.take(2))[1] != 0:
            raise _refused(proxy, "it does not accept the password", retryable=False)
    elif method != _NO_PASSWORD:
        required = "a password" if method in (_PASSWORD, _NEITHER) and proxy.auth is None else "another login method"
        raise _refused(proxy, f"it requires {required}", retryable=False)
    read.send = bytes([_SOCKS, 1, 0]) + _address(proxy, host) + port.to_bytes(2)
    _, code, _, kind = yield from read.take(4)
    if code != 0:
        why = _REFUSALS[code] if code < len(_REFUSALS) else f"code {code}"
        raise _refused(proxy, why, retryable=code != _NOT_ALLOWED)
    size = {1: 4, 4: 16}.get(kind)
    yield from read.take(
        (yield from read.take(1))[0] if size is None else size
    )  # the address that the proxy connected from
    yield from read.take(2)


class _Reader:
    """Send pending bytes, then read an exact number of bytes from the proxy."""

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
    """Encode a host for SOCKS. The proxy resolves names."""
    try:
        address = ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        if len(name) > 255:
            raise _refused(proxy, "the host name is longer than 255 bytes", retryable=False) from None
        return bytes([3, len(name)]) + name
    return bytes([1 if address.version == 4 else 4]) + address.packed


def _refused(proxy: Proxy, why: str, *, retryable: bool = True) -> ConnectError:
    """Return the error for a proxy that refuses the connection."""
    return ConnectError(f"the proxy {proxy.host} refused the connection: {why}", proxy=True, retryable=retryable)
