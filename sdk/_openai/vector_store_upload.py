"""Upload files to a vector store: many at once, attached as one batch, waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .._core.public import expose
from .._core.waiting.drivers import asyncio_wait, wait
from .._core.waiting.progress import ProgressLine
from .upload_plan import run_in_threads
from .vector_store_plan import FAILURES, FilePlan, VectorStoreUploadOptions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal, Unpack

    from .._core.client.base import BaseClient
    from .._core.files import FileInput
    from ..models import VectorStoreFileBatchObject


class VectorStoreUpload:
    """`client.vector_stores.upload(id, files)`: upload files, attach them to a vector store, and wait for them.

    `.sync(...)` is the same; `.asyncio(...)` is for coroutines.
    """

    __slots__ = ("_client",)

    def __init__(self, client: BaseClient) -> None:
        self._client = client

    def __call__(
        self, vector_store_id: str, files: Iterable[FileInput] | FileInput, **options: Unpack[VectorStoreUploadOptions]
    ) -> VectorStoreFileBatchObject:
        """Upload files and wait until they are searchable; see `sync`."""
        return self.sync(vector_store_id, files, **options)

    def sync(
        self, vector_store_id: str, files: Iterable[FileInput] | FileInput, **options: Unpack[VectorStoreUploadOptions]
    ) -> VectorStoreFileBatchObject:
        """Upload files, attach them to a vector store as one batch, and return the batch when it is processed.

        A file that fails does not keep the others from the vector store.

        Args:
            files: paths (`pathlib.Path`), open binary files, (name, content), or `File`; one, or up to 2,000.
            file_ids: ids of files that are uploaded already, which are attached, too.
            purpose: of the files, "assistants" by default.
            attributes, chunking_strategy: those of `vector_stores.file_batches.create`, for all files.
            concurrency: files sent at once; by default, and at most, the client's max_in_flight (8 without a limit).
            timeout: seconds to wait for the files to be processed, after they are uploaded; None is no limit.
            on_state, progress: as those of `wait`. The progress also counts the files that are uploaded.
            check: False returns a batch with files that could not be processed.
        Raises: JobFailedError if files could not be uploaded or processed: `.failures` has the reason by the name of
            the file, `.reply` the batch; JobTimeoutError after `timeout`; RequestError for a wrong argument and OSError
            for a path that cannot be read, before anything is sent; APIError as every call does.
        """
        from ..api import files as _files
        from ..api.vector_stores import file_batches

        with ProgressLine(wanted=options.get("progress", False)) as line:
            plan = FilePlan(self._client, files, options, line)

            def work() -> None:
                while (place := plan.take()) is not None:
                    try:
                        plan.done(place, _files.create.sync(**plan.creation(place)))
                    except Exception as error:
                        plan.fail(place, error)

            try:
                run_in_threads(work, plan.concurrency, plan.stop)
                batch = file_batches.create.sync(vector_store_id, **plan.attachment())
            except BaseException as error:
                plan.explain(error)
                raise
        batch = wait(
            batch, client=self._client, timeout=options.get("timeout"), on_state=options.get("on_state"),
            progress=options.get("progress", False), check=False,
        )  # fmt: skip
        failed = [
            file
            for state in _lacking(batch)
            for file in file_batches.list_files.iter(
                vector_store_id, batch.id, filter=state, limit=100, client=self._client
            )
            if file.status == state
        ]
        return plan.result(batch, failed)

    async def asyncio(
        self, vector_store_id: str, files: Iterable[FileInput] | FileInput, **options: Unpack[VectorStoreUploadOptions]
    ) -> VectorStoreFileBatchObject:
        """Upload files from a coroutine, and wait until they are searchable; see `sync`."""
        from anyio import create_task_group

        from ..api import files as _files
        from ..api.vector_stores import file_batches

        with ProgressLine(wanted=options.get("progress", False)) as line:
            plan = FilePlan(self._client, files, options, line)

            async def work() -> None:
                while (place := plan.take()) is not None:
                    try:
                        plan.done(place, await _files.create.asyncio(**plan.creation(place)))
                    except Exception as error:
                        plan.fail(place, error)

            try:
                async with create_task_group() as group:
                    for _ in range(plan.concurrency):
                        group.start_soon(work)
                batch = await file_batches.create.asyncio(vector_store_id, **plan.attachment())
            except BaseException as error:
                plan.explain(error)
                raise
        batch = await asyncio_wait(
            batch, client=self._client, timeout=options.get("timeout"), on_state=options.get("on_state"),
            progress=options.get("progress", False), check=False,
        )  # fmt: skip
        failed = [
            file
            for state in _lacking(batch)
            async for file in file_batches.list_files.asyncio_iter(
                vector_store_id, batch.id, filter=state, limit=100, client=self._client
            )
            if file.status == state
        ]
        return plan.result(batch, failed)

    def __repr__(self) -> str:
        return "<vector_stores.upload>"


def _lacking(batch: VectorStoreFileBatchObject) -> list[Literal["failed", "cancelled"]]:
    """Return the states of files that are not searchable, if the batch counts such files."""
    return [state for state in FAILURES if getattr(batch.file_counts, state, 0)]


expose(globals(), "uploads", "VectorStoreUpload")
