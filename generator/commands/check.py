"""Check: compare a package, or the SDK, with what the document gives now."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

from generator import pipeline
from generator._version import __version__
from generator.commands import checkout, package, pin
from generator.commands.job import Job, is_sdk, job_of, root_of
from generator.commands.output import FOUND, SUCCESS, Output
from generator.compare import snapshot
from generator.describe.coverage import coverage
from generator.emit.header import MARKER
from generator.errors import GeneratorError
from generator.publish.drift import check, report
from generator.publish.folders import published


def run(options: argparse.Namespace, output: Output) -> int:
    """Compare what the options name; return the exit code, 1 for any difference."""
    return _sdk(options, output) if is_sdk(options) else _package(options, output)


def _package(options: argparse.Namespace, output: Output) -> int:
    job, progress = job_of(options), output.progress()
    output.data(package=job.package, output=str(job.output))
    if not (job.output / job.package).is_dir():
        raise GeneratorError("there is no package here yet", file=job.output / job.package, hint=f"run: {job.command}")
    with tempfile.TemporaryDirectory(prefix="generated-check-") as folder:
        package.write_package(
            job.spec, job.overlay, job.include, job.package, Path(folder), __version__,
            progress, job.policy, job.descriptions, metadata=job.metadata, own=job.output,
        )  # fmt: skip
        with progress.stage("check", "files") as stage:
            expected = _files(Path(folder) / job.package)
            found = _files(job.output / job.package)
            differences = _differences(job, expected, found)
            stage.count = len(expected)
    progress.done()
    output.data(differences=[{"kind": kind, "file": name} for kind, name in differences])
    for kind, name in differences:
        output.line(f"{kind:<7}  {name}")
    if differences:
        count = f"{len(differences):,} file{'s differ' if len(differences) > 1 else ' differs'}"
        output.line(f"\n{count} from what the document gives; run: {job.command}")
        if any(kind == "foreign" for kind, _ in differences):
            output.line(
                f"foreign files are not generated; generating replaces their folder: move them up, into {job.package}/"
            )
        return FOUND
    output.line("the package is what the document gives")
    return SUCCESS


def _files(folder: Path) -> Mapping[str, bytes]:
    return {name: path.read_bytes() for name, path in published(folder).items() if not path.is_symlink()}


def _differences(job: Job, expected: Mapping[str, bytes], found: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """Return what is missing, stale or extra, and what is the user's in a folder that is replaced whole."""
    here = f"{job.output.name}/{job.package}"
    differences = [("missing", name) for name in expected.keys() - found.keys()]
    differences += [
        ("stale", name)
        for name in expected.keys() & found.keys()
        if expected[name] != found[name] and _is_generated(expected[name], name)
    ]
    folders = {name.partition("/")[0] for name in expected if "/" in name}
    for name in found.keys() - expected.keys():
        if found[name].startswith(MARKER.encode()):
            differences.append(("extra", name))
        elif "/" in name and name.partition("/")[0] in folders:
            differences.append(("foreign", name))
    return sorted((kind, f"{here}/{name}") for kind, name in differences)


def _is_generated(content: bytes, name: str) -> bool:
    return content.startswith(MARKER.encode()) or not name.endswith((".py", ".pyi"))


def _sdk(options: argparse.Namespace, output: Output) -> int:
    root, inputs = root_of(options), checkout.inputs_of(options)
    if isinstance(inputs.spec, Path):
        pin.check_lock(inputs.spec)
    progress = output.progress()
    generated = pipeline.build(inputs.spec, inputs.overlay, options.include, progress, inputs.descriptions)
    with progress.stage("check", "files") as stage:
        differences = check(root, generated.trees)
        stage.count = sum(map(len, generated.trees.values()))
    progress.done()
    drifted = _surface_drift(options, generated)
    output.data(surface_differs=bool(drifted), differences=[
        {"kind": str(one.kind), "file": one.path} for one in differences
    ])  # fmt: skip
    if drifted:
        output.line(f"{drifted}\n\nthe public names differ from {snapshot.FILE}; if that is meant, run: make surface")
    if differences:
        output.line(report(differences))
        count = f"{len(differences):,} file{'s differ' if len(differences) > 1 else ' differs'}"
        output.line(f"\n{count} from what the pinned document gives; run: make generate")
    if differences or drifted:
        return FOUND
    if inputs.descriptions is not None:
        for share in coverage(generated.api):
            output.line(f"described: {share}")
    output.line("the generated files are what the pinned document gives")
    return SUCCESS


def _surface_drift(options: argparse.Namespace, generated: pipeline.Generated) -> snapshot.Drift | None:
    """Return how the public names differ from the committed ones; None without such, or with --include."""
    committed = root_of(options) / snapshot.FILE
    if options.include is not None or not committed.is_file():
        return None
    return snapshot.compare(committed.read_text(encoding="utf-8"), snapshot.text(generated.surface("")))
