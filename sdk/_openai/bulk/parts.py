"""The parts of a target: files of workers, each of which writes its own and reads those of all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

from .identity import key_of
from .journal import Journal, name_in

DONE, FAILED = "done", "failed"


class Parts:
    """The parts in a folder that all workers share, and this worker's own, which appear with their first lines."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._name = folder, uuid4().hex
        self._own: dict[str, Journal] = {}
        self._read: dict[Path, int] = {}
        self._keys: set[int] = set()

    def write(self, kind: str, line: bytes) -> None:
        """Write a line to this worker's part: of DONE lines or of FAILED ones. Raises: TargetError."""
        journal = self._own.get(kind)
        if journal is None:
            journal = self._own[kind] = Journal(self._folder / f"{kind}-{self._name}.jsonl")
        journal.append(line)

    def refresh(self) -> None:
        """Read what all workers, those that have died too, have written since the last time."""
        for path in paths_in(self._folder):
            with path.open("rb") as file:
                file.seek(self._read.get(path, 0))
                for line in file:
                    name = name_in(line)
                    if name is None:  # it is being written, or was torn by an end
                        break
                    self._keys.add(key_of(name))
                    self._read[path] = self._read.get(path, 0) + len(line)

    def has(self, name: str) -> bool:
        """Return whether a worker has written the line of an identity."""
        return key_of(name) in self._keys

    def sync(self) -> None:
        """Flush all lines to the disk."""
        for journal in self._own.values():
            journal.sync()

    def close(self) -> None:
        """Close this worker's parts."""
        while self._own:
            self._own.popitem()[1].close()


def paths_in(folder: Path) -> list[Path]:
    """Return the parts in a folder, those of DONE lines first."""
    return [path for kind in (DONE, FAILED) for path in sorted(folder.glob(f"{kind}-*.jsonl"))]


def lines_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield identity and line of a part, without a torn last line."""
    with path.open("rb") as file:
        for line in file:
            name = name_in(line)
            if name is None:
                return
            yield name, line
