"""Pinning: facts only, in canonical order, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.commands import main
from generator.commands.pin import Addition, check_lock, pin, pinned_text
from generator.document.load import load
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


MORE = (
    HEAD.replace("Zoo", "More of the zoo").replace("'1'", "'7'")
    + """\
paths:
  /dogs:
    get: {responses: {'200': {description: Prose., content: {a/a: {schema: {$ref: '#/components/schemas/Cub'}}}}}}
components: {schemas: {Cub: {type: object, title: Prose.}, Cat: {type: object}}}
"""
)
OVERLAY = "overlay: 1.0.0\ninfo: {title: Ours, version: '1'}\nactions:\n"
PREFER = "- {{target: $.components.schemas.{}, x-reason: because, x-sdk-prefer: {}}}\n"


def test_several_sources_make_one_document(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`pin BASE --add MORE` writes one document without prose, and a lock that names each source."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    base, more, out = write(ZOO), write(MORE, "more.yaml"), tmp_path / "spec" / "openapi.yaml"
    write(OVERLAY + PREFER.format("Cat", "first"), "spec/overlay.yaml")
    assert main(["pin", str(base), "--add", str(more), "--out", str(out)]) == 0
    assert "(2 paths, 3 operations, 3 schemas, 0 webhooks)" in capsys.readouterr().out
    data = read(out).data
    assert data["paths"]["/dogs"]["get"]["x-source"] == "more.yaml"
    assert data["components"]["schemas"]["Cub"] == {"type": "object", "x-source": "more.yaml"}
    assert "x-source" not in data["components"]["schemas"]["Cat"]
    lock = json.loads(out.with_name("lock.json").read_text())
    assert lock["counts"] == {"paths": 2, "operations": 3, "schemas": 3, "webhooks": 0}
    assert lock["sources"][1] == {
        "source": "more.yaml",
        "document": "More of the zoo",
        "version": "7",
        "sha256": hashlib.sha256(MORE.encode()).hexdigest(),
        "counts": {"paths": 1, "operations": 1, "schemas": 1, "webhooks": 0},
    }
    before = out.read_bytes(), out.with_name("lock.json").read_bytes()
    assert main(["pin", str(base), "--add", str(more), "--out", str(out)]) == 0
    assert (out.read_bytes(), out.with_name("lock.json").read_bytes()) == before


def test_a_difference_of_sources_is_an_error(write: Write, tmp_path: Path) -> None:
    """A schema in two versions is refused, with both names and what to write into the overlay; nothing is written."""
    with pytest.raises(GeneratorError) as caught:
        pin(write(ZOO), tmp_path / "openapi.yaml", [Addition.of(load(write(MORE, "more.yaml")))])
    assert str(caught.value) == (
        "more.yaml: at /components/schemas/Cat: zoo.yaml and more.yaml have this in different words\n"
        "  to fix: say in the overlay which one is right: {target: $['components']['schemas']['Cat'], x-reason: ..., "
        "x-sdk-prefer: first}, or last for more.yaml"
    )
    assert not (tmp_path / "openapi.yaml").exists()


def test_the_overlay_says_which_source_is_right(write: Write, tmp_path: Path) -> None:
    """With `last` the addition's version is pinned; the base's is gone."""
    overlay, out = write(OVERLAY + PREFER.format("Cat", "last"), "overlay.yaml"), tmp_path / "openapi.yaml"
    pin(write(ZOO), out, [Addition.of(load(write(MORE, "more.yaml")))], overlay)
    assert read(out).data["components"]["schemas"]["Cat"] == {"type": "object", "x-source": "more.yaml"}


def test_a_preference_without_a_difference_is_refused(write: Write, tmp_path: Path) -> None:
    """An action that settles nothing is an error with its place, so that none outlives its reason."""
    overlay = write(OVERLAY + PREFER.format("Cat", "first") + PREFER.format("Dog", "last"), "overlay.yaml")
    with pytest.raises(GeneratorError, match="action 2 settles nothing: the sources agree") as caught:
        pin(write(ZOO), tmp_path / "openapi.yaml", [Addition.of(load(write(MORE, "more.yaml")))], overlay)
    assert (caught.value.file, caught.value.line) == (overlay, 5)


def test_two_sources_need_two_names(write: Write, tmp_path: Path) -> None:
    """The name of a file tells the sources apart."""
    base = write(ZOO)
    with pytest.raises(GeneratorError, match=r"two sources have one name: zoo\.yaml, zoo\.yaml"):
        pin(base, tmp_path / "openapi.yaml", [Addition.of(load(base))])
