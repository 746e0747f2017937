"""Streams are read in linear time, however much comes and however small the pieces: counted, not timed."""

from __future__ import annotations

import pytest

from sdk import sse
from sdk._core import sse as decoding
from sdk._core.reply import stream_reader
from sdk.errors import APIError

from ..meter import Meter
from .wire import chunk, event, stream

pytestmark = pytest.mark.long

_EVENT = event(chunk({"content": "Hello"}))
_BODIES = {
    "line feeds": b"\n" * 50_000,
    "returns": b"\r" * 50_000,
    "crlf": b"\r\n" * 25_000,
    "a byte order mark and line feeds": b"\xef\xbb\xbf" + b"\n" * 50_000,
    "line feeds and a byte order mark": b"\n" * 50_000 + b"\xef\xbb\xbf" + b"\n" * 50_000,
    "heartbeats": b": ping\n\n" * 5_000,
    "one comment": b":" + b"x" * 50_000,
    "unknown fields": b"unknown: x\n" * 5_000,
    "events without data": b"event: x\nid: 1\nretry: 5\n\n" * 2_000,
    "an endless line": b"x" * 50_000,
    "spaces": b" " * 50_000,
}
segments = pytest.mark.parametrize("size", [1, 2, 7, 1000, 1 << 16])


@segments
@pytest.mark.parametrize("before", _BODIES.values(), ids=_BODIES)
def test_what_comes_before_the_first_event(monkeypatch: pytest.MonkeyPatch, size: int, before: bytes) -> None:
    """Bytes that hold no event are looked at once, not again with each read."""
    meter = Meter()
    for module in (decoding, stream_reader):
        meter.watch(monkeypatch, module)
    with stream(meter.pieces(before, size), done=False) as opened, pytest.raises(APIError):
        opened.final()
    assert meter.is_linear()


@pytest.mark.parametrize("before", _BODIES.values(), ids=_BODIES)
def test_the_first_event_after_much_else(before: bytes) -> None:
    """A stream is one, whatever it begins with."""
    with stream([before, b"\n\n", _EVENT, event(chunk({}, "stop"))]) as opened:
        assert opened.final().choices[0].message.content == "Hello"


_EVENTS = {
    **_BODIES,
    "events": b"data: x\n\n" * 6_000,
    "named events": b"event: name\ndata: x\n\n" * 3_000,
    "events of crlf": b"data: x\r\n\r\n" * 6_000,
    "one long event": b"data: " + b"x" * 50_000 + b"\n\n",
    "an event of many lines": b"data: x\n" * 6_000 + b"\n",
}


@segments
@pytest.mark.parametrize("body", _EVENTS.values(), ids=_EVENTS)
def test_decoder(monkeypatch: pytest.MonkeyPatch, size: int, body: bytes) -> None:
    """The decoder of events looks at each byte a few times."""
    meter = Meter()
    meter.watch(monkeypatch, decoding)
    decoder = sse.Decoder()
    for piece in meter.pieces(body, size):
        decoder.feed(piece)
    assert meter.is_linear()
