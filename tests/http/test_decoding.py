"""Undoing content encodings piece by piece."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sdk._core.http.decoding import PIECE, Decoder, decoder
from sdk._core.http.errors import UndecodableError


def _raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


_ENCODED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw": _raw,
    "members": lambda data: gzip.compress(data[: len(data) // 2]) + gzip.compress(data[len(data) // 2 :]),
    "padded": lambda data: gzip.compress(data) + b"\0" * 20,
}
_NAMES = {"raw": "deflate", "members": "gzip", "padded": "gzip"}


@given(st.sampled_from(sorted(_ENCODED)), st.binary(max_size=400), st.integers(1, 50))
@settings(max_examples=400, deadline=None)
@example("raw", b"", 1)
@example("deflate", b"x", 1)
def test_any_split(kind: str, data: bytes, size: int) -> None:
    """Whatever the pieces, the data come out."""
    packed = _ENCODED[kind](data)
    undo = Decoder([_NAMES.get(kind, kind)])
    found = b"".join(out for at in range(0, len(packed), size) for out in undo.feed(packed[at : at + size]))
    undo.end()
    assert found == data


@pytest.mark.parametrize("kind", ["gzip", "deflate"])
def test_what_is_flushed_comes_at_once(kind: str) -> None:
    """An event that a server flushes is readable before the next one is sent."""
    packer = zlib.compressobj(wbits=31 if kind == "gzip" else 15)
    undo = Decoder([kind])
    for number in range(3):
        event = b"data: %d\n\n" % number
        sent = packer.compress(event) + packer.flush(zlib.Z_SYNC_FLUSH)
        assert b"".join(undo.feed(sent)) == event


def test_no_piece_is_large() -> None:
    """A bomb comes out in small pieces, of which each can be the last."""
    sizes = [len(piece) for piece in Decoder(["gzip"]).feed(gzip.compress(b"0" * 10_000_000))]
    assert (sum(sizes), max(sizes)) == (10_000_000, PIECE)


@pytest.mark.parametrize("kind", ["gzip", "deflate", "raw"])
def test_cut(kind: str) -> None:
    """Data without their end are told, at every cut."""
    packed = _ENCODED[kind](b"some data that are compressed " * 3)
    for cut in range(1, len(packed)):
        undo = Decoder([_NAMES.get(kind, kind)])
        list(undo.feed(packed[:cut]))
        with pytest.raises(UndecodableError, match="is incomplete"):
            undo.end()


@pytest.mark.parametrize("header", ["", "identity", " , identity"])
def test_nothing_to_undo(header: str) -> None:
    """No encoding needs no decoder."""
    assert decoder(header) is None


def test_no_body_is_complete() -> None:
    """An encoding of nothing at all is no error: responses without a body carry the header too."""
    Decoder(["gzip"]).end()
