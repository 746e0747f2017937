"""Turn a pinned document into the text of every generated file: load → overlay → render."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from attrs import evolve

from generator.compare.surface import Surface, surface
from generator.describe.apply import described
from generator.describe.source import Descriptions, read_descriptions
from generator.document import overlay
from generator.document.compat import with_path_items
from generator.document.load import check, check_version, read_document
from generator.document.location import Location
from generator.document.mend import declare_path_parameters, mend
from generator.document.read import Document
from generator.document.relative_servers import complete_servers
from generator.document.shape import counts
from generator.errors import GeneratorError, Problems
from generator.ir import Api
from generator.ir.security import ServiceFacts, service_of
from generator.normalise.repeats import Repeats, without_repeats
from generator.policy import STRICT, Policy, Report
from generator.progress import Progress
from generator.publish.folders import Trees


class Generated(NamedTuple):
    """The result of a document: the document with its overlay, its API, and the generated folders."""

    document: dict[str, Any]
    api: Api
    trees: Trees

    def surface(self, name: str) -> Surface:
        """Return the public surface of the SDK, with a name for the document."""
        return surface(self.api, name, self.document)


def build(
    spec: Location,
    overlay_path: Path | None,
    include: Collection[str] | None,
    progress: Progress,
    descriptions: Path | None = None,
) -> Generated:
    """Generate folders of files from a document, its overlay and its descriptions, in memory; nothing is written.

    `include` names the resources to generate, None means all.
    Raises: GeneratorError for an error in the document, the overlay, the descriptions or their names.
    """
    texts = read_descriptions(descriptions)
    with _opened(spec, overlay_path, progress, STRICT) as (opened, mended):
        return _generated(opened, texts, include, progress, STRICT, mended, None)


def build_package(
    spec: Location,
    overlay_path: Path | None,
    include: Collection[str] | None,
    progress: Progress,
    policy: Policy,
    descriptions: Path | None = None,
    package: str = "package",
) -> tuple[Generated, ServiceFacts]:
    """Like `build`, for the package of any document, whose name is `package`; return its service, too."""
    texts, policy = read_descriptions(descriptions), evolve(policy, include=frozenset(include or ()))
    with _hints_name(overlay_path), _opened(spec, overlay_path, progress, policy) as (opened, mended):
        service = service_of(opened.document)
        return _generated(opened, texts, include, progress, policy, mended, (package, service)), service


class Inspected(NamedTuple):
    """A document and its API for a linter: its content with the overlay, before and after it was mended."""

    document: Document
    before: dict[str, Any]
    after: dict[str, Any]
    mended: tuple[str, ...]
    api: Api


def inspect(spec: Location, overlay_path: Path | None, progress: Progress, policy: Policy) -> Inspected:
    """Read a document leniently, and keep what that takes. Raises: GeneratorError where nothing is left to read."""
    document = read_document(spec)
    data = document.data
    with _hints_name(overlay_path):
        if overlay_path is not None:
            data, _ = overlay.apply(data, overlay_path)
        check_version(data, document)
        return _inspected(document, data, progress, policy)


def inspect_again(
    seen: Inspected, changes: Sequence[Mapping[str, Any]], overlay_path: Path | None, progress: Progress, policy: Policy
) -> Inspected:
    """Like `inspect`, for a document that has been read, with more actions of an overlay."""
    with _hints_name(overlay_path):
        return _inspected(seen.document, overlay.correct(seen.before, changes), progress, policy)


def _inspected(document: Document, data: dict[str, Any], progress: Progress, policy: Policy) -> Inspected:
    from generator.render import build_api

    before, notes = copy.deepcopy(data), mend(data, document)
    check(data, document)
    if policy.standalone:
        notes += declare_path_parameters(data)
        complete_servers(data, document.path)
    with _placed(document):
        opened = without_repeats(with_path_items(data))
        return Inspected(document, before, data, tuple(notes), build_api(opened.document, progress, policy))


def surface_of(path: Location, overlay_path: Path | None, progress: Progress, name: str = "") -> Surface:
    """Return the public surface of a document's SDK, with a name for the document.

    The overlay may contain actions for other versions of the document.
    """
    with _opened(path, overlay_path, progress, STRICT, tolerant=True) as (opened, _):
        return _surface(opened.document, name or path.name, progress, STRICT)


def surface_of_package(path: Location, overlay_path: Path | None, progress: Progress, policy: Policy) -> Surface:
    """Like `surface_of`, for the package of any document."""
    with _hints_name(overlay_path), _opened(path, overlay_path, progress, policy, tolerant=True) as (opened, _):
        return _surface(opened.document, path.name, progress, policy)


# Templates, and the rules for names, are imported here, because a pin does not need them.


def _generated(
    opened: Repeats, texts: Descriptions, include: Collection[str] | None, progress: Progress, policy: Policy,
    mended: Report, package: tuple[str, ServiceFacts] | None,
) -> Generated:  # fmt: skip
    from generator.emit.environment import environment
    from generator.render import SDK, Target, build_api, emit, selected

    data = opened.document
    api = selected(described(build_api(data, progress, policy), data, texts), include)
    api = evolve(api, report=mended + Report(opened.notes) + api.report)
    target = SDK if package is None else Target(package[0], package[1].schemes)
    return Generated(data, api, emit(data, api, progress, target, environment(policy.templates)))


def _surface(data: dict[str, Any], name: str, progress: Progress, policy: Policy) -> Surface:
    from generator.render import build_api

    return surface(build_api(data, progress, policy), name, data)


@contextmanager
def _opened(
    path: Location, overlay_path: Path | None, progress: Progress, policy: Policy, *, tolerant: bool = False
) -> Iterator[tuple[Repeats, Report]]:
    """Yield the content of a document with its overlay, and what of it was mended; errors get its file and line."""
    document, data, report = _load(path, overlay_path, progress, policy, tolerant=tolerant)
    with _placed(document):
        yield without_repeats(with_path_items(data)), report


def _load(
    spec: Location, overlay_path: Path | None, progress: Progress, policy: Policy, *, tolerant: bool
) -> tuple[Document, dict[str, Any], Report]:
    """Return a document, its content with the overlay, which has been checked, and what of it was mended."""
    notes: list[str] = []
    with progress.stage("load", "operations") as stage:
        document = read_document(spec)
        data = document.data
        if overlay_path is None:
            notes = _mended(data, document, policy)
            check(data, document)
            stage.count = counts(data)["operations"]
    if overlay_path is not None:
        with progress.stage("overlay", "actions") as stage:
            data, applied = overlay.apply(data, overlay_path, tolerant=tolerant)
            stage.count = len(applied)
            notes = _mended(data, document, policy)
            _check_result(data, document, overlay_path)
    if policy.standalone:
        notes += declare_path_parameters(data)
        complete_servers(data, spec)
    return document, data, Report.of(notes)


def _mended(data: dict[str, Any], document: Document, policy: Policy) -> list[str]:
    """Mend a document, if the policy allows it; return the notes."""
    return mend(data, document) if policy.lenient else []


def _check_result(data: dict[str, Any], document: Document, overlay_path: Path) -> None:
    """Check a document after its overlay, whose actions may correct errors or introduce them."""
    try:
        check(data, document)
    except GeneratorError as error:
        blame = error.errors if isinstance(error, Problems) else (error,)
        known = _problems(document)
        for one in blame:
            if (one.pointer, one.problem) not in known:  # the document alone was right
                one.file, one.line, one.problem = overlay_path, None, f"after the overlay {one.problem}"
        raise


def _problems(document: Document) -> set[tuple[str | None, str]]:
    """Return the error of a document without its overlay, or None."""
    try:
        check(document.data, document)
    except GeneratorError as error:
        return {(one.pointer, one.problem) for one in (error.errors if isinstance(error, Problems) else (error,))}
    return set()


@contextmanager
def _hints_name(path: Path | None) -> Iterator[None]:
    """Make the hints of errors name the overlay of a package, not the one of this repository."""
    try:
        yield
    except GeneratorError as error:
        for one in error.errors if isinstance(error, Problems) else (error,):
            where = str(path) if path else "an overlay (--overlay FILE)"
            one.hint = one.hint and one.hint.replace("spec/overlay.yaml", where)
        raise


@contextmanager
def _placed(document: Document) -> Iterator[None]:
    """Add file and line to errors that have only a pointer; RecursionError becomes an error, too."""
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
    """Fill in file and line of an error that has only a pointer."""
    for one in error.errors if isinstance(error, Problems) else (error,):
        if one.file is None and one.pointer is not None:
            one.file, one.line = document.place(one.pointer)
