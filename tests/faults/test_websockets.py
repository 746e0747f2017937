"""Group WebSockets of the fault table."""

from __future__ import annotations

import resource
import threading
from collections.abc import Callable
from typing import Any

import pytest
from websockets.frames import Opcode

from sdk import Client
from sdk.errors import (
    APIConnectionError,
    APIResponseError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    ConfigError,
    ConnectionClosedError,
    ConnectionTimeoutError,
    InternalServerError,
    RateLimitError,
    TLSError,
)

from .conftest import KEY, Certificate
from .leaks import leaks
from .raw import Peer, Raw, always, reply
from .sockets import answer, close, event, frame, opened, talk

Make = Callable[[str], Certificate]
APPEND: Any = {"type": "input_audio_buffer.append", "audio": "A" * 100_000}
ERROR = b'{"error":{"message":"no","type":"t","code":"c"}}'


@pytest.mark.parametrize(
    ("status", "kind", "attempts"),
    [
        ("401 Unauthorized", AuthenticationError, 1), ("403 Forbidden", APIStatusError, 1),
        ("404 Not Found", APIStatusError, 1), ("429 Too Many Requests", RateLimitError, 3),
        ("500 Internal Server Error", InternalServerError, 3), ("503 Service Unavailable", InternalServerError, 3),
    ],
)  # fmt: skip
def test_v1_refused_by_status(world: str, status: str, kind: type[APIStatusError], attempts: int) -> None:
    """A handshake that is refused is the error of its status, retried like that of a call."""
    with Raw(always(reply(ERROR, status))) as server:
        got = talk(world, server)
    assert isinstance(got.failed, kind)
    assert (got.attempts, server.connections, got.open) == (attempts, attempts, 0)
    assert (got.failed.message, got.failed.code) == ("no", "c")
    assert not leaks(got.failed, KEY)


def test_v1_a_refusal_that_passes(world: str) -> None:
    """A handshake that is refused once is tried again, and the conversation begins."""

    def script(peer: Peer) -> None:
        if peer.number == 1:
            peer.request()
            peer.send(reply(ERROR, "503 Service Unavailable"))
        else:
            opened(event(), close(1000))(peer)

    with Raw(script) as server:
        got = talk(world, server)
    assert (len(got.events), got.error, server.connections, got.open) == (1, None, 2, 0)


@pytest.mark.parametrize("body", [b"{}", b"<html>"])
def test_v2_no_switch(world: str, body: bytes) -> None:
    """A server that answers 200 to the handshake opened nothing, and will not the next time."""
    with Raw(always(reply(body))) as server:
        got = talk(world, server)
    assert "200 in place of opening a WebSocket" in str(got.failed)
    assert (type(got.failed), got.attempts, got.open) == (APIConnectionError, 1, 0)


def test_v2_another_key(world: str) -> None:
    """An answer to another handshake opens nothing."""

    def script(peer: Peer) -> None:
        request = peer.request() or b""
        peer.say(answer(request.replace(b"Sec-WebSocket-Key: ", b"Sec-WebSocket-Key: A")))

    with Raw(script) as server:
        got = talk(world, server)
    assert "handshake of the WebSocket failed" in str(got.failed)
    assert (got.attempts, got.open) == (1, 0)


@pytest.mark.parametrize("stage", ["before", "within", "reset"])
def test_v3_cut_in_the_handshake(world: str, stage: str) -> None:
    """A connection that ends before the handshake does is an APIConnectionError, after the retries."""

    def script(peer: Peer) -> None:
        request = peer.request() or b""
        if stage == "within":
            peer.send(answer(request)[:60])
        elif stage == "reset":
            peer.reset()

    with Raw(script) as server:
        got = talk(world, server)
    assert (type(got.failed), got.attempts, got.open) == (APIConnectionError, 3, 0)
    assert got.failed.request_sent is True


@pytest.mark.parametrize("rest", [b"", frame(b'{"type":"a"}')[:7], frame(b'{"type":"a"', fin=False)])
@pytest.mark.parametrize("way", ["close", "reset"])
def test_v4_cut_in_the_conversation(world: str, rest: bytes, way: str) -> None:
    """A connection that breaks after an event is a ConnectionClosedError with code 1006; what came is kept."""

    def cut(peer: Peer) -> None:
        peer.pause(0.02)
        if way == "reset":
            peer.reset()

    with Raw(opened(event(), rest, then=cut)) as server:
        got = talk(world, server)
    assert isinstance(got.failed, ConnectionClosedError)
    assert (len(got.events), got.failed.close_code, server.connections, got.open) == (1, 1006, 1, 0)
    assert not leaks(got.failed, KEY)


def test_v4_what_came_before_the_cut(world: str) -> None:
    """Events that came before a reset are read, though the answers to pings between them cannot be written."""

    def script(peer: Peer) -> None:
        pings = frame(b"p", Opcode.PING) * 20
        peer.send(answer(peer.request() or b"") + event() + pings + event() + close(1011, "because"))
        peer.reset()

    for _ in range(5):
        with Raw(script) as server:
            got = talk(world, server)
        assert isinstance(got.failed, ConnectionClosedError)
        assert (len(got.events), got.failed.close_code, got.open) == (2, 1011, 0)


