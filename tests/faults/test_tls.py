"""Group TLS of the fault table."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from sdk._core.http import tls as _tls
from sdk.errors import APIConnectionError, APITimeoutError, TLSError

from .conftest import Call, Certificate
from .raw import Peer, Raw, always, once, reply

Make = Callable[[str], Certificate]


def test_a_trusted_certificate_works(call: Call, certificate: Make) -> None:
    """With the authority named, https works, and the connection is used again."""
    made = certificate("IP:127.0.0.1")
    with Raw(always(reply()), tls=made.context) as server:
        outcome = call(server, open=1, times=2, client={"http_options": {"verify": made.file}})
    assert (outcome.error, len(server.requests), server.connections, outcome.open) == (None, 2, 1, 1)


def test_t1_self_signed(call: Call, certificate: Make) -> None:
    """An unknown certificate is a TLSError at once: trying again would change nothing."""
    with Raw(always(reply()), tls=certificate("IP:127.0.0.1").context) as server:
        outcome = call(server)
    assert type(outcome.failed) is TLSError
    assert (outcome.attempts, server.connections, server.requests, outcome.open) == (1, 1, [], 0)
    assert outcome.failed.request_sent is False
    assert "self-signed certificate" in str(outcome.failed)


def test_t2_wrong_host_name(call: Call, certificate: Make) -> None:
    """A trusted certificate of another host is a TLSError."""
    made = certificate("DNS:wrong.example")
    with Raw(always(reply()), tls=made.context) as server:
        outcome = call(server, client={"http_options": {"verify": made.file}})
    assert type(outcome.failed) is TLSError
    assert (outcome.attempts, server.connections, server.requests, outcome.open) == (1, 1, [], 0)
    assert "127.0.0.1" in outcome.failed.message


def test_t3_handshake_stall(call: Call) -> None:
    """A server that never shakes hands costs connect_timeout, each of three times."""
    began = time.monotonic()
    with Raw(Peer.idle) as server:
        outcome = call(server.url.replace("http:", "https:"), client={"connect_timeout": 0.15})
        assert server.open(0) == 0
    assert time.monotonic() - began < 2
    assert type(outcome.failed) is APITimeoutError
    assert (outcome.attempts, server.connections, outcome.failed.request_sent) == (3, 3, False)


def test_making_the_tls_context_is_not_connecting(
    call: Call, certificate: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this process takes to read certificates, on a busy machine, does not count as the server's time."""
    clock, passed, build = time.monotonic, [0.0], _tls.build_context
    made = certificate("IP:127.0.0.1")

    def slowly(*given: Any) -> Any:
        passed[0] += 60
        return build(*given)

    monkeypatch.setattr("time.monotonic", lambda: clock() + passed[0])
    monkeypatch.setattr("sdk._core.http.route.build_context", slowly)
    with Raw(always(reply()), tls=made.context) as server:
        outcome = call(server, open=1, client={"http_options": {"verify": made.file}, "max_retries": 0})
    assert (outcome.error, passed) == (None, [60.0])


def test_t4_https_to_a_plain_port(call: Call) -> None:
    """A server that speaks no TLS is a TLSError, fast."""

    def plain(peer: Peer) -> None:
        peer.sock.recv(65536)
        peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        peer.hold()

    with Raw(plain) as server:
        outcome = call(server.url.replace("http:", "https:"))
        assert server.open(0) == 0
    assert type(outcome.failed) is TLSError
    assert (outcome.attempts, server.connections, outcome.failed.request_sent) == (1, 1, False)


@pytest.mark.parametrize("farewell", [b"", b"\x15\x03\x03\0\2\1\0"], ids=["nothing", "close_notify"])
def test_a_server_that_hangs_up_in_the_handshake(call: Call, farewell: bytes) -> None:
    """Nobody was found untrustworthy: the connection broke, and another attempt may get through."""

    def hang_up(peer: Peer) -> None:
        peer.sock.recv(65536)
        peer.send(farewell)

    with Raw(hang_up) as server:
        outcome = call(server.url.replace("http:", "https:"))
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, outcome.failed.request_sent, server.connections) == (3, False, 3)
    assert "the TLS handshake failed" in str(outcome.failed)


@pytest.mark.parametrize("framing", [b"Content-Length: 500", b"Transfer-Encoding: chunked"])
def test_t5_cut_without_close_notify(call: Call, certificate: Make, framing: bytes) -> None:
    """A TLS connection that ends in the middle of a body is a broken one, not a short reply."""
    made = certificate("IP:127.0.0.1")

    def cut(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n" + b"5\r\n{    \r\n")
        raw = socket.socket(fileno=peer.sock.detach())
        raw.shutdown(socket.SHUT_RDWR)
        raw.close()

    with Raw(once(cut), tls=made.context) as server:
        outcome = call(server, client={"http_options": {"verify": made.file}})
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)
    assert "in the middle of the response" in str(outcome.failed)


_PLAIN = """
import sys
from sdk import Client
with Client(api_base=sys.argv[1], api_key="k") as client:
    client.chat.create.sync(model="m", messages=[])
print(*sorted({"ssl", "httpx", "httpcore", "asyncio", "certifi"} & set(sys.modules)))
"""


def test_http_never_pays_for_tls() -> None:
    """A call over http loads neither ssl nor httpx, let alone builds a TLS context."""
    with Raw(always(reply())) as server:
        command = [sys.executable, "-c", _PLAIN, server.url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert (done.stdout, done.stderr) == ("\n", "")
