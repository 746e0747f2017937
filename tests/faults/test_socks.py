"""SOCKS proxies (RFC 1928, 1929): calls, streams and TLS through them, and what they refuse."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import trio

from sdk import Client
from sdk.errors import APIConnectionError, APITimeoutError, ConfigError

from .conftest import KEY, MESSAGES, Call, Certificate
from .raw import Peer, Raw, always, reply
from .streaming import DONE, Reading, chunk, read, streamed

__all__ = ["read"]
WHOLE = (chunk("Hel", role="assistant"), chunk("lo"), chunk(finish="stop"), DONE)


class Socks:
    """A proxy: what was asked of it, by connection. It connects to this machine, whatever it is asked for."""

    def __init__(self, *, password: bytes | None = None, code: int = 0, kind: int = 1, drips: bool = True) -> None:
        self._password, self._code, self._kind, self._drips = password, code, kind, drips
        self.asked: list[tuple[str, int]] = []

    def __call__(self, peer: Peer) -> None:
        methods = self._read(peer, self._read(peer, 2)[1])
        wanted = 0 if self._password is None else 2
        self._drip(peer, bytes([5, wanted if wanted in methods else 0xFF]))
        if self._password is not None:
            name = self._read(peer, self._read(peer, 2)[1])
            good = (name, self._read(peer, self._read(peer, 1)[0])) == (b"user", self._password)
            self._drip(peer, bytes([1, 0 if good else 1]))
        kind = self._read(peer, 4)[3]
        raw = self._read(peer, {1: 4, 4: 16}[kind] if kind != 3 else self._read(peer, 1)[0])
        host = raw.decode() if kind == 3 else socket.inet_ntop(socket.AF_INET if kind == 1 else socket.AF_INET6, raw)
        port = int.from_bytes(self._read(peer, 2))
        self.asked.append((host, port))
        bound = {1: b"\x7f\0\0\1", 3: b"\x01x", 4: b"\0" * 16}[self._kind]
        self._drip(peer, bytes([5, self._code, 0, self._kind]) + bound + b"\0\0")
        if self._code == 0:
            with socket.create_connection(("127.0.0.1", port)) as target:
                peer._server._note(target)
                back = threading.Thread(target=self._pump, args=[target, peer.sock])
                back.start()
                self._pump(peer.sock, target)
                back.join()

    def _drip(self, peer: Peer, data: bytes) -> None:
        for piece in [bytes([byte]) for byte in data] if self._drips else [data]:
            peer.send(piece)

    def _pump(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return  # one of the two has gone

    def _read(self, peer: Peer, count: int) -> bytes:
        data = b""
        while len(data) < count:
            more = peer.sock.recv(count - len(data))
            if not more:
                raise ConnectionResetError
            data += more
        return data


def says(answer: bytes) -> Callable[[Peer], None]:
    """Return a proxy that answers everything with the same bytes."""

    def script(peer: Peer) -> None:
        while peer.sock.recv(65536):
            peer.send(answer)

    return script


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("how", ["ALL_PROXY", "http_proxy", "http_options", "httpx.Proxy"])
def test_calls_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch, call: Call, scheme: str, how: str) -> None:
    """A proxy of the environment or the options is asked for the server, with a password, once for two calls."""
    socks = Socks(password=b"p@ss")
    with Raw(always(reply())) as server, Raw(socks) as proxy:
        url = f"{scheme}://user:p%40ss@127.0.0.1:{proxy.port}"
        options: dict[str, Any] = {}
        if how == "http_options":
            options = {"proxy": url}
        elif how == "httpx.Proxy":
            options = {"proxy": httpx.Proxy(url.replace("user:p%40ss@", ""), auth=("user", "p@ss"))}
        else:
            monkeypatch.setenv(how, url)
        outcome = call(server, open=None, times=2, client={"http_options": options})
        assert (outcome.error, len(server.requests)) == (None, 2)
    assert socks.asked == [("127.0.0.1", server.port)]
    assert b"roxy" not in server.requests[0]


@pytest.mark.parametrize(("host", "kind"), [("localhost", 1), ("name.invalid", 3), ("[::1]", 4)])
def test_tls_and_names(call: Call, certificate: Callable[[str], Certificate], host: str, kind: int) -> None:
    """TLS begins behind the proxy, which looks names up itself and may answer with any kind of address."""
    made, socks = certificate("IP:::1" if ":" in host else f"DNS:{host}"), Socks(kind=kind)
    with Raw(always(reply()), tls=made.context) as server, Raw(socks) as proxy:
        options = {"proxy": f"socks5://127.0.0.1:{proxy.port}", "verify": made.file}
        outcome = call(f"https://{host}:{server.port}/v1", client={"http_options": options})
        assert outcome.error is None
    assert socks.asked == [(host.strip("[]"), server.port)]


def test_a_stream(monkeypatch: pytest.MonkeyPatch, read: Reading) -> None:
    """A stream comes through whole."""
    socks = Socks()
    with Raw(always(streamed(*WHOLE))) as server, Raw(socks) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        got = read(server, open=None)
        assert (got.error, got.reply.choices[0].message.content) == (None, "Hello")
    assert len(socks.asked) == 1


@pytest.mark.parametrize(
    ("proxy_says", "login", "attempts", "reported"),
    [
        (Socks(code=5), "", 3, "connection refused"),
        (Socks(code=2), "", 1, "its rules do not allow it"),
        (Socks(code=99), "", 3, "code 99"),
        (Socks(password=b"p"), "", 1, "it requires a password"),
        (Socks(password=b"p"), "user:hunter2@", 1, "it does not accept the password"),
        (says(b"\5\1"), "", 1, "it requires another login method"),
        (says(b"HTTP/1.1 400 Bad Request\r\n\r\n"), "", 1, "it does not speak SOCKS 5"),
        (lambda peer: peer.sock.recv(9), "", 3, "it closed the connection"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_proxy_that_refuses(
    monkeypatch: pytest.MonkeyPatch, call: Call, proxy_says: Any, login: str, attempts: int, reported: str
) -> None:
    """It is a connection error that says why and what to check; tried again where that may help."""
    with Raw(always(reply())) as server, Raw(proxy_says) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://{login}127.0.0.1:{proxy.port}")
        outcome = call(server.url)
        assert (server.requests, outcome.attempts, proxy.connections, proxy.open(0)) == ([], attempts, attempts, 0)
    assert type(outcome.failed) is APIConnectionError
    assert f"the proxy 127.0.0.1 refused the connection: {reported}" in str(outcome.failed)
    assert "ALL_PROXY" in str(outcome.failed)
    assert outcome.failed.request_sent is False
    assert "hunter2" not in str(outcome.failed)


def test_a_silent_proxy_is_a_timeout(monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    """connect_timeout holds until the way is open."""
    with Raw(always(reply())) as server, Raw(Peer.idle) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        began = time.monotonic()
        outcome = call(server.url, client={"connect_timeout": 0.2, "max_retries": 0})
        assert (time.monotonic() - began < 1.5, proxy.open(0)) == (True, 0)
    assert type(outcome.failed) is APITimeoutError


@pytest.mark.parametrize("login", [f"{'u' * 256}:p", f"u:{'p' * 256}"], ids=["user", "password"])
def test_a_login_that_socks_cannot_carry(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    """It is told when the client is made, and not shown."""
    monkeypatch.setenv("ALL_PROXY", f"socks5://{login}@127.0.0.1:1")
    with pytest.raises(ConfigError, match="ALL_PROXY has a user or password of more than 255 bytes") as caught:
        Client(api_base="http://127.0.0.1:1/v1", api_key=KEY)
    assert "uuu" not in str(caught.value)


@pytest.mark.parametrize("installed", [True, False])
def test_on_trio(monkeypatch: pytest.MonkeyPatch, installed: bool) -> None:
    """On trio httpx goes through the proxy, if its answers come whole; the error says what to install for it."""
    socks = Socks(drips=False)

    async def main(url: str) -> Any:
        async with Client(api_base=url, api_key=KEY) as client:
            return (await client.chat.create.asyncio(model="m", messages=MESSAGES)).id

    with Raw(always(reply())) as server, Raw(socks) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://127.0.0.1:{proxy.port}")
        if installed:
            assert trio.run(main, server.url) == "c"
            assert len(socks.asked) == 1
            return
        monkeypatch.setattr("sdk._core.http.route._installed", lambda package: False)
        with pytest.raises(ConfigError, match=r"pip install 'httpx\[socks\]'"):
            trio.run(main, server.url)
