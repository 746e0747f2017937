"""Make a package of one document, strictly and leniently, and let others judge it."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import checkers
from .make import PACKAGE
from .other import other
from .run import Run, python
from .sources import Source

#: Seconds of CPU time that each step may take, and those of openapi-python-client.
LIMIT, OTHER_LIMIT = 900.0, 120.0
CALLS = 500


@dataclass
class Row:
    """What was found of one document."""

    name: str
    operations: int = 0  # of the document
    made: int = 0  # leniently; those that count: they import, type-check, and their request goes out
    strictly: int = 0
    with_overlay: int = 0
    parts: int = 0
    any: int = 0
    seconds: float = 0.0
    megabytes: float = 0.0
    size: int = 0
    imports: float = 0.0
    broken: int = 0
    mypy: int | None = None
    pyright: int | None = None
    judged: int | None = None
    contradictions: list[Any] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    other: dict[str, Any] = field(default_factory=dict)


def measure(source: Source, work: Path, cache: Path, *, beside: bool, limit: float = LIMIT) -> Row:
    """Return the row of a document. `work` is a folder that one document after the other uses."""
    row, out = Row(source.name), work / "out"
    made, found = _make(source.path, out, limit, "--lenient")
    row.seconds, row.megabytes = made.seconds, made.megabytes
    row.operations = found.get("declared", 0)
    if found.get("code") != 0:
        row.problems.append(f"--lenient: {found.get('error') or made.err[-500:]}")
    else:
        counted = _judge(row, found, out, source, limit)
        row.made = len(counted)
        _strictly(row, source, work, counted, limit)
    if beside:
        row.other = beside_of(source, work, cache)
    shutil.rmtree(out, ignore_errors=True)
    return row


def _make(document: Path, out: Path, limit: float, *options: str) -> tuple[Run, dict[str, Any]]:
    shutil.rmtree(out, ignore_errors=True)
    done = python("benchmarks.corpus.make", str(document), str(out), *options, limit=limit)
    lines = done.out.splitlines()
    return done, json.loads(lines[-1]) if done.code == 0 and lines else {}


def _judge(row: Row, found: dict[str, Any], out: Path, source: Source, limit: float) -> set[str]:
    """Fill in what is found in a package; return the operations that count."""
    row.parts, row.any, row.size = found["parts"], len(found["any"]), checkers.size(out / PACKAGE)
    judged = "openapi-core" in source.marks
    document = str(out / "document.json")
    done = python("benchmarks.corpus.call", document, str(out), str(CALLS if judged else 0), limit=limit)
    if done.code != 0:
        row.problems.append(f"no call: {done.err[-500:]}")
        return set()
    called = json.loads(done.out.splitlines()[-1])
    row.imports, row.broken = called["import"], len(called["broken"])
    row.problems += [f"{name}: {why}" for name, why in [*called["broken"].items(), *called["failed"].items()]]
    counted = set(called["sent"])
    errors = checkers.mypy(out, PACKAGE, out.parent / ".mypy_cache", limit)
    row.mypy = None if errors is None else len(errors)
    for file, message in errors or ():
        row.problems.append(f"mypy: {file}: {message}")
        counted -= {name for name in counted if _file(name) in file}
    if "pyright" in source.marks:
        wrong = checkers.pyright(out, PACKAGE, limit)
        row.pyright = None if wrong is None else len(wrong)
        row.problems += [f"pyright: {one}" for one in wrong or ()]
    if judged:
        done = python("benchmarks.corpus.judge", document, str(out / "requests.jsonl"), called["base"], limit=limit)
        verdict: dict[str, Any] = (
            json.loads(done.out) if done.code == 0 else {"judged": None, "found": [done.err[-500:]]}
        )
        row.judged, row.contradictions = verdict["judged"], verdict["found"]
    return counted


def _file(operation: str) -> str:
    """Return a part of the path of the module of an operation."""
    return f"{PACKAGE}/api/{operation.rpartition('.')[0].replace('.', '/')}"


def _strictly(row: Row, source: Source, work: Path, counted: set[str], limit: float) -> None:
    """Count what a run without --lenient makes, else one with the overlay that `lint` proposes."""
    found = _strict(source.path, limit)
    row.strictly = row.with_overlay = len(counted & set(found.get("operations", ())))
    if "operations" not in found:
        overlay = work / "overlay.yaml"
        overlay.unlink(missing_ok=True)
        python("generator", "lint", "--spec", str(source.path), "--write", str(overlay), limit=limit)
        found = _strict(source.path, limit, str(overlay))
        row.with_overlay = len(counted & set(found.get("operations", ())))
        if "operations" not in found:
            row.problems.append(f"with the overlay of lint: {found.get('error', '')[-500:]}")


def _strict(document: Path, limit: float, *overlay: str) -> dict[str, Any]:
    done = python("benchmarks.corpus.make", str(document), "--strictly", *overlay, limit=limit)
    found: dict[str, Any] = json.loads(done.out.splitlines()[-1]) if done.code == 0 else {"error": done.err}
    return found


def beside_of(source: Source, work: Path, cache: Path, limit: float = OTHER_LIMIT) -> dict[str, Any]:
    """Return what openapi-python-client makes of the document: it is pinned, so that is kept in the cache folder."""
    from importlib.metadata import version

    digest = hashlib.sha256(source.path.read_bytes()).hexdigest()[:24]
    kept = cache / "openapi-python-client" / version("openapi-python-client") / f"{digest}.json"
    if kept.is_file():
        found: dict[str, Any] = json.loads(kept.read_text())
        return found
    found = other(source.path, work, limit)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(found))
    return found
