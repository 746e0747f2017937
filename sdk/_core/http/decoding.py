"""Undo content encodings piece by piece, so that neither a bomb nor a cut stream passes unseen. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

from .errors import UndecodableError

#: What is asked for. Both come with Python; brotli and zstandard have no bound on what one piece may become.
ACCEPTED = "gzip, deflate"
MOST = 5
#: Bytes that one step may produce: a bomb is seen before it has gone off.
PIECE = 64 * 1024
#: Bytes that zlib is given beyond twice what it used of the last ones.
_WINDOW = 16
#: The byte that every member of gzip begins with.
_GZIP_MAGIC = 0x1F
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Decoder:
    """Undo the encodings that a Content-Encoding header names. Raises Undecodable for more than five, or unknown ones.

    `feed` gives back at once whatever a piece makes readable, so that compressed events arrive when they are sent.
    """

    def __init__(self, names: list[str]) -> None:
        if len(names) > MOST:
            raise UndecodableError(f"the reply is encoded {len(names)} times over; at most {MOST} are undone")
        unknown = [name for name in names if name not in ("gzip", "x-gzip", "deflate")]
        if unknown:
            raise UndecodableError(f"the reply is encoded as {unknown[0][:40]!r}, which was not asked for")
        self._stages = [_Stage(name == "deflate") for name in reversed(names)]

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes decode to, in pieces of at most 64 KiB."""
        return self._through(data, 0)

    def end(self) -> None:
        """Say that there are no more bytes. Raises Undecodable where an encoding is cut short."""
        if not all(stage.complete for stage in self._stages):
            raise UndecodableError("the compressed reply is cut short")

    def _through(self, data: bytes, number: int) -> Iterator[bytes]:
        if number == len(self._stages):
            yield data
            return
        for piece in self._stages[number].feed(data):
            yield from self._through(piece, number + 1)


class _Stage:
    """One encoding. `deflate` means zlib (RFC 9110, 8.4.1.2), but some servers send it without zlib's frame."""

    def __init__(self, deflate: bool) -> None:
        self._deflate = deflate
        # What deflate means is known from its first two bytes.
        self._inflate: Any = None if deflate else zlib.decompressobj(_GZIP)
        self._held, self._begun = b"", False

    @property
    def complete(self) -> bool:
        """Whether the data came to their end; none at all are complete too."""
        return not self._begun or (self._inflate is not None and self._inflate.eof)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what these bytes decode to, in pieces of at most 64 KiB."""
        self._begun = self._begun or bool(data)
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
                    return  # padding after the end, which other readers pass over as well
                self._inflate = zlib.decompressobj(_GZIP)  # the next member: RFC 1952, section 2.2
            given = view[at : at + window]
            piece = self._step(given)
            left = len(self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail)
            # zlib copies what it leaves. Small members, and bytes that become many, use little of what they are given.
            at, window = at + len(given) - left, 2 * (len(given) - left) + _WINDOW
            if piece:
                yield piece
        while not self._inflate.eof and (piece := self._step(b"")):
            yield piece  # what zlib held back for want of room

    def _step(self, data: bytes | memoryview) -> bytes:
        try:
            piece: bytes = self._inflate.decompress(data, PIECE)
        except zlib.error as error:
            raise UndecodableError(f"the compressed reply cannot be read: {error}") from None
        return piece


def decoder(content_encoding: str) -> Decoder | None:
    """Return what undoes a Content-Encoding header; None where there is nothing to undo."""
    names = [name.strip(" \t").lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    return Decoder(names) if names else None
