"""Host names beyond ASCII: the name that is looked up is the one that browsers, curl and httpx look up."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import ConfigError

#: Names, and their ASCII form by UTS 46. IDNA 2003 has another domain for the first three.
_NAMES = {
    "straße.de": "xn--strae-oqa.de",
    "βόλος.com": "xn--nxasmm1c.com",
    "a.faß.example": "a.xn--fa-hia.example",
    "bücher.example": "xn--bcher-kva.example",
    "BÜCHER.Example": "xn--bcher-kva.example",
    "日本語。jp": "xn--wgv71a119e.jp",
    f"{''.join(chr(ord(letter) + 0xFEE0) for letter in 'example')}.com": "example.com",  # full-width letters
    "straße.de.": "xn--strae-oqa.de.",
    "xn--strae-oqa.de": "xn--strae-oqa.de",
}
names = pytest.mark.parametrize(("name", "expected"), _NAMES.items(), ids=range(len(_NAMES)))


@names
def test_the_host_of_api_base(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    """The client looks up, and asks for, the domain of that name and no other: it gets the key."""
    asked: list[Any] = []

    def lookup(host: Any, port: Any, *given: Any, **more: Any) -> Any:
        asked.append(host)
        raise OSError("no network")

    monkeypatch.setattr("socket.getaddrinfo", lookup)
    with Client(api_base=f"http://{name}/v1", api_key="k", max_retries=0, http_options={"trust_env": False}) as client:
        route = client._context.transport.route
        assert (route.host, route.authority, route.origin) == (expected, expected, f"http://{expected}")
        with pytest.raises(Exception, match="cannot be resolved"):
            client.models.list.sync()
    assert set(asked) == {expected}


@names
def test_the_host_of_a_proxy(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    """A proxy that forwards sees the key: its name is read by the same rules."""
    monkeypatch.setenv("HTTP_PROXY", f"http://{name}:3128")
    monkeypatch.delenv("http_proxy", raising=False)
    options: dict[str, Any]
    for options in ({}, {"proxy": f"socks5://{name}:3128"}):
        with Client(api_base="http://server.example/v1", api_key="k", http_options=options) as client:
            assert client._context.transport.route.connect_address == (expected, 3128)


@names
def test_no_proxy(monkeypatch: pytest.MonkeyPatch, name: str, expected: str) -> None:
    """NO_PROXY names a host in either form, and not that of IDNA 2003."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    for entry, direct in ((name, True), (expected, True), ("strasse.de,fass.example,βολοσ.com", False)):
        monkeypatch.setenv("NO_PROXY", entry)
        with Client(api_base=f"http://{name}/v1", api_key="k") as client:
            assert (client._context.transport.route.proxy is None) is direct


@pytest.mark.parametrize(
    "name", ["stra\N{SNOWMAN}ße.de", "-ß.de", "ß..de", "ß" * 64 + ".de", "a\N{ZERO WIDTH JOINER}b.de"]
)
def test_a_name_that_is_none(name: str) -> None:
    """A name that no registry has is an error of the option, not the name of another domain."""
    with pytest.raises(ConfigError, match="api_base"):
        Client(api_base=f"http://{name}/v1", api_key="k")
    with pytest.raises(ConfigError, match="proxy"):
        Client(api_base="http://server.example/v1", api_key="k", http_options={"proxy": f"http://{name}:1"})


@pytest.mark.parametrize("name", ["straße.de", "βόλος.com", "bücher.example"])
def test_httpx_agrees(name: str) -> None:
    """What goes through httpx goes to the same host."""
    with Client(api_base=f"http://{name}/v1", api_key="k") as client:
        assert client._context.transport.route.host == httpx.URL(f"http://{name}/").raw_host.decode()


_LOADED = """
import sys
from sdk import Client
Client(api_base="http://bucher.example/v1", api_key="k")
assert "idna" not in sys.modules
Client(api_base="http://b\\u00fccher.example/v1", api_key="k")
assert "idna" in sys.modules
"""


def test_most_hosts_load_no_tables() -> None:
    """The tables of Unicode load for a host that needs them."""
    done = subprocess.run([sys.executable, "-c", _LOADED], capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
