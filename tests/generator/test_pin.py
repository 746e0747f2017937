"""Pinning: facts only, in canonical order, the same bytes every time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.dump import dump
from generator.errors import GeneratorError
from generator.facts import facts, phrase
from generator.pin import check_lock, pin, pinned_text
from generator.read import Document, read

from .conftest import HEAD, ROOT, Write

PROSE = {"description", "summary", "title", "example", "examples", "externalDocs", "x-oaiMeta"}

ZOO = """\
openapi: 3.1.0
info: {version: '1', title: Zoo, description: Prose.}
x-oaiMeta: {a: 1}
tags: [{name: Cats, description: Prose.}, {name: Ants}]
paths:
  /dogs:
    post:
      responses: {default: {$ref: '#/components/responses/Bad'}, 200: {description: Prose.}, x-note: {description: kept}}
      summary: Prose.
      x-zoo-b: 1
      x-zoo-a: {description: kept}
      operationId: addDog
    parameters: [{in: query, name: z, example: Prose., schema: {type: string}}, {name: a, in: query}]
  /cats:
    get: {responses: {2xx: {description: Prose., content: {b/b: {example: 1}, a/a: {}}}}}
components:
  schemas:
    Dog:
      type: object
      title: Prose.
      description: Prose.
      properties:
        title: {type: string, title: Prose.}
        summary: {type: string, example: Prose.}
        description: {$ref: '#/components/schemas/Cat', description: Prose.}
        examples: {type: array, items: {type: string, examples: [Prose.]}}
      required: [title, examples, description]
      default: {description: kept, example: kept}
    Cat: {enum: [z, a], const: kept, deprecated: true, format: x, externalDocs: {url: 'http://prose'}}
  responses:
    Bad: {description: Prose.}
  examples: {A: {value: Prose.}}
"""
FACTS: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Zoo", "version": "1"},
    "tags": [{"name": "Cats"}, {"name": "Ants"}],
    "paths": {
        "/cats": {
            "get": {"responses": {"2xx": {"description": "Successful", "content": {"b/b": {}, "a/a": {}}}}},
        },
        "/dogs": {
            "parameters": [{"name": "z", "in": "query", "schema": {"type": "string"}}, {"name": "a", "in": "query"}],
            "post": {
                "operationId": "addDog",
                "responses": {
                    "200": {"description": "OK"},
                    "default": {"$ref": "#/components/responses/Bad"},
                    "x-note": {"description": "kept"},
                },
                "x-zoo-a": {"description": "kept"},
                "x-zoo-b": 1,
            },
        },
    },
    "components": {
        "schemas": {
            "Cat": {"deprecated": True, "format": "x", "enum": ["z", "a"], "const": "kept"},
            "Dog": {
                "type": "object",
                "default": {"description": "kept", "example": "kept"},
                "properties": {
                    "title": {"type": "string"},
                    "summary": {"type": "string"},
                    "description": {"$ref": "#/components/schemas/Cat"},
                    "examples": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["title", "examples", "description"],
            },
        },
        "responses": {"Bad": {"description": "Bad"}},
    },
}


def zoo(write: Write) -> dict[str, Any]:
    """Read the small document as plain data."""
    data: dict[str, Any] = read(write(ZOO)).data
    return data


def test_facts_are_kept_and_prose_is_left_out(write: Write) -> None:
    """Prose goes, facts stay, in canonical order; what only looks like prose stays."""
    # As JSON, so that the order of keys is compared too.
    assert json.dumps(facts(zoo(write)), indent=1) == json.dumps(FACTS, indent=1)


def test_prose_can_be_kept(write: Write) -> None:
    """With keep_prose nothing is lost, only put in order."""
    data = zoo(write)
    kept = facts(data, keep_prose=True)
    assert kept == data
    assert list(kept["components"]["schemas"]) == ["Cat", "Dog"]


def test_the_source_is_not_changed(write: Write) -> None:
    """Taking the facts of a document leaves it as it is."""
    data = zoo(write)
    facts(data)
    assert data == zoo(write)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("200", "OK"), ("422", "Unprocessable Content"), ("4XX", "Client Error"), ("5xx", "Server Error")]
    + [("default", "Any Other Status"), ("299", "Status 299"), ("TooBig", "TooBig")],
)
def test_responses_are_described_by_their_status(code: str, expected: str) -> None:
    """A response's description is derived from its status code or name."""
    assert phrase(code) == expected


