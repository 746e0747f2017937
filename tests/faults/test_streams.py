"""Group SSE stream of the fault table: how a stream ends, breaks and stalls."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from sdk import Client
from sdk.errors import (
    APIConnectionError,
    APIResponseError,
    APITimeoutError,
    StreamBrokenError,
    StreamDeadlineError,
    StreamError,
    StreamIncompleteError,
    StreamStalledError,
)

from .conftest import KEY, MESSAGES
from .raw import Peer, Raw, always, once, reply
from .streaming import DONE, HEAD, LAST, Reading, chunk, event, framed, read, streamed

__all__ = ["read"]
WHOLE = (chunk("Hel", role="assistant"), chunk("lo"), chunk(finish="stop"), DONE)


def test_s1_end_without_terminal(read: Reading) -> None:
    """A stream that just ends is incomplete: the chunks come, then the error, with what came as a typed reply."""
    with Raw(always(streamed(chunk("Hel"), chunk("lo")))) as server:
        got = read(server, open=1)
    assert type(got.failed) is StreamIncompleteError
    assert got.text == "Hello"
    assert got.failed.partial.choices[0].message.content == "Hello"
    assert "require_stream_end=False" in str(got.failed)
    assert (got.failed.request_id, got.failed.request_sent, len(got.failed.attempts)) == ("req_1", True, 0)
    assert (len(server.requests), got.open) == (1, 1)


def test_s1_allowed(read: Reading) -> None:
    """require_stream_end=False takes what came for the whole."""
    with Raw(always(streamed(chunk("Hel"), chunk("lo")))) as server:
        got = read(server, open=1, client={"require_stream_end": False})
    assert got.error is None
    assert got.reply.choices[0].message.content == "Hello"
    assert (len(server.requests), got.open) == (1, 1)


def test_s1_finish_reason_is_an_end(read: Reading) -> None:
    """A finish_reason on every choice counts as the end, for servers that send no [DONE]."""
    with Raw(always(streamed(*WHOLE[:3]))) as server:
        got = read(server, open=1)
    assert got.error is None
    assert (got.reply.choices[0].message.content, got.reply.choices[0].finish_reason) == ("Hello", "stop")


def test_s1_every_choice_wanted(read: Reading) -> None:
    """With n=2, the end of one choice is not the end of the reply."""
    with Raw(always(streamed(*WHOLE[:3]))) as server:
        got = read(server, open=1, n=2)
    assert type(got.failed) is StreamIncompleteError


def test_s1_nothing_at_all(read: Reading) -> None:
    """A stream without one event is no reply, whatever is allowed."""
    with Raw(always(streamed(b": hello\n\n"))) as server:
        got = read(server, open=1, client={"require_stream_end": False})
    assert type(got.failed) is StreamIncompleteError
    assert got.failed.partial is None


@pytest.mark.parametrize("allowed", [True, False])
def test_s2_end_in_an_event(read: Reading, allowed: bool) -> None:
    """An end in the middle of an event is incomplete, also where an end without [DONE] is allowed."""
    with Raw(always(streamed(chunk("Hel"), chunk("lo")[:-20]))) as server:
        got = read(server, open=1, client={"require_stream_end": not allowed})
    assert type(got.failed) is StreamIncompleteError
    assert got.text == got.failed.partial.choices[0].message.content == "Hel"
    assert (len(server.requests), got.open) == (1, 1)


@pytest.mark.parametrize("cut", [b"\r\n", b"d", b"data", b"\xef\xbb", chunk("Hel")[:-1]])
def test_s2_end_in_the_first_event(read: Reading, cut: bytes) -> None:
    """However little came of the first event, the stream is incomplete: it is no reply of another kind."""
    with Raw(always(streamed(cut))) as server:
        got = read(server, open=1)
    assert type(got.failed) is StreamIncompleteError
    assert (got.failed.partial, got.chunks) == (None, [])
    assert (len(server.requests), got.open) == (1, 1)


def test_s3_closed_without_last_chunk(read: Reading) -> None:
    """A connection that closes before the body's end has broken; the call is not made again."""
    with Raw(once(lambda peer: peer.send(HEAD + framed(chunk("Hel"))))) as server:
        got = read(server)
    assert type(got.failed) is StreamBrokenError
    assert isinstance(got.failed, APIConnectionError)
    assert got.failed.partial.choices[0].message.content == got.text == "Hel"
    assert got.failed.request_sent is True
    assert (len(server.requests), got.open) == (1, 0)


