"""Helpers that wait: files of vector stores, batches of them, videos, and files."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .waiting import asyncio_wait, wait, without_interval


def create_and_poll(self: Any, *args: Any, **arguments: Any) -> Any:
    """Call `create`, and wait until the job has ended."""
    return wait(self._client, self.create(*args, **without_interval(arguments)))


async def acreate_and_poll(self: Any, *args: Any, **arguments: Any) -> Any:
    """Call `create` from a coroutine, and wait until the job has ended."""
    return await asyncio_wait(self._client, await self.create(*args, **without_interval(arguments)))


def poll(self: Any, *args: Any, **arguments: Any) -> Any:
    """Call `retrieve`, and wait until the job has ended."""
    return wait(self._client, self.retrieve(*args, **without_interval(arguments)))


async def apoll(self: Any, *args: Any, **arguments: Any) -> Any:
    """Call `retrieve` from a coroutine, and wait until the job has ended."""
    return await asyncio_wait(self._client, await self.retrieve(*args, **without_interval(arguments)))


def wait_for_processing(self: Any, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800) -> Any:
    """Wait until a file was processed."""
    return wait(self._client, self.retrieve(id), max_wait_seconds)


async def asyncio_wait_for_processing(
    self: Any, id: str, *, poll_interval: float = 5.0, max_wait_seconds: float = 1800
) -> Any:
    """Wait from a coroutine until a file was processed."""
    return await asyncio_wait(self._client, await self.retrieve(id), max_wait_seconds)


def upload(self: Any, *, vector_store_id: str, file: Any, **arguments: Any) -> Any:
    """Upload a file, and add it to a vector store."""
    uploaded = self._client.files.create(file=file, purpose="assistants")
    return self.create(vector_store_id, file_id=uploaded.id, **without_interval(arguments))


async def aupload(self: Any, *, vector_store_id: str, file: Any, **arguments: Any) -> Any:
    """Upload a file from a coroutine, and add it to a vector store."""
    uploaded = await self._client.files.create(file=file, purpose="assistants")
    return await self.create(vector_store_id, file_id=uploaded.id, **without_interval(arguments))


def upload_and_poll(self: Any, *, vector_store_id: str, file: Any, **arguments: Any) -> Any:
    """Upload a file, add it to a vector store, and wait until it was processed."""
    return wait(self._client, upload(self, vector_store_id=vector_store_id, file=file, **arguments))


async def aupload_and_poll(self: Any, *, vector_store_id: str, file: Any, **arguments: Any) -> Any:
    """Upload a file from a coroutine, add it to a vector store, and wait until it was processed."""
    return await asyncio_wait(
        self._client, await aupload(self, vector_store_id=vector_store_id, file=file, **arguments)
    )


def upload_batch(
    self: Any, vector_store_id: str, *, files: Iterable[Any], max_concurrency: int = 5, file_ids: Any = (), **more: Any
) -> Any:
    """Upload files, several at once, add them to a vector store, and wait until all were processed."""
    with ThreadPoolExecutor(max_workers=max_concurrency) as pool:
        uploaded = list(pool.map(lambda one: self._client.files.create(file=one, purpose="assistants"), files))
    ids = [*file_ids, *(one.id for one in uploaded)]
    return create_and_poll(self, vector_store_id, file_ids=ids, **more)


async def aupload_batch(
    self: Any, vector_store_id: str, *, files: Iterable[Any], max_concurrency: int = 5, file_ids: Any = (), **more: Any
) -> Any:
    """Upload files from a coroutine, several at once; see `upload_batch`."""
    places = asyncio.Semaphore(max_concurrency)

    async def one(file: Any) -> Any:
        async with places:
            return await self._client.files.create(file=file, purpose="assistants")

    uploaded = await asyncio.gather(*map(one, files))
    ids = [*file_ids, *(one.id for one in uploaded)]
    return await acreate_and_poll(self, vector_store_id, file_ids=ids, **more)


def helpers(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of a resource."""
    if path == "files":
        return {"wait_for_processing": asyncio_wait_for_processing if asynchronous else wait_for_processing}
    found: dict[str, Callable[..., Any]] = {
        "create_and_poll": acreate_and_poll if asynchronous else create_and_poll,
        "poll": apoll if asynchronous else poll,
    }
    if path == "vector_stores.files":
        found["upload"] = aupload if asynchronous else upload
        found["upload_and_poll"] = aupload_and_poll if asynchronous else upload_and_poll
    elif path == "vector_stores.file_batches":
        found["upload_and_poll"] = aupload_batch if asynchronous else upload_batch
    return found
