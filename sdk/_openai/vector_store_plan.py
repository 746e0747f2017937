"""The plan of an upload to a vector store: which file is next, which failed, and what is attached. No requests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from .._core.errors import (
    APIError,
    AuthenticationError,
    ClientClosedError,
    ConfigError,
    JobFailedError,
    PermissionDeniedError,
    QuotaExceededError,
    RequestError,
)
from .._core.errors.redact import one_line
from .._core.files import file_parts, is_file
from .._core.public import expose
from .._core.unset import UNSET, Unset
from .._core.validators import number_problem
from .._core.waiting.progress import ProgressLine

if TYPE_CHECKING:
    from typing import Literal

    from .._core.client.base import BaseClient
    from .._core.files import FileInput
    from ..models import FileObject, VectorStoreFile, VectorStoreFileBatchObject
    from ..params import ChunkingStrategyRequestParamDict, VectorStoreFileAttributesParam

#: The API's limit for one batch of files.
MAX_FILES = 2000
#: Files that are sent at once by a client without a limit of calls in flight.
_UNLIMITED = 8
#: The most files that a message names.
_NAMED = 10
#: Errors that the next file would meet, too.
_FINAL = (AuthenticationError, PermissionDeniedError, QuotaExceededError, ClientClosedError, ConfigError)
#: The states of a file, or of a batch, in which it is not searchable.
FAILURES: tuple[Literal["failed", "cancelled"], ...] = ("failed", "cancelled")


class VectorStoreUploadOptions(TypedDict, total=False):
    """The options of an upload to a vector store."""

    file_ids: Sequence[str]
    purpose: Literal["assistants", "user_data"]
    attributes: VectorStoreFileAttributesParam | Unset
    chunking_strategy: ChunkingStrategyRequestParamDict | Unset
    concurrency: int | None
    timeout: float | None
    on_state: Callable[[VectorStoreFileBatchObject], object] | None
    progress: bool
    check: bool


class FilePlan:
    """Distribute files to several workers, until all are sent or an error stops them."""

    def __init__(
        self, client: BaseClient, files: Iterable[FileInput] | FileInput, options: VectorStoreUploadOptions,
        line: ProgressLine,
    ) -> None:  # fmt: skip
        unknown = options.keys() - VectorStoreUploadOptions.__annotations__.keys()
        if unknown:
            raise TypeError(f"vector_stores.upload takes no argument {', '.join(sorted(unknown))}")
        self._client, self._options, self._line = client, options, line
        self._files: list[FileInput] = [files] if is_file(files) else list(files)  # type: ignore[list-item, arg-type]
        self._given = list(options.get("file_ids", ()))
        self._check()
        self.names = list(_distinct(file_parts(file, "file").name for file in self._files))
        self.concurrency = self._workers()
        self._lock = threading.Lock()
        self._next, self._ids = 0, dict[int, str]()
        self._failed: dict[int, Exception] = {}
        self.error: BaseException | None = None

    def take(self) -> int | None:
        """Return the place of the next file; None if there is none, or an error has stopped the upload."""
        with self._lock:
            if self.error is not None or self._next == len(self._files):
                return None
            self._next += 1
            return self._next - 1

    def creation(self, place: int) -> dict[str, Any]:
        """Return the arguments that upload a file."""
        return {
            "file": self._files[place],
            "purpose": self._options.get("purpose", "assistants"),
            "client": self._client,
        }

    def done(self, place: int, reply: FileObject) -> None:
        """Record that a file has been uploaded."""
        with self._lock:
            found: object = reply.id
            if isinstance(found, str) and found:
                self._ids[place] = found
            else:
                self._failed[place] = RequestError("the reply has no id, so the file cannot be attached")
            self._show()

    def fail(self, place: int, error: Exception) -> None:
        """Record the failure of a file, or stop if the next one would fail, too."""
        with self._lock:
            if isinstance(error, _FINAL):
                self.error = self.error or error
            self._failed[place] = error
            self._show()

    def stop(self, error: BaseException) -> None:
        """Start no other file."""
        with self._lock:
            self.error = self.error or error

    def attachment(self) -> dict[str, Any]:
        """Return the arguments that attach the files. Raises the error that stopped the upload, or what failed."""
        if self.error is not None:
            raise self.error
        ids = [*self._given, *(self._ids[place] for place in sorted(self._ids))]
        if not ids:
            raise self._failure(None, {})
        return {
            "file_ids": ids,
            "attributes": self._options.get("attributes", UNSET),
            "chunking_strategy": self._options.get("chunking_strategy", UNSET),
            "client": self._client,
        }

    def result(
        self, batch: VectorStoreFileBatchObject, failed: Iterable[VectorStoreFile]
    ) -> VectorStoreFileBatchObject:
        """Return the batch. Raises: JobFailedError with the names of the files that are not searchable."""
        names = {id: self.names[place] for place, id in self._ids.items()}
        checked = self._options.get("check", True)
        found = {names.get(file.id, file.id): _reason(file) for file in failed} if checked else {}
        if self._failed or found or (checked and batch.status in FAILURES):
            raise self._failure(batch, found) from next(iter(self._failed.values()), None)
        return batch

    def explain(self, error: BaseException) -> None:
        """Add a note to an error that ends the upload: the files that are on the server, and in no vector store."""
        if self._ids:
            ids = ", ".join(one_line(id) for id in self._ids.values())
            error.add_note(
                f"{len(self._ids)} of {len(self._files)} files are uploaded and not attached. file_ids= takes them, "
                f"files.delete removes them: {ids}"
            )

    def _failure(self, batch: VectorStoreFileBatchObject | None, found: dict[str, str]) -> JobFailedError:
        failures = {self.names[place]: _text(error) for place, error in sorted(self._failed.items())} | found
        shown = [f"{one_line(name)}: {one_line(text)}" for name, text in list(failures.items())[:_NAMED]]
        more = f"; and {len(failures) - _NAMED} more" if len(failures) > _NAMED else ""
        text = f"{len(failures)} of {len(self._files) + len(self._given)} files failed: {'; '.join(shown)}{more}"
        if not failures and batch is not None:
            text = f"the batch of files {one_line(batch.id)} ended as {one_line(batch.status)}"
        return JobFailedError(text, reply=batch, failures=failures)

    def _check(self) -> None:
        """Raise for the first argument that cannot be used, before anything is sent."""
        count = len(self._files) + len(self._given)
        if not 0 < count <= MAX_FILES:
            raise RequestError(f"files= and file_ids= must be 1 to {MAX_FILES} files together, not {count}")
        for file in self._files:
            content = file_parts(file, "file").content
            if not isinstance(content, bytes) and not hasattr(content, "read"):
                with Path(content).open("rb"):  # raises OSError for what cannot be read
                    continue

    def _workers(self) -> int:
        given, limit = self._options.get("concurrency"), self._client.options.max_in_flight
        problem = None if given is None else number_problem(given, whole=True, least=1)
        if problem is not None:
            raise RequestError(f"concurrency {problem}")
        # More than the client lets through would only wait for places, which other calls may want.
        wanted = min(one for one in (given, limit, None if given or limit else _UNLIMITED) if one is not None)
        return max(min(wanted, len(self._files)), 1)

    def _show(self) -> None:
        failed = f", {len(self._failed)} failed" if self._failed else ""
        self._line.show(f"{len(self._ids)} of {len(self._files)} files uploaded{failed}")


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """Yield the names of files, with a number for those that an earlier one has."""
    seen = dict[str, int]()
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"


def _text(error: Exception) -> str:
    return error.message if isinstance(error, APIError) else str(error)


def _reason(file: VectorStoreFile) -> str:
    message = getattr(file.last_error, "message", None)
    return message if isinstance(message, str) and message else file.status


expose(globals(), "uploads", "VectorStoreUploadOptions")
