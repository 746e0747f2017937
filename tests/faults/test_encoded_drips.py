"""Group Streams of the fault table: a compressed reply of which nothing comes but bytes that decode to nothing."""

from __future__ import annotations

import gzip
import time
import zlib
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APITimeoutError, StreamStalledError

from .conftest import MESSAGES, Call
from .raw import Peer, Raw, Script, once
from .streaming import Reading, chunk, framed, read
from .test_outside import WORLDS, over

__all__ = ["read"]
_EMPTY_BLOCK = b"\0\0\0\xff\xff"  # what a flush of zlib writes: RFC 1951, section 3.2.4
_STREAM = chunk("Hel")
_JSON = b'{"id":"c",'


def _flushed(data: bytes, wbits: int) -> bytes:
    packer = zlib.compressobj(wbits=wbits)
    return packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)


def _twice(data: bytes) -> bytes:
    """Return data in two encodings, the outer one without compression, so that its bytes can be dripped."""
    return b"\x1f\x8b\x08\0\0\0\0\0\0\3" + _stored(_flushed(data, 31))


def _stored(data: bytes) -> bytes:
    """Return data as a block of deflate that is not compressed."""
    return b"\0" + len(data).to_bytes(2, "little") + (len(data) ^ 0xFFFF).to_bytes(2, "little") + data


#: The Content-Encoding; what comes first, of some data; what is dripped then, again and again.
_DRIPS: dict[str, tuple[str, Any, bytes]] = {
    "gzip": ("gzip", lambda data: _flushed(data, 31), _EMPTY_BLOCK),
    "deflate": ("deflate", lambda data: _flushed(data, 15), _EMPTY_BLOCK),
    "raw deflate": ("deflate", lambda data: _flushed(data, -15), _EMPTY_BLOCK),
    "two encodings": ("gzip, gzip", _twice, _stored(_EMPTY_BLOCK)),
    "a name without end": ("gzip", lambda data: gzip.compress(data) + b"\x1f\x8b\x08\x08\0\0\0\0\0\3", b"name"),
    "empty members": ("gzip", gzip.compress, gzip.compress(b"")),
}
drips = pytest.mark.parametrize("drip", _DRIPS)


def _drips(drip: str, kind: str, data: bytes) -> Script:
    """Send some data, then bytes that decode to nothing until the client hangs up."""
    encoding, start, then = _DRIPS[drip]

    def script(peer: Peer) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Encoding: {encoding}\r\n"
        peer.send(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + framed(start(data)))
        while not (peer._server.hangups or peer.pause(0.02)):
            peer.send(framed(then))

    return once(script)


@drips
def test_s5_a_stream_of_nothing(read: Reading, drip: str) -> None:
    """A stream stalls though bytes come: it is decoded bytes that count."""
    began = time.monotonic()
    with Raw(_drips(drip, "text/event-stream", _STREAM)) as server:
        got = read(server, open=None, stall_timeout=0.3)
    assert type(got.failed) is StreamStalledError
    assert (got.text, time.monotonic() - began < 3) == ("Hel", True)


@drips
def test_a_reply_of_nothing(call: Call, drip: str) -> None:
    """So does a reply that is read whole."""
    began = time.monotonic()
    with Raw(_drips(drip, "application/json", _JSON)) as server:
        outcome = call(server, open=None, stall_timeout=0.3, client={"max_retries": 0})
    assert type(outcome.failed) is APITimeoutError
    assert ("stall_timeout" in str(outcome.failed), time.monotonic() - began < 3) == (True, True)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # generators of httpcore under trio
@pytest.mark.filterwarnings("ignore:Async generator:ResourceWarning")
@pytest.mark.parametrize("world", WORLDS)
def test_over_httpx(world: str) -> None:
    """The limit holds over httpx too."""

    def ask(client: Client) -> None:
        with client.chat.create.stream(model="m", messages=MESSAGES, stall_timeout=0.3) as stream:
            assert [c.choices[0].delta.content for c in stream] == ["Hel"]

    async def aask(client: Client) -> None:
        async with client.chat.create.asyncio_stream(model="m", messages=MESSAGES, stall_timeout=0.3) as stream:
            assert [c.choices[0].delta.content async for c in stream] == ["Hel"]

    began = time.monotonic()
    with Raw(_drips("gzip", "text/event-stream", _STREAM)) as server, pytest.raises(StreamStalledError):
        over(world, server.url, ask, aask)
    assert time.monotonic() - began < 3
