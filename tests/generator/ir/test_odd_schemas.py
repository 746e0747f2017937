"""What documents rarely have: conditions, anchors, forms that are arrays, schemas of whole events."""

from __future__ import annotations

from typing import Any

import pytest

from ...faults.raw import Raw, always, reply
from ..packages import OK, Packages

A = """
paths: {/a: {get: {responses: {'200': {description: ok, content: {application/json: {schema: SCHEMA}}}}}}}
"""


def read(packages: Packages, schema: str, body: bytes, more: str = "") -> Any:
    """Return a reply with this schema."""
    made = packages(A.replace("SCHEMA", schema) + more)
    with Raw(always(reply(body))) as server, made.Client(api_base=server.url) as client:
        return client.a.retrieve.sync()


def test_conditions_are_read_as_far_as_types_go(packages: Packages) -> None:
    """What `then`, `else` and dependentSchemas add is optional, and the rest keeps its types."""
    schema = (
        "{type: object, required: [a], properties: {a: {type: string}}, if: {properties: {a: {const: x}}}, "
        "then: {required: [b], properties: {b: {type: string, format: date}}}, "
        "else: {properties: {c: {type: integer}}}, "
        "dependentSchemas: {a: {properties: {d: {type: string, format: date}}}}}"
    )
    found = read(packages, schema, b'{"a": "y", "b": "2026-01-02", "d": "2027-01-02"}')
    assert (found.a, found.b.year, found.c, found.d.year) == ("y", 2026, None, 2027)
    assert packages.reported[0].endswith("/schema: if, then, else, dependentSchemas")
    assert packages.reported[0].startswith("read as far as types go: at /paths/~1a/get/responses/200/content")


@pytest.mark.parametrize("reference", ["$ref: '#cat'", "$dynamicRef: '#cat'", "$ref: 'urn:zoo:cat'"])
def test_anchors_and_identifiers(packages: Packages, reference: str) -> None:
    """A reference by the name of a schema leads to it."""
    cat = "{$id: 'urn:zoo:cat', $dynamicAnchor: cat, type: object, properties: {born: {type: string, format: date}}}"
    found = read(packages, f"{{{reference}}}", b'{"born": "2026-01-02"}', f"components: {{schemas: {{Cat: {cat}}}}}")
    assert found.born.year == 2026


def test_a_form_that_is_an_array(packages: Packages) -> None:
    """Its parts have no names in the document: the caller gives them."""
    files = "{multipart/form-data: {schema: {type: array, items: {type: string, format: binary}}}}"
    made = packages(f"paths: {{/a: {{post: {{requestBody: {{content: {files}}}, {OK}}}}}}}")
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url) as client:
        client.a.create.sync(body={"file": [b"one", b"two"]})
    assert server.requests[0].count(b'form-data; name="file"') == 2


EVENTS = """
paths: {/a: {get: {responses: {'200': {description: ok, content: {text/event-stream: {schema: SCHEMA}}}}}}}
"""
DELTA = "{type: object, required: [delta], properties: {delta: {type: string}}}"


@pytest.mark.parametrize(
    "fields", ["data: DELTA", "event: {type: string}, data: DELTA", "id: {type: string}, data: {$ref: '#/x'}"]
)
@pytest.mark.parametrize("data", [b'{"delta": "hi"}', b'{"data": {"delta": "hi"}}'])
def test_a_schema_of_the_whole_event(packages: Packages, fields: str, data: bytes) -> None:
    """Its `data` is the data of the event, also from a server that writes the whole event as data."""
    schema = f"{{type: object, required: [data], properties: {{{fields.replace('DELTA', DELTA)}}}}}"
    made = packages(EVENTS.replace("SCHEMA", schema.replace("{$ref: '#/x'}", DELTA)))
    answer = reply(b"event: piece\ndata: " + data + b"\n\n", headers="Content-Type: text/event-stream\r\n")
    with (
        Raw(always(answer)) as server,
        made.Client(api_base=server.url) as client,
        client.a.retrieve.stream() as stream,
    ):
        events = list(stream)
    assert [event.data.delta for event in events] == ["hi"]


