"""Write a binary reply to a file while it comes, without holding it in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ._client import client_of
from ._failures import translate
from ._redact import request_id
from .errors import APIError
from .files import replacing

if TYPE_CHECKING:
    from ._flow import Opened
    from ._request import Request


def download(request: Request[Any, Any], path: str | os.PathLike[str]) -> Path:
    """Carry out a call whose reply goes to `path`, and return the path. The request's `raw` is set."""
    client = client_of(request.options, request.settings.root)
    with replacing(path) as file:
        opened = cast("Opened", client._open(request))
        try:
            with _translated(opened):
                for piece in opened.response.iter_bytes():
                    file.write(piece)
        finally:
            try:
                opened.response.close()
            finally:
                client._slots.release()
    return Path(path)


async def asyncio_download(request: Request[Any, Any], path: str | os.PathLike[str]) -> Path:
    """Carry out a call from a coroutine; see `download`. A thread writes to the disk."""
    from anyio import to_thread

    client = client_of(request.options, request.settings.root)
    with replacing(path) as file:
        opened = cast("Opened", await client._aopen(request))
        try:
            with _translated(opened):
                async for piece in opened.response.aiter_bytes():
                    await to_thread.run_sync(file.write, piece)
        finally:
            try:
                await opened.response.aclose()
            finally:
                client._slots.release()
    return Path(path)


@contextmanager
def _translated(opened: Opened) -> Iterator[None]:
    """Turn exceptions of the transport into errors of ours, and leave those of the disk alone."""
    try:
        yield
    except APIError:
        raise
    except Exception as raised:
        details = {
            "request": opened.info,
            "attempts": opened.attempts,
            "request_sent": True,
            "request_id": request_id(opened.headers),
            "status_code": opened.response.status_code,
        }
        failure = translate(raised, details, deadline=opened.deadline)
        if failure is None:
            raise
        raise failure.error from raised
