"""Proxies: choose the one that the environment or an option names for a server. Only the environment is input."""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from ..errors import ConfigError
from ..options.environment import network_environment
from ..validators import ascii_host, is_host

_SCHEMES = ("http", "https", "socks5", "socks5h")


class Proxy(NamedTuple):
    """A proxy; `url` may hold a password and is never shown."""

    scheme: str
    host: str
    port: int
    headers: tuple[tuple[str, str], ...]
    url: Any
    #: User and password for SOCKS.
    auth: tuple[bytes, bytes] | None = None

    def secrets(self) -> list[str]:
        """Return the password, and the values of the headers for this proxy; it may echo them."""
        password = [] if self.auth is None else [self.auth[1].decode(errors="replace")]
        return password + [value.rpartition(" ")[2] for _, value in self.headers]

    def __repr__(self) -> str:
        return f"<Proxy {self.scheme}://{self.host}:{self.port}>"


def proxy_of_environment(scheme: str, host: str, port: int) -> Proxy | None:
    """Return the proxy for a server, from HTTP(S)_PROXY, ALL_PROXY and NO_PROXY, lower or upper case.

    Raises ConfigError that names the invalid variable.
    """
    variables = network_environment()
    excluded, name = _pick(variables, "NO_PROXY")
    bypassed = _excludes(excluded, host, port, name)
    for wanted in (f"{scheme}_proxy".upper(), "ALL_PROXY"):
        url, name = _pick(variables, wanted)
        # Under CGI, HTTP_PROXY is the caller's header `Proxy` (CVE-2016-5385); http_proxy cannot come from a header.
        if name == "HTTP_PROXY" and "REQUEST_METHOD" in variables:
            continue
        if url:
            return None if bypassed else _read(url if "://" in url else f"http://{url}", name)
    return None


def proxy_of_option(given: Any) -> Proxy:
    """Return the proxy of http_options['proxy']: a URL, or an httpx.Proxy."""
    name = "http_options['proxy']"
    headers = getattr(given, "headers", None)
    url = getattr(given, "url", given)
    found = _read(str(url), name)
    more = tuple(headers.items()) if headers is not None else ()
    found = found._replace(headers=(*found.headers, *more), url=given)
    return _with_login(found, getattr(given, "raw_auth", None), name)


def _pick(variables: dict[str, str], name: str) -> tuple[str, str]:
    """Return a variable's value and its actual name; lower case takes precedence, as in curl."""
    for one in (name.lower(), name):
        if variables.get(one):
            return variables[one].strip(), one
    return "", name


def _read(url: str, name: str) -> Proxy:
    try:
        parts = urlsplit(url)
        host, port = ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or port == 0 or not is_host(host, parts.netloc) or not url.isprintable() or " " in url:
        raise ConfigError(f"{name} is not the URL of a proxy; write it as http://host:port")
    scheme = parts.scheme.lower()
    if scheme not in _SCHEMES:
        raise ConfigError(f"{name} has the unknown scheme {scheme[:20]}://; known schemes are {', '.join(_SCHEMES)}")
    auth = (unquote(parts.username).encode(), unquote(parts.password or "").encode()) if parts.username else None
    return _with_login(Proxy(scheme, host, port or {"http": 80, "https": 443}.get(scheme, 1080), (), url), auth, name)


def _with_login(proxy: Proxy, auth: tuple[bytes, bytes] | None, name: str) -> Proxy:
    """Return a proxy with its user and password, if any, both as a header and for SOCKS."""
    if auth is None:
        return proxy
    if proxy.scheme.startswith("socks") and max(map(len, auth)) > 255:
        raise ConfigError(f"{name} has a user or password of more than 255 bytes, which SOCKS cannot carry")
    from binascii import b2a_base64

    header = ("Proxy-Authorization", "Basic " + b2a_base64(b":".join(auth), newline=False).decode())
    return proxy._replace(headers=(*proxy.headers, header), auth=auth)


def _excludes(entries: str, host: str, port: int, name: str) -> bool:
    """Return whether NO_PROXY names a host: by name, domain, address or network (CIDR), with or without a port.

    Commas and white space separate the entries. As on Windows and macOS, `<local>` means names without a dot, and a
    network may omit its trailing zeros (`169.254/16`).
    """
    found = False
    for entry in entries.replace(",", " ").lower().split():
        bare = entry.partition("://")[2] or entry
        try:
            found = _matches(bare, host.lower(), port) or found
        except ValueError:
            raise ConfigError(f"{name} has an entry that is not a host, domain or network: {entry[:80]!r}") from None
    return found


def _matches(entry: str, host: str, port: int) -> bool:
    if entry == "*":
        return True
    if entry == "<local>":
        return not any(c in host for c in ".:")
    if "/" in entry:
        address, _, bits = entry.partition("/")
        if ":" not in address:
            address += ".0" * (3 - address.count("."))
        from ipaddress import ip_address, ip_network  # imported here, because it takes a millisecond

        network = ip_network(f"{address}/{bits}", strict=False)
        try:
            return ip_address(host) in network
        except ValueError:
            return False
    if entry.count(":") > 1 and not entry.startswith("["):
        from ipaddress import ip_address

        return str(ip_address(entry)) == host
    parts = urlsplit(f"//{entry.removeprefix('*')}")  # raises ValueError for a bad port or bracket
    name = ascii_host((parts.hostname or "").removeprefix("."))
    if not name or parts.path or parts.query or any(c in name for c in " \t\\<>^`{|}\"'@"):
        raise ValueError(entry)
    if parts.port not in (None, port):
        return False
    return host == name or (not name.replace(".", "").isdigit() and host.endswith(f".{name}"))
