"""Replies that are lines of JSON are streams: each line is a value of the schema."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ...faults.raw import Raw, always, reply
from ..packages import Packages

CHUNK = "{type: object, properties: {text: {type: string}, at: {type: string, format: date}}}"
LINES = b'{"text": "a", "at": "2026-01-31"}\n\n{"text": "b"}\r\n{"text": "c"}'


def _chunks(made: Any, answer: bytes, kind: str, **arguments: Any) -> tuple[list[Any], bytes]:
    """Return the chunks of a stream, the same from `stream` and from `asyncio_stream`, and the first request."""
    head = f"Content-Type: {kind}\r\n"
    with Raw(always(reply(answer, "200 OK", head))) as server, made.Client(api_base=server.url) as client:
        with client.a.create.stream(**arguments) as stream:
            found = list(stream)

        async def read() -> list[Any]:
            async with (
                made.Client(api_base=server.url) as one,
                one.a.create.asyncio_stream(**arguments) as chunks,
            ):
                return [chunk async for chunk in chunks]

        assert asyncio.run(read()) == found
    return found, server.requests[0]


@pytest.mark.parametrize(
    ("declared", "sent", "lines"),
    [
        ("application/x-ndjson", "application/x-ndjson", LINES),
        ("application/jsonl", "application/json", LINES),  # servers label lines as JSON
        ("application/json-seq", "application/json-seq", b"\x1e" + LINES.replace(b"\n\n", b"\n\x1e")),
        ("application/vnd.x+json;stream=true", "application/vnd.x+json", LINES),
    ],
)
def test_each_line_is_a_model(packages: Packages, declared: str, sent: str, lines: bytes) -> None:
    """The stream asks for its media type, and yields a model for each line: blank ones, and the last end, count not."""
    media = f"content: {{'{declared}': {{schema: {CHUNK}}}}}"
    made = packages(f"paths: {{/a: {{post: {{responses: {{'200': {{description: ok, {media}}}}}}}}}}}")
    chunks, request = _chunks(made, lines, sent)
    assert [chunk.text for chunk in chunks] == ["a", "b", "c"]
    assert chunks[0].at.isoformat() == "2026-01-31"
    assert f"Accept: {declared}\r\n".encode() in request


def test_a_switch_requests_the_lines(packages: Packages) -> None:
    """Beside a JSON reply, `.stream` sets the boolean `stream` of the body, which is no argument."""
    schema = "{properties: {q: {type: string}, stream: {type: boolean}}}"
    body = f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}"
    media = f"{{application/json: {{schema: {CHUNK}}}, application/x-ndjson: {{schema: {CHUNK}}}}}"
    made = packages(f"paths: {{/a: {{post: {{{body}, responses: {{'200': {{description: ok, content: {media}}}}}}}}}}}")
    chunks, request = _chunks(made, LINES, "application/x-ndjson", q="x")
    assert [chunk.text for chunk in chunks] == ["a", "b", "c"]
    assert request.endswith(b'{"q":"x","stream":true}')
    with Raw(always(reply(b'{"text": "all"}'))) as server, made.Client(api_base=server.url) as client:
        assert client.a.create.sync(q="x").text == "all"


@pytest.mark.parametrize("schema", ["{type: string}", "{}"])
def test_lines_without_a_schema_are_text(packages: Packages, schema: str) -> None:
    """Where the document does not say what a line is, the reply is one str."""
    media = f"content: {{application/x-ndjson: {{schema: {schema}}}}}"
    made = packages(f"paths: {{/a: {{post: {{responses: {{'200': {{description: ok, {media}}}}}}}}}}}")
    answer = reply(LINES, "200 OK", "Content-Type: application/x-ndjson\r\n")
    with Raw(always(answer)) as server, made.Client(api_base=server.url) as client:
        assert client.a.create.sync().encode() == LINES


@pytest.mark.parametrize(
    ("kind", "item", "answer"),
    [
        ("application/jsonl", CHUNK, LINES),
        (
            "text/event-stream",
            f"{{properties: {{data: {{type: string, contentMediaType: application/json, contentSchema: {CHUNK}}}}}}}",
            b'data: {"text": "a", "at": "2026-01-31"}\n\ndata: {"text": "b"}\n\ndata: {"text": "c"}\n\n',
        ),
    ],
)
def test_the_schema_of_items(packages: Packages, kind: str, item: str, answer: bytes) -> None:
    """OpenAPI 3.2 describes one value of a stream; JSON in the data of an event is read."""
    head = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\n"
    media = f"content: {{'{kind}': {{itemSchema: {item}}}}}"
    made = packages(f"paths: {{/a: {{post: {{responses: {{'200': {{description: ok, {media}}}}}}}}}}}", head=head)
    chunks, _ = _chunks(made, answer, kind)
    values = [getattr(chunk, "data", chunk) for chunk in chunks]
    assert [value.text for value in values] == ["a", "b", "c"]


def test_a_line_that_is_too_long(packages: Packages) -> None:
    """It ends the stream with an error that names the limit; the lines before it have come."""
    media = f"content: {{application/x-ndjson: {{schema: {CHUNK}}}}}"
    made = packages(f"paths: {{/a: {{post: {{responses: {{'200': {{description: ok, {media}}}}}}}}}}}")
    answer = reply(b'{"text": "%s"}\n' % (b"x" * 100), "200 OK", "Content-Type: application/x-ndjson\r\n")
    with (
        Raw(always(answer)) as server,
        made.Client(api_base=server.url, max_line_bytes=50) as client,
        client.a.create.stream() as stream,
        pytest.raises(Exception, match=r"longer than 50 bytes \(max_line_bytes\)"),
    ):
        list(stream)


WATCHED = """
paths:
  /pets:
    get:
      operationId: listPets
      parameters:
      - {name: continue, in: query, schema: {type: string}}
      - {name: watch, in: query, schema: {type: boolean}}
      responses:
        '200':
          description: ok
          content:
            application/json: {schema: {$ref: '#/components/schemas/Pets'}}
            application/json;stream=watch: {schema: {$ref: '#/components/schemas/Pets'}}
