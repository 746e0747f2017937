"""PNG images: a mosaic whose colours depend on a seed."""

import hashlib
import struct
import zlib

_CELLS = 8
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def draw(seed: bytes, width: int, height: int) -> bytes:
    """Return an RGB image of this size as a PNG file. The same seed gives the same image."""
    colours = hashlib.shake_256(seed).digest(3 * _CELLS * _CELLS)
    cells = [colours[3 * index : 3 * index + 3] for index in range(_CELLS * _CELLS)]
    rows = []
    for row in range(_CELLS):
        line = b"".join(cells[row * _CELLS + column] * (_edge(column, width)) for column in range(_CELLS))
        # Each row of pixels starts with its filter type: 0, none.
        rows.append((b"\0" + line) * _edge(row, height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"".join(rows))) + _chunk(b"IEND", b"")


def _edge(cell: int, pixels: int) -> int:
    """Return how many pixels of an edge belong to one cell."""
    return (cell + 1) * pixels // _CELLS - cell * pixels // _CELLS


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
