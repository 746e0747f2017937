"""The way from a pinned document to the text of every generated file: load → overlay → render."""

from __future__ import annotations

import importlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from generator.compare.surface import Surface, surface
from generator.document import overlay
from generator.document.compat import with_path_items
from generator.document.load import check, read_document
from generator.document.read import Document
from generator.document.shape import counts
from generator.errors import GeneratorError, Problems
from generator.ir import Api
from generator.ir.security import ServiceFacts, service_of
from generator.progress import Progress
from generator.publish.folders import Trees


class Render(Protocol):
    """The inner stages: normalise → IR → emit. They raise GeneratorError with a pointer, file and line unknown."""

    def __call__(self, data: dict[str, Any], *, include: Collection[str] | None, progress: Progress) -> Trees: ...


class Package(NamedTuple):
    """What a package of its own is made of: the document with its overlay, what it says, the generated folders."""

    document: dict[str, Any]
    service: ServiceFacts
    api: Api
    trees: Trees


def build(spec: Path, overlay_path: Path | None, include: Collection[str] | None, progress: Progress) -> Trees:
    """Turn a document and its overlay into folders of generated files, in memory; nothing is written.

    `include` names the resources to generate, None means all.
    Raises: GeneratorError for whatever is wrong with the document, the overlay or their names.
    """
    document, data = _load(spec, overlay_path, progress)
    # Found by name, late: a pin needs none of the inner stages, and tests put a small one in their place.
    render: Render = importlib.import_module("generator.render").render
    with _placed(document):
        return render(data, include=include, progress=progress)


def build_foreign(
    spec: Path, overlay_path: Path | None, include: Collection[str] | None, package: str, progress: Progress,
    *, lenient: bool,
) -> Package:  # fmt: skip
    """Do as `build` for the package of any document; the notes of its API tell what was renamed or left out."""
    from generator.render import build_api, emit, selected  # late, as above

    with _their_overlay(overlay_path):
        document, data = _load(spec, overlay_path, progress)
        with _placed(document):
            service = service_of(data, package)
            api = selected(build_api(data, progress, foreign=True, lenient=lenient), include)
            return Package(data, service, api, emit(data, api, progress=progress))


def surface_of(path: Path, overlay_path: Path | None, progress: Progress, name: str = "") -> Surface:
    """Return what a document offers to users of its SDK, with a name for it.

    The overlay may hold actions for other versions of it.
    """
    from generator.render import build_api  # late, as above: a pin needs none of it

    document, data = _load(path, overlay_path, progress, tolerant=True)
    with _placed(document):
        return surface(build_api(data, progress), name or path.name, data)


def foreign_surface_of(
    path: Path, overlay_path: Path | None, progress: Progress, *, lenient: bool
) -> tuple[Surface, str]:
    """Do as `surface_of` for a package of its own; return the document's version, too."""
    from generator.render import build_api  # late, as above

    with _their_overlay(overlay_path):
        document, data = _load(path, overlay_path, progress, tolerant=True)
        with _placed(document):
            api = build_api(data, progress, foreign=True, lenient=lenient)
            return surface(api, path.name, data), str(data["info"]["version"])


def _load(
    spec: Path, overlay_path: Path | None, progress: Progress, *, tolerant: bool = False
) -> tuple[Document, dict[str, Any]]:
    """Return a document and what it says once its overlay is applied. What is checked is the result."""
    with progress.stage("load", "operations") as stage:
        document = read_document(spec)
        data = document.data
        if overlay_path is None:
            check(data, document)
            stage.count = counts(data)["operations"]
    if overlay_path is not None:
        with progress.stage("overlay", "actions") as stage:
            data, applied = overlay.apply(data, overlay_path, tolerant=tolerant)
            stage.count = len(applied)
            _check_result(data, document, overlay_path)
    with _placed(document):
        return document, with_path_items(data)


def _check_result(data: dict[str, Any], document: Document, overlay_path: Path) -> None:
    """Check a document after its overlay: an action may have corrected it, or made something wrong."""
    try:
        check(data, document)
    except GeneratorError as error:
        blame = error.errors if isinstance(error, Problems) else (error,)
        told = _told(document)
        for one in blame:
            if (one.pointer, one.problem) not in told:  # the document alone was right
                one.file, one.line, one.problem = overlay_path, None, f"after the overlay {one.problem}"
        raise


def _told(document: Document) -> set[tuple[str | None, str]]:
    """Return what is wrong with a document as it was written."""
    try:
        check(document.data, document)
    except GeneratorError as error:
        return {(one.pointer, one.problem) for one in (error.errors if isinstance(error, Problems) else (error,))}
    return set()


@contextmanager
def _their_overlay(path: Path | None) -> Iterator[None]:
    """Let the hints of errors name the overlay of a package of its own, not the one of this repository."""
    try:
        yield
    except GeneratorError as error:
        for one in error.errors if isinstance(error, Problems) else (error,):
            where = str(path) if path else "an overlay (--overlay FILE)"
            one.hint = one.hint and one.hint.replace("spec/overlay.yaml", where)
        raise


@contextmanager
def _placed(document: Document) -> Iterator[None]:
    """Give errors that know only their pointer a file and a line, and what nests too deep an error."""
    try:
        yield
    except GeneratorError as error:
        _place(error, document)
        raise
    except RecursionError as error:
        raise GeneratorError(
            "the schemas nest too deep", file=document.path, hint="flatten the deepest ones in spec/overlay.yaml"
        ) from error  # fmt: skip


def _place(error: GeneratorError, document: Document) -> None:
    """Fill in file and line of an error that knows only its pointer."""
    for one in error.errors if isinstance(error, Problems) else (error,):
        if one.file is None and one.pointer is not None:
            one.file, one.line = document.path, document.line(one.pointer)