components:
  schemas:
    Pets: {properties: {items: {type: array, items: {$ref: '#/components/schemas/Pet'}}, continue: {type: string}}}
    Pet: {type: object, properties: {name: {type: string}}}
"""


def test_a_list_in_pages_and_its_changes(packages: Packages) -> None:
    """A list that can be watched has its pages, and streams its changes, though the document declares the list."""
    made = packages(WATCHED, "--naming", "operation-ids")
    assert packages.reported == []
    answer = reply(b'{"type": "ADDED", "object": {"name": "a"}}\n{"type": "DELETED", "object": {"name": "a"}}\n')
    with Raw(always(answer)) as server, made.Client(api_base=server.url) as client:
        with client.pets.list.stream() as stream:
            assert [(change.type, change.object.name) for change in stream] == [("ADDED", "a"), ("DELETED", "a")]
        head = server.requests[0]
    assert head.startswith(b"GET /v1/pets?watch=true HTTP/1.1\r\n")
    assert b"Accept: application/json;stream=watch\r\n" in head
    with Raw(always(reply(b'{"items": [{"name": "x"}]}'))) as server, made.Client(api_base=server.url) as client:
        assert [pet.name for pet in client.pets.list.iter()] == ["x"]
        assert server.requests[0].startswith(b"GET /v1/pets HTTP/1.1\r\n")


def test_the_changes_of_a_list_are_typed(packages: Packages) -> None:
    """Type checkers know an item of the pages, and a change of the stream."""
    made = packages(WATCHED, "--naming", "operation-ids")
    stub = (packages.out / made.__name__ / "api/pets.pyi").read_text()
    assert "iter: _List[_Iterator[Pet]]" in stub
    assert "stream: _List[_Stream[ListPetsEvents, Pets]]" in stub
