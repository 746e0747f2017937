"""How a client reaches its server: address, proxy, TLS. A route is computed once, and makes no connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ConfigError
from ..lazy import lazy_function
from ..options.environment import network_environment
from ..runtime.fork import ForkAwareLock
from ..validators import IN_PATH, PLAIN_PATH, ascii_host, split_url

if TYPE_CHECKING:
    import ssl
    from urllib.parse import quote

    from ..options.resolve import Options
    from .proxies import Proxy, proxy_of_environment, proxy_of_option
    from .resolver import Lookup
    from .tls import build_context, certificate_files, check_files
    from .tunnel import Tunnel
else:  # for proxies, for https, and for odd paths
    quote = lazy_function(globals(), "urllib.parse", "quote")
    proxy_of_environment = lazy_function(globals(), ".proxies", "proxy_of_environment")
    proxy_of_option = lazy_function(globals(), ".proxies", "proxy_of_option")
    build_context = lazy_function(globals(), ".tls", "build_context")
    certificate_files = lazy_function(globals(), ".tls", "certificate_files")
    check_files = lazy_function(globals(), ".tls", "check_files")

_KEEPALIVE = 5.0


class Route:
    """The route to one server. `needs_httpx` is True for HTTP/2 and for proxies behind TLS."""

    def __init__(self, options: Options) -> None:
        given = options.http_options
        scheme, host, port, path = split_url(options.api_base)
        self.tls = scheme == "https"
        try:
            self.host = ascii_host(host)
        except ValueError:
            raise ConfigError("api_base has a host name that cannot be looked up") from None
        self.port = port or (443 if self.tls else 80)
        name = f"[{self.host}]" if ":" in self.host else self.host
        self.authority = name if port in (None, 443 if self.tls else 80) else f"{name}:{self.port}"
        self.origin = f"{scheme}://{self.authority}"
        #: The path prefix of every operation, in the request line and in URLs.
        self.base = path if not path.strip(PLAIN_PATH) else quote(path, safe=IN_PATH)
        #: The prefix of a target in the request line: the origin if a proxy forwards the request, else empty.
        self.prefix = ""
        self.local_address: str | None = given.get("local_address")
        self.uds: str | None = given.get("uds")
        self.socket_options: tuple[Any, ...] = tuple(given.get("socket_options") or ())
        limits = given.get("limits")
        #: Seconds that an idle connection is kept, how many are kept, and how many may be open.
        self.keepalive: float | None = _KEEPALIVE if limits is None else limits.keepalive_expiry
        self.max_idle: int | None = None if limits is None else limits.max_keepalive_connections
        self.max_connections: int | None = None if limits is None else limits.max_connections
        self.trust_env: bool = given.get("trust_env", True)
        self._verify, self._cert = given.get("verify", True), given.get("cert")
        self._context: ssl.SSLContext | None = None
        self._lookup: Lookup | None = None
        self._lookup_lock = ForkAwareLock()
        #: The address, as `socket` has it, of the last connection: hosts may have others that do not work.
        self.working_address: Any = None
        self._lock = ForkAwareLock()
        variables = network_environment() if self.trust_env else {}
        self.files = certificate_files() if variables and self._verify is True else {}
        if self.tls and options.transport is None and options.http_client is None:
            check_files(self.files)
        self._set_proxy(given.get("proxy"), options, from_environment=bool(variables))

    def _set_proxy(self, given: Any, options: Options, *, from_environment: bool) -> None:
        """Choose the proxy, and how to connect through it."""
        self.connect_address = (self.host, self.port)
        self.tunnel: Tunnel | None = None
        #: Headers of every request that a proxy forwards.
        self.proxy_headers: tuple[tuple[str, str], ...] = ()
        self.proxy: Proxy | None = None
        connects_itself = options.transport is None and options.http_client is None and self.uds is None
        if given is not None:  # parsed in any case: an invalid proxy is an error even if it is not used
            proxy = proxy_of_option(given)
            self.proxy = proxy if connects_itself else None
        elif connects_itself and from_environment:
            self.proxy = proxy_of_environment("https" if self.tls else "http", self.host, self.port)
        self.needs_httpx = bool(connects_itself and options.http_options.get("http2"))
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
            with self._lock.lock:
                if self._context is None:
                    self._context = build_context(self._verify, self._cert, self.files)
        return self._context

    def lookup(self) -> Lookup:
        """Return the lookup of the host to connect to that is running, else a new one."""
        from .resolver import Lookup

        with self._lookup_lock.lock:
            lookup = self._lookup
            if lookup is not None and not lookup.done:
                return lookup
            lookup = self._lookup = Lookup()
        lookup.start(*self.connect_address)
        return lookup

    def httpx_options(self) -> dict[str, Any]:
        """Return the arguments of httpx's transports for this route."""
        import httpx

        if self.proxy is not None and self.proxy.scheme.startswith("socks") and not _installed("socksio"):
            raise ConfigError("a SOCKS proxy with HTTP/2 or on trio needs socksio: pip install 'httpx[socks]'")
        return {
            "verify": self.context(),
            "trust_env": False,  # this class has read the environment
            "limits": httpx.Limits(max_keepalive_connections=self.max_idle, keepalive_expiry=self.keepalive),
            "uds": self.uds,
            "local_address": self.local_address,
            "socket_options": list(self.socket_options) or None,
            "proxy": None if self.proxy is None else self.proxy.url,
        }


def _installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None