def test_s3_length_cut(read: Reading) -> None:
    """A body shorter than its Content-Length has broken too."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5000\r\n\r\n"
    with Raw(once(lambda peer: peer.send(head + chunk("Hel") + DONE[:4]))) as server:
        got = read(server)
    assert type(got.failed) is StreamBrokenError
    assert got.text == "Hel"
    assert (len(server.requests), got.open) == (1, 0)


def test_s4_reset(read: Reading) -> None:
    """A reset in the middle is a broken stream, with its cause."""

    def reported(peer: Peer) -> None:
        peer.send(HEAD + framed(chunk("Hel")))
        time.sleep(0.05)  # a reset overtakes what has not been read yet
        peer.reset()

    with Raw(once(reported)) as server:
        got = read(server)
    assert type(got.failed) is StreamBrokenError
    assert got.failed.__cause__ is not None
    assert got.text == "Hel"
    assert (len(server.requests), got.open) == (1, 0)


def test_s5_stall(read: Reading) -> None:
    """A stream that says nothing for stall_timeout is given up; `timeout` is another thing."""
    began = time.monotonic()
    with Raw(once(lambda peer: peer.say(HEAD + framed(chunk("Hel"))))) as server:
        got = read(server, stall_timeout=0.15, timeout=30)
    assert type(got.failed) is StreamStalledError
    assert isinstance(got.failed, APITimeoutError)
    assert "nothing came for 0.15 s (stall_timeout)" in str(got.failed)
    assert got.failed.partial.choices[0].message.content == "Hel"
    assert time.monotonic() - began < 5
    assert (len(server.requests), got.open) == (1, 0)


@pytest.mark.world("sync")
def test_s5_caller_takes_its_time() -> None:
    """What the caller does between two chunks is not the server's stall."""
    with (
        Raw(always(streamed(*WHOLE))) as server,
        Client(api_base=server.url, api_key=KEY, stall_timeout=0.1) as client,
        client.chat.create.stream(model="m", messages=MESSAGES) as stream,
    ):
        next(stream)
        time.sleep(0.2)
        assert stream.final().choices[0].message.content == "Hello"


def test_s6_heartbeats(read: Reading) -> None:
    """Comments are no data: they do not hide a stall."""
    with Raw(once(_beating)) as server:
        got = read(server, stall_timeout=0.2)
        server.ended.set()
    assert type(got.failed) is StreamStalledError
    assert "only heartbeats came for 0.2 s" in str(got.failed)
    assert got.text == "Hel"
    assert (len(server.requests), got.open) == (1, 0)


def test_s6_dripping_frames(read: Reading) -> None:
    """Bytes of the body's framing are no data either."""

    def drip(peer: Peer) -> None:
        peer.send(HEAD + framed(chunk("Hel")))
        while not peer._server.ended.wait(0.03):
            peer.send(b"0")

    with Raw(once(drip)) as server:
        got = read(server, stall_timeout=0.2)
        server.ended.set()
    assert type(got.failed) is StreamStalledError
    assert (len(server.requests), got.open) == (1, 0)


def test_s6_deadline(read: Reading) -> None:
    """The deadline of the call holds while heartbeats, or data, come, and what came by then is kept."""
    for script in (_beating, _talking):
        began = time.monotonic()
        with Raw(once(script)) as server:
            got = read(server, stall_timeout=30, deadline=0.25)
            server.ended.set()
        assert type(got.failed) is StreamDeadlineError
        assert isinstance(got.failed, APITimeoutError)
        assert "deadline" in got.failed.message
        assert got.failed.partial.choices[0].message.content == got.text
        assert time.monotonic() - began < 5
        assert (len(server.requests), got.open) == (1, 0)


def _beating(peer: Peer) -> None:
    peer.send(HEAD + framed(chunk("Hel")))
    while not peer._server.ended.wait(0.03):
        peer.send(framed(b": ping\n\n"))


def _talking(peer: Peer) -> None:
    peer.send(HEAD)
    while not peer._server.ended.wait(0.03):
        peer.send(framed(chunk("x")))


