"""Group Body of the fault table."""

from __future__ import annotations

import gzip
import time
import tracemalloc
import zlib

import pytest

from sdk.errors import APIConnectionError, APIResponseError, APITimeoutError

from .conftest import Call
from .raw import CHAT, Peer, Raw, always, once, reply

_GZIP = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n"


def test_b1_truncated(call: Call) -> None:
    """A body shorter than its length is a broken connection; what came is kept."""
    with Raw(once(lambda peer: peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n" + b'{"id"'))) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIConnectionError
    assert "495 bytes short" in str(outcome.failed)
    assert outcome.failed.body == b'{"id"'
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)
    assert outcome.failed.request_sent is True


@pytest.mark.parametrize("chunk", [b"ZZ\r\n{}\r\n", b"2\r\n{}  \r\n", b"-2\r\n{}\r\n", b"\r\n{}"])
def test_b2_bad_chunk(call: Call, chunk: bytes) -> None:
    """A chunk whose size is no number, or not its size, is a broken response."""
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with Raw(once(lambda peer: peer.say(head + chunk))) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIConnectionError
    assert "chunk" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)


def test_b3_slow_drip(call: Call) -> None:
    """A body that drips keeps within stall_timeout, and meets the deadline, which is not retried."""

    def drip(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 8000\r\n\r\n")
        while not peer._server.ended.wait(0.03):
            peer.send(b"12345678")

    began = time.monotonic()
    with Raw(once(drip)) as server:
        outcome = call(server, timeout=0.2, stall_timeout=5, deadline=0.3)
        took = time.monotonic() - began
        server.ended.set()
    assert type(outcome.failed) is APITimeoutError
    assert "deadline" in outcome.failed.message
    assert took == pytest.approx(0.3, abs=0.2)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 0)


def test_b4_read_timeout(call: Call) -> None:
    """A server that does not answer in `timeout` is asked three times."""
    with Raw(once(Peer.hold)) as server:
        outcome = call(server, timeout=0.1)
    assert type(outcome.failed) is APITimeoutError
    assert "too long to answer" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)
    assert outcome.failed.request_sent is True


def test_b4_body_that_stops(call: Call) -> None:
    """A body that stops in the middle is given up after stall_timeout, not `timeout`."""
    with Raw(once(lambda peer: peer.say(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"))) as server:
        outcome = call(server, timeout=30, stall_timeout=0.1)
    assert type(outcome.failed) is APITimeoutError
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(CHAT, mtime=0)),
        ("x-gzip", gzip.compress(CHAT[:10], mtime=0) + gzip.compress(CHAT[10:], mtime=0)),
        ("deflate", zlib.compress(CHAT)),
        ("deflate", zlib.compress(CHAT)[2:-4]),
        ("identity", CHAT),
        ("gzip, deflate", zlib.compress(gzip.compress(CHAT, mtime=0))),
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_encodings_are_undone(call: Call, encoding: str, body: bytes, chunked: bool) -> None:
    """What was asked for is decoded, in whatever pieces it comes."""
    answer = reply(body, headers=f"Content-Encoding: {encoding}\r\n")
    if chunked:
        pieces = b"".join(b"1\r\n%b\r\n" % body[i : i + 1] for i in range(len(body)))
        head = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: {encoding}\r\n\r\n"
        answer = head.encode() + pieces + b"0\r\nTrailer: x\r\n\r\n"
    with Raw(always(answer)) as server:
        outcome = call(server, open=1)
    assert outcome.error is None
    assert outcome.reply.content == CHAT
    assert b"\r\nAccept-Encoding: gzip, deflate\r\n" in server.requests[0]
    assert outcome.open == 1


def test_b5_corrupt_gzip(call: Call) -> None:
    """What is no gzip is a reply that cannot be read, not a broken connection."""
    with Raw(always(reply(CHAT, headers=_GZIP))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert "compressed reply cannot be read" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize("cut", [1, 8, 12])
def test_b6_truncated_gzip(call: Call, cut: int) -> None:
    """Compressed data without their end are no reply."""
    with Raw(always(reply(gzip.compress(CHAT)[:-cut], headers=_GZIP))) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert "is incomplete" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """200 MB of zeros, compressed."""
    packer = zlib.compressobj(9, wbits=31)
    return b"".join(packer.compress(b"0" * 1_000_000) for _ in range(200)) + packer.flush()


def test_b7_bomb(call: Call, bomb: bytes) -> None:
    """A decompression bomb stops at max_response_bytes, before it takes more memory than that."""
    limit = 5_000_000
    answer = reply(bomb, headers="Content-Encoding: gzip\r\n")
    with Raw(always(answer)) as server:
        tracemalloc.start()
        try:
            outcome = call(server, client={"max_response_bytes": limit})
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert type(outcome.failed) is APIResponseError
    assert "max_response_bytes=5000000" in str(outcome.failed)
    assert peak < limit + 10_000_000
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 0)


@pytest.mark.parametrize(("body", "fits"), [(b" " * 100 + CHAT, False), (CHAT, True)])
def test_the_limit_is_exact(call: Call, body: bytes, fits: bool) -> None:
    """A reply of max_response_bytes is read, one larger is not."""
    with Raw(always(reply(body))) as server:
        outcome = call(server, open=1, client={"max_response_bytes": len(CHAT)})
    assert (outcome.error is None) is fits


@pytest.mark.parametrize(
    ("encodings", "said"), [(["gzip"] * 300, "has 300"), (["gzip"] * 6, "has 6 content encodings"), (["br"], "'br'")]
)
def test_b8_chained_encodings(call: Call, encodings: list[str], said: str) -> None:
    """More than five encodings, or one that was not asked for, are refused without reading."""
    with Raw(always(reply(CHAT, headers=f"Content-Encoding: {', '.join(encodings)}\r\n"))) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIResponseError
    assert said in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 0)


def test_b9_cut_without_length(call: Call) -> None:
    """A reply that ends with its connection, in the middle, is a reply that cannot be read; the hint says why."""
    with Raw(
        once(lambda peer: peer.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n" + CHAT[:20]))
    ) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIResponseError
    assert "not JSON" in str(outcome.failed)
    assert "gave no length" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 0)


def test_a_reply_without_length_works(call: Call) -> None:
    """A reply whose end is that of its connection is read."""
    with Raw(once(lambda peer: peer.send(b"HTTP/1.0 200 OK\n\n" + CHAT))) as server:
        outcome = call(server)
    assert outcome.error is None
    assert outcome.reply.content == CHAT
