"""How a client reaches its server: address, proxy, TLS. Read once from the options; no connection is made here."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from ..errors import ConfigError
from ..validators import IN_PATH
from . import proxies, tls

if TYPE_CHECKING:
    import ssl

    from ..options.resolve import Options
    from .tunnel import Tunnel

_KEEPALIVE = 5.0


class Route:
    """The way to one server. `outside` tells that httpx has to go it: HTTP/2 and proxies behind TLS."""

    def __init__(self, options: Options) -> None:
        given = options.http_options
        parts = urlsplit(options.api_base)
        self.tls = parts.scheme.lower() == "https"
        self.host = _ascii(parts.hostname or "")
        self.port = parts.port or (443 if self.tls else 80)
        name = f"[{self.host}]" if ":" in self.host else self.host
        self.authority = name if parts.port in (None, 443 if self.tls else 80) else f"{name}:{self.port}"
        self.origin = f"{parts.scheme.lower()}://{self.authority}"
        #: What stands before an operation's path, in the request line and in URLs.
        self.base = quote(parts.path, safe=IN_PATH)
        #: What stands before a target in the request line: nothing, but for proxies that forward.
        self.prefix = ""
        self.local_address: str | None = given.get("local_address")
        self.uds: str | None = given.get("uds")
        self.socket_options = tuple(given.get("socket_options") or ())
        limits = given.get("limits")
        #: Seconds that an unused connection is kept, and how many are.
        self.keepalive: float | None = _KEEPALIVE if limits is None else limits.keepalive_expiry
        self.max_idle: int | None = None if limits is None else limits.max_keepalive_connections
        self.max_connections: int | None = None if limits is None else limits.max_connections
        self.trust_env: bool = given.get("trust_env", True)
        self._verify, self._cert = given.get("verify", True), given.get("cert")
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self.files = tls.certificate_files() if self.trust_env and self._verify is True else {}
        if self.tls and options.transport is None and options.http_client is None:
            tls.check_files(self.files)
        self._take_proxy(given.get("proxy"), options)

    def _take_proxy(self, given: Any, options: Options) -> None:
        """Find the proxy to use, and what has to be said to it."""
        self.connect_address = (self.host, self.port)
        self.tunnel: Tunnel | None = None
        #: Headers of every request to a proxy that forwards it.
        self.proxy_headers: tuple[tuple[str, str], ...] = ()
        self.proxy: proxies.Proxy | None = None
        mine = options.transport is None and options.http_client is None and self.uds is None
        if given is not None:  # read in any case: what is no proxy is wrong, whether it is used or not
            proxy = proxies.of_option(given)
            self.proxy = proxy if mine else None
        elif mine and self.trust_env:
            self.proxy = proxies.of_environment("https" if self.tls else "http", self.host, self.port)
        self.needs_httpx = bool(mine and options.http_options.get("http2"))
        if self.proxy is None:
            return
        if self.proxy.scheme == "https":
            self.needs_httpx = True
            return
        self.connect_address = (self.proxy.host, self.proxy.port)
        if self.tls or self.proxy.scheme != "http":
            from .tunnel import tunnel

            self.tunnel = tunnel(self.proxy, self.host, self.port)
        else:
            self.prefix = self.origin
            self.proxy_headers = self.proxy.headers

    def context(self) -> ssl.SSLContext:
        """Return the TLS context; the first https connection builds it, which takes a tenth of a second."""
        if self._context is None:
            with self._lock:
                if self._context is None:
                    self._context = tls.build_context(self._verify, self._cert, self.files)
        return self._context

    def httpx_options(self) -> dict[str, Any]:
        """Return what httpx's own transports take for this route."""
        import httpx

        if self.proxy is not None and self.proxy.scheme.startswith("socks") and not _installed("socksio"):
            raise ConfigError("a SOCKS proxy with HTTP/2 or on trio needs socksio: pip install 'httpx[socks]'")
        return {
            "verify": self.context(),
            "trust_env": False,  # it has been asked here
            "limits": httpx.Limits(max_keepalive_connections=self.max_idle, keepalive_expiry=self.keepalive),
            "uds": self.uds,
            "local_address": self.local_address,
            "socket_options": list(self.socket_options) or None,
            "proxy": None if self.proxy is None else self.proxy.url,
        }


def _installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None


def _ascii(host: str) -> str:
    """Return a host name as DNS and TLS know it."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        raise ConfigError("api_base has a host name that cannot be looked up") from None
