"""Replies of bytes: a sound, a file, a video."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from os import PathLike
from pathlib import Path
from typing import Any


def pieces(content: bytes, size: int | None) -> Iterator[bytes]:
    """Yield bytes in pieces."""
    step = size or max(len(content), 1)
    for start in range(0, len(content), step):
        yield content[start : start + step]


class HttpxBinaryResponseContent:
    """The bytes of a reply, and its response."""

    def __init__(self, response: Any) -> None:
        self.response = response

    @property
    def content(self) -> bytes:
        """The bytes."""
        content: bytes = self.response.content
        return content

    @property
    def text(self) -> str:
        """The content as text."""
        return str(self.response.text)

    @property
    def encoding(self) -> str | None:
        """The encoding of the text."""
        return "utf-8"

    charset_encoding = encoding

    def json(self, **options: Any) -> Any:
        """Return the content as JSON."""
        return self.response.json(**options)

    def read(self) -> bytes:
        """Return the bytes."""
        return self.content

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        return pieces(self.content, chunk_size)

    iter_raw = iter_bytes

    def iter_text(self, chunk_size: int | None = None) -> Iterator[str]:
        """Yield the text in pieces."""
        text, step = self.text, chunk_size or len(self.text) or 1
        return (text[start : start + step] for start in range(0, len(text), step))

    def iter_lines(self) -> Iterator[str]:
        """Yield the lines of the text."""
        return iter(self.text.splitlines())

    def write_to_file(self, file: str | PathLike[str]) -> None:
        """Write the bytes to a file."""
        Path(file).write_bytes(self.content)

    def stream_to_file(self, file: str | PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write the bytes to a file."""
        self.write_to_file(file)

    def close(self) -> None:
        """Do nothing: the reply has been read."""

    async def aread(self) -> bytes:
        """Return the bytes."""
        return self.content

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """Yield the bytes in pieces."""
        for piece in pieces(self.content, chunk_size):
            yield piece

    aiter_raw = aiter_bytes

    async def aiter_text(self, chunk_size: int | None = None) -> AsyncIterator[str]:
        """Yield the text in pieces."""
        for piece in self.iter_text(chunk_size):
            yield piece

    async def aiter_lines(self) -> AsyncIterator[str]:
        """Yield the lines of the text."""
        for line in self.iter_lines():
            yield line

    async def astream_to_file(self, file: str | PathLike[str], *, chunk_size: int | None = None) -> None:
        """Write the bytes to a file."""
        self.write_to_file(file)

    async def aclose(self) -> None:
        """Do nothing: the reply has been read."""
