"""A file of results, which is its own journal: lines are appended, and a torn last line is dropped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import orjson

from .errors import TargetError
from .identity import Keys, key_of
from .lock import LockedFile


class Journal:
    """A file of JSON Lines with a `custom_id` each: one write a line, so that a process that is killed tears none.

    Use it in a `with` block. It is locked meanwhile; `keys` are the identities that it had at the start.
    Raises: TargetError for a file that cannot be written, that another process writes, or that is something else.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.keys = path, Keys()
        self._locked = LockedFile(path, append=True)
        self._file = self._locked.descriptor
        try:
            self._end = self._recover()
        except BaseException:
            self._locked.close()
            raise
        self._dirty = False

    def append(self, line: bytes) -> None:
        """Write one line, which ends in a line feed. Raises: TargetError; then the file is as it was before."""
        try:
            written = os.write(self._file, line)
            while written < len(line):  # the disk is full, and the next write says so
                written += os.write(self._file, line[written:])
        except OSError as error:
            os.ftruncate(self._file, self._end)
            raise TargetError(
                f"{self.path} cannot be written: {error.strerror}. Nothing that is in it is lost; make room, and "
                "start the same again"
            ) from error
        self._end += written
        self._dirty = True

    def sync(self) -> None:
        """Flush all lines to the disk. Raises: TargetError."""
        if not self._dirty:
            return
        self._dirty = False
        try:
            os.fsync(self._file)
        except OSError as error:
            raise TargetError(f"{self.path} cannot be written to the disk: {error.strerror}") from error

    def close(self) -> None:
        """Flush all lines to the disk, and release the lock."""
        try:
            self.sync()
        finally:
            self._locked.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is not None and not self._end:
            self._locked.withdraw()
        else:
            self.close()

    def _recover(self) -> int:
        """Read the identities, drop what a killed process or a power failure has left, and return the size."""
        end = 0
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                name = name_in(line)
                if name is None:
                    if file.read(1):
                        raise TargetError(
                            f"{self.path}, line {number} is no result with a custom_id: is it another file? "
                            "Choose another target"
                        )
                    os.ftruncate(self._file, end)
                    return end
                self.keys.add(key_of(name))
                end += len(line)
        return end


def name_in(line: bytes) -> str | None:
    """Return the identity in a line; None if the line is torn, or no result."""
    if not line.endswith(b"\n"):
        return None
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        found = _odd(line)
    name = found.get("custom_id") if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


def _odd(line: bytes) -> Any:
    """Return what only the standard library reads, such as NaN; None for anything that is not JSON."""
    import json

    try:
        return json.loads(line)
    except ValueError:
        return None


def lines_of(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield identity and line of a file of results, without a torn one at its end."""
    with path.open("rb") as file:
        for line in file:
            name = name_in(line)
            if name is not None:
                yield name, line
