"""Group Response headers of the fault table."""

from __future__ import annotations

import time

import pytest

from sdk.errors import APIConnectionError, APIResponseError, APIStatusError, APITimeoutError

from .conftest import Call
from .raw import CHAT, Peer, Raw, always, once, reply


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (b"NOPE\r\n\r\n", "status line"),
        (b"NOPE", "did not send an HTTP response"),
        (b"HTTP/2 200\r\n\r\n", "status line"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "status line"),
        (b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "no header name"),
        (b"HTTP/1.1 200 OK\r\nBad name: 1\r\n\r\n", "no header name"),
        (b"HTTP/1.1 200 OK\r\nA: \0\r\n\r\n", "control character"),
        (b"HTTP/1.1 101 Switching\r\n\r\n", "switched protocols"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", "transfer encoding"),
    ],
)
def test_h1_garbage(call: Call, head: bytes, said: str) -> None:
    """What is no HTTP is a broken connection, and not used again."""
    with Raw(once(lambda peer: peer.say(head))) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIConnectionError
    assert said in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)
    assert outcome.failed.request_sent is True


def test_h2_endless_header(call: Call) -> None:
    """Headers of a megabyte are given up after 100 KiB."""
    with Raw(once(lambda peer: peer.send(b"HTTP/1.1 200 OK\r\nX-A: " + b"a" * 1_000_000 + b"\r\n\r\n"))) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIConnectionError
    assert "larger than 102,400 bytes" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)


@pytest.mark.parametrize("lengths", [b"5\r\nContent-Length: 6", b"5, 6", b"-1", b"1e1", b"0x10"])
def test_h3_lengths_that_conflict(call: Call, lengths: bytes) -> None:
    """Two lengths are a broken response, and no choice."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: " + lengths + b"\r\n\r\n{    }"
    with Raw(once(lambda peer: peer.say(answer))) as server:
        outcome = call(server)
    assert type(outcome.failed) is APIConnectionError
    assert (outcome.attempts, len(server.requests), outcome.open) == (3, 3, 0)


def test_h4_interim_responses(call: Call) -> None:
    """100 and 103 before the answer are passed over."""
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
    with Raw(always(interim + reply())) as server:
        outcome = call(server, open=1)
    assert (outcome.error, outcome.reply.status_code, outcome.reply.content) == (None, 200, CHAT)
    assert "link" not in outcome.reply.headers
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


def test_h5_bytes_after_the_end(call: Call) -> None:
    """What follows a response is never taken for the answer of the next call."""
    poison = reply(b'{"id":"poison","choices":[]}')
    with Raw(always(reply() + poison)) as server:
        outcome = call(server, times=2)
    assert outcome.reply.content == CHAT
    assert (outcome.attempts, len(server.requests), server.connections, outcome.open) == (1, 2, 2, 0)


def test_h5_bytes_that_come_later(call: Call) -> None:
    """What comes while a connection is idle is no answer either."""

    def script(peer: Peer) -> None:
        peer.request()
        peer.send(reply())
        if peer.number == 1:
            peer.send(reply(b'{"id":"poison","choices":[]}'))

    with Raw(script) as server:
        outcome = call(server, open=1, times=2, between=lambda: server.has_closed(1))
    assert outcome.reply.content == CHAT
    assert (len(server.requests), server.connections) == (2, 2)


@pytest.mark.parametrize(
    "answer", [b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]
)
def test_h6_empty(call: Call, answer: bytes) -> None:
    """No body where JSON was expected is an error that says so; the connection is fine."""
    with Raw(always(answer)) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIResponseError
    assert "empty where JSON was expected" in str(outcome.failed)
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


@pytest.mark.parametrize("status", ["304 Not Modified", "302 Found", "300 Multiple Choices"])
def test_h7_redirect_without_location(call: Call, status: str) -> None:
    """A redirect to nowhere is the error of its status."""
    with Raw(always(reply(b"", status) if not status.startswith("304") else b"HTTP/1.1 304 Not\r\n\r\n")) as server:
        outcome = call(server, open=1)
    assert type(outcome.failed) is APIStatusError
    assert outcome.failed.status_code == int(status[:3])
    assert (outcome.attempts, len(server.requests), outcome.open) == (1, 1, 1)


def test_headers_that_drip(call: Call) -> None:
    """`timeout` holds until the headers are there: one byte now and then does not stretch it."""

    def drip(peer: Peer) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nX-Filler: " + b"a" * 200:
            peer.send(bytes([byte]))
            if peer._server.ended.wait(0.03):
                return

    began = time.monotonic()
    with Raw(once(drip)) as server:
        outcome = call(server, timeout=0.2, max_retries=0)
        took = time.monotonic() - began
        server.ended.set()
    assert type(outcome.failed) is APITimeoutError
    assert took == pytest.approx(0.2, abs=0.15)
    assert outcome.failed.request_sent is True
    assert outcome.open == 0
