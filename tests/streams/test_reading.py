"""Reading a stream: by halves, again after the end, after a failure; and with nothing kept."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from sdk._core.http import Content
from sdk.errors import StreamError, StreamIncompleteError
from sdk.sse import Decoder

from .wire import chunk, event, stream

HELLO = [chunk({"content": "Hel"}), chunk({"content": "lo"}), chunk({}, "stop")]


def test_by_halves() -> None:
    """A loop that is left can be gone on with: no chunk is lost, however many came in one read."""
    with stream([b"".join(map(event, HELLO))]) as opened:
        for first in opened:
            assert first.choices[0].delta.content == "Hel"
            break
        assert next(opened).choices[0].delta.content == "lo"
        assert [c.choices[0].finish_reason for c in opened] == ["stop"]
        assert opened.final().choices[0].message.content == "Hello"
        with pytest.raises(StopIteration):
            next(opened)


def test_partial_while_reading() -> None:
    """.partial is the reply as far as it has come, at any time."""
    seen: list[Any] = []
    with stream(HELLO) as opened:
        for _ in range(3):
            seen.append(opened.partial)
            next(opened)
    assert seen[0] is None
    assert [p.choices[0].message.content for p in seen[1:]] == ["Hel", "Hello"]


def test_no_reply_of_a_closed_stream() -> None:
    """A stream that was closed half way has no reply; asking for one says so."""
    with stream(HELLO) as opened:
        next(opened)
    with pytest.raises(StreamIncompleteError, match="closed before its end") as raised:
        opened.final()
    assert raised.value.partial.choices[0].message.content == "Hel"


def test_no_reply_of_a_failed_stream() -> None:
    """A stream that failed fails again when its reply is asked for, by every way of asking."""
    with stream([*HELLO[:1], b"data: {\n\n"]) as opened:
        chunks = iter(opened)
        assert next(chunks).choices[0].delta.content == "Hel"
        for ask in (lambda: next(chunks), opened.final, lambda: next(opened), lambda: list(opened.text())):
            with pytest.raises(StreamError, match="not JSON"):
                ask()


def test_each() -> None:
    """each() calls back with every chunk and returns the whole reply."""
    seen: list[str | None] = []
    with stream(HELLO) as opened:
        reply = opened.each(lambda c: seen.append(c.choices[0].delta.content))
    assert seen == ["Hel", "lo", None]
    assert reply.choices[0].message.content == "Hello"


def test_a_raising_callback() -> None:
    """What a callback raises is the caller's own, and the `with` block closes the stream."""

    def no(_: object) -> None:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"), stream(HELLO) as opened:
        opened.each(no)


def test_one_hundred_thousand_chunks() -> None:
    """A long stream holds memory flat when the caller keeps nothing: only the text itself grows."""

    def events() -> Iterator[bytes]:
        block = event(chunk({"content": "x"})) * 100
        for _ in range(1000):
            yield block
        yield event(chunk({}, "stop"))

    with stream(events()) as opened:
        count = 0
        for _ in opened:
            count += 1
            if count == 1_000:
                tracemalloc.start()
        after, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == 100_001
        assert after < 1_500_000
        assert peak < 2_000_000
        assert opened.final().choices[0].message.content == "x" * 100_000


def test_an_open_stream_does_not_keep_the_body_of_its_request() -> None:
    """The body of a long conversation is released when the stream opens, not when it is closed."""
    before = sum(isinstance(found, Content) for found in gc.get_objects())
    with stream([chunk({"content": "a"}), chunk(finish="stop")]) as opened:
        next(opened)
        assert sum(isinstance(found, Content) for found in gc.get_objects()) == before


def test_decoder_keeps_nothing() -> None:
    """The decoder holds nothing between whole events."""
    decoder = Decoder()
    tracemalloc.start()
    for _ in range(20_000):
        decoder.feed(b"data: x\n\n")
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 100_000
