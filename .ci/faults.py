"""Write docs/faults.md from the JUnit report of a test run: faults, what the SDK does, and the tests that prove it.

A test belongs to the rows that start its name (`test_c1_...`, `test_j1_j2_...`), and to the world (sync, asyncio) of
its parameters or its marker; tests without input or output belong to no world. The rows are in tests/faults/rows.tsv.
Exit code 1: a row has no passing test, or, with --check, the page differs from the report.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE, ROWS, REPORT = ROOT / "docs/faults.md", ROOT / "tests/faults/rows.tsv", ROOT / "build/junit.xml"
GROUPS = {
    "C": "Connecting", "T": "TLS", "W": "Sending the request", "H": "The head of the response",
    "B": "The body of the response", "J": "JSON", "S": "Streams", "R": "Retries", "D": "Redirects",
    "A": "Keys and secrets", "E": "Configuration", "U": "Uploads", "K": "Webhooks",
    "V": "WebSockets", "X": "Threads, event loops, forks, and resource leaks",
}  # fmt: skip
WORLDS = {"both": ("sync", "asyncio"), "sync": ("sync",), "asyncio": ("asyncio",), "none": ("",)}
INTRODUCTION = """\
# When things go wrong

What the SDK does when networks and servers fail, and the tests that prove it: on real sockets of one machine, for sync
and async calls if both exist. Every error has the request, the attempts so far, and whether the request was sent; none
shows a key or a prompt.

*Attempts* are those with the default `max_retries=2`; a `*` means that the request had been sent, so that
`retry_sent=False` makes one attempt. *Sockets* are those that are open while the client exists.

`make faults` writes this page from the report of `make test`, and CI checks it. Do not edit it.
"""

HEADER = """\
| | fault | what the SDK does | attempts | sockets | sync | asyncio |
|---|---|---|---|---|---|---|"""


@dataclass
class Row:
    """A row of the table, with the outcome of each test by world ("" for tests without input or output)."""

    name: str
    fault: str
    behaviour: str
    attempts: str
    sockets: str
    worlds: tuple[str, ...]
    passed: dict[str, bool] = field(default_factory=dict)
    tests: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, world: str, module: str, test: str, passed: bool) -> None:
        """Add the outcome of a test."""
        self.passed[world] = self.passed.get(world, True) and passed
        self.tests[module].add(test)

    def missing(self) -> list[str]:
        """Return the worlds in which no test passes, or a test fails."""
        return [world or "any" for world in self.worlds if not self.passed.get(world)]

    def result(self, world: str) -> str:
        """Return the page's cell of a world."""
        found = self.passed.get("" if self.worlds == ("",) else world)
        return "" if found is None else "pass" if found else "FAIL"


def rows(file: Path) -> dict[str, Row]:
    """Read the table."""
    with file.open(encoding="utf-8", newline="") as text:
        table = csv.DictReader(text, delimiter="\t")
        return {
            r["row"]: Row(r["row"], r["fault"], r["behaviour"], r["attempts"], r["sockets"], WORLDS[r["worlds"]])
            for r in table
        }


def read(report: Path, table: dict[str, Row]) -> list[str]:
    """Add the outcomes of a report to the table; return an error for each test that names an unknown row."""
    unknown = []
    for case in ElementTree.parse(report).iter("testcase"):
        test, _, parameters = case.attrib["name"].partition("[")
        named = re.match(r"test_((?:[a-z]\d{1,2}_)+)", test)
        if named is None or case.find("skipped") is not None:
            continue
        module = case.attrib["classname"].replace(".", "/") + ".py"
        properties = {p.attrib["name"]: p.attrib["value"] for p in case.iter("property")}
        world = properties.get("world")
        world = world or next((w for w in re.split(r"[-\]]", parameters) if w in ("sync", "asyncio")), "")
        passed = case.find("failure") is None and case.find("error") is None
        for name in named[1].strip("_").upper().split("_"):
            if name in table:
                table[name].add(world, module, test, passed)
            else:
                unknown.append(f"{module}::{test} names the row {name}, which is not in {ROWS.relative_to(ROOT)}")
    return unknown


def page(table: Iterable[Row]) -> str:
    """Return the page as Markdown."""
    parts, group = [INTRODUCTION], ""
    for row in table:
        if row.name[0] != group:
            group = row.name[0]
            parts.append(f"\n## {GROUPS[group]}\n\n{HEADER}")
        cells = [row.name, row.fault, row.behaviour, row.attempts, row.sockets]
        cells += [row.result("sync"), row.result("asyncio")]
        parts.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    parts.append("\n## The tests of each row\n")
    for row in table:
        where = [f"[{m.removeprefix('tests/')}](../{m}): {', '.join(sorted(t))}" for m, t in sorted(row.tests.items())]
        parts.append(f"- **{row.name}** {'; '.join(where)}")
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write or check the page; return the exit code."""
    parser = argparse.ArgumentParser(description="Write docs/faults.md from the report of `make test`.")
    parser.add_argument("report", nargs="?", type=Path, default=REPORT, help="JUnit report (default: build/junit.xml)")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the page would change")
    given = parser.parse_args()
    if not given.report.exists():
        print(f"{given.report} is missing: run `make test` first", file=sys.stderr)
        return 2
    table = rows(ROWS)
    problems = read(given.report, table)
    problems += [f"row {r.name} has no passing test for {', '.join(m)}" for r in table.values() if (m := r.missing())]
    text = page(list(table.values()))
    if not given.check and not problems:
        PAGE.write_text(text, encoding="utf-8")
    elif given.check and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text):
        problems.append("docs/faults.md differs from the report: run `make faults` and commit it")
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems and not given.check:
        print("docs/faults.md was not written; is this the report of the whole suite?", file=sys.stderr)
    print(f"{len(table)} rows, {sum(len(t) for r in table.values() for t in r.tests.values())} tests")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