@pytest.mark.parametrize(
    "block",
    [b"retry: 10\n\n", b"id: 7\n\n", b"event: ping\n\n", b"id: 7\n: hi\n\n", b"data\n\n", b"data:\n\n", b"\n\n"],
)
def test_s7_control_blocks(read: Reading, block: bytes) -> None:
    """Blocks that only steer the connection, or hold empty data, are skipped."""
    with Raw(always(streamed(WHOLE[0], block + b"\n\n", *WHOLE[1:]))) as server:
        got = read(server, open=1)
    assert got.error is None
    assert (got.text, len(got.chunks)) == ("Hello", 3)
    assert (len(server.requests), got.open) == (1, 1)


def test_s8_byte_order_mark(read: Reading) -> None:
    """A byte order mark does not cost the first event."""
    with Raw(always(streamed(b"\xef\xbb", b"\xbf" + WHOLE[0], *WHOLE[1:]))) as server:
        got = read(server, open=1)
    assert (got.error, got.text, got.open) == (None, "Hello", 1)


def test_s9_invalid_utf8(read: Reading) -> None:
    """Bytes that are no UTF-8 become U+FFFD, as WHATWG says; the JSON around them is read."""
    with Raw(always(streamed(chunk("a?b").replace(b"?", b"\xff"), *WHOLE[2:]))) as server:
        got = read(server, open=1)
    assert (got.error, got.text, got.open) == (None, "a\ufffdb", 1)


@pytest.mark.parametrize("data", [b'{"id":', b"hello", b"[1]", b'"text"', b"[" * 100_000])
def test_s10_not_json(read: Reading, data: bytes) -> None:
    """Data that are no JSON object are a typed error with the raw data, after the chunks before them."""
    with Raw(once(lambda peer: peer.say(HEAD + framed(chunk("Hel"), b"data: " + data + b"\n\n")))) as server:
        got = read(server)
    assert type(got.failed) is StreamError
    assert got.text == got.failed.partial.choices[0].message.content == "Hel"
    assert got.failed.body in (data.decode(), [1], "text")
    assert (len(server.requests), got.open) == (1, 0)


@pytest.mark.parametrize(
    ("wire", "message"),
    [
        ({"error": {"message": "boom", "type": "server_error", "code": "x"}}, "boom"),
        ({"error": "boom", "code": "x", "type": "server_error"}, "boom"),
        ({"object": "error", "message": "boom", "type": "server_error", "code": "x"}, "boom"),
        ({"message": "boom", "type": "server_error", "code": "x"}, "boom"),
    ],
)
def test_s11_error_object(read: Reading, wire: dict[str, object], message: str) -> None:
    """An error object inside a 200 raises with the server's message, type and code."""
    with Raw(once(lambda peer: peer.say(HEAD + framed(chunk("Hel"), event(wire))))) as server:
        got = read(server)
    failed = got.failed
    assert type(failed) is StreamError
    assert (failed.message, failed.type, failed.code, failed.body) == (message, "server_error", "x", wire)
    assert got.text == "Hel"
    assert (len(server.requests), got.open) == (1, 0)


@pytest.mark.parametrize("data", [b'{"message":"boom","code":"x"}', b"boom"])
def test_s12_error_event(read: Reading, data: bytes) -> None:
    """An event named error raises, be it a flat object or plain text."""
    with Raw(once(lambda peer: peer.say(HEAD + framed(b"event: error\ndata: " + data + b"\n\n")))) as server:
        got = read(server)
    assert type(got.failed) is StreamError
    assert got.failed.message == "boom"
    assert got.failed.code == ("x" if data[:1] == b"{" else None)
    assert (len(server.requests), got.open) == (1, 0)


def test_s13_json_error(read: Reading) -> None:
    """A JSON error in place of a stream raises as that error."""
    with Raw(always(reply(b'{"error":{"message":"boom","code":"x"}}'))) as server:
        got = read(server, open=1)
    assert type(got.failed) is APIResponseError
    assert (got.failed.message, got.failed.code) == ("boom", "x")
    assert (len(server.requests), got.open) == (1, 1)


