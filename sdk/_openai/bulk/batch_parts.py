"""Split the lines of a source into parts that the Batch API takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import orjson

from .batch_state import Part
from .errors import SourceError, TargetError

#: The limits of one batch: lines, and bytes of its file.
MOST_LINES, MOST_BYTES = 50_000, 200_000_000


def write_parts(
    requests: Iterator[tuple[int, str, dict[str, Any]]], url: str, target: Path, lines: int, size: int
) -> list[Part]:
    """Write the requests into files beside the target, and return the parts.

    Raises: SourceError for a line that is larger than a batch, TargetError if a file cannot be written.
    """
    parts: list[Part] = []
    file: IO[bytes] | None = None
    written = 0
    try:
        for index, name, body in requests:
            line = _line(name, url, body)
            if len(line) > size:
                raise SourceError(f"line {index + 1} has {len(line):,} bytes, more than a batch may have")
            if file is None or parts[-1].lines >= lines or written + len(line) > size:
                if file is not None:
                    _close(file)
                path = target.with_name(f"{target.name}.batch-{len(parts) + 1}.jsonl")
                parts.append(Part(path=str(path), lines=0))
                file, written = path.open("wb"), 0
            file.write(line)
            written += len(line)
            parts[-1].lines += 1
        if file is not None:
            _close(file)
    except OSError as error:
        raise TargetError(f"the parts beside {target} cannot be written: {error.strerror}") from error
    finally:
        if file is not None:
            file.close()
    return parts


def _line(name: str, url: str, body: dict[str, Any]) -> bytes:
    line = {"custom_id": name, "method": "POST", "url": url, "body": body}
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _close(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
    file.close()
