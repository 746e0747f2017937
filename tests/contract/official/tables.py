"""The two tables: the names of the operations in both packages, and the differences that have a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from .wire import Difference

_HERE = Path(__file__).resolve().parent


def names() -> dict[str, str]:
    """Return the method of the official package for each operation."""
    lines = (_HERE / "names.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if not line.startswith("#"))
    return {operation: method for operation, method in pairs}  # noqa: C416 - pairs are lists


def entries() -> list[dict[str, Any]]:
    """Return the listed differences as they stand in the file."""
    found: list[dict[str, Any]] = yaml.safe_load((_HERE / "differences.yaml").read_text(encoding="utf-8"))
    return found


def listed() -> dict[str, set[Difference]]:
    """Return the listed differences of each operation."""
    found: dict[str, set[Difference]] = {}
    for entry in entries():
        difference = Difference(entry["what"], entry["ours"], entry["official"])
        for operation in entry["operations"]:
            found.setdefault(operation, set()).add(difference)
    return found