def test_a_schema_of_the_data_with_more_than_an_event_has(packages: Packages) -> None:
    """An object that has other fields than an event is the data."""
    made = packages(EVENTS.replace("SCHEMA", "{type: object, properties: {data: {type: array, items: {}}, n: {}}}"))
    answer = reply(b'data: {"data": [1], "n": 2}\n\n', headers="Content-Type: text/event-stream\r\n")
    with (
        Raw(always(answer)) as server,
        made.Client(api_base=server.url) as client,
        client.a.retrieve.stream() as stream,
    ):
        assert [(event.data, event.n) for event in stream] == [([1], 2)]


@pytest.mark.parametrize("id_", ["{type: string, readOnly: true}", "{$ref: '#/components/schemas/Id'}"])
def test_properties_that_only_replies_have(packages: Packages, id_: str) -> None:
    """A readOnly property, by itself or by its schema, is no argument of a request, and is an attribute of a reply."""
    pet = f"{{type: object, required: [id], properties: {{id: {id_}, name: {{type: string}}}}}}"
    ref = "content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}"
    responses = f"responses: {{'200': {{description: ok, {ref}}}}}"
    made = packages(
        f"paths: {{/a: {{post: {{requestBody: {{{ref}}}, {responses}}}}}}}\n"
        f"components: {{schemas: {{Pet: {pet}, Id: {{type: string, readOnly: true}}}}}}"
    )
    with Raw(always(reply(b'{"id": "1"}'))) as server, made.Client(api_base=server.url) as client:
        assert client.a.create.sync(name="Rex").id == "1"
        with pytest.raises(TypeError, match="has no argument 'id'"):
            client.a.create.sync(id="2")


@pytest.mark.parametrize("items", ["{type: array, items: {type: string}}", "{$ref: '#/components/schemas/L'}"])
def test_a_list_of_lists_in_a_query(packages: Packages, items: str) -> None:
    """No style can write it: it is refused when the package is made, not at every call."""
    query = f"{{name: q, in: query, schema: {{type: array, items: {items}}}}}"
    text = f"paths: {{/a: {{get: {{parameters: [{query}], {OK}}}}}}}\ncomponents: {{schemas: {{L: {{type: array}}}}}}"
    packages(text, code=1)
    assert "at /paths/~1a/get/parameters/0: a query parameter cannot hold arrays" in packages.err
    packages(text, "--lenient")
    assert packages.reported[0].startswith("left out: at /paths/~1a/get/parameters/0: the parameter 'q': ")


def test_a_type_that_is_none(packages: Packages) -> None:
    """Below a keyword of JSON Schema that OpenAPI does not know it may be anything; a lenient run reads on."""
    parts = (
        "components: {schemas: {Item: {type: object, properties: {name: {type: string}, "
        "kind: {$ref: '#/components/schemas/Item/definitions/k'}}, definitions: {k: {type: {type: string}}}}}}\n"
    )
    text = A.replace("SCHEMA", "{$ref: '#/components/schemas/Item'}") + parts
    packages(text, code=1)
    assert "at /components/schemas/Item/definitions/k/type: {'type': 'string'} is not a JSON type" in packages.err
    made = packages(text, "--lenient")
    where = "/components/schemas/Item/definitions/k"
    assert packages.reported == [f"read as any value: at {where}: {{'type': 'string'}} is not a JSON type"]
    with Raw(always(reply(b'{"kind": 1, "name": "x"}'))) as server, made.Client(api_base=server.url) as client:
        assert (found := client.a.retrieve.sync()).name == "x" and found.kind == 1


def test_errors_outside_of_what_is_included(packages: Packages) -> None:
    """An operation that is not included may have one."""
    digest = "components: {securitySchemes: {d: {type: http, scheme: digest}}}"
    text = f"paths: {{/a: {{get: {{{OK}}}}}, /b: {{get: {{security: [{{d: []}}], {OK}}}}}}}\n{digest}"
    packages(text, code=1)
    packages(text, "--include", "b", code=1)
    made = packages(text, "--include", "a")
    assert "a" in dir(made.Client(api_base="http://x")) and "b" not in dir(made.Client(api_base="http://x"))


def test_webhooks_are_told(packages: Packages) -> None:
    """Their events are types, and nothing receives them."""
    hook = "{post: {requestBody: {content: {application/json: {schema: {type: object, properties: {x: {}}}}}}}}"
    packages(f"paths: {{/a: {{get: {{{OK}}}}}}}\nwebhooks: {{petAdded: {hook}}}")
    assert packages.reported[0] == (
        "left out: verifying the webhooks, whose events are types: petAdded: nothing says how they are signed "
        "(x-sdk-webhooks)"
    )


