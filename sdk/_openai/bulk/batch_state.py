"""The state of a run by the Batch API: its parts, and how far each is. It lies beside the target."""

from __future__ import annotations

import json
import os
from glob import escape
from pathlib import Path
from typing import Any

from attrs import asdict, define

from .errors import TargetError


@define
class Part:
    """One batch: its lines in a file on this machine, and its ids on the server; None before that step."""

    path: str
    lines: int
    file_id: str | None = None
    #: Whether the batch may have been made although its id is not known.
    creating: bool = False
    batch_id: str | None = None


class BatchState:
    """The parts that are not joined yet. Each change is in the file before the next step."""

    def __init__(self, target: Path) -> None:
        self._path = target.with_name(f"{target.name}.batches.json")
        self.parts: list[Part] = []
        if self._path.exists():
            try:
                self.parts = [Part(**part) for part in json.loads(self._path.read_bytes())["parts"]]
            except (ValueError, KeyError, TypeError):
                raise TargetError(f"{self._path} is not the state of batches: is it another file?") from None

    def save(self) -> None:
        """Write the file, or remove it once nothing is open. Raises: TargetError."""
        try:
            if not self.parts:
                self._path.unlink(missing_ok=True)
                return
            fresh = self._path.with_name(f"{self._path.name}.new")
            with fresh.open("w", encoding="utf-8") as file:
                json.dump({"parts": [asdict(part) for part in self.parts]}, file)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            raise TargetError(f"{self._path} cannot be written: {error.strerror}") from error

    def change(self, part: Part, **values: Any) -> None:
        """Change a part, and write the file."""
        for name, value in values.items():
            setattr(part, name, value)
        self.save()

    def joined(self, part: Part) -> None:
        """Forget a part whose results are in the target, and remove its files."""
        self.parts.remove(part)
        self.save()
        for path in files_of(part):
            path.unlink(missing_ok=True)
            for broken in path.parent.glob(f".{escape(path.name)}.*"):  # a download that a killed process has left
                broken.unlink(missing_ok=True)


def files_of(part: Part) -> list[Path]:
    """Return the files of a part on this machine: its requests, its results, its failures."""
    return [Path(f"{part.path}{suffix}") for suffix in ("", ".output", ".errors")]
