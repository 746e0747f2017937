"""Readers look at each byte a few times, however much comes and however small the pieces: counted, not timed."""

from __future__ import annotations

import gzip
import random
import zlib
from contextlib import suppress
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from sdk._core.http import decoding, http11, tunnel
from sdk._core.http.errors import MalformedError
from sdk._core.http.headers import Headers
from sdk._core.http.http11 import Parser
from sdk._core.http.proxies import Proxy

from ..meter import Meter

pytestmark = pytest.mark.long

_SIZES = [1, 2, 7, 16, 1000, 1 << 16]
_OK = b"HTTP/1.1 200 OK\r\n"
_CHUNKED = _OK + b"Transfer-Encoding: chunked\r\n\r\n"
segments = pytest.mark.parametrize("size", _SIZES)


@segments
@pytest.mark.parametrize("kilobytes", [6, 24, 96])
@pytest.mark.parametrize("line", [b"a" * 1000, b"\r\r" * 500, b" \n" * 500, b"\xff" * 1000])
def test_heads(monkeypatch: pytest.MonkeyPatch, size: int, kilobytes: int, line: bytes) -> None:
    """A head, good or bad, is searched once for its end."""
    meter = Meter()
    meter.watch(monkeypatch, http11)
    parser = Parser()
    pieces = meter.pieces(_OK + b"X: " + line * kilobytes + b"\r\n\r\n", size)
    try:
        assert any(map(parser.head, pieces))
    except MalformedError:
        assert b"a" not in line
    assert meter.is_linear()


@segments
@pytest.mark.parametrize("interim", [b"HTTP/1.1 100 Go\r\n\r\n", b"HTTP/1.1 103 Early\nLink: a\n\n"])
def test_interim_responses(monkeypatch: pytest.MonkeyPatch, size: int, interim: bytes) -> None:
    """Heads that are passed over are not moved for each of them."""
    meter = Meter()
    meter.watch(monkeypatch, http11)
    parser = Parser()
    assert any(map(parser.head, meter.pieces(interim * 2000 + _OK + b"\r\n", size)))
    assert parser.status == 200
    assert meter.is_linear()


_LINES = {
    "sizes": b"1\r\na\r\n" * 3000,
    "extensions": (b"1;" + b"x" * 3500 + b"\r\na\r\n") * 10,
    "data": b"8000\r\n" + b"a" * 0x8000 + b"\r\n",
    "trailers": b"0\r\n" + (b"X: " + b"y" * 3500 + b"\r\n") * 10,
    "small trailers": b"0\r\n" + b"X: y\r\n" * 1000,
    "returns": b"1;" + b"\r" * 3500 + b"\r\na\r\n",
}


@segments
@pytest.mark.parametrize("lines", _LINES.values(), ids=_LINES)
def test_chunks(monkeypatch: pytest.MonkeyPatch, size: int, lines: bytes) -> None:
    """Lines between chunks, and trailers, are searched once for their end."""
    meter = Meter()
    meter.watch(monkeypatch, http11)
    parser = Parser()
    assert parser.head(_CHUNKED)
    try:
        for piece in meter.pieces(lines, size):
            parser.body(piece)
    except MalformedError:
        assert b"\r" * 10 in lines
    assert meter.is_linear()


def test_headers_that_come_many_times() -> None:
    """Values of one name are joined, in order."""
    parser = Parser()
    assert parser.head(_OK + b"A: 1\r\nB: 2\r\nA: 3\r\nConnection: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    assert not parser.keep_alive
    headers = Headers(parser.headers)
    assert (headers["a"], headers["b"], headers.get_list("A")) == ("1, 3", "2", ["1", "3"])


@segments
@pytest.mark.parametrize("answer", [_OK + b"Via: " + b"a" * 50_000 + b"\r\n\r\n", b"HTTP/1.1 100 Go\n\n" * 3000])
def test_the_answer_of_a_proxy(monkeypatch: pytest.MonkeyPatch, size: int, answer: bytes) -> None:
    """What a proxy says to CONNECT is read as the head of a response is."""
    meter = Meter()
    meter.watch(monkeypatch, http11)
    steps = tunnel.tunnel(Proxy("http", "proxy", 80, (), "http://proxy"), "host", 443)()
    next(steps)
    with suppress(StopIteration):
        for piece in meter.pieces(answer, size):
            steps.send(piece)
    assert meter.is_linear()


@segments
def test_the_answers_of_a_socks_proxy(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """What a SOCKS proxy says is cut into its fields, not moved for each of them."""
    meter = Meter()
    meter.watch(monkeypatch, tunnel)
    steps = tunnel.tunnel(Proxy("socks5", "proxy", 1080, (), "socks5://proxy"), "host", 443)()
    next(steps)
    with pytest.raises(StopIteration):
        for piece in meter.pieces(b"\5\0" + b"\5\0\0\3" + b"\xff" + b"a" * 255 + b"\0\0" + b"excess" * 10_000, size):
            steps.send(piece)
    assert meter.is_linear()


class _Inflate:
    """A decompressor that counts what it is given: zlib copies what it does not use."""

    def __init__(self, meter: Meter, wbits: int) -> None:
        self._meter, self._inflate = meter, zlib.decompressobj(wbits)

    def decompress(self, data: bytes, most: int) -> bytes:
        self._meter.scanned += len(data)
        return self._inflate.decompress(data, most)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inflate, name)


_PACKED = {
    "empty members": gzip.compress(b"") * 5000,
    "small members": gzip.compress(b"abc") * 3000,
    "a large member after small ones": gzip.compress(b"") * 50 + gzip.compress(random.Random(1).randbytes(100_000)),
    "a bomb": gzip.compress(bytes(50_000_000)),
    "noise": gzip.compress(random.Random(1).randbytes(100_000)),
    "flushes": zlib.compress(b"", wbits=31)[:-10] + b"\0\0\0\xff\xff" * 10_000,
}


@segments
@pytest.mark.parametrize("packed", _PACKED.values(), ids=_PACKED)
def test_content_encodings(monkeypatch: pytest.MonkeyPatch, size: int, packed: bytes) -> None:
    """What a decompressor leaves of its input is not copied with each step."""
    meter = Meter()
    inflate = partial(_Inflate, meter)
    monkeypatch.setattr(decoding, "zlib", SimpleNamespace(decompressobj=inflate, error=zlib.error))
    undo = decoding.Decoder(["gzip"])
    for piece in meter.pieces(packed, size):
        for _ in undo.feed(piece):
            pass
    assert meter.is_linear()