def test_names_of_readers_in_a_union_of_plain_types(packages: Packages) -> None:
    """A named union of an integer, a UUID and a string is kept as it is, and its module imports."""
    schemas = """
      Number: {type: integer}
      Key: {type: string, format: uuid}
      Day: {type: string, format: date}
      Word: {type: string}
      Id:
        oneOf: [{$ref: '#/components/schemas/Number'}, {$ref: '#/components/schemas/Key'}, {type: string}]
      When: {anyOf: [{$ref: '#/components/schemas/Day'}, {$ref: '#/components/schemas/Word'}]}
      Both: {anyOf: [{$ref: '#/components/schemas/Id'}, {$ref: '#/components/schemas/When'}, {type: boolean}]}
    """
    ref = "content: {application/json: {schema: {$ref: '#/components/schemas/Both'}}}"
    responses = f"responses: {{'200': {{description: ok, {ref}}}}}"
    text = f"paths: {{/a: {{get: {{{responses}}}}}}}\ncomponents:\n  schemas:{schemas}"
    made = packages(text)
    for name in ("Number", "Key", "Day", "Word", "Id", "When", "Both"):
        assert getattr(made.models, name) is not None
    with Raw(always(reply(b'"2026-01-31"'))) as server, made.Client(api_base=server.url) as client:
        assert client.a.retrieve.sync() == "2026-01-31"


def test_binary_strings_in_json_are_text(packages: Packages) -> None:
    """JSON and URLs have no bytes: what they hold is str; the same schema in a multipart body is a file."""
    binary = "{type: string, format: binary}"
    several = "{type: array, items: {$ref: '#/components/schemas/B'}}"
    doc = f"{{type: object, properties: {{data: {binary}, all: {several}}}}}"
    json_ = "content: {application/json: {schema: {$ref: '#/components/schemas/Doc'}}}"
    up = "content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Up'}}}"
    made = packages(f"""
    paths:
      /a:
        post: {{x-sdk-name: a.create, parameters: [{{name: q, in: query, schema: {binary}}}], requestBody: {{{json_}}}, responses: {{'200': {{description: ok, {json_}}}}}}}
        put: {{x-sdk-name: a.upload, requestBody: {{{up}}}, responses: {{'204': {{description: ok}}}}}}
    components:
      schemas: {{B: {binary}, Doc: {doc}, Up: {{type: object, properties: {{data: {binary}}}}}}}
    """)  # noqa: E501 - YAML in one line
    text = (packages.out / made.__name__ / "api/a.py").read_text()
    assert "    q: str | Unset" in text
    assert "    data: str | Unset" in text
    assert "data: FileInput | Unset" in text
    model = (packages.out / made.__name__ / "models/doc.py").read_text()
    assert "data: str | None" in model
    assert "all: list[B] | None" in model or "all: list[str] | None" in model
    with Raw(always(reply(b'{"data": "x"}'))) as server, made.Client(api_base=server.url) as client:
        assert client.a.create.sync(data="y", q="z").data == "x"


def test_a_form_with_a_file_is_multipart(packages: Packages) -> None:
    """A form cannot hold a file: with one it is sent as multipart, without one as a form."""
    schema = "{type: object, properties: {file: {type: string, format: binary}, n: {type: string}}}"
    form = f"content: {{application/x-www-form-urlencoded: {{schema: {schema}}}}}"
    made = packages(f"paths: {{/a: {{post: {{requestBody: {{{form}}}, {OK}}}}}}}")
    with Raw(always(reply(b"1"))) as server, made.Client(api_base=server.url) as client:
        client.a.create.sync(file=b"x", n="1")
        client.a.create.sync(n="1")
    assert b"multipart/form-data" in server.requests[0]
    assert server.requests[1].endswith(b"\r\n\r\nn=1")


def test_a_nullable_list_of_unions_or_nothing(packages: Packages) -> None:
    """None is said once where a reply is null or has no content."""
    schema = "{type: [array, 'null'], items: {type: [integer, string]}}"
    some = f"{{description: ok, content: {{application/json: {{schema: {schema}}}}}}}"
    two = f"{{'200': {some}, '204': {{description: no}}}}"
    made = packages(f"paths: {{/a: {{get: {{responses: {two}}}}}}}")
    assert "-> Request[list[int | str] | None]:" in (packages.out / made.__name__ / "api/a.py").read_text()
