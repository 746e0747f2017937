"""Files: what an upload may be, and what a binary reply is."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import IO, TypeAlias

from .errors import RequestError

FileContent: TypeAlias = bytes | bytearray | memoryview | os.PathLike[str] | IO[bytes]
#: Bytes, a path, an open binary file, or (name, content), or (name, content, content type). A `str` is no file:
#: it could be meant as a path or as the content.
FileInput: TypeAlias = FileContent | tuple[str | None, FileContent] | tuple[str | None, FileContent, str]


class BinaryReply(bytes):
    """A binary reply: it is its bytes, and knows its content type and how to save itself."""

    content_type: str | None
    filename: str | None

    @classmethod
    def of(cls, content: bytes, content_type: str | None, filename: str | None = None) -> BinaryReply:
        """Return the reply with what the headers said of it."""
        self = cls(content)
        self.content_type, self.filename = content_type, filename
        return self

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the bytes to `path` and return it. The file appears whole or not at all."""
        target = Path(path)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return target

    def __str__(self) -> str:  # a whole file on the terminal helps nobody
        return repr(self)

    def __repr__(self) -> str:
        return f"<BinaryReply {self.content_type or 'of unknown type'}, {len(self):,} bytes>"


class _Opened(io.FileIO):
    """A file that was opened from a path, and so is closed with the request."""

    opened_here = True


def file_part(value: object, field: str) -> tuple[str, bytes | IO[bytes], str]:
    """Return (file name, content, content type) of a file argument.

    Raises RequestError for what is no file, and the operating system's own error where a path cannot be opened.
    """
    name: str | None = None
    kind: str | None = None
    content = value
    if isinstance(value, tuple):
        if len(value) not in (2, 3):
            raise RequestError(f"{field}: a file is (name, content) or (name, content, content type)")
        name, content, *rest = value
        kind = rest[0] if rest else None
    if isinstance(content, os.PathLike):
        path = Path(content)
        name = name or path.name
        content = _Opened(path)
    elif isinstance(content, bytes | bytearray | memoryview):
        content = bytes(content)
    elif not hasattr(content, "read"):
        hint = "; wrap a path in pathlib.Path(...), or encode the text" if isinstance(content, str) else ""
        raise RequestError(
            f"{field}: a file is bytes, a path or an open binary file, not {type(content).__name__}{hint}"
        )
    if name is None:
        given = getattr(content, "name", None)
        name = Path(given).name if isinstance(given, str) else field
    if kind is None:
        import mimetypes

        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return name, content, kind  # type: ignore[return-value]  # anything with read() is taken for a file


def is_file(value: object) -> bool:
    """Tell whether an argument is meant as a file rather than as JSON."""
    if isinstance(value, tuple):
        return len(value) in (2, 3) and not isinstance(value[1], str | tuple) and is_file(value[1])
    return isinstance(value, bytes | bytearray | memoryview | os.PathLike) or hasattr(value, "read")
