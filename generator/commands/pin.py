"""Pin OpenAPI documents: their facts as one spec/openapi.yaml, and where they came from as spec/lock.json."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.document.dump import dump
from generator.document.facts import facts
from generator.document.load import check, load
from generator.document.location import Location
from generator.document.merge import Source, additions_of, merge, still_missing
from generator.document.overlay import preferences
from generator.document.read import Document, read
from generator.document.shape import counts
from generator.errors import GeneratorError, raise_all
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


@dataclass(frozen=True)
class Addition:
    """A document that adds to the base: its content, and its record in the lock."""

    data: Mapping[str, Any]
    record: Mapping[str, Any]

    @classmethod
    def of(cls, document: Document) -> Addition:
        """Return the addition of a document that has been loaded."""
        return cls(document.data, _record(document))


def pin(
    base: Location,
    out: Path,
    additions: Sequence[Addition] = (),
    overlay: Path | None = None,
    *,
    keep_prose: bool = False,
) -> Pinned:
    """Write the facts of the document `base` and of all additions to `out`, and lock.json beside it.

    The same documents give the same bytes, whatever the order of their paths and schemas. The date in the lock is the
    day on which its content last changed: today in UTC, or SOURCE_DATE_EPOCH if set. `overlay` settles what the
    documents have in different words.

    Raises: GeneratorError if a document cannot be loaded, two differ and nothing settles it, or a file cannot be
    written.
    """
    document = load(base)
    data = _merged(document, additions, overlay)
    text = pinned_text(data, keep_prose=keep_prose)
    content = text.encode()
    sources = [_record(document), *(one.record for one in additions)]
    record: dict[str, Any] = {
        "document": data["info"]["title"],
        "openapi": data["openapi"],
        "version": data["info"]["version"],
        "sources": [
            {**source, "counts": counts(additions_of(data, source["source"]) if index else document.data)}
            for index, source in enumerate(sources)
        ],
        "pinned_sha256": hashlib.sha256(content).hexdigest(),
        "kept_prose": keep_prose,
        "counts": counts(data),
        "notes": [_IN_ORDER] if keep_prose else [_IN_ORDER, *_LEFT_OUT],
    }
    lock = lock_path(out)
    record["pinned_on"] = _date(lock, record)
    changed = write_atomically(out, content)
    write_atomically(lock, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
    return Pinned(out, lock, record, changed)


def _record(document: Document) -> dict[str, Any]:
    info = document.data["info"]
    # The base name alone: a path describes a machine, not a document.
    return {
        "source": document.path.name,
        "document": info["title"],
        "version": info["version"],
        "sha256": document.sha256,
    }


def _merged(base: Document, additions: Sequence[Addition], overlay: Path | None) -> dict[str, Any]:
    """Return the document of all sources. Raises: GeneratorError for parts that differ and that nothing settles."""
    if not additions:
        return dict(base.data)
    first = Source(base.path.name, base.data)
    others = [Source(one.record["source"], one.data) for one in additions]
    names = [first.name, *(source.name for source in others)]
    if len(set(names)) < len(names):
        raise GeneratorError(f"two sources have one name: {', '.join(names)}", hint="rename one of the files")
    data, conflicts = merge(first, others, {})
    prefer = preferences(data, [one.pointer for one in conflicts], overlay) if overlay is not None else {}
    raise_all(
        [
            GeneratorError(
                f"{one.first} and {one.last} have this in different words", file=one.last, pointer=one.pointer,
                hint=f"say in the overlay which one is right: {{target: {_target(one.place)}, x-reason: ..., "
                f"x-sdk-prefer: first}}, or last for {one.last}",
            )
            for one in conflicts
            if one.pointer not in prefer
        ]
    )  # fmt: skip
    data, _ = merge(first, others, prefer)
    check(data, base)
    return data


def _target(place: Sequence[str]) -> str:
    """Return the JSONPath of a place. Source: RFC 9535, section 2.3.1."""
    escaped = (token.replace("\\", "\\\\").replace("'", "\\'") for token in place)
    return "$" + "".join(f"['{token}']" for token in escaped)


def kept_additions(spec: Path, base: Location) -> tuple[list[Addition], dict[str, list[str]]]:
    """Return what the additions of a pinned document add to a new base, and what the base now has of each.

    The latter are titles of operations, such as `POST /agents`, by the name of the source. An addition of which the
    base has all operations is not kept.
    """
    lock = read(lock_path(spec)).data
    sources = lock.get("sources", ()) if isinstance(lock, dict) else ()
    if len(sources) < 2:
        return [], {}
    pinned, new = load(spec).data, load(base).data
    kept: list[Addition] = []
    absorbed: dict[str, list[str]] = {}
    for record in sources[1:]:
        data, had = still_missing(additions_of(pinned, record["source"]), new)
        if data["paths"]:
            kept.append(Addition(data, {key: value for key, value in record.items() if key != "counts"}))
        if had:
            absorbed[record["source"]] = had
    return kept, absorbed


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
