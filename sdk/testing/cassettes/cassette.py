"""Cassettes: record the responses of a server once, and play them back without a socket."""

from __future__ import annotations

import difflib
import os
import reprlib
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx

from ..._core.runtime.fork import ForkAwareLock
from .player import CassetteTransport, eject, insert
from .tape import Interaction, TapeRequest, TapeResponse, load, save

Mode = Literal["once", "none", "new_episodes", "all"]
_MODES = ("once", "none", "new_episodes", "all")
_PARTS = ("method", "host", "path", "query", "body")


class NotOnTapeError(LookupError):
    """A request that is not on the tape and must not be recorded. The message has a diff to the most similar one."""


class Cassette:
    """A tape, and what may be recorded on it.

    `with cassette:` (or `async with`) answers all clients of this process; `Client(transport=cassette.transport())`
    answers one. The modes are those of vcr.py: "once" records if there is no file, else it plays; "none" plays;
    "new_episodes" plays, and records requests that are not on the tape; "all" records everything again. `match_on`
    lists the parts in which a request must equal the tape's: method, host, path, query, body. A request that was
    recorded twice plays twice, in order.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        mode: Mode = "once",
        match_on: tuple[str, ...] = ("method", "path", "query", "body"),
    ) -> None:
        if mode not in _MODES:
            raise ValueError(f"mode= must be one of {', '.join(_MODES)}, not {reprlib.repr(mode)}")
        if unknown := set(match_on) - set(_PARTS):
            raise ValueError(f"match_on= takes {', '.join(_PARTS)}, not {', '.join(sorted(unknown))}")
        self.path = Path(path)
        self.mode = mode
        self._match_on = match_on
        exists = self.path.exists()
        self.interactions: list[Interaction] = load(self.path) if exists and mode != "all" else []
        #: Whether requests that are not on the tape are sent to the server and recorded.
        self.records = mode in ("new_episodes", "all") or (mode == "once" and not exists)
        self._played: set[int] = set()
        self._lock = ForkAwareLock()

    @property
    def unplayed(self) -> list[TapeRequest]:
        """The requests of the tape that have not been made yet."""
        return [one.request for index, one in enumerate(self.interactions) if index not in self._played]

    def transport(self, inner: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None) -> CassetteTransport:
        """Return an httpx transport for one client. It records from `inner`, by default from the network."""
        return CassetteTransport(self, inner)

    def __enter__(self) -> Self:
        insert(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        eject(self)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def play(self, request: TapeRequest) -> TapeResponse | None:
        """Return the tape's response, or None if the request is to be recorded. Raises NotOnTapeError."""
        with self._lock.lock:
            for index, one in enumerate(self.interactions):
                if index not in self._played and self._same(one.request, request):
                    self._played.add(index)
                    return one.response
        if self.records:
            return None
        raise NotOnTapeError(self._mismatch(request))

    def add(self, request: TapeRequest, response: TapeResponse) -> None:
        """Record an interaction, and write the tape at once, so that a test that fails later loses nothing."""
        with self._lock.lock:
            self._played.add(len(self.interactions))
            self.interactions.append(Interaction(request, response))
            save(self.path, self.interactions)

    def _same(self, one: TapeRequest, other: TapeRequest) -> bool:
        return all(getattr(one, part) == getattr(other, part) for part in self._match_on)

    def _mismatch(self, request: TapeRequest) -> str:
        lines = [
            f"{self.path} has no response to {request.method} {request.path}, and mode {self.mode!r} records none."
        ]
        if not self.interactions:
            return "\n".join([*lines, "The tape is empty."])
        actual = request.lines()
        ratios = [difflib.SequenceMatcher(None, one.request.lines(), actual).ratio() for one in self.interactions]
        index = max(range(len(ratios)), key=ratios.__getitem__)
        number = f"The most similar request is number {index + 1} of {len(ratios)}"
        nearest = self.interactions[index].request
        if self._same(nearest, request):
            lines.append(f"{number}: it is equal, but it has already been played.")
        else:
            lines.append(f"{number} (- tape, + request):")
            lines += [
                line
                for line in difflib.unified_diff(nearest.lines(), actual, n=2, lineterm="")
                if line[:3] not in ("---", "+++")
            ]
        return "\n".join([*lines, "Delete the file to record it again, or use mode='new_episodes'."])


def cassette(
    path: str | os.PathLike[str],
    *,
    mode: Mode = "once",
    match_on: tuple[str, ...] = ("method", "path", "query", "body"),
) -> Cassette:
    """Open a cassette: `with cassette("tape.yaml"): ...` records the calls of this SDK's clients, or plays them back.

    Keys, cookies, organisations and projects are never written to the file. See `Cassette` for the modes.
    Raises: ValueError if the file is not a cassette; NotOnTapeError in a call that is not on the tape.
    """
    return Cassette(path, mode=mode, match_on=match_on)
