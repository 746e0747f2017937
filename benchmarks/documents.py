"""python -m benchmarks.documents FOLDER_OR_LIST: packages of documents by others, beside openapi-python-client's."""

from __future__ import annotations

import argparse
import json
import queue
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from .corpus.measure import OTHER_LIMIT, Row, beside_of, measure
from .corpus.sources import Source, sources
from .corpus.table import summary, table

HERE = Path(__file__).parent
#: The least share of operations of a list that must count: all leniently, and strictly or with the overlay of lint.
_LEAST_STRICTLY, _MOST_ANY = 0.95, 0.03


def main() -> int:
    """Run the program; exit code 1 where what must hold of a list does not."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.documents",
        description="Make a package of each document, import it, check its types, send a request of each operation; "
        "print a table beside openapi-python-client's figures.",
    )
    parser.add_argument("where", type=Path, nargs="?", default=HERE / "documents.txt", help="a folder, or a list")
    parser.add_argument("--only", action="append", default=[], metavar="TEXT", help="documents with this in their name")
    parser.add_argument("--short", action="store_true", help="the documents that are marked so, and nothing beside")
    parser.add_argument("--alone", action="store_true", help="without openapi-python-client")
    parser.add_argument("--jobs", type=int, default=2, help="documents at once (%(default)s)")
    parser.add_argument("--cache", type=Path, default=Path(".documents-cache"), help="where fetched packages stay")
    parser.add_argument("--resume", action="store_true", help="keep the rows that an earlier run has left in the cache")
    parser.add_argument("--ours", action="store_true", help="measure this generator again, not the other one")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a file, too")
    given = parser.parse_args()
    found = [one for one in sources(given.where, given.cache) if _chosen(one, given.only, short=given.short)]
    if not found:
        print("no such document", file=sys.stderr)
        return 2
    kept, before = given.cache.absolute() / "rows", given.cache.absolute() / "rows.before"
    if given.ours:
        shutil.rmtree(before, ignore_errors=True)
        kept.rename(before)
    elif not given.resume:
        shutil.rmtree(kept, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)
    rows = _rows(found, given.cache, given.jobs, kept, beside=not (given.alone or given.short))
    text = f"{table(rows)}\n\n{summary(rows)}"
    print(text)
    if given.write:
        given.write.write_text(page(text), encoding="utf-8")
    wrong = _wrong(rows)
    for one in wrong:
        print(one, file=sys.stderr)
    return 1 if wrong else 0


def page(text: str) -> str:
    """Return the page of a table."""
    return f"""# Documents of others

From `make documents ARGS="--write benchmarks/DOCUMENTS.md"` (with `--ours` too, the right half is that of an earlier
run): a package of each document of
[documents.txt](documents.txt), made leniently, and what others say of it. An operation is counted as made if its
module imports and is clean by mypy --strict, and its request goes out. "strictly" are those that are made without
`--lenient`, "with lint" those that are made so with the overlay that `lint` proposes; "Any" are the parts that are any
value though the document has a schema for them. Seconds are CPU time, and MB the largest memory, of generating; KB is
the size of the package with its runtime. The right half is openapi-python-client {version("openapi-python-client")}:
its endpoints, and all errors of mypy --strict; each of its steps has {OTHER_LIMIT:.0f} seconds of CPU time.
pyright judges the documents that are marked so, and openapi-core 500 requests of each that is.

{text}
"""


def _chosen(source: Source, only: list[str], *, short: bool) -> bool:
    return (not only or any(text in source.name for text in only)) and (not short or "short" in source.marks)


def _rows(found: list[Source], cache: Path, jobs: int, kept: Path, *, beside: bool) -> list[Row]:
    """Return a row for each document, the smallest first; each is kept in a file, from which a run can be resumed."""
    kept.mkdir(parents=True, exist_ok=True)
    folders: queue.Queue[Path] = queue.Queue()
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(jobs) as pool:
        for number in range(jobs):
            folders.put(folder := Path(work, str(number)))
            folder.mkdir()

        def one(source: Source) -> Row:
            file = kept / f"{source.name.replace('/', '+')}.json"
            row = Row(**json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else None
            if row and (row.other or not beside):
                return row
            folder = folders.get()
            try:
                if row:
                    row.other = beside_of(source, folder, cache.absolute())
                else:
                    other = _other(kept.with_name("rows.before") / file.name) if beside else {}
                    row = measure(source, folder, cache.absolute(), beside=beside and not other)
                    row.other = row.other or other
            finally:
                folders.put(folder)
            file.write_text(json.dumps(asdict(row)), encoding="utf-8")
            print(f"  {row.made} of {row.operations}: {row.name}", file=sys.stderr)
            for problem in [*row.problems, *map(str, row.contradictions)][:5]:
                print(f"    {problem[:300]}", file=sys.stderr)
            return row

        by_size = sorted(found, key=lambda source: source.path.stat().st_size)
        made = dict(zip((source.name for source in by_size), pool.map(one, by_size), strict=True))
    return [made[source.name] for source in found]


def _other(file: Path) -> dict[str, Any]:
    """Return the other generator's figures of an earlier row, {} if there are none."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["other"] if file.is_file() else {}
    return found


def _wrong(rows: list[Row]) -> list[str]:
    """Return what does not hold, and must."""
    operations, parts = sum(row.operations for row in rows), sum(row.parts for row in rows)
    overlaid, free = sum(row.with_overlay for row in rows), sum(row.any for row in rows)
    wrong = [
        f"{row.name}: {row.operations - row.made} operations do not count" for row in rows if row.made < row.operations
    ]
    wrong += [f"{row.name}: {row.pyright} errors of pyright" for row in rows if row.pyright]
    wrong += [f"{row.name}: {len(row.contradictions)} requests contradict it" for row in rows if row.contradictions]
    if overlaid < _LEAST_STRICTLY * operations:
        wrong.append(f"strictly or with the overlay of lint only {overlaid:,} of {operations:,} operations")
    if free > _MOST_ANY * parts:
        wrong.append(f"{free:,} of {parts:,} parts are any value")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
