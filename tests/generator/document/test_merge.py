"""Several documents become one: what each adds, what both have, and what differs."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from generator.document.merge import Conflict, Source, additions_of, merge, still_missing
from generator.errors import GeneratorError

BASE = """
openapi: 3.1.0
info: {title: Zoo, version: '1'}
servers: [{url: 'https://zoo.example'}]
tags: [{name: Cats}]
paths:
  /cats: {get: {tags: [Cats], responses: {}}}
  /cats/{id}: {parameters: [{in: path, name: id, required: true}], get: {responses: {}}}
components: {schemas: {Cat: {type: object, description: Prose.}, Name: {type: string, minLength: 1}}}
"""
MORE = """
openapi: 3.1.1
info: {title: More of the zoo, version: '7'}
tags: [{name: Cats}, {name: Dogs}, {name: Unused}]
paths:
  /cats/{cat}: {delete: {tags: [Cats], responses: {}}}
  /dogs:
    parameters: [{in: query, name: q}]
    get: {tags: [Dogs], responses: {'200': {$ref: '#/components/schemas/Dog'}}}
components: {schemas: {Cat: {type: object}, Name: {type: string}, Dog: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}}}}}
"""  # noqa: E501


def source(name: str, text: str, **changes: Any) -> Source:
    return Source(name, {**yaml.safe_load(text), **changes})


def merged(**prefer: str) -> tuple[dict[str, Any], list[Conflict]]:
    given = {f"/components/schemas/{name}": side for name, side in prefer.items()}
    return merge(source("zoo.yaml", BASE), [source("more.yaml", MORE)], given)


def test_what_one_document_has_is_taken_over_with_a_mark() -> None:
    """Paths merge by method; what the addition brings says so, what the base has stays as it is."""
    data, _ = merged()
    assert data["info"] == {"title": "Zoo", "version": "1"}
    assert data["paths"]["/cats"] == {"get": {"tags": ["Cats"], "responses": {}}}
    assert data["paths"]["/cats/{id}"]["delete"] == {"tags": ["Cats"], "responses": {}, "x-source": "more.yaml"}
    assert "/cats/{cat}" not in data["paths"]
    assert data["paths"]["/dogs"]["get"]["x-source"] == "more.yaml"
    assert data["components"]["schemas"]["Dog"]["x-source"] == "more.yaml"
    assert [tag["name"] for tag in data["tags"]] == ["Cats", "Dogs", "Unused"]


def test_prose_is_no_difference() -> None:
    """Two schemas that differ in a description alone are one; the base's stays, and is no conflict."""
    data, conflicts = merged()
    assert data["components"]["schemas"]["Cat"] == {"type": "object", "description": "Prose."}
    assert conflicts == [Conflict(("components", "schemas", "Name"), "zoo.yaml", "more.yaml")]
    assert conflicts[0].pointer == "/components/schemas/Name"


@pytest.mark.parametrize(
    ("side", "schema"),
    [("first", {"type": "string", "minLength": 1}), ("last", {"type": "string", "x-source": "more.yaml"})],
)
def test_the_preferred_source_of_a_conflict_stays(side: str, schema: dict[str, Any]) -> None:
    """`first` is the base's words, `last` the addition's."""
    assert merged(Name=side)[0]["components"]["schemas"]["Name"] == schema


def test_the_sources_stay_as_they_are() -> None:
    """Merging changes neither document."""
    base, more = source("zoo.yaml", BASE), source("more.yaml", MORE)
    merge(base, [more], {})
    assert (base, more) == (source("zoo.yaml", BASE), source("more.yaml", MORE))


def test_two_additions_may_differ_from_each_other() -> None:
    """A conflict names the two sources that differ, which need not include the base."""
    other = source("third.yaml", MORE, paths={}, components={"schemas": {"Dog": {"type": "string"}}})
    _, conflicts = merge(source("zoo.yaml", BASE), [source("more.yaml", MORE), other], {})
    assert conflicts[-1] == Conflict(("components", "schemas", "Dog"), "more.yaml", "third.yaml")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"openapi": "3.0.3"}, "this is OpenAPI 3.0, zoo.yaml is OpenAPI 3.1"),
        ({"servers": [{"url": "https://other.example"}]}, "servers is not that of zoo.yaml"),
        ({"security": [{"key": []}]}, "security is not that of zoo.yaml"),
    ],
)
def test_a_document_of_another_kind_is_refused(changes: dict[str, Any], problem: str) -> None:
    """The version of OpenAPI, the servers and the security hold for every part, so that they cannot differ."""
    with pytest.raises(GeneratorError, match=problem):
        merge(source("zoo.yaml", BASE), [source("more.yaml", MORE, **changes)], {})


def test_an_addition_comes_out_again() -> None:
    """The marked parts of a merged document are the addition, without the marks, and with what its paths share."""
    found = additions_of(merged(Name="last")[0], "more.yaml")
    assert found["paths"] == {
        "/cats/{id}": {
            "parameters": [{"in": "path", "name": "id", "required": True}],
            "delete": {"tags": ["Cats"], "responses": {}},
        },
        "/dogs": source("more.yaml", MORE).data["paths"]["/dogs"],
    }
    assert found["components"]["schemas"].keys() == {"Dog", "Name"}
    assert [tag["name"] for tag in found["tags"]] == ["Cats", "Dogs"]


def test_a_new_base_takes_over_what_it_has() -> None:
    """Operations that the base has now leave the addition, with the schemas that only they used; names of variables
    do not matter."""
    addition = additions_of(merged()[0], "more.yaml")
    found, had = still_missing(addition, {"paths": {"/cats/{name}": {"delete": {}}, "/dogs": {"post": {}}}})
    assert had == ["DELETE /cats/{id}"]
    assert found["paths"].keys() == {"/dogs"}
    assert found["components"]["schemas"].keys() == {"Dog"}
    found, had = still_missing(addition, {"paths": {"/dogs": {"get": {}}}})
    assert had == ["GET /dogs"]
    assert found["components"]["schemas"] == {}
