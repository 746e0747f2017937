"""Record what a server says once, and play it back without a socket from then on."""

from __future__ import annotations

import difflib
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx

from .player import CassetteTransport, eject, insert
from .tape import Answered, Asked, Interaction, load, save

Mode = Literal["once", "none", "new_episodes", "all"]
_MODES = ("once", "none", "new_episodes", "all")
_PARTS = ("method", "host", "path", "query", "body")


class NotOnTapeError(LookupError):
    """A request that a cassette has no answer to, and may not record. It shows the nearest request of the tape."""


class Cassette:
    """A tape, and what may be recorded on it.

    `with cassette:` (or `async with`) plays to every client of this process, and `Client(transport=
    cassette.transport())` to one. Modes have the names that vcr.py gave them: "once" records where there is no file
    yet, else it only plays; "none" only plays; "new_episodes" plays, and records what is not there; "all" records
    anew. `match_on` says what a request must have in common with the tape's, of method, host, path, query and body.
    A request that was made twice plays twice, in order.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        mode: Mode = "once",
        match_on: tuple[str, ...] = ("method", "path", "query", "body"),
    ) -> None:
        if mode not in _MODES:
            raise ValueError(f"mode= is one of {', '.join(_MODES)}, not {mode!r}")
        if unknown := set(match_on) - set(_PARTS):
            raise ValueError(f"match_on= takes {', '.join(_PARTS)}, not {', '.join(sorted(unknown))}")
        self.path = Path(path)
        self.mode = mode
        self._match_on = match_on
        exists = self.path.exists()
        self.interactions: list[Interaction] = load(self.path) if exists and mode != "all" else []
        #: Whether what is not on the tape is asked of the server and recorded.
        self.records = mode in ("new_episodes", "all") or (mode == "once" and not exists)
        self._played: set[int] = set()
        self._lock = threading.Lock()

    @property
    def unplayed(self) -> list[Asked]:
        """The requests of the tape that nobody has made yet."""
        return [one.asked for index, one in enumerate(self.interactions) if index not in self._played]

    def transport(self, inner: httpx.BaseTransport | httpx.AsyncBaseTransport | None = None) -> CassetteTransport:
        """Return an httpx transport for one client; `inner` is what it records from, by default the network."""
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

    def play(self, asked: Asked) -> Answered | None:
        """Return the tape's answer, or None where it is to be recorded; else raise NotOnTapeError."""
        with self._lock:
            for index, one in enumerate(self.interactions):
                if index not in self._played and self._same(one.asked, asked):
                    self._played.add(index)
                    return one.answered
        if self.records:
            return None
        raise NotOnTapeError(self._told(asked))

    def add(self, asked: Asked, answered: Answered) -> None:
        """Record an interaction, and write the tape at once: a test that fails later loses nothing."""
        with self._lock:
            self._played.add(len(self.interactions))
            self.interactions.append(Interaction(asked, answered))
            save(self.path, self.interactions)

    def _same(self, one: Asked, other: Asked) -> bool:
        return all(getattr(one, part) == getattr(other, part) for part in self._match_on)

    def _told(self, asked: Asked) -> str:
        lines = [f"{self.path} has no answer to {asked.method} {asked.path}, and mode {self.mode!r} records none."]
        if not self.interactions:
            return "\n".join([*lines, "The tape is empty."])
        mine = asked.told()
        ratios = [difflib.SequenceMatcher(None, one.asked.told(), mine).ratio() for one in self.interactions]
        nearest = max(range(len(ratios)), key=ratios.__getitem__)
        number = f"The nearest on the tape is number {nearest + 1} of {len(ratios)}"
        theirs = self.interactions[nearest].asked
        if self._same(theirs, asked):
            lines.append(f"{number}: the same request, which was played already.")
        else:
            lines.append(f"{number}; - is the tape's, + is the request:")
            lines += [
                line
                for line in difflib.unified_diff(theirs.told(), mine, n=2, lineterm="")
                if line[:3] not in ("---", "+++")
            ]
        return "\n".join([*lines, "Delete the file to record it anew, or use mode='new_episodes'."])


def cassette(
    path: str | os.PathLike[str],
    *,
    mode: Mode = "once",
    match_on: tuple[str, ...] = ("method", "path", "query", "body"),
) -> Cassette:
    """Open a cassette: `with cassette("tape.yaml"): ...` records what clients of this SDK ask, or plays it back.

    Keys, cookies, organisations and projects are never written down. See `Cassette` for the modes.
    Raises: ValueError for a file that is no cassette; NotOnTapeError in a call that the tape has no answer to.
    """
    return Cassette(path, mode=mode, match_on=match_on)
