"""Streamed bodies: files that are read while they are sent, for sync and async senders."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from ..errors import RequestError
from ..files import BinaryFile, Progress

#: Bytes of one read. Larger pieces are no faster, and each is in memory while it is sent.
PIECE = 256 * 1024


class Source:
    """A file to send from the position that it had when it was given, as often as needed.

    A path is open only while it is read, so that waiting calls keep no file open. `length` is None if it is unknown
    before the end: pipes, sockets, responses of other servers.
    Raises: the operating system's own error for a path that cannot be read.
    """

    __slots__ = ("_file", "_path", "_read", "_stamp", "_start", "field", "length", "on_progress")

    def __init__(
        self,
        content: bytes | os.PathLike[str] | BinaryFile,
        field: str,
        *,
        start: int | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        self.field, self.on_progress = field, on_progress
        self._path: Path | None = None
        self._file: Any = None
        self._stamp: tuple[int, int] | None = None
        self._read = 0
        self.length: int | None
        if isinstance(content, os.PathLike):
            self._start, self.length = self._look_at(Path(content))
            return
        self._file = io.BytesIO(content) if isinstance(content, bytes) else content
        self._start = file_position(self._file) if start is None else start
        self.length = None if self._start is None else max(0, _end(self._file) - self._start)

    def _look_at(self, path: Path) -> tuple[int | None, int | None]:
        self._path = path
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or a device: opening it twice would lose data
            self._file = path.open("rb", buffering=0)
            return None, None
        with path.open("rb") as file:  # raises now, before a connection is open, if it cannot be read
            self._stamp = _stamp(file)
        return 0, self._stamp[0]

    @property
    def in_memory(self) -> bool:
        """Whether the bytes are in memory, so that reading them never blocks."""
        return type(self._file) is io.BytesIO

    def rewindable(self) -> bool:
        """Return whether the content can be sent (again) from its start."""
        return self._start is not None or self._read == 0

    def begin(self) -> None:
        """Go to the start. Raises RequestError if that is no longer possible."""
        if not self.rewindable():
            raise RequestError(f"{self.field}: this file can be read only once, and part of it has been read")
        if self._path is not None and self._file is None:
            self._file = self._path.open("rb", buffering=0)
            if _stamp(self._file) != self._stamp:
                raise RequestError(f"{self.field}: {self._path.name} has changed since the call began")
        if self._start is not None:
            self._file.seek(self._start)
        self._read = 0

    def read(self) -> bytes:
        """Return the next piece, b"" at the end.

        Raises RequestError for a file that ends early, and any error of the file itself.
        """
        size = PIECE if self.length is None else min(PIECE, self.length - self._read)
        piece = self._file.read(size) if size else b""
        if not isinstance(piece, bytes):
            if not isinstance(piece, bytearray | memoryview):
                raise RequestError(f"{self.field}: read() returned {type(piece).__name__} instead of bytes")
            piece = bytes(piece)
        if size and not piece and self.length is not None:
            raise RequestError(
                f"{self.field}: the file ended after {self._read:,} of {self.length:,} bytes, while it was being sent"
            )
        self._read += len(piece)
        return piece

    async def aread(self) -> bytes:
        """Return the next piece without blocking the event loop; see `read`."""
        if self.in_memory:
            return self.read()
        from anyio import to_thread  # a dependency of httpx; on cancellation it waits for the thread

        return await to_thread.run_sync(self.read)

    def report(self) -> None:
        """Call `on_progress` with the bytes sent so far."""
        if self.on_progress is not None:
            self.on_progress(self._read, self.length)

    def close(self) -> None:
        """Close the file if this object opened it."""
        if self._path is not None and self._file is not None:
            self._file.close()
            if self._stamp is not None:  # a regular file can be opened again
                self._file = None


class FileStream:
    """A body that consists of bytes and files, in order. Each iteration starts from the beginning."""

    def __init__(self, pieces: Sequence[bytes | Source]) -> None:
        self._pieces = pieces
        self._sources = [piece for piece in pieces if isinstance(piece, Source)]
        lengths = [piece.length if isinstance(piece, Source) else len(piece) for piece in pieces]
        self.length = None if None in lengths else sum(filter(None, lengths))

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            piece.begin()
            try:
                while chunk := piece.read():
                    yield chunk
                    piece.report()
            finally:
                piece.close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            piece.begin()
            try:
                while chunk := await piece.aread():
                    yield chunk
                    piece.report()
            finally:
                piece.close()

    def unrepeatable_field(self) -> str | None:
        """Return the field whose file cannot be sent again, or None if the whole body can."""
        return next((source.field for source in self._sources if not source.rewindable()), None)

    def close(self) -> None:
        """Close the files that this object opened; another iteration opens them again."""
        for source in self._sources:
            source.close()

    def joined(self, limit: int) -> bytes | None:
        """Return the body if it is in memory, has at most `limit` bytes and no progress callback; else None."""
        if self.length is None or self.length > limit:
            return None
        if any(not source.in_memory or source.on_progress for source in self._sources):
            return None
        return b"".join(self)


def file_position(file: Any) -> int | None:
    """Return the position of a file; None if it is not seekable."""
    try:
        if not file.seekable():
            return None
        return int(file.tell())
    except (OSError, AttributeError):
        return None


def _end(file: Any) -> int:
    here = file.tell()
    end = int(file.seek(0, io.SEEK_END) or file.tell())  # some file objects return None
    file.seek(here)
    return end


def _stamp(file: IO[bytes]) -> tuple[int, int]:
    found = os.fstat(file.fileno())
    return found.st_size, found.st_mtime_ns