def test_the_order_of_paths_and_schemas_does_not_matter(write: Write) -> None:
    """A document whose maps are in another order gives the same bytes."""
    data = zoo(write)
    other = dict(reversed(data.items()))
    other["paths"] = {path: dict(reversed(item.items())) for path, item in reversed(data["paths"].items())}
    other["components"] = {part: dict(reversed(named.items())) for part, named in reversed(data["components"].items())}
    assert pinned_text(other) == pinned_text(data)


def test_the_order_of_properties_matters(write: Write) -> None:
    """Properties, enum values and content types stay in the order in which they were written."""
    schemas = facts(zoo(write))["components"]["schemas"]
    assert list(schemas["Dog"]["properties"]) == ["title", "summary", "description", "examples"]
    assert schemas["Cat"]["enum"] == ["z", "a"]


@pytest.mark.parametrize("keep_prose", [False, True])
def test_pinning_the_pinned_document_changes_nothing(write: Write, tmp_path: Path, keep_prose: bool) -> None:
    """The pinned document pinned again is the same bytes."""
    first, second = tmp_path / "one" / "openapi.yaml", tmp_path / "two" / "openapi.yaml"
    pin(write(ZOO), first, keep_prose=keep_prose)
    pin(first, second, keep_prose=keep_prose)
    assert second.read_bytes() == first.read_bytes()


def test_the_pinned_document_starts_with_a_notice(write: Write) -> None:
    """The first lines say what the file is, and where its licence stands."""
    assert pinned_text(zoo(write)).splitlines()[:4] == [
        "# Written by `python -m generator pin`; do not edit: corrections belong into overlay.yaml.",
        "# The facts, without prose, of Zoo, version 1, in canonical order.",
        "# Where it comes from: lock.json. Its licence: see NOTICE.",
        "openapi: 3.1.0",
    ]


WORDS = ["yes", "No", "on", "OFF", "y", "N", "true", "null", "~", "", "012", "0o17", "0x1F", "1e3", "1E-3", "1.", ".5"]
WORDS += ["+1", "1_000", "12:30", "2024-10-01", "-", "- a", "a: b", "a #b", "#a", "*a", "&a", "!a", "<<", "=", "%a"]
WORDS += ["@a", "`a", " a", "a ", "a\nb", "a\n", "\ta", "é", "\u2028", "\x85", "\x7f", "𝄞", "a" * 300, "word " * 60]


@pytest.mark.parametrize("word", WORDS)
def test_strings_stay_strings_in_yaml_1_1_and_1_2(write: Write, word: str) -> None:
    """Whatever a string looks like, readers of both versions of YAML read it back."""
    text = dump({"key": word, word: [word]})
    assert yaml.safe_load(text) == {"key": word, word: [word]}
    assert read(write(text)).data == {"key": word, word: [word]}


@pytest.mark.parametrize(("word", "text"), [("1e3", "'1e3'"), ("y", "'y'"), ("0o17", "'0o17'"), ("plain", "plain")])
def test_strings_are_quoted_where_they_need_it(word: str, text: str) -> None:
    """Only a string that some reader would take for something else is quoted."""
    assert dump({"key": word}) == f"key: {text}\n"


@pytest.mark.parametrize("number", [0, -1, 10**30, 0.5, 1e30, 1e-7, -0.0])
def test_numbers_stay_numbers(write: Write, number: float) -> None:
    """Numbers keep their value and type."""
    found = read(write(dump({"key": number}))).data["key"]
    assert (type(found), found) == (type(number), number)


