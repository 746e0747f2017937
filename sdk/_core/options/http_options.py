"""The table of http_options: what each key takes. Pure; files are looked at, and not read.

Each check returns None, or the words that complete "http_options['key'] ...", without the value.
"""

import os
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any

from ..lazy import fully_imported
from ..validators import number_problem

#: What the options of a socket are in C.
_INT = range(-(2**31), 2**32)


def http_options_problem(given: Mapping[str, Any]) -> str | None:
    """Return what is wrong with the first wrong key, in words that complete "http_options ...", or None."""
    for name in sorted(given):
        if name not in HTTP_OPTIONS:
            return f"has no option {name!r}; it takes {', '.join(sorted(HTTP_OPTIONS))}"
        problem = HTTP_OPTIONS[name](given[name])
        if problem is not None:
            return f"[{name!r}] {problem}"
    if given.get("http2") and not _installed("h2"):
        return "['http2'] needs the package h2: pip install 'httpx[http2]'"
    if given.get("http1") is False and not given.get("http2"):
        return "['http1'] can be False only with 'http2': True"
    return None


def _kind(value: object) -> str:
    return type(value).__name__


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else f"must be True or False, not {_kind(value)}"


def _file_problem(value: object, *, folder: bool = False) -> str | None:
    """Check a path: certificates that are not there would be missed only by the first connection."""
    if not isinstance(value, str | os.PathLike):
        return f"must be a path, not {_kind(value)}"
    try:
        found = os.path.isfile(value) or (folder and os.path.isdir(value))  # noqa: PTH112, PTH113  # pathlib loads slowly
    except ValueError:  # a null character
        found = False
    return None if found else f"names no file{' or directory' if folder else ''}"


def _verify(value: object) -> str | None:
    ssl = fully_imported("ssl")  # not imported, it cannot have made a context
    if isinstance(value, bool) or (ssl is not None and isinstance(value, ssl.SSLContext)):
        return None
    if not isinstance(value, str | os.PathLike):
        return f"must be True, False, a path or an ssl.SSLContext, not {_kind(value)}"
    return _file_problem(value, folder=True)


def _cert(value: object) -> str | None:
    if value is None:
        return None
    parts = value if isinstance(value, tuple | list) else (value,)
    if isinstance(value, tuple | list | str | os.PathLike) and 1 <= len(parts) <= 3:
        certificate, key, password = (*parts, None, None)[:3]
        problem = _file_problem(certificate) or (None if key is None else _file_problem(key))
        if problem is None and not (password is None or isinstance(password, str | bytes) or callable(password)):
            problem = f"has a password that is not a str but {_kind(password)}"
        return problem
    return f"must be a path, (certificate, key) or (certificate, key, password), not {_kind(value)}"


def _proxy(value: object) -> str | None:
    """Check the type alone: the room of HTTP, which knows the kinds of proxies, reads the URL."""
    httpx = fully_imported("httpx")
    if value is None or isinstance(value, str) or (httpx is not None and isinstance(value, httpx.Proxy | httpx.URL)):
        return None
    return f"must be a URL or an httpx.Proxy, not {_kind(value)}"


def _local_address(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return f"must be a str, not {_kind(value)}"
    try:
        ip_address(value)
    except ValueError:
        return "is not an IP address"
    return None


def _uds(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return f"must be a str, not {_kind(value)}"
    try:
        name = os.fsencode(value)
    except UnicodeEncodeError:
        name = b""
    # Linux has sockets without a file, whose names begin with a null character.
    return "is not the path of a socket" if not name.strip(b"\0") or b"\0" in name[1:] else None


def _socket_options(value: object) -> str | None:
    taken = value is None or (isinstance(value, list | tuple) and all(map(_is_socket_option, value)))
    return None if taken else "must be a list of what socket.setsockopt takes, as tuples"


def _is_socket_option(option: object) -> bool:
    """Return whether setsockopt takes it: (level, name, value) of integers or bytes, or (level, name, None, size)."""
    if not isinstance(option, list | tuple) or len(option) not in (3, 4):
        return False
    level, name, value = option[:3]
    if not (_is_int(level) and _is_int(name)):
        return False
    if len(option) == 4:
        return value is None and _is_int(option[3])
    return _is_int(value) or isinstance(value, bytes | bytearray)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and value in _INT


def _limits(value: object) -> str | None:
    if value is None:
        return None
    names = ("max_connections", "max_keepalive_connections", "keepalive_expiry")
    if isinstance(value, type) or not all(hasattr(value, name) for name in names):
        return f"must be an httpx.Limits, not {_kind(value)}"
    for name in names:
        number = getattr(value, name)
        whole = name != "keepalive_expiry"
        problem = number_problem(number, whole=whole, least=name == "max_connections") if number is not None else None
        if problem is not None:
            return f"has a {name} that {problem}"
    return None


def _installed(package: str) -> bool:
    from importlib.util import find_spec

    return find_spec(package) is not None


#: What httpx's transports take, and nothing that has an option of its own.
HTTP_OPTIONS: Mapping[str, Callable[[object], str | None]] = {
    "verify": _verify,
    "cert": _cert,
    "proxy": _proxy,
    "trust_env": _flag,
    "http1": _flag,
    "http2": _flag,
    "limits": _limits,
    "local_address": _local_address,
    "uds": _uds,
    "socket_options": _socket_options,
}
