"""python -m benchmarks.corpus.make DOCUMENT OUT [--lenient]: make a package; print what it has of the document."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from generator import commands, pipeline
from generator.document.shape import counts
from generator.errors import GeneratorError
from generator.policy import Policy
from generator.progress import Progress

from .parts import parts_of

PACKAGE = "made"


def make(document: Path, out: Path, *options: str) -> dict[str, Any]:
    """Make a package by the command line of the generator; return its operations, its parts, and the notes."""
    kept: list[pipeline.Generated] = []
    build = pipeline.build_package

    def keep(*arguments: Any, **named: Any) -> Any:
        # What the command builds is what is counted: the package alone does not say what the document had.
        found = build(*arguments, **named)
        kept.append(found[0])
        return found

    printed, problem = io.StringIO(), io.StringIO()
    pipeline.build_package = keep
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(problem):
            code = commands.main(
                ["generate", "--spec", str(document), "--package", PACKAGE, "--out", str(out), *options]
            )
    finally:
        pipeline.build_package = build
    found: dict[str, Any] = {"code": code, "notes": printed.getvalue().splitlines(), "error": problem.getvalue()}
    if kept:
        api = kept[0].api
        found["operations"] = {o.name: [o.method, o.pointer] for o in api.operations if not o.replaced_by}
        found["declared"] = counts(kept[0].document)["operations"]
        found["parts"], found["any"] = parts_of(kept[0].document, api)
        if code == 0:
            out.joinpath("document.json").write_text(json.dumps(kept[0].document, default=str))
            out.joinpath("made.json").write_text(json.dumps(found))
    return found


def strictly(document: Path, overlay: Path | None) -> dict[str, Any]:
    """Read a document without --lenient, with an overlay or without one; return its operations, or the error."""
    progress, policy = Progress(Console(quiet=True)), Policy.for_package(lenient=False)
    try:
        found = pipeline.surface_of_package(document, overlay, progress, policy)
    except GeneratorError as error:
        return {"error": str(error)}
    return {"operations": list(found.operations)}


if __name__ == "__main__":
    if sys.argv[2] == "--strictly":
        print(json.dumps(strictly(Path(sys.argv[1]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)))
    else:
        print(json.dumps(make(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])))
