"""The way from a pinned document to the text of every generated file: load → overlay → render."""

from __future__ import annotations

import importlib
from collections.abc import Collection
from pathlib import Path
from typing import Any, Protocol

from generator import overlay
from generator.errors import GeneratorError, Problems
from generator.load import check_references, load
from generator.pin import counts
from generator.progress import Progress
from generator.publish import Trees
from generator.read import Document
from generator.surface import Surface, surface


class Render(Protocol):
    """The inner stages: normalise → IR → emit. They raise GeneratorError with a pointer, file and line unknown."""

    def __call__(self, data: dict[str, Any], *, include: Collection[str] | None, progress: Progress) -> Trees: ...


def build(spec: Path, overlay_path: Path | None, include: Collection[str] | None, progress: Progress) -> Trees:
    """Turn a document and its overlay into folders of generated files, in memory; nothing is written.

    `include` names the resources to generate, None means all.
    Raises: GeneratorError for whatever is wrong with the document, the overlay or their names.
    """
    with progress.stage("load", "operations") as stage:
        document = load(spec)
        data = document.data
        stage.count = counts(data)["operations"]
    if overlay_path is not None:
        with progress.stage("overlay", "actions") as stage:
            data, applied = overlay.apply(data, overlay_path)
            stage.count = len(applied)
            if applied:
                _check_result(data, document, overlay_path)
    # Found by name, late: a pin needs none of the inner stages, and tests put a small one in their place.
    render: Render = importlib.import_module("generator.render").render
    try:
        return render(data, include=include, progress=progress)
    except GeneratorError as error:
        _place(error, document)
        raise


def build_foreign(
    spec: Path, overlay_path: Path | None, include: Collection[str] | None, progress: Progress, lenient: bool
) -> tuple[dict[str, Any], Trees, tuple[str, ...]]:
    """Do as `build` for the package of any document: also return the document, and what was renamed or left out."""
    from generator.render import build_api, emit  # late, as above

    with progress.stage("load", "operations") as stage:
        document = load(spec)
        data = document.data
        stage.count = counts(data)["operations"]
    if overlay_path is not None:
        with progress.stage("overlay", "actions") as stage:
            data, applied = overlay.apply(data, overlay_path)
            stage.count = len(applied)
            if applied:
                _check_result(data, document, overlay_path)
    try:
        api = build_api(data, progress, foreign=True, lenient=lenient)
        return data, emit(data, api, include=include, progress=progress), api.notes
    except GeneratorError as error:
        _place(error, document)
        raise


def surface_of(path: Path, overlay_path: Path | None, progress: Progress, name: str = "") -> Surface:
    """Return what a document offers to users of its SDK, with a name for it.

    The overlay may hold actions for other versions of it.
    """
    from generator.render import build_api  # late, as above: a pin needs none of it

    with progress.stage("load", "operations") as stage:
        document = load(path)
        stage.count = counts(document.data)["operations"]
    data = document.data if overlay_path is None else overlay.apply(document.data, overlay_path, tolerant=True)[0]
    try:
        return surface(build_api(data, progress), name or path.name, data)
    except GeneratorError as error:
        _place(error, document)
        raise


def _check_result(data: dict[str, Any], document: Document, overlay_path: Path) -> None:
    """Check the references again: an action may have added one, or removed what one leads to."""
    try:
        check_references(data, document)
    except Problems as error:
        for one in error.errors:  # the document alone was right
            one.file, one.line, one.problem = overlay_path, None, f"after the overlay {one.problem}"
        raise


def _place(error: GeneratorError, document: Document) -> None:
    """Fill in file and line of an error that knows only its pointer."""
    for one in error.errors if isinstance(error, Problems) else (error,):
        if one.file is None and one.pointer is not None:
            one.file, one.line = document.path, document.line(one.pointer)
