"""The table of documents, and its summary."""

from __future__ import annotations

from collections.abc import Sequence

from .measure import Row

_HEAD = (
    "| document | operations | made | strictly | with lint | s | MB | KB | import ms | mypy | pyright | Any "
    "| other: made | s | MB | KB | import ms | mypy |"
)
_RULE = "|---" + "|--:" * 17 + "|"


def table(rows: Sequence[Row]) -> str:
    """Return the table in Markdown; the right half is that of openapi-python-client."""
    return "\n".join([_HEAD, _RULE, *map(_line, rows)])


def _line(row: Row) -> str:
    theirs = row.other
    right: list[object] = ["-"] * 6
    if theirs:
        late = " (out of time)" if theirs["late"] else ""
        right = [
            f"{theirs['operations']}{late}", f"{theirs['seconds']:.1f}", f"{theirs['megabytes']:.0f}",
            theirs["size"] // 1000, _milliseconds(theirs.get("import")), _count(theirs.get("mypy")),
        ]  # fmt: skip
    cells = [
        row.name, row.operations, row.made, row.strictly, row.with_overlay, f"{row.seconds:.1f}",
        f"{row.megabytes:.0f}", row.size // 1000, _milliseconds(row.imports), _count(row.mypy), _count(row.pyright),
        row.any, *right,
    ]  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def summary(rows: Sequence[Row]) -> str:
    """Return the sums as a few sentences."""
    operations = sum(row.operations for row in rows)
    made, strictly = sum(row.made for row in rows), sum(row.strictly for row in rows)
    overlaid = sum(row.with_overlay for row in rows)
    parts, free = sum(row.parts for row in rows), sum(row.any for row in rows)
    lines = [
        f"{len(rows)} documents, {operations:,} operations: {made:,} count ({_share(made, operations)}), "
        f"without --lenient {strictly:,} ({_share(strictly, operations)}), with the overlay of lint {overlaid:,} "
        f"({_share(overlaid, operations)}).",
        f"Modules that do not import: {sum(row.broken for row in rows)}. "
        f"mypy: {sum(row.mypy or 0 for row in rows)} errors. "
        f"Any though there is a schema: {free:,} of {parts:,} ({_share(free, parts)}).",
        f"CPU {sum(row.seconds for row in rows):.0f} s, memory "
        f"{max((row.megabytes for row in rows), default=0):.0f} MB "
        f"at most, size {sum(row.size for row in rows) / 1e6:.1f} MB.",
    ]
    checked = [row for row in rows if row.pyright is not None]
    if checked:
        lines.append(f"pyright: {sum(row.pyright or 0 for row in checked)} errors in {len(checked)} packages.")
    judged = [row for row in rows if row.judged is not None]
    if judged:
        wrong = sum(len(row.contradictions) for row in judged)
        lines.append(
            f"openapi-core: {wrong} of {sum(row.judged or 0 for row in judged):,} requests of {len(judged)} documents "
            "contradict their document."
        )
    beside = [row for row in rows if row.other]
    if beside:
        count = sum(row.other["operations"] for row in beside)
        total = sum(row.operations for row in beside)
        wrong = sum(row.other.get("mypy") or 0 for row in beside)
        late = sum(row.other["late"] for row in beside)
        lines.append(
            f"openapi-python-client: {count:,} of {total:,} operations ({_share(count, total)}), mypy {wrong:,} "
            f"errors, CPU {sum(row.other['seconds'] for row in beside):.0f} s, memory "
            f"{max(row.other['megabytes'] for row in beside):.0f} MB at most, size "
            f"{sum(row.other['size'] for row in beside) / 1e6:.1f} MB; {late} documents out of time."
        )
    return "\n".join(lines)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _milliseconds(seconds: float | None) -> str:
    return "-" if seconds is None else f"{1000 * seconds:.0f}"


def _count(value: int | None) -> object:
    return "-" if value is None else value
