"""Group TLS of the fault table: how TLS ends, and servers that refuse a client after its handshake."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIConnectionError, StreamBrokenError, TLSError

from .conftest import KEY, Call, Certificate
from .raw import CHAT, Peer, Raw, Script, always, once, reply
from .streaming import DONE, Reading, chunk, read

__all__ = ["read"]
Make = Callable[[str], Certificate]
versions = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda v: v.name)


@pytest.fixture
def wary(certificate: Make, version: ssl.TLSVersion) -> ssl.SSLContext:
    """Return the context of a server that requires a client certificate."""
    trusted = Path(certificate("IP:127.0.0.1").file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, trusted.with_name("key.pem"))
    context.load_verify_locations(trusted)
    context.maximum_version, context.verify_mode = version, ssl.CERT_REQUIRED
    return context


@versions
@pytest.mark.parametrize("shown", [None, "DNS:nobody.example"], ids=["none", "unknown"])
@pytest.mark.parametrize("size", [10, 3_000_000], ids=["small", "large"])
def test_a_server_that_refuses_the_client(
    call: Call, certificate: Make, wary: ssl.SSLContext, shown: str | None, size: int
) -> None:
    """A server that wants another certificate of the client is a TLSError at once; TLS 1.3 tells it after a handshake.

    A large request is still being written then.
    """
    options: dict[str, Any] = {"verify": certificate("IP:127.0.0.1").file}
    if shown is not None:
        cert = Path(certificate(shown).file)
        options["cert"] = (str(cert), str(cert.with_name("key.pem")))
    with Raw(always(reply()), tls=wary) as server:
        outcome = call(server, client={"http_options": options}, extra_body={"padding": "x" * size})
    assert type(outcome.failed) is TLSError
    assert (outcome.attempts, server.connections, server.requests, outcome.open) == (1, 1, [], 0)
    assert "http_options={'cert': ...}" in str(outcome.failed)


@versions
def test_a_client_that_shows_its_certificate(call: Call, certificate: Make, wary: ssl.SSLContext) -> None:
    """With the right certificate the same server answers."""
    file = Path(certificate("IP:127.0.0.1").file)
    options = {"verify": str(file), "cert": (str(file), str(file.with_name("key.pem")))}
    with Raw(always(reply()), tls=wary) as server:
        assert call(server, open=1, times=2, client={"http_options": options}).error is None


@versions
def test_a_refusal_over_httpx(certificate: Make, wary: ssl.SSLContext) -> None:
    """Over a client of httpx it is the same error, where httpx says what the server sent."""
    trusted = ssl.create_default_context(cafile=certificate("IP:127.0.0.1").file)
    with (
        Raw(always(reply()), tls=wary) as server,
        httpx.Client(verify=trusted, trust_env=False) as inner,
        Client(api_base=server.url, api_key=KEY, http_client=inner) as client,
        pytest.raises(TLSError, match="'cert'") as raised,
    ):
        client.models.list.sync()
    assert (len(raised.value.attempts), server.connections) == (0, 1)


def _cut(peer: Peer) -> None:
    """Close TCP without a word in TLS, as anybody on the way can."""
    with socket.socket(fileno=peer.sock.detach()) as raw:
        raw.shutdown(socket.SHUT_RDWR)


def _announce(peer: Peer) -> None:
    """End TLS with close_notify."""
    assert isinstance(peer.sock, ssl.SSLSocket)
    peer.sock.unwrap()


def _ends(head: bytes, body: bytes, end: Callable[[Peer], None]) -> Script:
    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body)
        end(peer)

    return once(script)


@pytest.fixture
def served(certificate: Make, version: ssl.TLSVersion) -> Certificate:
    """Return a certificate, and the context of a server of one version of TLS."""
    file = Path(certificate("IP:127.0.0.1").file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file, file.with_name("key.pem"))
    context.maximum_version = version
    return Certificate(str(file), context)


_LARGE = CHAT[:-1] + b',"padding":"' + b"x" * 2_000_000 + b'"}'


@versions
@pytest.mark.parametrize("body", [CHAT, _LARGE], ids=["small", "large"])
def test_t5_a_reply_whose_end_anybody_can_forge(call: Call, served: Certificate, body: bytes) -> None:
    """A reply that ends with its connection is whole only if TLS says so, however complete it looks."""
    with Raw(_ends(b"Content-Type: application/json\r\n", body, _cut), tls=served.context) as server:
        outcome = call(server, client={"http_options": {"verify": served.file}})
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, len(server.requests), outcome.open, outcome.failed.body) == (3, 3, 0, body)
    assert "without close_notify" in str(outcome.failed)


@versions
@pytest.mark.parametrize("body", [CHAT, _LARGE], ids=["small", "large"])
def test_a_reply_whose_end_is_announced(call: Call, served: Certificate, body: bytes) -> None:
    """With close_notify it is whole."""
    with Raw(_ends(b"Content-Type: application/json\r\n", body, _announce), tls=served.context) as server:
        outcome = call(server, client={"http_options": {"verify": served.file}})
    assert outcome.error is None
    assert (outcome.attempts, outcome.reply.content) == (1, body)


@versions
@pytest.mark.parametrize("framing", [b"Content-Length: %d\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_reply_that_tells_its_end(call: Call, served: Certificate, framing: bytes) -> None:
    """A reply with a length needs no close_notify, which many servers leave out."""
    head, body = b"Content-Type: application/json\r\nConnection: close\r\n" + framing, CHAT
    if b"%d" in head:
        head %= len(body)
    else:
        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    with Raw(_ends(head, body, _cut), tls=served.context) as server:
        assert call(server, client={"http_options": {"verify": served.file}}).error is None


@versions
@pytest.mark.parametrize("end", [_cut, _announce])
def test_a_stream_that_says_that_it_is_done(read: Reading, served: Certificate, end: Any) -> None:
    """A stream is whole by its last event, however its connection ends."""
    body = chunk("Hello", "stop") + DONE
    with Raw(_ends(b"Content-Type: text/event-stream\r\n", body, end), tls=served.context) as server:
        got = read(server, client={"http_options": {"verify": served.file}})
    assert (got.error, got.text) == (None, "Hello")


@versions
def test_a_stream_that_is_cut(read: Reading, served: Certificate) -> None:
    """Without its last event it broke off, even where the server is known to send none."""
    options = {"http_options": {"verify": served.file}, "require_stream_end": False}
    with Raw(_ends(b"Content-Type: text/event-stream\r\n", chunk("Hel"), _cut), tls=served.context) as server:
        got = read(server, client=options)
    assert type(got.failed) is StreamBrokenError
    assert (got.text, "without close_notify" in str(got.failed)) == ("Hel", True)


@versions
@pytest.mark.parametrize("end", [_cut, _announce])
def test_a_file_is_whole_or_not_there(world: str, served: Certificate, tmp_path: Path, end: Any) -> None:
    """A download that ends with its connection is kept only where TLS announces that end."""
    path = tmp_path / "file"
    script = _ends(b"Content-Type: audio/wav\r\n", b"HALF", end)
    options: dict[str, Any] = {"api_key": KEY, "max_retries": 0, "http_options": {"verify": served.file}}

    async def main(url: str) -> None:
        async with Client(api_base=url, **options) as client:
            await client.files.content.asyncio_download(path, "f")

    def download(url: str) -> None:
        if world == "asyncio":
            asyncio.run(main(url))
        else:
            with Client(api_base=url, **options) as client:
                client.files.content.download(path, "f")

    with Raw(script, tls=served.context) as server:
        if end is _announce:
            download(server.url)
            assert path.read_bytes() == b"HALF"
            return
        with pytest.raises(APIConnectionError, match="close_notify"):
            download(server.url)
    assert list(tmp_path.iterdir()) == []
