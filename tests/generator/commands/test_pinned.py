"""The pinned document of this repository: all facts of its source, and no prose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from generator.commands.pin import Addition, check_lock, pin, pinned_text
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
    assert pinned_text(pinned.data) == pinned.content.decode()


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


def unmarked(data: Any, source: str) -> Any:
    """Return the operations and schemas of one source by the marks of the pinned document: "" is the base."""
    paths = {path: {key: one for key, one in item.items() if one.get("x-source", "") == source}
             for path, item in data["paths"].items()}  # fmt: skip
    schemas = {key: one for key, one in data["components"]["schemas"].items() if one.get("x-source", "") == source}
    found = {"paths": {path: item for path, item in paths.items() if item}, "schemas": schemas}
    return json.loads(json.dumps(found).replace(f', "x-source": "{source}"', ""))


def test_the_pinned_document_has_all_facts_of_the_sources(pinned: Document, sources: tuple[Document, ...]) -> None:
    """Apart from prose, the pinned document says what the sources say, and of each part where it comes from."""
    ours = without_prose(pinned.data, False)
    base, addition = (without_prose(document.data, False) for document in sources)
    from_base, added = unmarked(ours, ""), unmarked(ours, sources[1].path.name)
    assert from_base == {"paths": base["paths"], "schemas": base["components"]["schemas"]}
    assert added["paths"] == addition["paths"]
    both = {"EvalApiError", "FunctionParameters", "ImageDetail", "ReasoningEffort"}
    assert added["schemas"] == {k: v for k, v in addition["components"]["schemas"].items() if k not in both}
    assert {key: ours[key] for key in ("info", "servers", "security", "webhooks")} == {
        key: base[key] for key in ("info", "servers", "security", "webhooks")
    }


def test_pinning_the_sources_gives_the_pinned_document(
    pinned: Document, sources: tuple[Document, ...], tmp_path: Path
) -> None:
    """The repository's pinned document, and its lock but for the date, are what a pin of the sources writes today."""
    overlay = ROOT / "spec" / "overlay.yaml"
    found = pin(sources[0].path, tmp_path / "openapi.yaml", [Addition.of(sources[1])], overlay)
    assert found.spec.read_bytes() == pinned.path.read_bytes()
    lock = json.loads((ROOT / "spec" / "lock.json").read_text(encoding="utf-8"))
    assert {**found.record, "pinned_on": lock["pinned_on"]} == lock


def test_the_properties_called_like_prose_are_there(pinned: Document, sources: tuple[Document, ...]) -> None:
    """Properties that are called title, description, summary or example are in the pinned document."""

    def count(value: Any) -> int:
        if isinstance(value, list):
            return sum(map(count, value))
        if not isinstance(value, dict):
            return 0
        named = value.get("properties")
        here = sum(name in PROSE for name in named) if isinstance(named, dict) else 0
        return here + sum(count(inside) for key, inside in value.items() if key not in ("example", "x-oaiMeta"))

    assert count(pinned.data) == sum(count(document.data) for document in sources) > 40


def test_the_pinned_document_loads(pinned: Document) -> None:
    """The repository's pinned document is a valid OpenAPI document with all its operations."""
    lock = json.loads((ROOT / "spec" / "lock.json").read_text())
    assert [source["counts"] for source in lock["sources"]] == [
        {"paths": 182, "operations": 288, "schemas": 1422, "webhooks": 16},
        {"paths": 64, "operations": 101, "schemas": 802, "webhooks": 0},
    ]
    assert lock["counts"] == {"paths": 245, "operations": 389, "schemas": 2224, "webhooks": 16}
    assert len(pinned.data["paths"]) == 245
