"""The plan of an upload in parts: which part is next, which are done, whether to continue. Threads for it. No I/O."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, Self

from attrs import define, field

from .._core.errors import RequestError
from .._core.public import expose

#: The API's limit for one part.
MAX_PART = 64 * 1024 * 1024


def run_in_threads(work: Callable[[], None], concurrency: int, stop: Callable[[BaseException], None]) -> None:
    """Run `work` in that many threads until all have ended: in this one if one is enough.

    An interrupt is passed to `stop`, after which `work` shall find nothing more to begin.
    """
    if concurrency == 1:
        work()
        return
    from concurrent.futures import ThreadPoolExecutor, wait

    with ThreadPoolExecutor(concurrency, "sdk-upload") as pool:
        try:
            wait([pool.submit(work) for _ in range(concurrency)])
        except BaseException as error:  # KeyboardInterrupt
            stop(error)
            raise


class FileFacts(NamedTuple):
    """The facts by which a changed file is recognized."""

    size: int
    mtime_ns: int


@define
class UploadState:
    """The progress of an upload, with which a later call can resume it.

    Pass a new one as `resume=`; the upload updates it. `to_dict` and `from_dict` convert it to and from JSON.
    """

    upload_id: str | None = None
    size: int = 0
    mtime_ns: int = 0
    part_size: int = 0
    parts: dict[int, str] = field(factory=dict)
    """The ids of the finished parts, by their place from 0."""

    def to_dict(self) -> dict[str, Any]:
        """Return the state as JSON types."""
        return {
            "upload_id": self.upload_id,
            "size": self.size,
            "mtime_ns": self.mtime_ns,
            "part_size": self.part_size,
            "parts": {str(place): id for place, id in sorted(self.parts.items())},
        }

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> Self:
        """Read a state. Raises RequestError for a dict that is not one."""
        try:
            parts = {int(place): str(id) for place, id in dict(state["parts"]).items()}
            upload_id = state["upload_id"]
            return cls(
                None if upload_id is None else str(upload_id),
                int(state["size"]), int(state["mtime_ns"]), int(state["part_size"]), parts,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:  # int() of infinity overflows
            raise RequestError(
                "resume= is not the state of an upload; pass a dict from UploadState.to_dict()"
            ) from error


class Part(NamedTuple):
    """One part: its place from 0, where it starts in the file, and its size, in bytes."""

    place: int
    start: int
    size: int


class Plan:
    """Distribute the remaining parts to several workers, until all are done or one has failed."""

    def __init__(
        self,
        state: UploadState,
        on_progress: Callable[[int, int | None], object] | None,
        on_state: Callable[[UploadState], object] | None,
    ) -> None:
        self._state, self._on_progress, self._on_state = state, on_progress, on_state
        self._lock = threading.Lock()
        self._remaining = [p for p in parts_of(state.size, state.part_size) if p.place not in state.parts]
        done = [p for p in parts_of(state.size, state.part_size) if p.place in state.parts]
        self._sent = {p.place: p.size for p in done}
        self.error: BaseException | None = None

    def take(self) -> Part | None:
        """Return the next part; None if there is none, or a part has failed."""
        with self._lock:
            return self._remaining.pop(0) if self._remaining and self.error is None else None

    def sent(self, part: Part, size: int) -> None:
        """Record how much of a part has been sent. A part that is sent again starts from 0."""
        with self._lock:
            self._sent[part.place] = size
            if self._on_progress is not None:
                self._on_progress(sum(self._sent.values()), self._state.size)

    def done(self, part: Part, id: str) -> None:
        """Record that a part has been uploaded."""
        with self._lock:
            self._state.parts[part.place] = id
            if self._on_state is not None:
                self._on_state(self._state)

    def fail(self, error: BaseException) -> None:
        """Record the first failure. Parts that are being sent may still finish; no other part is started."""
        with self._lock:
            self.error = self.error or error

    def ids(self) -> list[str]:
        """Return the ids of all parts, in the file's order."""
        return [self._state.parts[place] for place in sorted(self._state.parts)]


def parts_of(size: int, part_size: int) -> list[Part]:
    """Split a size into parts; the last one may be smaller."""
    starts = range(0, size, part_size)
    return [Part(place, start, min(part_size, size - start)) for place, start in enumerate(starts)]


def begin(given: object, facts: FileFacts, part_size: int, name: str) -> UploadState:
    """Return the state to start from: the one given, or a new one.

    Raises RequestError for an empty file, an invalid part size, or what is not a state of this file.
    """
    _check_size(part_size, "part_size")
    if facts.size == 0:
        raise RequestError(f"{name} is empty; there is nothing to upload")
    state = UploadState() if given is None else given
    if not isinstance(state, UploadState):
        hint = "; UploadState.from_dict(...) makes one of it" if isinstance(state, Mapping) else ""
        raise RequestError(f"resume= must be an UploadState, not {type(state).__name__}{hint}")
    if state.upload_id is None:
        state.size, state.mtime_ns, state.part_size = facts.size, facts.mtime_ns, part_size
        state.parts = {}
    else:
        check_same(state, facts, name)
        _check_size(state.part_size, "the part_size of resume=")
        _check_parts(state)
    return state


def _check_size(size: object, name: str) -> None:
    if isinstance(size, bool) or not isinstance(size, int):
        raise RequestError(f"{name} must be a whole number, not {type(size).__name__}")
    if not 0 < size <= MAX_PART:
        raise RequestError(f"{name} must be from 1 to {MAX_PART:,} bytes{f', not {size}' if abs(size) < 1e18 else ''}")


def _check_parts(state: UploadState) -> None:
    """Raise RequestError where the parts that are done are none of the file's: the upload could never be completed."""
    parts, places = state.parts, range(-(-state.size // state.part_size))
    known = isinstance(parts, dict) and all(type(place) is int and place in places for place in parts)
    if not known or not all(isinstance(id, str) for id in (state.upload_id, *parts.values())):
        raise RequestError("resume= is not the state of this upload: its id and parts are not what an upload has")


def check_same(state: UploadState, facts: FileFacts, name: str) -> None:
    """Raise RequestError if the file has changed since the upload began."""
    if (state.size, state.mtime_ns) != facts:
        raise RequestError(
            f"{name} has changed since its upload began (size or time): parts of two files would be mixed. "
            "Start again with a new UploadState"
        )


expose(globals(), "uploads", "UploadState")
