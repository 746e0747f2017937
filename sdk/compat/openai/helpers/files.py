"""Uploads in parts, and files from paths."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_PART = 64 * 1024 * 1024


def file_from_path(path: str) -> tuple[str, bytes]:
    """Return the name and the bytes of a file."""
    return Path(path).name, Path(path).read_bytes()


def _parts(file: Any, size: int | None) -> Iterator[bytes]:
    if not isinstance(file, str | os.PathLike):
        yield from (file[start : start + (size or _PART)] for start in range(0, len(file), size or _PART))
        return
    with Path(file).open("rb") as opened:
        while piece := opened.read(size or _PART):
            yield piece


def _facts(file: Any, filename: str | None, count: int | None) -> dict[str, Any]:
    if isinstance(file, str | os.PathLike):
        return {"filename": filename or Path(file).name, "bytes": count or Path(file).stat().st_size}
    return {"filename": filename, "bytes": count or len(file)}


def upload_file_chunked(
    self: Any, *, file: Any, mime_type: str, purpose: str, filename: str | None = None, bytes: int | None = None,
    part_size: int | None = None, **checksum: Any,
) -> Any:  # fmt: skip
    """Upload a file in parts, one after another, and return the upload. `sdk.upload_large` sends several at once."""
    upload = self.create(mime_type=mime_type, purpose=purpose, **_facts(file, filename, bytes))
    ids = [self.parts.create(upload.id, data=piece).id for piece in _parts(file, part_size)]
    return self.complete(upload.id, part_ids=ids, **checksum)


async def aupload_file_chunked(
    self: Any, *, file: Any, mime_type: str, purpose: str, filename: str | None = None, bytes: int | None = None,
    part_size: int | None = None, **checksum: Any,
) -> Any:  # fmt: skip
    """Upload a file in parts from a coroutine; see `upload_file_chunked`."""
    upload = await self.create(mime_type=mime_type, purpose=purpose, **_facts(file, filename, bytes))
    ids = [(await self.parts.create(upload.id, data=piece)).id for piece in _parts(file, part_size)]
    return await self.complete(upload.id, part_ids=ids, **checksum)


def helpers(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of the resource."""
    return {"upload_file_chunked": aupload_file_chunked if asynchronous else upload_file_chunked}
