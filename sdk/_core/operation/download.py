"""Write a binary reply to a file while it arrives, without holding it in memory."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from ..client.default import client_of
from ..files import replacing
from ..tracebacks import drop_frames

if TYPE_CHECKING:
    from ..request.data import RequestData


def download(request: RequestData[Any, Any], path: str | os.PathLike[str]) -> Path:
    """Perform a call, write the reply to `path`, and return the path. A reply that breaks off is requested again."""
    try:
        with replacing(path) as file:
            request.sink = partial(_save, file)
            client_of(request.options, request.spec.root).send(request)
    except Exception as error:
        drop_frames(error)
        raise
    return Path(path)


async def asyncio_download(request: RequestData[Any, Any], path: str | os.PathLike[str]) -> Path:
    """Perform a call from a coroutine; see `download`. A thread writes to the disk."""
    try:
        with replacing(path) as file:
            request.sink = partial(_asave, file)
            await client_of(request.options, request.spec.root).asend(request)
    except Exception as error:
        drop_frames(error)
        raise
    return Path(path)


def _save(file: IO[bytes], response: Any) -> None:
    _reset(file)
    try:
        for chunk in response.iter_bytes():
            file.write(chunk)
    finally:
        response.close()


async def _asave(file: IO[bytes], response: Any) -> None:
    from anyio import to_thread

    _reset(file)
    try:
        async for chunk in response.aiter_bytes():
            await to_thread.run_sync(file.write, chunk)
    finally:
        await response.aclose()


def _reset(file: IO[bytes]) -> None:
    """Discard the bytes of an earlier attempt."""
    file.seek(0)
    file.truncate()
