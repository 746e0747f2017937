"""The documents of a folder, or of a list, whose packages are fetched from their registries into the cache folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

_ENDINGS = (".json", ".yaml", ".yml")


@dataclass(frozen=True)
class Source:
    """A document: its name in the table, its file, and the words that the list has behind it."""

    name: str
    path: Path
    marks: frozenset[str] = frozenset()


def sources(where: Path, cache: Path) -> list[Source]:
    """Return the documents of a folder, or of a list."""
    if where.is_dir():
        return [Source(str(p.relative_to(where)), p) for p in sorted(where.rglob("*")) if p.suffix in _ENDINGS]
    found: list[Source] = []
    folder = cache
    for line in where.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].rstrip()
        if not text:
            continue
        if not text.startswith(" "):
            folder = fetched(*text.split(), cache=cache)
            continue
        name, *marks = text.strip().split("  ")
        found.append(Source(f"{folder.name.partition('-x-')[0]}: {name}", folder / name, frozenset(marks)))
    return found


def fetched(registry: str, package: str, *, cache: Path) -> Path:
    """Return the folder with the content of a package (`npm NAME@VERSION`, `pypi NAME==VERSION`), fetched once.

    Raises: ValueError for another registry, subprocess.CalledProcessError where the client cannot fetch it.
    """
    folder = cache / f"{package.replace('/', '+')}-x-{registry}"
    if folder.is_dir():
        return folder
    clients = {
        "npm": ["npm", "pack", "--silent", "--pack-destination", "{}", package],
        "pypi": [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "{}", package],
    }
    if registry not in clients:
        raise ValueError(f"{registry} is no registry: write npm NAME@VERSION, or pypi NAME==VERSION")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        subprocess.run([work if one == "{}" else one for one in clients[registry]], check=True, capture_output=True)
        archive = next(iter(Path(work).iterdir()))
        inside = Path(work) / "inside"
        if archive.suffix in (".whl", ".zip"):
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(inside)
        else:
            with tarfile.open(archive) as tar:
                tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 has it
                tar.extractall(inside)
        top = inside / "package"  # npm puts everything there
        shutil.move(top if top.is_dir() else inside, folder)
    return folder
