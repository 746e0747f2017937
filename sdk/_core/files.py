"""File arguments of uploads, and binary replies."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol, TypeAlias

from .errors import RequestError
from .errors.redact import one_line
from .public import expose


class BinaryFile(Protocol):
    """A file that is open for reading bytes. One with `seek` and `tell` can be sent again after a failure."""

    def read(self, size: int, /) -> bytes | None:
        """Return up to `size` bytes, b"" at the end."""


FileContent: TypeAlias = bytes | bytearray | memoryview | os.PathLike[str] | BinaryFile
#: Called while a file is sent, with the bytes sent so far and their total (None if it is unknown).
Progress: TypeAlias = Callable[[int, int | None], object]

__all__ = ["BinaryFile", "BinaryReply", "File", "FileContent", "FileInput", "Progress"]


class File:
    """A file with its name, content type and progress callback, for any argument that takes a file.

    `content` is bytes, a path (`pathlib.Path`) or an open binary file, which is sent from its current position.
    `on_progress(sent, total)` is called with byte counts after each piece of the content is written to the connection;
    `total` is None if the size is unknown. A retry counts from 0 again.
    """

    __slots__ = ("content", "content_type", "name", "on_progress")

    def __init__(
        self,
        content: FileContent,
        *,
        name: str | None = None,
        content_type: str | None = None,
        on_progress: Progress | None = None,
    ) -> None:
        self.content, self.name, self.content_type, self.on_progress = content, name, content_type, on_progress

    def __repr__(self) -> str:
        return f"<File {self.name or type(self.content).__name__}>"


#: Bytes, a path, an open binary file, (name, content), (name, content, content type), or a `File`. A `str` is
#: not accepted: it could be a path or the content.
FileInput: TypeAlias = FileContent | tuple[str | None, FileContent] | tuple[str | None, FileContent, str] | File


class BinaryReply(bytes):
    """A binary reply: bytes with a content type, and a method to save them."""

    content_type: str | None
    filename: str | None

    @classmethod
    def of(cls, content: bytes, content_type: str | None, filename: str | None = None) -> BinaryReply:
        """Return the reply with the content type and file name of its headers."""
        self = cls(content)
        self.content_type, self.filename = content_type, filename
        return self

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the bytes to `path` and return it. The file appears only when it is complete."""
        with replacing(path) as file:
            file.write(self)
        return Path(path)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return the text, and an image or the player of a sound, for a notebook."""
        from .notebook import mime_bundle

        return {"text/plain": repr(self), **mime_bundle(self)}

    def __str__(self) -> str:  # print() must not write a whole file to the terminal
        return repr(self)

    def __repr__(self) -> str:
        kind = one_line(self.content_type) if self.content_type else "of unknown type"
        return f"<BinaryReply {kind}, {len(self):,} bytes>"


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[IO[bytes]]:
    """Open a temporary file that replaces `path` when the block ends, and is removed if the block fails.

    A link stays, and the file that it leads to is replaced; a device or a pipe is written to.
    """
    target = Path(path)
    if target.exists() and not (target.is_file() or target.is_dir()):
        with target.open("wb") as file:
            yield file
        return
    target = target.resolve()
    # mkstemp() is not used: its file is readable by the owner alone, and the mode of the target must not change.
    temporary = target.with_name(f".{target.name[:100]}.{os.urandom(8).hex()}")
    try:
        opened = temporary.open("xb")
    except OSError as error:
        error.filename = os.fspath(path)  # the name that the caller knows
        raise
    try:
        with opened as file:
            yield file
        if target.exists():
            temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


class FileParts(NamedTuple):
    """The parts of a file argument."""

    content: bytes | os.PathLike[str] | BinaryFile
    name: str
    content_type: str
    on_progress: Progress | None


def file_parts(value: object, field: str, usual: str | None = None) -> FileParts:
    """Return the parts of a file argument; a missing name or content type is guessed.

    `usual` is the content type of the API, if it accepts only one. Raises: RequestError if `value` is not a file.
    """
    content, name, kind, on_progress = _given(value, field)
    if isinstance(content, bytearray | memoryview):
        content = bytes(content)
    elif not isinstance(content, bytes | os.PathLike):
        _check_open_file(content, field)
    if name is None:
        known = content if isinstance(content, os.PathLike) else getattr(content, "name", None)
        name = Path(known).name if isinstance(known, str | os.PathLike) else field
    elif not isinstance(name, str):
        raise RequestError(f"{field}: the name of a file must be a str, not {type(name).__name__}")
    if on_progress is not None and not callable(on_progress):
        raise RequestError(f"{field}: on_progress of a file must be callable, not {type(on_progress).__name__}")
    if kind is not None and not isinstance(kind, str):
        raise RequestError(f"{field}: the content type of a file must be a str, not {type(kind).__name__}")
    kind = kind or usual
    if kind is None:
        import mimetypes

        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    elif not (kind.isascii() and kind.isprintable()):
        raise RequestError(f"{field}: the content type of a file must be printable ASCII")
    return FileParts(content, name, kind, on_progress)


def _given(value: Any, field: str) -> tuple[Any, str | None, str | None, Progress | None]:
    if isinstance(value, File):
        return value.content, value.name, value.content_type, value.on_progress
    if not isinstance(value, tuple):
        return value, None, None, None
    if len(value) not in (2, 3):
        raise RequestError(f"{field}: a file tuple must be (name, content) or (name, content, content type)")
    return value[1], value[0], value[2] if len(value) == 3 else None, None


def _check_open_file(content: object, field: str) -> None:
    if not hasattr(content, "read"):
        hint = "; wrap a path in pathlib.Path(...), or encode the text" if isinstance(content, str) else ""
        raise RequestError(
            f"{field}: a file must be bytes, a path or an open binary file, not {type(content).__name__}{hint}"
        )
    if isinstance(content, io.TextIOBase) or isinstance(getattr(content, "encoding", None), str):
        raise RequestError(f'{field}: the file is open for text; open it with mode "rb"')
    if getattr(content, "closed", False) is True:
        raise RequestError(f"{field}: the file is closed")


def is_file(value: object) -> bool:
    """Return whether an argument is a file rather than JSON."""
    if isinstance(value, tuple):
        return len(value) in (2, 3) and not isinstance(value[1], str | tuple) and is_file(value[1])
    return isinstance(value, bytes | bytearray | memoryview | os.PathLike | File) or hasattr(value, "read")


expose(globals(), "files")