def test_v5_no_answer_to_the_handshake(world: str) -> None:
    """A server that takes the handshake and is silent is an APITimeoutError within timeout."""
    with Raw(Peer.hold) as server:
        got = talk(world, server, timeout=0.05, max_retries=0)
    assert (type(got.failed), got.attempts, got.open) == (APITimeoutError, 1, 0)


def test_v6_no_answer_to_a_ping(world: str) -> None:
    """A server that goes silent is found by a ping, and the connection ends after ping_timeout."""
    with Raw(opened(event())) as server:
        got = talk(world, server, ping_interval=0.03, ping_timeout=0.05)
    assert isinstance(got.failed, ConnectionTimeoutError)
    assert (len(got.events), "ping_timeout" in str(got.failed), got.open) == (1, True, 0)


def test_v6_an_answered_ping(world: str) -> None:
    """A server that only answers pings is alive: the conversation lasts."""

    def pongs(peer: Peer) -> None:
        for _ in range(4):  # a masked ping of four bytes
            data = b""
            while len(data) < 10:
                data += peer.sock.recv(10 - len(data))
            mask, payload = data[2:6], data[6:]
            peer.send(frame(bytes(a ^ b for a, b in zip(payload, mask, strict=True)), Opcode.PONG))
        peer.send(event() + close(1000))

    with Raw(opened(then=pongs)) as server:
        got = talk(world, server, ping_interval=0.02, ping_timeout=2.0)
    assert (len(got.events), got.error, got.open) == (1, None, 0)


def test_v7_no_event(world: str) -> None:
    """A silence longer than stall_timeout ends the wait for an event, if the caller set it."""
    with Raw(opened(event())) as server:
        got = talk(world, server, stall_timeout=0.05)
    assert isinstance(got.failed, ConnectionTimeoutError)
    assert (len(got.events), "stall_timeout" in str(got.failed), got.open) == (1, True, 0)


def test_v8_a_slow_reader(world: str) -> None:
    """The server waits for a slow reader: memory stays bounded, pings do not end it, and no event is lost."""
    sent, full = [0], threading.Event()
    one = event(padding="x" * 60_000)

    def flood(peer: Peer) -> None:
        peer.sock.settimeout(0.3)
        try:
            for _ in range(2_000):
                peer.sock.sendall(one)
                sent[0] += 1
        except TimeoutError:
            full.set()
        peer.sock.settimeout(None)
        peer.hold()

    with Raw(opened(then=flood)) as server:
        got = talk(world, server, most=20, pause=lambda: full.wait(20), ping_interval=0.05, ping_timeout=0.05)
    assert full.is_set()
    assert (len(got.events), got.error, got.open) == (20, None, 0)
    assert sent[0] < 500  # what the operating system and a queue of 16 hold


def test_v9_a_message_of_100_mb(world: str) -> None:
    """A message larger than max_message_bytes is refused by its size, before it is in memory."""
    head = b"\x81\x7f" + (100_000_000).to_bytes(8)

    def flood(peer: Peer) -> None:
        peer.send(head)
        for _ in range(100):
            peer.send(b"x" * 1_000_000)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with Raw(opened(event(), then=flood)) as server:
        got = talk(world, server)
    assert isinstance(got.failed, ConnectionClosedError)
    assert (len(got.events), got.failed.close_code, got.open) == (1, 1009, 0)
    assert "max_message_bytes" in str(got.failed)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kB


@pytest.mark.parametrize("code", [1000, 1005])
def test_v10_a_close_in_order(world: str, code: int) -> None:
    """A server that closes in order ends the loop."""
    with Raw(opened(event(), close(code))) as server:
        got = talk(world, server)
    assert (len(got.events), got.error, got.open) == (1, None, 0)


@pytest.mark.parametrize(
    "code", [1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3003, 3999, 4000]
)
def test_v10_close_codes(world: str, code: int) -> None:
    """Any other code is a ConnectionClosedError with the code, its meaning and the server's reason."""
    with Raw(opened(event(), close(code, "because"))) as server:
        got = talk(world, server)
    assert isinstance(got.failed, ConnectionClosedError)
    assert (got.failed.close_code, got.failed.reason, len(got.events), got.open) == (code, "because", 1, 0)
    assert f"code {code}" in str(got.failed)


@pytest.mark.parametrize("code", [1004, 1006, 1015])
def test_v10_codes_that_no_frame_may_have(world: str, code: int) -> None:
    """1004, 1006 and 1015 never come over the wire (RFC 6455, section 7.4.1): this side closes with 1002."""
    with Raw(opened(event(), close(code))) as server:
        got = talk(world, server)
    assert isinstance(got.failed, ConnectionClosedError)
    assert (got.failed.close_code, len(got.events), got.open) == (1002, 1, 0)


