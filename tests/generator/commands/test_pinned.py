"""The pinned document of this repository: all facts of its source, and no prose."""

from __future__ import annotations

import json
from typing import Any

from generator.commands.pin import check_lock, pinned_text
from generator.document.facts import phrase
from generator.document.read import Document

from ..conftest import ROOT

PROSE = {"description", "summary", "title", "example", "examples", "externalDocs", "x-oaiMeta"}


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
