"""Put generated files in place: whole folders at once, or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.emit.header import MARKER
from generator.errors import GeneratorError, raise_all

Trees = Mapping[str, Mapping[str, str]]
"""Folder, relative to the root -> file, relative to the folder, with forward slashes -> text."""

# Matched by .gitignore, and beside the folder: a rename must not cross a file system.
_NEW, _OLD = ".generated-new-", ".generated-old-"


@dataclass(frozen=True)
class Summary:
    """Count the files of one publication."""

    written: int
    unchanged: int
    removed: int

    def __str__(self) -> str:
        return f"{self.written:,} written, {self.unchanged:,} unchanged, {self.removed:,} removed"


def publish(root: Path, trees: Trees) -> Summary:
    """Make each folder of `trees` hold exactly the given files.

    All folders are first written in full beside the old ones, then swapped in by renaming; a failure at any point,
    Ctrl-C included, puts the old ones back. A file whose bytes do not change keeps its time stamp, a folder in which
    nothing changes is not touched. `__pycache__` does not count as content.

    Raises: GeneratorError if a folder holds a file that is not generated, or a file cannot be written.
    """
    for folder in trees:
        _recover(root / folder)
    raise_all([error for folder, files in trees.items() for error in _handwritten(root / folder, files)])
    states = {folder: _state(root / folder, files) for folder, files in trees.items()}
    changing = [folder for folder, (written, _, removed) in states.items() if written or removed]
    try:
        with _restored_on_failure(root, changing):
            for folder in changing:
                _stage(root / folder, trees[folder])
            for folder in changing:
                _swap(root / folder)
    except OSError as error:
        raise GeneratorError(
            f"cannot be written: {error.strerror or error}; everything is as it was before",
            file=error.filename or root,
            hint="check the disk and its permissions, then run this again",
        ) from error
    # From here on everything is in place: what is left over costs only room.
    for folder in changing:
        shutil.rmtree(_beside(root / folder, _OLD), ignore_errors=True)
    return Summary(*(sum(column) for column in zip(*states.values(), strict=True))) if states else Summary(0, 0, 0)


def write_atomically(path: Path, content: bytes) -> bool:
    """Write one file through a temporary one beside it; return whether its bytes changed.

    Raises: GeneratorError if it cannot be written; the old file is still there then.
    """
    temporary = path.with_name(_NEW + path.name)
    try:
        if path.is_file() and path.read_bytes() == content:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise GeneratorError(
            f"cannot be written: {error.strerror or error}", file=path, hint="check the disk and its permissions"
        ) from error
    return True


def published(folder: Path) -> dict[str, Path]:
    """List the files of a folder by their relative names, sorted; byte code caches are left out."""
    found: dict[str, Path] = {}
    for base, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            path = Path(base, name)
            found[path.relative_to(folder).as_posix()] = path
        # A link to a folder is not followed: it counts as a file, and is refused as one.
        found |= {
            Path(base, n).relative_to(folder).as_posix(): Path(base, n) for n in folders if Path(base, n).is_symlink()
        }
    return dict(sorted(found.items()))


def _beside(folder: Path, prefix: str) -> Path:
    return folder.with_name(prefix + folder.name)


def _state(folder: Path, files: Mapping[str, str]) -> tuple[int, int, int]:
    """Count what is to be written, what is there already, and what has to go."""
    present = published(folder)
    same = sum(1 for name, text in files.items() if name in present and present[name].read_bytes() == text.encode())
    return len(files) - same, same, len(present.keys() - files.keys())


def _handwritten(folder: Path, files: Mapping[str, str]) -> Iterator[GeneratorError]:
    """Yield an error for each file that replacing the folder would lose."""
    for name, text in files.items():
        if name.endswith((".py", ".pyi")) and not text.startswith(MARKER):
            raise GeneratorError(
                f"a generated file must start with {MARKER!r}", file=folder / name, hint="add it to the template"
            )
    for name, path in published(folder).items():
        if not _is_generated(name, path, files):
            yield GeneratorError(
                f"this file is not generated (line 1 does not start with {MARKER!r}), but its folder is replaced whole",
                file=path,
                hint="move it out of the folder, or delete it; in a package, own code is in extra.py beside client.py",
            )


def _is_generated(name: str, path: Path, files: Mapping[str, str]) -> bool:
    if path.is_symlink():
        return False
    if path.name == "py.typed":
        return True
    with path.open("rb") as stream:
        if stream.readline().startswith(MARKER.encode()):
            return True
    # A format without comments cannot carry the marker: the same name in the new tree shows that it is ours.
    return not name.endswith((".py", ".pyi")) and not files.get(name, MARKER).startswith(MARKER)


def _stage(folder: Path, files: Mapping[str, str]) -> None:
    """Write the folder's new content beside it; an unchanged file is linked, which keeps its time stamp."""
    new = _beside(folder, _NEW)
    new.mkdir(parents=True)
    created = {new}
    for name, text in files.items():
        path, old, content = new / name, folder / name, text.encode()
        if path.parent not in created:
            path.parent.mkdir(parents=True, exist_ok=True)
            created.add(path.parent)
        if old.is_file() and old.read_bytes() == content:
            try:
                path.hardlink_to(old)
            except OSError:  # a file system without links
                shutil.copy2(old, path)
        else:
            path.write_bytes(content)


def _swap(folder: Path) -> None:
    if folder.exists():
        folder.rename(_beside(folder, _OLD))
    _beside(folder, _NEW).rename(folder)


@contextlib.contextmanager
def _restored_on_failure(root: Path, folders: list[str]) -> Iterator[None]:
    """Put the old folders back on any exception; KeyboardInterrupt is one of them."""
    existed = {folder: (root / folder).exists() for folder in folders}
    try:
        yield
    except BaseException:
        for folder in reversed(folders):
            place, new, old = root / folder, _beside(root / folder, _NEW), _beside(root / folder, _OLD)
            if old.exists():
                if place.exists():
                    place.rename(new)
                old.rename(place)
            elif not existed[folder] and place.exists():
                place.rename(new)
            shutil.rmtree(new, ignore_errors=True)
        raise


def _recover(folder: Path) -> None:
    """Clean up after a killed run: between two renames the old folder has its temporary name."""
    old, new = _beside(folder, _OLD), _beside(folder, _NEW)
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(new, ignore_errors=True)
