"""Passwords of proxies and certificates: no error shows them, nor do the variables of its tracebacks."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from sdk.errors import APIConnectionError, APIStatusError, ConfigError

from .conftest import Call, Certificate
from .leaks import leaks
from .raw import Peer, Raw, always, once, reply

pytestmark = pytest.mark.usefixtures("all_frames")

PASSWORD = "Hunter2/Hunter2+@x"
ENCODED = base64.b64encode(f"user:{PASSWORD}".encode()).decode()
SECRETS = (PASSWORD, quote(PASSWORD, safe=""), ENCODED)
#: What a proxy may do with a connection that it is asked for: (scheme, answers, one after another).
REFUSALS = [
    ("http", [b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"]),
    ("http", [f"HTTP/1.1 407 {ENCODED}\r\n\r\n".encode()]),
    ("http", [b"HTTP/1.1 502 Bad Gateway\r\n\r\n"]),
    ("http", [b"HTTP/1.1 200 OK\r\n\r\n", b"no TLS at all"]),
    ("http", [b""]),
    ("http", [b"nonsense" * 10_000]),
    ("socks5", [b"\5\2", b"\1\1"]),
    ("socks5", [b"\5\xff"]),
    ("socks5", [b"\5\2", b"\1\0", b"\5\1\0\1"]),
    ("socks5", [b"\5\2", b""]),
    ("socks5h", [b"HTTP/1.1 400 Bad Request\r\n\r\n"]),
]


def _answering(answers: list[bytes]) -> Callable[[Peer], None]:
    def script(peer: Peer) -> None:
        for answer in answers:
            peer.sock.recv(65536)
            if not answer:
                return
            peer.send(answer)
        peer.sock.recv(65536)

    return script


@pytest.mark.parametrize(("scheme", "answers"), REFUSALS)
@pytest.mark.parametrize("how", ["http_options", "httpx.Proxy", "environment"])
def test_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch, call: Call, scheme: str, answers: list[bytes], how: str
) -> None:
    """Whatever it says, and wherever it is named."""
    with Raw(_answering(answers)) as proxy:
        url = f"{scheme}://user:{quote(PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
        http_options: dict[str, Any] = {"proxy": httpx.Proxy(url) if how == "httpx.Proxy" else url}
        if how == "environment":
            http_options = {}
            monkeypatch.setenv("ALL_PROXY", url)
        client = {"http_options": http_options, "max_retries": 0}
        error = call("https://api.test/v1", open=None, client=client).error
    assert isinstance(error, APIConnectionError)
    assert leaks(error, *SECRETS) == []


def test_a_proxy_that_is_silent(call: Call) -> None:
    """Nor does the error of a connection that takes too long."""
    with Raw(Peer.hold) as proxy:
        url = f"http://user:{quote(PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
        client = {"http_options": {"proxy": url}, "max_retries": 0, "connect_timeout": 0.1}
        failed = call("https://api.test/v1", open=None, client=client).failed
    assert leaks(failed, *SECRETS) == []


@pytest.mark.parametrize("echoed", [PASSWORD, ENCODED])
def test_a_proxy_that_echoes_it(call: Call, echoed: str) -> None:
    """A proxy that forwards requests answers them in the place of the server."""
    body = f'{{"error": {{"message": "wrong: {echoed}"}}}}'.encode()
    with Raw(always(reply(body, "407 Proxy Authentication Required"))) as proxy:
        url = f"http://user:{quote(PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
        failed = call("http://api.test/v1", open=None, client={"http_options": {"proxy": url}}).failed
    assert isinstance(failed, APIStatusError)
    assert failed.message == "wrong: ***"
    assert leaks(failed, *SECRETS) == []


@pytest.mark.parametrize("options", [{"http2": True}, {}], ids=["http2", "proxy behind TLS"])
def test_a_proxy_that_httpx_asks(call: Call, options: dict[str, Any]) -> None:
    """Nor where httpx speaks to the proxy: its frames are cleared, too."""
    with Raw(_answering(REFUSALS[0][1])) as proxy:
        scheme = "http" if options else "https"
        url = f"{scheme}://user:{quote(PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
        client = {"http_options": {"proxy": url, **options}, "max_retries": 0, "connect_timeout": 2}
        error = call("https://api.test/v1", open=None, client=client).error
    assert error is not None
    assert leaks(error, *SECRETS) == []


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A certificate whose key wants a password."""
    folder = tmp_path_factory.mktemp("encrypted")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-passout", "pass:another", "-keyout", "key.pem",
               "-out", "cert.pem", "-days", "2", "-subj", "/CN=me"]  # fmt: skip
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return str(folder)


@pytest.mark.parametrize("password", [PASSWORD, PASSWORD.encode()], ids=["str", "bytes"])
@pytest.mark.parametrize("names", [("cert.pem", "key.pem"), ("key.pem", "key.pem"), ("key.pem", "cert.pem")])
def test_a_certificate_that_cannot_be_used(
    call: Call, encrypted: str, names: tuple[str, str], password: str | bytes
) -> None:
    """A wrong password, and a file that is none, are told by the first call."""
    cert = (f"{encrypted}/{names[0]}", f"{encrypted}/{names[1]}", password)
    error = call("https://127.0.0.1:1/v1", open=None, client={"http_options": {"cert": cert}}).error
    assert isinstance(error, ConfigError)
    assert str(error).startswith("http_options['cert'] cannot be used")
    assert leaks(error, PASSWORD) == []


def test_a_server_that_is_not_trusted(call: Call, certificate: Callable[[str], Certificate]) -> None:
    """The proxy's password is no part of an error of TLS."""
    made = certificate("DNS:another.invalid")

    def script(peer: Peer) -> None:
        if peer.request() is not None:
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
            once(Peer.hold)(Peer(peer._server, made.context.wrap_socket(peer.sock, server_side=True), 1))

    with Raw(script) as proxy:
        url = f"http://user:{quote(PASSWORD, safe='')}@127.0.0.1:{proxy.port}"
        client = {"http_options": {"proxy": url, "verify": made.file}, "max_retries": 0}
        failed = call("https://server.invalid/v1", open=None, client=client).failed
    assert leaks(failed, *SECRETS) == []