def test_s13_web_page(read: Reading) -> None:
    """A web page in place of a stream raises with its content type."""
    with Raw(always(reply(b"<html>login</html>", headers="Content-Type: text/html\r\n"))) as server:
        got = read(server, open=1)
    assert type(got.failed) is APIResponseError
    assert "text/html" in str(got.failed)
    assert got.failed.body == b"<html>login</html>"
    assert (len(server.requests), got.open) == (1, 1)


def test_s13_whole_reply(read: Reading) -> None:
    """A complete JSON reply is a stream of one chunk."""
    message = b'{"role":"assistant","content":"Hello"}'
    body = (
        b'{"id":"c","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":%b}]}' % message
    )
    with Raw(always(reply(body))) as server:
        got = read(server, open=1)
    assert (got.error, got.text, len(got.chunks)) == (None, "Hello", 1)
    assert got.chunks[0].object == "chat.completion.chunk"
    assert got.reply.choices[0].message.content == "Hello"
    assert (len(server.requests), got.open) == (1, 1)


def test_s14_socket_held(read: Reading) -> None:
    """After [DONE] the iteration ends within a moment, and a socket that is held then is closed."""
    began = time.monotonic()
    with Raw(once(lambda peer: peer.say(HEAD + framed(*WHOLE)))) as server:
        got = read(server)
        took = time.monotonic() - began
    assert (got.error, got.text, got.open) == (None, "Hello", 0)
    assert took < 1
    assert len(server.requests) == 1


def test_s14_flood(read: Reading) -> None:
    """After [DONE], a server that goes on and on is left after 16 KiB."""

    def flood(peer: Peer) -> None:
        peer.send(HEAD + framed(*WHOLE))
        while not peer._server.ended.is_set() and not peer._server.hangups:
            peer.send(framed(b": x" * 1000 + b"\n"))

    with Raw(once(flood)) as server:
        got = read(server)
        server.ended.set()
    assert (got.error, got.text, got.open) == (None, "Hello", 0)


def test_s15_connection_reused(read: Reading) -> None:
    """Five streams one after another use one connection."""
    with Raw(always(streamed(*WHOLE))) as server:
        got = read(server, open=1, times=5)
    assert (got.error, got.text, got.open) == (None, "Hello", 1)
    assert (len(server.requests), server.connections) == (5, 1)


def test_s15_last_chunk_late(read: Reading) -> None:
    """The connection is reused too where the end of the body comes a moment after [DONE]."""

    def script(peer: Peer) -> None:
        while peer.request() is not None:
            peer.send(HEAD + framed(*WHOLE))
            peer._server.ended.wait(0.02)
            peer.send(LAST)

    with Raw(script) as server:
        got = read(server, open=1, times=3)
    assert (got.error, len(server.requests), server.connections, got.open) == (None, 3, 1, 1)


def test_s16_endless_line(read: Reading) -> None:
    """A line without end is refused at max_line_bytes, and fills no memory."""

    def endless(peer: Peer) -> None:
        peer.send(HEAD + framed(chunk("Hel"), b"data: "))
        block = framed(b"x" * 65536)
        for _ in range(3200):  # 200 MiB
            if peer._server.hangups:
                return
            peer.send(block)

    with Raw(once(endless)) as server:
        tracemalloc.start()
        got = read(server, client={"max_line_bytes": 1_000_000})
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert type(got.failed) is StreamError
    assert "max_line_bytes" in got.failed.message
    assert got.text == "Hel"
    assert peak < 8_000_000
    assert (len(server.requests), got.open) == (1, 0)


@pytest.mark.parametrize("data", [b"[DONE]x", b"[DONE] extra", b" [DONE]", b"[done]"])
def test_s17_only_exact_done(read: Reading, data: bytes) -> None:
    """Only an exact [DONE] ends a stream: anything like it is no JSON and raises."""
    with Raw(always(streamed(chunk("Hel"), b"data: " + data + b"\n\n"))) as server:
        got = read(server, open=1)
    assert type(got.failed) is StreamError
    assert got.text == "Hel"
    assert (len(server.requests), got.open) == (1, 1)


def test_s17_text_that_says_done(read: Reading) -> None:
    """A text that says [DONE] is a text."""
    with Raw(always(streamed(chunk("[DONE]"), *WHOLE))) as server:
        got = read(server, open=1)
    assert (got.error, got.text) == (None, "[DONE]Hello")
