"""http_options: every key has a type, and a wrong value is refused when the client is made."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk._core.options.http_options import HTTP_OPTIONS
from sdk.errors import ConfigError

HUGE = 10**400
FLAG = "must be True or False, not "
SOCKET = "must be a list of what socket.setsockopt takes, as tuples"
PROXY = "is not the URL of a proxy; write it as http://host:port"
WHOLE = "must be a whole number"
CERT = "must be a path, (certificate, key) or (certificate, key, password)"


def refusal(**given: Any) -> str:
    """Return what the error of these http_options says."""
    with pytest.raises(ConfigError) as caught:
        Client(api_base="http://127.0.0.1:1/v1", api_key="k", http_options=given)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        *((name, "false", f"{FLAG}str") for name in ("trust_env", "http1", "http2")),
        *((name, None, f"{FLAG}NoneType") for name in ("trust_env", "http1", "http2")),
        *((name, 0, f"{FLAG}int") for name in ("trust_env", "http1", "http2")),
        ("http1", False, "can be False only with 'http2': True"),
        *(("verify", value, "names no file or directory") for value in ("", "/no/such/file", Path("/no"), "\0", "on")),
        ("verify", 1, "must be True, False, a path or an ssl.SSLContext, not int"),
        ("verify", None, "must be True, False, a path or an ssl.SSLContext, not NoneType"),
        ("cert", 5, f"{CERT}, not int"),
        ("cert", (), f"{CERT}, not tuple"),
        ("cert", ("a", "b", "c", "d"), f"{CERT}, not tuple"),
        ("cert", b"/etc/hosts", f"{CERT}, not bytes"),
        ("cert", "", "names no file"),
        ("cert", "/no/such/file", "names no file"),
        ("cert", (__file__, "/no/such/file"), "names no file"),
        ("cert", ("/", __file__), "names no file"),
        ("cert", (__file__, 5), "must be a path, not int"),
        ("cert", (__file__, __file__, 1234), "has a password that is not a str but int"),
        *(("proxy", value, PROXY) for value in ("", "h:1", "http://h:0", "http://", "http://h:x", "http://[v1.h]:80")),
        ("proxy", "ftp://h", "has the unknown scheme ftp://; known schemes are http, https, socks5, socks5h"),
        ("proxy", 5, "must be a URL or an httpx.Proxy, not int"),
        ("proxy", {"http://": "http://h"}, "must be a URL or an httpx.Proxy, not dict"),
        ("proxy", True, "must be a URL or an httpx.Proxy, not bool"),
        ("uds", "", "is not the path of a socket"),
        ("uds", "a\0b", "is not the path of a socket"),
        ("uds", 5, "must be a str, not int"),
        ("local_address", "", "is not an IP address"),
        ("local_address", "eth0", "is not an IP address"),
        ("local_address", 5, "must be a str, not int"),
        ("socket_options", 5, SOCKET),
        ("socket_options", "abc", SOCKET),
        *(("socket_options", [one], SOCKET) for one in (("a", "b", "c"), (1, 2), (1, 2, 3, 4), (1, 2, HUGE))),
        ("limits", 3, "must be an httpx.Limits, not int"),
        ("limits", httpx.Limits, "must be an httpx.Limits, not type"),
        ("limits", httpx.Limits(max_connections=0), "has a max_connections that must be at least 1, not 0"),
        ("limits", httpx.Limits(keepalive_expiry=-1), "has a keepalive_expiry that must be at least 0, not -1"),
        ("limits", httpx.Limits(max_connections=True), f"has a max_connections that {WHOLE}, not bool"),
    ],
)  # fmt: skip
def test_a_wrong_value(name: str, value: Any, problem: str) -> None:
    """The key is named with the reason; neither a type, a file nor an address is guessed."""
    assert refusal(**{name: value}) in (f"http_options[{name!r}] {problem}", f"http_options['{name}'] {problem}")


#: Values that no key takes, or few.
NONSENSE: list[Any] = [
    *(object(), [], {}, set[Any](), [None], {"a": {}}, (), b"x", "", "no", "\0", "\ud800", 0, 1, -1, 1.5, HUGE, -HUGE),
    *(float("nan"), float("inf"), 1j, Ellipsis, NotImplemented, type, Client, lambda: 1, ValueError("x"), None),
]
#: The few of them that a key takes.
TAKEN: dict[str, list[Any]] = {
    **{key: [None] for key in ("cert", "proxy", "local_address", "limits")},
    "uds": [None, "no"],
    "socket_options": [None, [], ()],
}


@pytest.mark.parametrize("name", HTTP_OPTIONS)
@pytest.mark.parametrize("value", NONSENSE, ids=lambda value: type(value).__name__)
def test_nonsense(name: str, value: Any) -> None:
    """Whatever is given, the client is made, or a ConfigError names the key."""
    if value in TAKEN.get(name, []):
        Client(api_base="http://127.0.0.1:1/v1", api_key="k", http_options={name: value}).close()
    else:
        assert refusal(**{name: value}).startswith("http_options[")


@pytest.mark.parametrize(
    "given",
    [
        {"verify": False, "cert": None, "trust_env": True, "http1": True, "http2": False},
        {"verify": __file__, "cert": (__file__, __file__, "password")},
        {"verify": str(Path(__file__).parent), "cert": [Path(__file__), None, b"password"]},
        {"verify": ssl.create_default_context(), "cert": (__file__,)},
        {"cert": (__file__, __file__, lambda: "password"), "http1": False, "http2": True},
        {"proxy": httpx.Proxy("http://u:p@h:80"), "limits": httpx.Limits()},
        {"proxy": httpx.URL("socks5://h"), "local_address": "::1", "limits": httpx.Limits(max_keepalive_connections=0)},
        {"uds": "/tmp/s", "local_address": "127.0.0.1", "limits": None},
        {"uds": "\0abstract", "socket_options": [(6, 1, 1), (1, 25, b"lo"), (1, 25, None, 3)]},
    ],
)
def test_what_is_taken(given: dict[str, Any]) -> None:
    """Each key takes what httpx takes."""
    Client(api_base="http://127.0.0.1:1/v1", api_key="k", http_options=given).close()


@pytest.mark.parametrize("given", [{"proxy": "h:1"}, {"verify": ""}, {"cert": 5}])
def test_what_is_not_used_is_checked_too(given: dict[str, Any]) -> None:
    """A transport of the user's own makes no wrong value right."""
    with pytest.raises(ConfigError):
        Client(api_key="k", http_options=given, transport=httpx.MockTransport(lambda _: httpx.Response(200)))
