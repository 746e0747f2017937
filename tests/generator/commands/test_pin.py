"""Pinning: facts only, in canonical order, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.commands.pin import check_lock, pin, pinned_text
from generator.document.read import read
from generator.errors import GeneratorError

from ..conftest import HEAD, ROOT, ZOO, Write


@pytest.mark.parametrize("keep_prose", [False, True])
def test_pinning_the_pinned_document_changes_nothing(write: Write, tmp_path: Path, keep_prose: bool) -> None:
    """The pinned document pinned again is the same bytes."""
    first, second = tmp_path / "one" / "openapi.yaml", tmp_path / "two" / "openapi.yaml"
    pin(write(ZOO), first, keep_prose=keep_prose)
    pin(first, second, keep_prose=keep_prose)
    assert second.read_bytes() == first.read_bytes()


def test_the_pinned_document_starts_with_a_notice(write: Write) -> None:
    """The first lines say what the file is, and where its licence stands."""
    assert pinned_text(read(write(ZOO)).data).splitlines()[:4] == [
        "# Written by `python -m generator pin`; do not edit: corrections belong into overlay.yaml.",
        "# The facts, without prose, of Zoo, version 1, in canonical order.",
        "# Where it comes from: lock.json. Its licence: see NOTICE.",
        "openapi: 3.1.0",
    ]


def test_the_lock_says_where_the_document_came_from(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lock has the document's name, versions, digests, counts and date, and no path of the machine."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    source, out = write(ZOO), tmp_path / "spec" / "openapi.yaml"
    pin(source, out)
    lock = json.loads((tmp_path / "spec" / "lock.json").read_text())
    notes = lock.pop("notes")
    assert lock == {
        "document": "Zoo",
        "openapi": "3.1.0",
        "version": "1",
        "sources": [
            {
                "source": "zoo.yaml",
                "document": "Zoo",
                "version": "1",
                "sha256": hashlib.sha256(ZOO.encode()).hexdigest(),
                "counts": {"paths": 2, "operations": 2, "schemas": 2, "webhooks": 0},
            }
        ],
        "pinned_sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "kept_prose": False,
        "counts": {"paths": 2, "operations": 2, "schemas": 2, "webhooks": 0},
        "pinned_on": "1970-01-02",
    }
    assert len(notes) == 3


def test_pinning_again_keeps_the_date(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The date stays as long as the document does, and moves on with it."""
    out, lock = tmp_path / "openapi.yaml", tmp_path / "lock.json"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    pin(write(ZOO), out)
    first = lock.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert not pin(write(ZOO), out).changed
    assert lock.read_bytes() == first
    assert pin(write(ZOO.replace("addDog", "putDog")), out).record["pinned_on"] == "1970-01-02"


def test_a_wrong_date_is_refused(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH must be whole seconds; before anything is written."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "today")
    with pytest.raises(GeneratorError, match="SOURCE_DATE_EPOCH is 'today'"):
        pin(write(ZOO), tmp_path / "openapi.yaml")
    assert not (tmp_path / "openapi.yaml").exists()


def test_a_broken_document_leaves_the_pinned_one(write: Write, tmp_path: Path) -> None:
    """A document that is refused changes nothing."""
    out = tmp_path / "openapi.yaml"
    pin(write(ZOO), out)
    before = out.read_bytes()
    with pytest.raises(GeneratorError):
        pin(write(HEAD), out)
    assert out.read_bytes() == before


def test_a_changed_document_does_not_match_its_lock(write: Write, tmp_path: Path) -> None:
    """The lock notices a pinned document that was edited."""
    out = tmp_path / "openapi.yaml"
    pin(write(ZOO), out)
    check_lock(out)
    out.write_text(out.read_text().replace("addDog", "putDog"))
    with pytest.raises(GeneratorError, match="changed since it was pinned"):
        check_lock(out)


def test_hash_seeds_do_not_matter(write: Write, tmp_path: Path) -> None:
    """Two processes with different hash seeds write the same bytes."""
    source = write(ZOO)
    written = []
    for seed in ("1", "2"):
        out = tmp_path / seed / "openapi.yaml"
        command = [sys.executable, "-m", "generator", "pin", str(source), "--out", str(out)]
        environment = os.environ | {"PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "0"}
        subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
        written.append((out.read_bytes(), (tmp_path / seed / "lock.json").read_bytes()))
    assert written[0] == written[1]
