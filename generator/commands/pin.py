"""Pin an OpenAPI document: its facts as spec/openapi.yaml, and where they came from as spec/lock.json."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.document.dump import dump
from generator.document.facts import facts
from generator.document.load import load
from generator.document.read import read
from generator.document.shape import counts
from generator.errors import GeneratorError
from generator.publish.folders import write_atomically

_HEADER = """\
# Written by `python -m generator pin`; do not edit: corrections belong into overlay.yaml.
# {what} of {title}, version {version}, in canonical order.
# Where it comes from: lock.json. Its licence: see NOTICE.
"""
_LEFT_OUT = (
    "left out: description, summary, externalDocs, example, examples, x-oaiMeta, and the title of schemas",
    "a response's description is the phrase of its status code, because OpenAPI requires one",
)
_IN_ORDER = "paths, webhooks, components, responses and headers are sorted by key"


@dataclass(frozen=True)
class Pinned:
    """What a pin wrote: the two files, the lock's content, and whether the document's bytes changed."""

    spec: Path
    lock: Path
    record: Mapping[str, Any]
    changed: bool


def pin(source: Path, out: Path, *, keep_prose: bool = False) -> Pinned:
    """Write the facts of the document `source` to `out`, and lock.json beside it.

    The same document gives the same bytes, whatever the order of its paths and schemas. The date in the lock is the
    day on which its content last changed: today in UTC, or SOURCE_DATE_EPOCH if set.

    Raises: GeneratorError if the document cannot be loaded or a file cannot be written.
    """
    document = load(source)
    text = pinned_text(document.data, keep_prose=keep_prose)
    content = text.encode()
    record: dict[str, Any] = {
        "document": document.data["info"]["title"],
        "openapi": document.data["openapi"],
        "version": document.data["info"]["version"],
        # The base name alone: a path describes a machine, not a document.
        "source": source.name,
        "source_sha256": document.sha256,
        "pinned_sha256": hashlib.sha256(content).hexdigest(),
        "kept_prose": keep_prose,
        "counts": counts(document.data),
        "notes": [_IN_ORDER] if keep_prose else [_IN_ORDER, *_LEFT_OUT],
    }
    lock = lock_path(out)
    record["pinned_on"] = _date(lock, record)
    changed = write_atomically(out, content)
    write_atomically(lock, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
    return Pinned(out, lock, record, changed)


def pinned_text(data: dict[str, Any], *, keep_prose: bool = False) -> str:
    """Write the pinned form of a document: a comment of three lines, then its facts as YAML."""
    info = data["info"]
    what = "The whole" if keep_prose else "The facts, without prose,"
    header = _HEADER.format(what=what, title=_one_line(info["title"]), version=_one_line(info["version"]))
    return header + dump(facts(data, keep_prose=keep_prose))


def lock_path(spec: Path) -> Path:
    """Return the path of the lock of a pinned document, which is beside it."""
    return spec.with_name("lock.json")


def check_lock(spec: Path) -> None:
    """Check that a pinned document is the one that its lock describes.

    Raises: GeneratorError if the lock is missing or broken, or if the document was changed since it was pinned.
    """
    lock = read(lock_path(spec))
    expected = lock.data.get("pinned_sha256") if isinstance(lock.data, dict) else None
    hint = "pin the document again: python -m generator pin PATH"
    if not isinstance(expected, str):
        raise lock.error("the lock has no pinned_sha256", "", hint)
    try:
        found = hashlib.sha256(spec.read_bytes()).hexdigest()
    except OSError as error:
        raise GeneratorError(f"cannot be read: {error.strerror}", file=spec, hint=hint) from error
    if found != expected:
        raise GeneratorError(
            f"changed since it was pinned: its sha256 is {found}, {lock.path.name} says {expected}",
            file=spec,
            hint=f"{hint}; corrections belong into overlay.yaml",
        )


def _date(lock: Path, record: Mapping[str, Any]) -> str:
    """Return the date of this content: the old lock's if nothing else in it changed."""
    try:
        old = json.loads(lock.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        old = None
    if isinstance(old, dict) and isinstance(old.get("pinned_on"), str):
        date: str = old.pop("pinned_on")
        if old == record:
            return date
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch and not epoch.isdecimal():
        raise GeneratorError(
            f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds", hint="unset it, or set it to whole seconds"
        )
    moment = datetime.datetime.fromtimestamp(int(epoch) if epoch else time.time(), datetime.UTC)
    return moment.date().isoformat()


def _one_line(text: str) -> str:
    return " ".join(text.split())
