"""Update to a new document in one step: pin, overlay, generate, report. The tree changes at the end, or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from generator import pipeline
from generator.commands.pin import Addition, kept_additions, pin
from generator.compare import snapshot
from generator.compare.diff import Diff, compare
from generator.compare.report import as_page
from generator.document.location import Location
from generator.errors import GeneratorError
from generator.progress import Progress
from generator.publish.folders import Summary, publish, write_atomically

SPEC, LOCK, PAGE = "spec/openapi.yaml", "spec/lock.json", "spec/update.md"


@dataclass(frozen=True)
class Updated:
    """What an update did: the changes for callers, the files that were written, and whether the document changed.

    `absorbed` has the operations of each addition that the new base has itself, which are the base's from now on.
    """

    diff: Diff
    files: Summary
    changed: bool
    absorbed: Mapping[str, list[str]] = field(default_factory=dict)


def update(
    source: Location,
    root: Path,
    overlay: Path | None,
    descriptions: Path | None,
    version: str,
    progress: Progress,
    *,
    additions: Sequence[Addition] = (),
    keep_prose: bool = False,
) -> Updated:
    """Pin `source`, generate from it, and write what changes for callers to spec/update.md.

    `additions` take the place of those that are pinned; without any, these are kept, apart from what `source` now has.

    Everything is worked out in a folder of its own first; then the document, its lock, the page and the generated
    folders are put in place together. Raises: GeneratorError from any stage; nothing has changed then.
    """
    if not (root / SPEC).is_file():
        raise GeneratorError(
            "there is no document yet that could be updated", file=root / SPEC, hint="begin with: make pin SPEC=..."
        )
    staging = Path(tempfile.mkdtemp(prefix=".generated-update-", dir=root))  # as .gitignore has it
    try:
        with progress.stage("pin", "operations") as stage:
            staged = staging / "openapi.yaml"
            absorbed: Mapping[str, list[str]] = {}
            if not additions:
                additions, absorbed = kept_additions(root / SPEC, source)
            pinned = pin(source, staged, additions, overlay, keep_prose=keep_prose)
            stage.count = pinned.record["counts"]["operations"]
        new = {SPEC: staged.read_bytes(), LOCK: pinned.lock.read_bytes()}
        if new[SPEC] == (root / SPEC).read_bytes():
            new.pop(LOCK)  # its date is that of the last change
        generated = pipeline.build(staged, overlay, None, progress, descriptions)
        before = pipeline.surface_of(root / SPEC, overlay, progress, _version_of(root / LOCK))
        after = generated.surface(source.name)
        diff = compare(before, after)
        changed = LOCK in new
        if changed:
            new[PAGE] = as_page(diff, version).encode()
            new[snapshot.FILE] = snapshot.text(after).encode()  # the page lists the removed names
        with progress.stage("publish", "files") as stage, _restored_on_failure(root, list(new)):
            for name, content in new.items():
                write_atomically(root / name, content)
            summary = publish(root, generated.trees)
            stage.count = summary.written + summary.unchanged
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Updated(diff, summary, changed, absorbed)


def _version_of(lock: Path) -> str:
    """Return the name of the document that is pinned now."""
    try:
        return str(json.loads(lock.read_text(encoding="utf-8"))["sources"][0]["source"])
    except (OSError, ValueError, LookupError, TypeError):
        return "the pinned document"


@contextmanager
def _restored_on_failure(root: Path, names: list[str]) -> Iterator[None]:
    """Put files back as they were on any exception; KeyboardInterrupt is one of them."""
    before = {name: (root / name).read_bytes() if (root / name).is_file() else None for name in names}
    try:
        yield
    except BaseException:
        for name, content in before.items():
            if content is None:
                (root / name).unlink(missing_ok=True)
            else:
                write_atomically(root / name, content)
        raise