def test_v11_through_a_proxy(world: str) -> None:
    """A WebSocket of plain HTTP goes through a tunnel of the proxy, which gets no key."""
    with Raw(opened(event(), close(1000))) as server:

        def proxy(peer: Peer) -> None:
            peer.request()
            peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
            opened(event(), close(1000))(peer)

        with Raw(proxy) as tunnel:
            client = {"http_options": {"proxy": f"http://user:secret@127.0.0.1:{tunnel.port}"}}
            got = talk(world, server, client=client)
    assert (len(got.events), got.error, server.connections) == (1, None, 0)
    assert tunnel.requests[0].startswith(f"CONNECT 127.0.0.1:{server.port} ".encode())
    assert KEY.encode() not in tunnel.requests[0]
    assert tunnel.requests[1].startswith(b"GET /v1/realtime?model=m HTTP/1.1\r\n")


def test_v11_a_proxy_that_refuses(world: str) -> None:
    """A proxy that refuses the tunnel is an APIConnectionError that names the proxy."""
    with Raw(always(reply(b"", "403 Forbidden"))) as tunnel:
        client = {"http_options": {"proxy": f"http://127.0.0.1:{tunnel.port}"}}
        got = talk(world, "http://127.0.0.1:9/v1", client=client, max_retries=0)
    assert "proxy 127.0.0.1 refused" in str(got.failed)


def test_v11_a_proxy_over_tls(world: str) -> None:
    """A proxy that is reached over TLS is refused at once, with the reason."""
    got = talk(world, "http://127.0.0.1:9/v1", client={"http_options": {"proxy": "https://127.0.0.1:9"}})
    assert isinstance(got.error, ConfigError)
    assert "https://" in str(got.error)


def test_v12_tls(world: str, certificate: Make) -> None:
    """A certificate that is not trusted is a TLSError, never retried."""
    with Raw(opened(event()), tls=certificate("IP:127.0.0.1").context) as server:
        got = talk(world, server)
    assert (type(got.failed), got.attempts, server.connections, got.open) == (TLSError, 1, 1, 0)


def test_v12_trusted_tls(world: str, certificate: Make) -> None:
    """With the authority named, a WebSocket over TLS works."""
    made = certificate("IP:127.0.0.1")
    with Raw(opened(event(), close(1000)), tls=made.context) as server:
        got = talk(world, server, client={"http_options": {"verify": made.file}})
    assert (len(got.events), got.error, got.open) == (1, None, 0)


def test_v12_no_tls(world: str) -> None:
    """A WebSocket over TLS to a port of plain HTTP is a TLSError."""
    with Raw(lambda peer: peer.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        got = talk(world, server.url.replace("http:", "https:"))
    assert type(got.failed) is TLSError


def test_v15_a_server_that_takes_nothing(world: str) -> None:
    """A full connection lets the sender wait, and ends after timeout."""

    def script(peer: Peer) -> None:
        request = peer.request() or b""
        peer.send(answer(request))
        peer.idle()

    with Raw(script) as server:
        got = talk(world, server, send=[APPEND] * 200, timeout=0.2)
        server.ended.set()
    assert isinstance(got.failed, ConnectionTimeoutError)
    assert "timeout" in str(got.failed)


def test_v16_the_deadline(world: str) -> None:
    """The deadline ends a conversation, however many events come."""

    def stream(peer: Peer) -> None:
        while not peer.pause(0.01):
            peer.sock.sendall(event())

    with Raw(opened(then=stream)) as server:
        got = talk(world, server, deadline=0.2)
    assert isinstance(got.failed, ConnectionTimeoutError)
    assert ("deadline" in str(got.failed), len(got.events) > 1, got.open) == (True, True, 0)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(b'{"type":"\xff"}'), 0), (b"\xf1\x00", 1002), (b"\x8b\x00", 1002), (b"\x81\x81\0\0\0\0x", 1002),
        (frame(b"x", Opcode.CONT), 1002), (b"\x09\x00", 1002),
    ],
)  # fmt: skip
def test_v17_frames_that_are_not_valid(world: str, data: bytes, code: int) -> None:
    """A frame that breaks RFC 6455 ends the connection with its code; text that is not UTF-8 is an odd message."""
    with Raw(opened(event(), data)) as server:
        got = talk(world, server)
    if code:
        assert isinstance(got.failed, ConnectionClosedError)
        assert (got.failed.close_code, len(got.events), got.open) == (code, 1, 0)
    else:
        assert isinstance(got.failed, APIResponseError)


@pytest.mark.parametrize("data", [b"no json", b"[1]", b"null", b"", b'{"type":'])
def test_v18_a_message_that_is_no_event(world: str, data: bytes) -> None:
    """A message that is no JSON object is an APIResponseError that shows it, and the conversation can go on."""
    with Raw(opened(frame(data), event(), close(1000))) as server:
        first = talk(world, server)
        assert isinstance(first.failed, APIResponseError)
        assert first.open == 0
        if world == "sync":
            with Client(api_base=server.url, api_key=KEY) as client, client.realtime.connect.sync(model="m") as found:
                with pytest.raises(APIResponseError):
                    next(found)
                assert [one.type for one in found] == ["vendor.event"]
