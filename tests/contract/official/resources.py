"""Run the tests of the official package's resources, unchanged, on the face: `sdk.compat.openai` under its name.

The package's sdist is kept in the cache folder. `suite/` has what its tests import from their own folder. The server is
Steady with the pinned document; failures are listed in `failures.yaml`, each with its reason.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from .. import node
from ..node import CACHE, ROOT, Unavailable
from . import package

HERE = Path(__file__).resolve().parent
_SUITE, _LIST = HERE / "suite", HERE / "failures.yaml"
#: Of how many tests one is run without --all.
SHARE = 4
#: How the document writes lists and objects in a query and in a form: with brackets.
_STEADY = (
    *("--log=false", "--no-color", "--reject-on-sdk-error", "--validator-query-object-format=brackets"),
    *("--validator-form-object-format=brackets", "--validator-query-array-format=brackets"),
)


class Outcome(NamedTuple):
    """The outcome of one test, and the message of its error."""

    result: str
    message: str


def folder() -> Path:
    """Return where the tests of the pinned version belong."""
    return CACHE / f"{package.pin().replace('==', '-')}-tests"


def fetch() -> None:
    """Keep the tests of the pinned version. Raises: Unavailable with the words of pip."""
    if (folder() / "done").exists():
        return
    CACHE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as building:
        command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--no-deps"]
        command += ["--no-binary", ":all:", "--dest", building, package.pin()]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise Unavailable(f"pip cannot download the source of {package.pin()}: {done.stderr.strip()[-300:]}")
        (archive,) = Path(building).glob("*.tar.gz")
        with tarfile.open(archive) as tar:
            wanted = [
                one for one in tar if one.name.split("/")[1:3] in (["tests", "api_resources"], ["tests", "respx2"])
            ]
            tar.extraction_filter = getattr(tarfile, "data_filter", None)  # Python 3.11.4 has it
            tar.extractall(building, wanted)
        (root,) = (one for one in Path(building).iterdir() if one.is_dir())
        (root / "done").touch()
        shutil.rmtree(folder(), ignore_errors=True)
        root.rename(folder())


def run(*, everything: bool) -> dict[str, Outcome]:
    """Run the tests on all cores, and return the outcome of each."""
    with (
        tempfile.TemporaryDirectory(dir=CACHE) as place,
        node.running(
            "@stdy/cli/steady.js", str(ROOT / "spec" / "openapi.yaml"), *_STEADY, health="/_x-steady/health"
        ) as url,
    ):
        root, results = Path(place), Path(place) / "results.json"
        shutil.copytree(folder() / "tests", root / "tests")
        for file in _SUITE.glob("*.py"):
            shutil.copy(file, root / "tests")
        (root / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith("OPENAI_")}
        environment = {
            **kept, "TEST_API_BASE_URL": url, "FACE_RESULTS": str(results), "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join((str(root), str(ROOT))), "FACE_SHARE": "1" if everything else str(SHARE),
        }  # fmt: skip
        command = [sys.executable, "-m", "pytest", "-c", "pytest.ini", "--rootdir", place, "-p", "no:cacheprovider"]
        command += ["-q", "--tb=no", "-n", "auto", "--no-summary", "tests/api_resources"]
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
        if not results.exists():
            raise RuntimeError(f"the tests did not run:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
        found: dict[str, list[str]] = json.loads(results.read_text(encoding="utf-8"))
        return {name.removeprefix("tests/api_resources/"): Outcome(*one) for name, one in found.items()}


class Report(NamedTuple):
    """What came out: counts, failures that are not listed, and tests that are listed and passed."""

    counts: Mapping[str, int]
    unlisted: Mapping[str, str]
    passed: list[str]


def classified(outcomes: Mapping[str, Outcome], entries: list[dict[str, Any]]) -> Report:
    """Compare the outcomes with the list: a name there stands for a test with all its parameters, or with one."""
    listed = {name: entry["class"] for entry in entries for name in entry["tests"]}
    counts: Counter[str] = Counter()
    unlisted, passed = {}, []
    for name, (result, message) in outcomes.items():
        kind = listed.get(name, listed.get(name.partition("[")[0]))
        if result == "passed" and kind is not None:
            passed.append(name)
        if result == "failed":
            if kind is None:
                unlisted[name] = message
            counts[f"failed: {kind or 'not listed'}"] += 1
        else:
            counts[result] += 1
    return Report(counts, unlisted, passed)


def main(*, everything: bool) -> int:
    """Run the tests, print what came out, and return the exit code."""
    try:
        node.need_node()
        if not (folder() / "done").exists():
            print(f"Fetching the tests of {package.pin()} (once, a minute or less) ...", flush=True)
        fetch()
        node.install()
    except (Unavailable, RuntimeError) as reason:
        print(f"tests of the official package on the face SKIPPED: {reason}")
        return 0
    entries: list[dict[str, Any]] = yaml.safe_load(_LIST.read_text(encoding="utf-8"))
    report = classified(run(everything=everything), entries)
    counts = ", ".join(f"{count:,} {name}" for name, count in sorted(report.counts.items(), reverse=True))
    share = "" if everything else f", one of {SHARE}: ARGS=--all runs the rest"
    print(f"tests/api_resources of {package.pin()} on the face: {counts} (of {sum(report.counts.values()):,}{share})")
    for name, message in report.unlisted.items():
        print(f"  fails, and is not in failures.yaml: {name}: {message.splitlines()[0] if message else ''}")
    for name in report.passed:
        print(f"  passes, and is in failures.yaml: {name}")
    return 1 if report.unlisted or report.passed else 0
