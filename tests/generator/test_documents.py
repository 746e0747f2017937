"""benchmarks/documents: a package of a document is made, called, and judged by openapi-core."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import documents
from benchmarks.corpus.judge import judge
from benchmarks.corpus.measure import Row
from benchmarks.corpus.run import python, run
from benchmarks.corpus.sources import Source, sources
from benchmarks.corpus.table import summary, table

DOCUMENT = """
openapi: 3.0.3
info: {title: Shop, version: '1'}
servers: [{url: 'https://shop.example/v1'}]
paths:
  /pets/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: string, format: uuid}}]
    get:
      operationId: readPet
      parameters:
        - {name: tags, in: query, explode: false, schema: {type: array, items: {type: string, pattern: '^[a-z]+$'}}}
        - name: near
          in: query
          content: {application/json: {schema: {type: object, properties: {x: {type: integer}}}}}
        - {name: X-Trace, in: header, required: true, schema: {type: integer, minimum: 3}}
      responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    put:
      operationId: putPet
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
      responses: {'204': {description: ok}}
  /forms:
    post:
      operationId: send
      requestBody:
        content:
          application/x-www-form-urlencoded: {schema: {$ref: '#/components/schemas/Form'}}
          application/json: {schema: {$ref: '#/components/schemas/Form'}}
      responses: {default: {description: any, content: {application/json: {schema: {type: object}}}}}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Form: {type: object, required: [a], properties: {a: {type: integer, maximum: 9}, b: {type: string, minLength: 4}}}
    Pet:
      type: object
      required: [name, kind]
      additionalProperties: false
      properties:
        name: {type: string, minLength: 1}
        kind: {$ref: '#/components/schemas/Kind'}
        born: {type: string, format: date}
        weight: {type: number, multipleOf: 0.5}
        made: {type: string, readOnly: true}
        free: {}
        odd: {readOnly: true, allOf: [{type: string}, {type: object}]}
"""
CALLS = 60


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]], Any]:
    """Return what was made and called of the document, the requests, and the document itself."""
    folder = tmp_path_factory.mktemp("documents")
    document, out = folder / "shop.yaml", folder / "out"
    document.write_text(DOCUMENT)
    found = json.loads(
        python("benchmarks.corpus.make", str(document), str(out), "--lenient", limit=120).out.splitlines()[-1]
    )
    read = str(out / "document.json")
    called = json.loads(python("benchmarks.corpus.call", read, str(out), str(CALLS), limit=120).out.splitlines()[-1])
    requests = [json.loads(line) for line in (out / "requests.jsonl").read_text().splitlines()]
    return found, called, requests, json.loads(Path(read).read_text())


def test_every_operation_is_called(made: Any) -> None:
    """Each operation is made, its module imports, and its request goes out."""
    found, called, requests, _ = made
    assert sorted(found["operations"]) == called["sent"] == ["forms.send", "pets.put", "pets.read"]
    assert (called["failed"], called["broken"], called["base"]) == ({}, {}, "https://shop.example/v1")
    assert len(requests) == CALLS


def test_a_part_that_is_any_value_is_counted(made: Any) -> None:
    """It counts where the document has a schema for it, and not where the document allows any value."""
    found = made[0]
    assert [place.rpartition("/")[2] for place in found["any"]] == ["odd"]
    assert found["parts"] > len(found["any"])


def test_no_request_contradicts_its_document(made: Any) -> None:
    """openapi-core, which others wrote, accepts what is sent: paths, queries, headers, JSON and forms."""
    _, called, requests, document = made
    assert judge(document, requests, called["base"])["found"] == []
    kinds = {dict(one["headers"]).get("Content-Type") for one in requests if one["operation"] == "forms.send"}
    assert kinds >= {"application/json", "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("operation", "change"),
    [
        ("pets.read", lambda one: {**one, "headers": []}),
        ("pets.put", lambda one: {**one, "body": "e30="}),
        ("forms.send", lambda one: {**one, "body": "eyJhIjogMTB9"}),
        ("forms.send", lambda one: {**one, "url": one["url"].replace("forms", "form")}),
    ],
)
def test_the_judge_sees_what_is_wrong(made: Any, operation: str, change: Any) -> None:
    """A header, a property or a path that is missing, and a value over its limit, contradict the document."""
    _, called, requests, document = made
    one = next(one for one in requests if one["operation"] == operation)
    assert judge(document, [one], called["base"])["found"] == []
    assert [name for name, _ in judge(document, [change(one)], called["base"])["found"]] == [operation]


def test_a_list_names_documents_and_their_judges(tmp_path: Path) -> None:
    """Lines below a package name its documents; words behind two spaces mark them."""
    folder = tmp_path / "cache" / "@a+b@1-x-npm"
    folder.mkdir(parents=True)
    listed = tmp_path / "list.txt"
    listed.write_text("# a comment\nnpm @a/b@1\n  x/business units.json  pyright  short\n  y.yaml\n")
    found = sources(listed, tmp_path / "cache")
    assert [(one.name, sorted(one.marks)) for one in found] == [
        ("@a+b@1: x/business units.json", ["pyright", "short"]),
        ("@a+b@1: y.yaml", []),
    ]
    assert found[0].path == folder / "x/business units.json"


@pytest.mark.parametrize(("command", "limit"), [("sleep 100 & wait", 0.1), ("while :; do :; done", 1)])
def test_a_step_that_takes_too_long_ends(command: str, limit: float) -> None:
    """By the clock or by its CPU time: its process, and what that has started, is gone; the code says so."""
    done = run(["sh", "-c", command], limit=limit)
    assert done.code is None
    assert done.seconds < 3


def test_a_run_that_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that an earlier run has left is kept, and what another generator makes is added to it once."""
    source = Source("a: b.json", tmp_path / "b.json")
    source.path.write_text("{}")
    asked: list[str] = []
    other: dict[str, object] = {"operations": 1, "late": True, "seconds": 120.0, "megabytes": 9.0, "size": 0}
    monkeypatch.setattr(documents, "measure", lambda source, *_, **__: Row(source.name, operations=2, made=2))

    def beside_of(source: Source, *_: object) -> dict[str, object]:
        asked.append(source.name)
        return other

    monkeypatch.setattr(documents, "beside_of", beside_of)
    for beside in (False, True, True):
        (row,) = documents._rows([source], tmp_path, 1, tmp_path / "rows", beside=beside)
        assert (row.made, row.other) == (2, other if beside else {})
    assert asked == ["a: b.json"]
    assert "| 1 (out of time) | 120.0 |" in documents.page(table([row]))


def test_the_table_and_its_summary() -> None:
    """Each document has a line, and the sums say how many operations count."""
    row = Row("a: b.json", operations=4, made=4, strictly=2, with_overlay=4, parts=10, any=1, judged=5)
    assert table([row]).splitlines()[-1].startswith("| a: b.json | 4 | 4 | 2 | 4 |")
    text = summary([row])
    assert (
        "1 documents, 4 operations: 4 count (100.0 %), without --lenient 2 (50.0 %), with the overlay of lint 4" in text
    )
    assert "1 of 10 (10.0 %)" in text and "0 of 5 requests of 1 documents" in text
