"""Upload files that are too large for one request: in parts, several at once, resumable."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from .._core.errors import APIError, APIResponseError, RequestError
from .._core.files import File, Progress
from .._core.public import expose
from .._core.unset import UNSET, Unset
from .._core.validators import number_problem
from .upload_plan import MAX_PART, FileFacts, Part, Plan, UploadState, begin, check_same, run_in_threads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal, TypeAlias, Unpack

    from .._core.client.base import BaseClient
    from ..models import FileExpirationAfter, Upload, UploadPart
    from ..params import FileExpirationAfterParam

    Purpose: TypeAlias = Literal["assistants", "batch", "fine-tune", "vision"]

__all__ = ["UploadState", "aupload_large", "upload_large"]


class UploadOptions(TypedDict, total=False):
    """The options of `upload_large`."""

    mime_type: str | None
    filename: str | None
    client: BaseClient | None
    part_size: int
    concurrency: int
    on_progress: Progress | None
    on_state: Callable[[UploadState], object] | None
    resume: UploadState | None
    expires_after: FileExpirationAfterParam | FileExpirationAfter | Unset
    md5: bool
    cancel_on_failure: bool


def upload_large(path: str | os.PathLike[str], *, purpose: Purpose, **options: Unpack[UploadOptions]) -> Upload:
    """Upload a file in parts, and return the completed upload; its `.file` is a file like any other.

    Args:
        purpose: the purpose of the file.
        mime_type: by default guessed from the name. filename: by default the last part of the path.
        part_size: bytes of one part, at most and by default 64 MiB; no part is held in memory.
        concurrency: parts sent at once, 2 by default; the client's max_in_flight limits them, too.
        on_progress: called with (bytes sent, bytes in all). A part that is sent again starts from 0.
        resume: an `UploadState`, which the upload updates. A later call with the same state sends only the remaining
            parts. on_state: called with the state after each part, to store it.
        md5: read the file a second time, and let the server compare its digest.
        cancel_on_failure: cancel the upload if a part fails; it cannot be resumed then.
    Raises: RequestError for a file that is empty or changes during the upload, OSError for a file that cannot be
        read, APIError as every call does.
    """
    job = _Job(path, purpose, options)
    from ..api import uploads
    from ..api.uploads import parts

    if job.state.upload_id is None:
        job.started(uploads.create.sync(**job.creation()))
    plan = job.plan()

    def work() -> None:
        while (part := plan.take()) is not None:
            try:
                with job.file(plan, part) as file:
                    plan.done(part, _id_of(parts.create.sync(job.upload_id, data=file, client=job.client)))
            except BaseException as error:  # the first one is raised below
                plan.fail(error)

    run_in_threads(work, job.concurrency, plan.fail)
    if plan.error is not None:
        if job.cancel_on_failure:
            try:
                uploads.cancel.sync(job.upload_id, client=job.client)
            except APIError as error:
                plan.error.add_note(f"and the upload could not be cancelled: {error}")
        raise plan.error
    md5 = job.digest()
    part_ids = job.finished(plan)
    return uploads.complete.sync(job.upload_id, part_ids=part_ids, md5=md5, client=job.client)


async def aupload_large(path: str | os.PathLike[str], *, purpose: Purpose, **options: Unpack[UploadOptions]) -> Upload:
    """Upload a file in parts from a coroutine; see `upload_large`."""
    from anyio import create_task_group, to_thread

    job = _Job(path, purpose, options)
    from ..api import uploads
    from ..api.uploads import parts

    if job.state.upload_id is None:
        job.started(await uploads.create.asyncio(**job.creation()))
    plan = job.plan()

    async def work() -> None:
        while (part := plan.take()) is not None:
            try:
                with job.file(plan, part) as file:
                    plan.done(part, _id_of(await parts.create.asyncio(job.upload_id, data=file, client=job.client)))
            except Exception as error:
                plan.fail(error)

    async with create_task_group() as group:
        for _ in range(job.concurrency):
            group.start_soon(work)
    if plan.error is not None:
        if job.cancel_on_failure:
            try:
                await uploads.cancel.asyncio(job.upload_id, client=job.client)
            except APIError as error:
                plan.error.add_note(f"and the upload could not be cancelled: {error}")
        raise plan.error
    md5 = await to_thread.run_sync(job.digest)
    part_ids = job.finished(plan)
    return await uploads.complete.asyncio(job.upload_id, part_ids=part_ids, md5=md5, client=job.client)


class _Job:
    """One upload: its file, options and state."""

    def __init__(self, path: str | os.PathLike[str], purpose: str, options: UploadOptions) -> None:
        unknown = options.keys() - UploadOptions.__annotations__.keys()
        if unknown:
            raise TypeError(f"upload_large takes no argument {', '.join(sorted(unknown))}")
        _check_options(purpose, options)
        self.path, self.purpose = Path(path), purpose
        self.name = options.get("filename") or self.path.name
        self.mime_type = options.get("mime_type") or _mime_type(self.name)
        self.client = options.get("client")
        self.cancel_on_failure = options.get("cancel_on_failure", False)
        self._options = options
        part_size = options.get("part_size", MAX_PART)
        self.state = begin(options.get("resume"), _facts(self.path), part_size, self.path.name)
        parts = -(-self.state.size // self.state.part_size)
        self.concurrency = min(options.get("concurrency", 2), parts)

    @property
    def upload_id(self) -> str:
        assert self.state.upload_id is not None
        return self.state.upload_id

    def creation(self) -> dict[str, Any]:
        """Return the arguments that create the upload."""
        return {
            "filename": self.name,
            "purpose": self.purpose,
            "bytes": self.state.size,
            "mime_type": self.mime_type,
            "expires_after": self._options.get("expires_after", UNSET),
            "client": self.client,
        }

    def started(self, upload: Upload) -> None:
        """Record the id of the new upload."""
        self.state.upload_id = _id_of(upload)
        self._report()

    def plan(self) -> Plan:
        """Return the plan of the remaining parts."""
        return Plan(self.state, self._options.get("on_progress"), self._options.get("on_state"))

    @contextmanager
    def file(self, plan: Plan, part: Part) -> Iterator[File]:
        """Open one part of the file as a file."""
        with _Section(self.path, part) as section:
            yield File(
                section,
                name=self.name,
                content_type="application/octet-stream",
                on_progress=lambda sent, _: plan.sent(part, sent),
            )

    def finished(self, plan: Plan) -> list[str]:
        """Return the ids of all parts. Raises RequestError if the file has changed meanwhile."""
        check_same(self.state, _facts(self.path), self.path.name)
        return plan.ids()

    def digest(self) -> str | Unset:
        """Return the file's MD5 digest in hexadecimal, for the API's check of the upload; UNSET without `md5`."""
        if not self._options.get("md5"):
            return UNSET
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()

    def _report(self) -> None:
        on_state = self._options.get("on_state")
        if on_state is not None:
            on_state(self.state)


def _check_options(purpose: object, options: UploadOptions) -> None:
    """Raise RequestError for the first argument of a wrong type, before anything is asked of the server."""
    texts = {"purpose": purpose, "filename": options.get("filename"), "mime_type": options.get("mime_type")}
    for name, text in texts.items():
        if not isinstance(text, str | None) or (name == "purpose" and text is None):
            raise RequestError(f"{name}= must be a str, not {type(text).__name__}")
    for name in ("on_progress", "on_state"):
        if (function := options.get(name)) is not None and not callable(function):
            raise RequestError(f"{name}= must be callable, not {type(function).__name__}")
    for name in ("md5", "cancel_on_failure"):
        if not isinstance(flag := options.get(name, False), bool):
            raise RequestError(f"{name}= must be True or False, not {type(flag).__name__}")
    problem = number_problem(options.get("concurrency", 2), whole=True, least=1)
    if problem is not None:
        raise RequestError(f"concurrency {problem}")


class _Section(io.RawIOBase):
    """A part of a file as a file object."""

    def __init__(self, path: Path, part: Part) -> None:
        self._part, self._file = part, path.open("rb", buffering=0)
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._part.size}[whence]
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: max(0, self._part.size - self._position)]
        self._file.seek(self._part.start + self._position)
        count = self._file.readinto(view)
        self._position += count
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _id_of(reply: Upload | UploadPart) -> str:
    """Return the id in a reply. Raises APIResponseError if there is none: the next requests need it."""
    found: object = reply.id
    if not isinstance(found, str) or not found:
        message = "the reply has no id, so the upload cannot continue"
        raise APIResponseError(message, body=reply.to_dict(), request_sent=True)
    return found


def _facts(path: Path) -> FileFacts:
    found = path.stat()
    return FileFacts(found.st_size, found.st_mtime_ns)


def _mime_type(name: str) -> str:
    import mimetypes

    if name.lower().endswith(".jsonl"):  # missing from mimetypes, and the most common type of file here
        return "text/jsonl"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


expose(globals(), "uploads")
