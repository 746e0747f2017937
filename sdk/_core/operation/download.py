"""Write a binary reply to a file while it comes, without holding it in memory."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ..client.base import client_of
from ..files import replacing

if TYPE_CHECKING:
    from ..request.data import Request


def download(request: Request[Any, Any], path: str | os.PathLike[str]) -> Path:
    """Carry out a call whose reply goes to `path`, and return the path. A reply that breaks off is asked for again."""
    with replacing(path) as file:
        request.sink = partial(_save, file)
        client_of(request.options, request.settings.root).send(request)
    return Path(path)


async def asyncio_download(request: Request[Any, Any], path: str | os.PathLike[str]) -> Path:
    """Carry out a call from a coroutine; see `download`. A thread writes to the disk."""
    with replacing(path) as file:
        request.sink = partial(_asave, file)
        await client_of(request.options, request.settings.root).asend(request)
    return Path(path)


def _save(file: IO[bytes], response: Any) -> None:
    _begin(file)
    try:
        for piece in response.iter_bytes():
            file.write(piece)
    finally:
        response.close()


async def _asave(file: IO[bytes], response: Any) -> None:
    from anyio import to_thread

    _begin(file)
    try:
        async for piece in response.aiter_bytes():
            await to_thread.run_sync(file.write, piece)
    finally:
        await response.aclose()


def _begin(file: IO[bytes]) -> None:
    """Drop what an earlier attempt has written."""
    file.seek(0)
    file.truncate()
