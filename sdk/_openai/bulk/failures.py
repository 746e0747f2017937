"""The file of failed lines, beside the target: it appears with the first failure."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from .identity import Keys, key_of
from .journal import Journal, lines_of


def path_beside(target: Path) -> Path:
    """Return the path of the failed lines: `out.errors.jsonl` for `out.jsonl`."""
    return target.with_name(f"{target.stem}.errors{target.suffix or '.jsonl'}")


class Failures:
    """The failed lines of a target, and the identities that failed before.

    Use it in a `with` block, within that of the target's journal, whose lock holds for both. With `compact` only the
    last failure of each line that is not in the target stays.
    """

    def __init__(self, target: Path, *, compact: bool = False) -> None:
        self.path, self._target, self._compacts = path_beside(target), target, compact
        self._journal = Journal(self.path) if self.path.exists() else None
        self.keys = Keys() if self._journal is None else self._journal.keys

    def append(self, line: bytes) -> None:
        """Write one line. Raises: TargetError."""
        if self._journal is None:
            self._journal = Journal(self.path)
        self._journal.append(line)

    def sync(self) -> None:
        """Flush all lines to the disk. Raises: TargetError."""
        if self._journal is not None:
            self._journal.sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._journal is not None:
            self._journal.close()
        if self._compacts:
            self._compact()

    def _compact(self) -> None:
        """Keep the last failure of each line that is not in the target."""
        if not self.path.exists():
            return
        last = {name: number for number, (name, _) in enumerate(lines_of(self.path))}
        failed, done = Keys(), set[str]()
        for name in last:
            failed.add(key_of(name))
        for name, _ in lines_of(self._target):
            if key_of(name) in failed:
                done.add(name)
        kept = [
            line for number, (name, line) in enumerate(lines_of(self.path)) if last[name] == number and name not in done
        ]
        if not kept:
            self.path.unlink()
            return
        fresh = self.path.with_name(f"{self.path.name}.new")
        with fresh.open("wb") as file:
            file.writelines(kept)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)
