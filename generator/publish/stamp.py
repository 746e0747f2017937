"""Know whether generating would change anything, by the digests of its last inputs and outputs."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Collection, Iterable
from importlib.metadata import version
from pathlib import Path

from generator.document.location import Location, content_of
from generator.errors import GeneratorError
from generator.publish.folders import Trees, published

FILE = ".generated-stamp"
#: What besides the document decides over the output.
_TOOLS = ("ruff", "openapi-python-client", "Jinja2", "PyYAML")


def inputs(spec: Location, overlay: Path | None, descriptions: Path | None, include: Collection[str] | None) -> str:
    """Return a digest of all that generation reads: document, overlay, descriptions, choice, and the generator."""
    home = Path(__file__).parents[1]
    sources = sorted(path for path in home.rglob("*") if path.suffix in (".py", ".jinja"))
    digest = hashlib.sha256()
    for path in (spec, *filter(None, (overlay, descriptions)), *sources):
        try:
            digest.update(f"{path.name}\0".encode() + hashlib.sha256(content_of(path)).digest())
        except (OSError, GeneratorError):
            digest.update(f"{path.name} is missing\0".encode())  # generating reports it
    tools = [platform.python_version(), *(version(name) for name in _TOOLS)]
    digest.update(json.dumps([sorted(include) if include is not None else None, tools]).encode())
    return digest.hexdigest()


def outputs(root: Path, folders: Iterable[str]) -> str:
    """Return a digest of the files that are in place."""
    digest = hashlib.sha256()
    for folder in sorted(folders):
        for name, path in published(root / folder).items():
            content = path.read_bytes() if path.is_file() and not path.is_symlink() else b"no file"
            digest.update(f"{folder}/{name}\0".encode() + hashlib.sha256(content).digest())
    return digest.hexdigest()


def is_current(root: Path, read: str) -> int | None:
    """Return how many files are in place if nothing would change, else None. `read` is the digest of the inputs."""
    try:
        stamp = json.loads((root / FILE).read_text(encoding="ascii"))
        if stamp["inputs"] == read and stamp["outputs"] == outputs(root, stamp["folders"]):
            return sum(len(published(root / folder)) for folder in stamp["folders"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no stamp, or none that can be read: generating finds out
    return None


def write(root: Path, read: str, trees: Trees) -> None:
    """Write the stamp. In a checkout that is read-only the next run generates again."""
    stamp = {"inputs": read, "outputs": outputs(root, trees), "folders": sorted(trees)}
    try:
        (root / FILE).write_text(json.dumps(stamp), encoding="ascii")
    except OSError:
        return
