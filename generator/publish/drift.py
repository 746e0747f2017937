"""Compare generated files with those in place, both ways."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from generator.publish.folders import Trees, published

Kind = Literal["missing", "extra", "cut", "stale"]
_MEANING: dict[Kind, str] = {
    "missing": "is not there",
    "extra": "would not be generated",
    "cut": "ends too early",
    "stale": "differs",
}


@dataclass(frozen=True)
class Difference:
    """One file that differs from the generated one; `expected` and `found` are its text, None where it is missing."""

    kind: Kind
    path: str
    expected: str | None
    found: str | None

    def __str__(self) -> str:
        return f"{self.kind:<7}  {self.path}  {_MEANING[self.kind]}"

    def diff(self, lines: int = 20) -> str:
        """Write the first lines of a unified diff from the file in place to the generated one."""
        rows = list(
            difflib.unified_diff(
                (self.found or "").splitlines(),
                (self.expected or "").splitlines(),
                f"{self.path} (in place)",
                f"{self.path} (generated)",
                lineterm="",
                n=2,
            )
        )
        if not rows and self.expected is not None and self.found is not None:
            return "the lines are equal, the line ends are not"
        return "\n".join(rows[:lines]) + (f"\n... {len(rows) - lines} more lines" if len(rows) > lines else "")


def check(root: Path, trees: Trees) -> list[Difference]:
    """Compare file sets and bytes both ways; an empty list means that nothing drifted."""
    differences: list[Difference] = []
    for folder, files in trees.items():
        present = published(root / folder)
        for name in sorted(files.keys() | present.keys()):
            path = f"{folder}/{name}"
            expected = files.get(name)
            content = present[name].read_bytes() if name in present and present[name].is_file() else None
            found = content.decode("utf-8", "replace") if content is not None else None
            if expected is None:
                differences.append(Difference("extra", path, None, found))
            elif content is None:
                differences.append(Difference("missing", path, expected, None))
            elif content != expected.encode():
                kind: Kind = "cut" if expected.encode().startswith(content) else "stale"
                differences.append(Difference(kind, path, expected, found))
    return differences


def report(differences: Sequence[Difference], *, shown: int = 30) -> str:
    """List the differences, then show the first one that has text on both sides, else the first."""
    lines = [str(difference) for difference in differences[:shown]]
    if len(differences) > shown:
        lines.append(f"... and {len(differences) - shown} more")
    changed = next((one for one in differences if one.kind in ("stale", "cut")), differences[0])
    return "\n".join([*lines, "", changed.diff()])
