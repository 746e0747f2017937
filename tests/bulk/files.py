"""Write sources, and read targets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .conftest import ask


def write(path: Path, rows: Iterable[Any]) -> Path:
    """Write JSON Lines, and return the path."""
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def batch_line(number: int, text: str | None = None, **body: Any) -> dict[str, Any]:
    """Return a line of the Batch API's form."""
    return {
        "custom_id": f"r{number}",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {**ask(text or f"number {number}"), **body},
    }


def read(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a target."""
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def ids(path: Path) -> list[str]:
    """Return the identities in a target, sorted."""
    return sorted(line["custom_id"] for line in read(path)) if path.exists() else []