def test_shared_objects_are_written_out() -> None:
    """No anchors and aliases: a shared object is written in full each time."""
    shared = {"a": 1}
    assert dump({"x": shared, "z": shared}) == "x:\n  a: 1\nz:\n  a: 1\n"


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
        "source": "zoo.yaml",
        "source_sha256": hashlib.sha256(ZOO.encode()).hexdigest(),
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


def prose_left(value: Any, place: str = "") -> list[str]:
    """Find strings under the names of prose, by key alone: schemas called so are objects."""
    if isinstance(value, list):
        return [found for index, item in enumerate(value) for found in prose_left(item, f"{place}/{index}")]
    if not isinstance(value, dict):
        return []
    found = [f"{place}/{key}" for key in value if key in PROSE and isinstance(value[key], str)]
    return found + [below for key in value for below in prose_left(value[key], f"{place}/{key}")]


def test_the_pinned_document_has_no_prose(pinned: Document) -> None:
    """The only strings under the names of prose are the API's title and the phrases of responses."""
    allowed = {"/info/title"}
    for path, methods in pinned.data["paths"].items():
        for method, operation in methods.items():
            for code, response in operation["responses"].items():
                if "$ref" not in response:
                    assert response["description"] == phrase(code)
                    allowed.add(f"/paths/{path}/{method}/responses/{code}/description")
    for name, hook in pinned.data["webhooks"].items():
        allowed |= {f"/webhooks/{name}/post/responses/{code}/description" for code in hook["post"]["responses"]}
    allowed |= {f"/components/responses/{name}/description" for name in pinned.data["components"]["responses"]}
    assert set(prose_left(pinned.data)) == allowed


def test_the_pinned_document_matches_its_lock() -> None:
    """The repository's pinned document is the one that its lock describes."""
    check_lock(ROOT / "spec" / "openapi.yaml")


def test_the_pinned_document_is_in_canonical_order(pinned: Document) -> None:
    """The repository's pinned document pins to its own bytes."""
    assert pinned_text(pinned.data) == pinned.path.read_text(encoding="utf-8")


def without_prose(value: Any, named: bool) -> Any:
    """Take the prose out by a rule of its own: a key is a name in the maps listed here, else a keyword."""
    maps = {"properties", "paths", "webhooks", "schemas", "responses", "headers", "content", "mapping", "encoding"}
    if isinstance(value, list):
        return [without_prose(item, False) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: inside if key in ("enum", "default") and not named else without_prose(inside, key in maps and not named)
        for key, inside in value.items()
        if named or key not in PROSE
    }


def test_the_pinned_document_has_all_facts_of_the_source(pinned: Document, upstream: Document) -> None:
    """Apart from prose, the pinned document says what the source says."""
    source, ours = (without_prose(document.data, False) for document in (upstream, pinned))
    assert ours == source
    assert ours["components"]["schemas"].keys() == upstream.data["components"]["schemas"].keys()


def test_pinning_the_source_gives_the_pinned_document(pinned: Document, upstream: Document) -> None:
    """The repository's pinned document is what a pin of the source writes today."""
    assert pinned_text(upstream.data) == pinned.path.read_text(encoding="utf-8")


def test_the_properties_called_like_prose_are_there(pinned: Document, upstream: Document) -> None:
    """Properties that are called title, description, summary or example are in the pinned document."""

    def count(value: Any) -> int:
        if isinstance(value, list):
            return sum(map(count, value))
        if not isinstance(value, dict):
            return 0
        named = value.get("properties")
        here = sum(name in PROSE for name in named) if isinstance(named, dict) else 0
        return here + sum(count(inside) for key, inside in value.items() if key not in ("example", "x-oaiMeta"))

    assert count(pinned.data) == count(upstream.data) > 40


def test_the_pinned_document_loads(pinned: Document) -> None:
    """The repository's pinned document is a valid OpenAPI document with all its operations."""
    assert json.loads((ROOT / "spec" / "lock.json").read_text())["counts"] == {
        "paths": 182,
        "operations": 288,
        "schemas": 1422,
        "webhooks": 16,
    }
    assert len(pinned.data["paths"]) == 182
