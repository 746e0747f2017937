"""Decode content encodings piece by piece, so that bombs and truncated bodies are detected. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from .errors import UndecodableError

MAX_ENCODINGS = 5
#: Bytes that one step may produce, so that a bomb cannot fill the memory.
PIECE = 64 * 1024
#: The next input of zlib is twice what it used of the last input, and this many bytes more.
_WINDOW = 16
#: The byte that every member of gzip begins with.
_GZIP_MAGIC = 0x1F
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Decoder:
    """Decode the encodings of a Content-Encoding header. Raises UndecodableError for unknown ones or more than five.

    `feed` returns everything that a piece makes readable, so that compressed events arrive when they are sent.
    """

    def __init__(self, names: list[str]) -> None:
        if len(names) > MAX_ENCODINGS:
            raise UndecodableError(f"the reply has {len(names)} content encodings; at most {MAX_ENCODINGS} are decoded")
        unknown = [name for name in names if name not in ("gzip", "x-gzip", "deflate")]
        if unknown:
            raise UndecodableError(f"the reply has the content encoding {unknown[0][:40]!r}, which is not supported")
        self._stages = [_Stage(name == "deflate") for name in reversed(names)]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes decode to, in pieces of at most 64 KiB."""
        return self._decode(data, 0)

    def end(self) -> None:
        """Check the end of the body. Raises UndecodableError if an encoding is incomplete."""
        if not all(stage.complete for stage in self._stages):
            raise UndecodableError("the compressed reply is incomplete")

    def _decode(self, data: bytes, number: int) -> Iterator[bytes]:
        if number == len(self._stages):
            yield data
            return
        for piece in self._stages[number].feed(data):
            yield from self._decode(piece, number + 1)


class _Stage:
    """One encoding. `deflate` means zlib (RFC 9110, 8.4.1.2), but some servers send it without the zlib header."""

    def __init__(self, deflate: bool) -> None:
        self._deflate = deflate
        # The first two bytes show whether deflate has a zlib header.
        self._inflate: Any = None if deflate else zlib.decompressobj(_GZIP)
        self._held, self._started = b"", False

    @property
    def complete(self) -> bool:
        """Whether the data are complete; a body without data is."""
        return not self._started or (self._inflate is not None and self._inflate.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes decode to, in pieces of at most 64 KiB."""
        self._started = self._started or bool(data)
        if self._inflate is None:
            data = self._held + data
            if len(data) < 2:
                self._held = data
                return
            framed = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0  # RFC 1950, section 2.2
            self._inflate = zlib.decompressobj(_ZLIB if framed else _RAW)
        view, at, window = memoryview(data), 0, len(data)
        while at < len(view):
            if self._inflate.eof:
                if self._deflate or view[at] != _GZIP_MAGIC:
                    return  # padding after the end, which other decoders ignore too
                self._inflate = zlib.decompressobj(_GZIP)  # the next member: RFC 1952, section 2.2
            given = view[at : at + window]
            piece = self._step(given)
            left = len(self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail)
            # zlib copies the input that it does not use, which is most of it for small members and for bombs.
            at, window = at + len(given) - left, 2 * (len(given) - left) + _WINDOW
            if piece:
                yield piece
        while not self._inflate.eof and (piece := self._step(b"")):
            yield piece  # output that exceeded the limit of one step

    def _step(self, data: bytes | memoryview) -> bytes:
        try:
            piece: bytes = self._inflate.decompress(data, PIECE)
        except zlib.error as error:
            raise UndecodableError(f"the compressed reply cannot be read: {error}") from None
        return piece


def decoder(content_encoding: str) -> Decoder | None:
    """Return the decoder for a Content-Encoding header; None if there is nothing to decode."""
    names = [name.strip(" \t").lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    return Decoder(names) if names else None
