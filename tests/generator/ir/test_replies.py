"""Replies of other APIs, of every kind that a document can declare, as calls return them."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

import importlib
from datetime import UTC, date, datetime
from typing import Any

import pytest

from sdk._core.request.serialize import build_headers
from sdk.errors import APIResponseError

from ...faults.raw import Raw, always
from ..standalone import Build, build, json_reply, replies, returned, sent

__all__ = ["build"]
TIME = datetime(2026, 1, 2, tzinfo=UTC)
CAT = "{type: object, required: [name], properties: {name: {type: string}}}"
DOG = "{type: object, required: [age], properties: {age: {type: integer}}}"


def responses(said: str) -> str:
    """Return a document of one operation, a.list or a.retrieve, with these responses."""
    return f"paths: {{/a: {{get: {{x-sdk-name: a.get, operationId: getA, responses: {said}}}}}}}\n"


def json_of(schema: str) -> str:
    return responses(f"{{'200': {{description: ok, content: {{application/json: {{schema: {schema}}}}}}}}}")


@pytest.mark.parametrize(
    ("schema", "wire", "value"),
    [
        ("{type: string}", b'"x"', "x"),
        ("{type: integer}", b"5", 5),
        ("{type: boolean}", b"false", False),
        ("{type: number}", b"1.5", 1.5),
        ("{type: 'null'}", b"null", None),
        ("{type: string, enum: [a, b]}", b'"a"', "a"),
        ("{type: array, items: {type: string}}", b'["x"]', ["x"]),
        ("{type: array, items: {type: array, items: {type: integer}}}", b"[[1]]", [[1]]),
        ("{type: object}", b'{"error": "mine", "x": 1}', {"error": "mine", "x": 1}),
        ("{type: object, additionalProperties: {type: integer}}", b'{"error": 1}', {"error": 1}),
        ("{}", b'{"error": {"message": "no error"}}', {"error": {"message": "no error"}}),
        ("{}", b"[1]", [1]),
        ("{anyOf: [{type: string}, {type: integer}]}", b"7", 7),
        ("{type: string, format: date-time}", b'"2026-01-02T00:00:00Z"', TIME),
        ("{type: array, items: {type: string, format: date}}", b'["2026-01-02"]', [date(2026, 1, 2)]),
        ("{type: object, additionalProperties: {type: string, format: date-time}}", b'{"a": "2026-01-02T00:00:00Z"}', {"a": TIME}),
    ],
)  # fmt: skip
def test_json_without_a_name(build: Build, schema: str, wire: bytes, value: Any) -> None:
    """A reply that stands inline is what its schema says, with its dates, and an `error` in it is data."""
    found = replies(build(json_of(schema)), "a.get", json_reply(wire))
    assert (found, type(found)) == (value, type(value))


def test_json_without_a_schema(build: Build) -> None:
    """A media type alone is any JSON."""
    package = build(responses("{'200': {description: ok, content: {application/json: {}}}}"))
    assert replies(package, "a.get", json_reply(b'{"a": [1]}')) == {"a": [1]}


def test_an_error_in_a_model_is_data(build: Build) -> None:
    """Only of an API known to do so, an undeclared `error` in a success is an error."""
    package = build(json_of(CAT))
    answer = json_reply(b'{"name": "x", "error": "?"}')
    assert replies(package, "a.get", answer).error == "?"
    package.Client._service.lenient = f"{package.__name__}._core.reply.lenient"
    with pytest.raises(APIResponseError):
        replies(package, "a.get", answer)


def test_json_and_nothing(build: Build) -> None:
    """204 beside 200 gives None; so does null where the object may be null."""
    package = build(responses(f"{{'200': {{description: ok, content: {{application/json: {{schema: {CAT}}}}}}}, '204': {{description: no}}}}"))  # fmt: skip
    assert returned(package, "a.get") == "Request[GetAResponse | None]"
    assert replies(package, "a.get", json_reply(b"", "", "204 No Content")) is None
    assert replies(package, "a.get", json_reply(b'{"name": "x"}')).name == "x"
    package = build(json_of(CAT.replace("type: object", "type: [object, 'null']")))
    assert returned(package, "a.get") == "Request[GetAResponse | None]"
    assert replies(package, "a.get", json_reply(b"null")) is None


def test_null_where_none_was_promised(build: Build) -> None:
    """Where the document promises an object, null and nothing are errors."""
    package = build(json_of(CAT))
    for answer in (json_reply(b"null"), json_reply(b"")):
        with pytest.raises(APIResponseError):
            replies(package, "a.get", answer)


@pytest.mark.parametrize(("code", "other"), [("default", "'404': {description: no}"), ("2XX", "default: {description: error}")])  # fmt: skip
def test_the_response_that_means_success(build: Build, code: str, other: str) -> None:
    """Where no 2xx is declared, `default` is the success."""
    package = build(
        responses(f"{{{code}: {{description: ok, content: {{application/json: {{schema: {CAT}}}}}}}, {other}}}")
    )
    assert replies(package, "a.get", json_reply(b'{"name": "x"}')).name == "x"


@pytest.mark.parametrize("code", ["302", "404"])
def test_no_success_is_no_reply(build: Build, code: str) -> None:
    """Where only errors or redirects are declared, nothing is read."""
    package = build(responses(f"{{'{code}': {{description: x}}}}"))
    assert (returned(package, "a.get"), replies(package, "a.get", json_reply(b"{}"))) == ("Request[None]", None)


@pytest.mark.parametrize("kind", ["'*/*'", "application/*", "application/vnd.zoo.v1+json", "Application/JSON", "text/json"])  # fmt: skip
def test_what_counts_as_json(build: Build, kind: str) -> None:
    """A suffix, another case, and a range that frameworks write, with a schema that is no text."""
    package = build(responses(f"{{'200': {{description: ok, content: {{{kind}: {{schema: {CAT}}}}}}}}}"))
    assert replies(package, "a.get", json_reply(b'{"name": "x"}')).name == "x"


def test_two_kinds_of_json(build: Build) -> None:
    """Several JSON types are a union; what is asked for are the declared types."""
    package = build(responses(f"{{'200': {{description: ok, content: {{application/json: {{schema: {CAT}}}, application/hal+json: {{schema: {DOG}}}}}}}}}"))  # fmt: skip
    assert replies(package, "a.get", json_reply(b'{"name": "x"}')).name == "x"
    assert replies(package, "a.get", json_reply(b'{"age": 3}', "application/hal+json")).age == 3
    assert sent_accept(package) == "application/json, application/hal+json"


def test_json_or_bytes_or_text(build: Build) -> None:
    """Where several are declared, the reply's content type decides; text that looks like JSON is text."""
    others = (
        "application/pdf: {schema: {type: string, format: binary}}, image/png: {}, text/csv: {schema: {type: string}}"
    )
    package = build(
        responses(f"{{'200': {{description: ok, content: {{application/json: {{schema: {CAT}}}, {others}}}}}}}")
    )
    assert returned(package, "a.get") == "Request[GetAResponse | str | BinaryReply]"
    assert replies(package, "a.get", json_reply(b'{"name": "x"}')).name == "x"
    assert replies(package, "a.get", json_reply(b'{"name": "x"}', "")).name == "x"
    pdf = replies(package, "a.get", json_reply(b'{"%PDF"}', "application/pdf"))
    assert (pdf, pdf.content_type) == (b'{"%PDF"}', "application/pdf")
    assert replies(package, "a.get", json_reply(b'{"a": 1}', "text/csv")) == '{"a": 1}'


def test_json_and_the_same_as_xml(build: Build) -> None:
    """An object that could come as XML or text, too, is asked for as JSON; so is a text that could come as XML."""
    text = "{schema: {type: string}}"
    package = build(
        responses(f"{{'200': {{description: ok, content: {{application/xml: {text}, application/json: {text}}}}}}}")
    )
    assert (returned(package, "a.get"), sent_accept(package)) == ("Request[str]", "application/json")
    others = f"application/xml: {{schema: {CAT}}}, text/plain: {{schema: {CAT}}}"
    package = build(
        responses(f"{{'200': {{description: ok, content: {{{others}, application/json: {{schema: {CAT}}}}}}}}}")
    )
    assert returned(package, "a.get") == "Request[GetAResponse]"
    assert sent_accept(package) == "application/json"


@pytest.mark.parametrize(
    ("kind", "content_type", "body", "text"),
    [
        ("text/plain", "text/plain; charset=latin-1", b"caf\xe9", "café"),
        ("text/plain", "text/plain; charset=nonsense", b"caf\xc3\xa9", "café"),
        ("text/plain", "text/plain", b'{"a": 1}', '{"a": 1}'),
        ("application/x-ndjson", "application/x-ndjson", b'{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":2}\n'),
        ("application/jsonl", "application/jsonl", b"1\n", "1\n"),
    ],
)
def test_text(build: Build, kind: str, content_type: str, body: bytes, text: str) -> None:
    """Text is decoded by its charset; lines of JSON are text."""
    package = build(responses(f"{{'200': {{description: ok, content: {{{kind}: {{schema: {{type: string}}}}}}}}}}"))
    assert replies(package, "a.get", json_reply(body, content_type)) == text


def test_the_accept_header(build: Build) -> None:
    """The declared types are asked for, and a vendor's own name of JSON."""
    package = build(
        responses(f"{{'200': {{description: ok, content: {{application/vnd.zoo+json: {{schema: {CAT}}}}}}}}}")
    )
    assert sent_accept(package, json_reply(b'{"name": "x"}')) == "application/vnd.zoo+json"


def sent_accept(package: Any, answer: bytes = b"") -> str:
    """Return the Accept header of a call."""
    request = package.Client(api_key=None).a.get.request()
    headers = build_headers(package.Client(api_key=None)._context.defaults, request, request.content())
    return str(headers["accept"][1])


def test_fields_that_only_requests_or_replies_have(build: Build) -> None:
    """readOnly and required: not demanded of a request; writeOnly and required: a reply lacks it."""
    user = "{type: object, required: [id, password], properties: {id: {type: string, readOnly: true}, password: {type: string, writeOnly: true}}}"
    package = build(
        f"paths: {{/a: {{post: {{requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/User'}}}}}}}}, "
        f"responses: {{'204': {{description: ok}}}}}}}}}}\ncomponents: {{schemas: {{User: {user}}}}}\n"
    )
    assert sent(package, "a.create", password="x")[2] == b'{"password":"x"}'
    models = importlib.import_module(f"{package.__name__}.models")
    assert models.User(id="1").to_dict() == {"id": "1"}


@pytest.mark.parametrize(
    ("parameter", "reply", "pages"),
    [
        ("after, schema: {type: string}", "has_more: {type: boolean}", True),
        ("after, schema: {type: string}", "total: {type: integer}", False),
        ("after, schema: {type: string, format: date-time}", "has_more: {type: boolean}", False),
        ("cursor, schema: {type: string}", "next: {type: string, format: uri}", True),
        ("cursor, schema: {type: string}", "next: {type: string}", True),
        ("page, schema: {type: integer}", "next_page: {type: [integer, 'null']}", True),
        ("page, schema: {type: integer}", "next_page: {type: boolean}", True),
        ("page, schema: {type: integer}", "total: {type: integer}", True),
        ("page, schema: {type: string}", "total: {type: integer}", False),
        ("page, schema: {type: string}", "next: {type: string}", True),
        ("page, schema: {type: string}", "next: {type: string, format: uri}", True),
        ("other, schema: {type: integer}", "total: {type: integer}", True),
    ],
)
def test_cursors_fit(build: Build, parameter: str, reply: str, pages: bool) -> None:
    """A reply's value is a cursor only where the parameter takes such values, and a list may have more."""
    item = "{type: object, properties: {id: {type: string}}}"
    schema = f"{{type: object, properties: {{data: {{type: array, items: {item}}}, {reply}}}}}"
    said = json_of(schema).replace("responses:", f"parameters: [{{in: query, name: {parameter}}}], responses:")
    assert hasattr(build(said).Client(api_key=None).a.get, "iter") is pages


def test_pages_by_number(build: Build) -> None:
    """A number is a cursor where the parameter is one."""
    item = "{type: object, properties: {id: {type: string}}}"
    schema = f"{{type: object, properties: {{data: {{type: array, items: {item}}}, next_page: {{type: [integer, 'null']}}}}}}"
    more = "parameters: [{in: query, name: page, schema: {type: integer}}], responses:"
    package = build(json_of(schema).replace("responses:", more))
    pages = [
        json_reply(b'{"data": [{"id": "a"}], "next_page": 2}'),
        json_reply(b'{"data": [{"id": "b"}], "next_page": null}'),
    ]
    with Raw(always(*pages)) as server, package.Client(api_base=server.url, api_key=None) as client:
        assert [one.id for one in client.a.get.iter()] == ["a", "b"]
        assert b"GET /v1/a?page=2 " in server.requests[1]


@pytest.mark.parametrize("status", ["204", "205"])
def test_no_content_is_none(build: Build, status: str) -> None:
    """A status that never has content gives None, though the document says what is in it."""
    package = build(json_of("{type: object, properties: {a: {type: string}}}").replace("'200'", f"'{status}'"))
    assert returned(package, "a.get") == "Request[None]"
    assert replies(package, "a.get", json_reply(b"", "", f"{status} Nothing")) is None


def test_no_content_beside_content(build: Build) -> None:
    """Where another success has content, the one without is None."""
    text = json_of("{type: object, properties: {a: {type: string}}}")
    none = "'204': {description: ok, content: {application/json: {schema: {}}}}, '200'"
    package = build(text.replace("'200'", none))
    assert returned(package, "a.get") == "Request[GetAResponse | None]"
    assert replies(package, "a.get", json_reply(b"", "", "204 No Content")) is None
    assert replies(package, "a.get", json_reply(b'{"a": "b"}')).a == "b"


def test_an_object_or_a_scalar(build: Build) -> None:
    """A reply that is an object or text is either, whatever else is an object beside it."""
    cat, dog = (f"{{type: object, required: [{key}], properties: {{{key}: {{}}}}}}" for key in ("cat", "dog"))
    for members in (f"{{type: string}}, {cat}", f"{cat}, {{type: [integer, 'null', string]}}, {dog}"):
        package = build(json_of(f"{{oneOf: [{members}]}}"))
        assert replies(package, "a.get", json_reply(b'"x"')) == "x"
        assert replies(package, "a.get", json_reply(b'{"cat": "Tom"}')).cat == "Tom"


def test_an_object_alone_is_no_scalar(build: Build) -> None:
    """Where the document promises an object, text is an error."""
    package = build(json_of("{type: object, properties: {a: {type: string}}}"))
    with pytest.raises(APIResponseError, match="a JSON str where an object was expected"):
        replies(package, "a.get", json_reply(b'"x"'))


WORDS = "{type: array, items: {type: string}}"


@pytest.mark.parametrize(
    ("schema", "body", "value"),
    [
        (f"{{oneOf: [{CAT}, {WORDS}]}}", b'["a", "b"]', ["a", "b"]),
        (f"{{oneOf: [{CAT}, {WORDS}]}}", b"[]", []),
        (f"{{anyOf: [{CAT}, {DOG}, {WORDS}]}}", b'["a"]', ["a"]),
        (f"{{anyOf: [{CAT}, {{type: array, items: {{}}}}]}}", b'[1, "a", {"b": 2}]', [1, "a", {"b": 2}]),
        (f"{{anyOf: [{CAT}, {{type: array, items: {WORDS}}}]}}", b'[["a"]]', [["a"]]),
        (f"{{anyOf: [{CAT}, {WORDS}, {{type: integer}}, {{type: 'null'}}]}}", b"[]", []),
        ("{type: [object, array], items: {type: string}, properties: {name: {type: string}}}", b'["a"]', ["a"]),
    ],
)
def test_an_object_or_a_list(build: Build, schema: str, body: bytes, value: Any) -> None:
    """A reply that is an object or a list of scalars is either, as its annotation says."""
    package = build(json_of(schema))
    assert replies(package, "a.get", json_reply(body)) == value
    assert replies(package, "a.get", json_reply(b'{"name": "Tom"}')).name == "Tom"


def test_an_object_or_a_list_of_objects(build: Build) -> None:
    """A list of objects is decoded, and so is the object beside it."""
    package = build(json_of(f"{{oneOf: [{CAT}, {{type: array, items: {DOG}}}]}}"))
    assert replies(package, "a.get", json_reply(b'[{"age": 3}]'))[0].age == 3
    assert replies(package, "a.get", json_reply(b'{"name": "Tom"}')).name == "Tom"


def test_an_object_alone_is_no_list(build: Build) -> None:
    """Where the document promises an object, a list is an error."""
    with pytest.raises(APIResponseError, match="a JSON list where an object was expected"):
        replies(build(json_of(CAT)), "a.get", json_reply(b"[]"))


DONE = "{type: object, required: [id], properties: {id: {type: string}, result: {type: string}}}"
WAITING = "{type: object, required: [id], properties: {id: {type: string}, eta: {type: integer}}}"


def _by_status(build: Build, schemas: dict[str, str], more: str = "") -> Any:
    declared = [
        f"'{status}': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}"
        for status, schema in schemas.items()
    ]
    return build(responses(f"{{{', '.join([*declared, *filter(None, [more])])}}}"))


@pytest.mark.parametrize(
    ("schemas", "expected"),
    [
        ({"200": DONE, "202": WAITING}, {"200": "GetAResponse200", "202": "GetAResponse202"}),
        ({"202": WAITING, "2XX": DONE}, {"200": "GetAResponse2XX", "202": "GetAResponse202"}),
        ({"200": DONE, "2xx": WAITING}, {"200": "GetAResponse200", "201": "GetAResponse2XX"}),
        ({"200": DONE, "201": DONE}, {"200": "GetAResponse", "201": "GetAResponse"}),
        ({"200": DONE, "202": "{type: string}"}, {"200": "GetAResponse200", "202": "dict"}),
    ],
)
def test_a_schema_for_each_status(build: Build, schemas: dict[str, str], expected: dict[str, str]) -> None:
    """The status chooses the schema, then its range; keys decide only where the document declares one schema."""
    package = _by_status(build, schemas)
    for status, name in expected.items():
        found = replies(package, "a.get", json_reply(b'{"id": "1"}', status=f"{status} Fine"))
        assert type(found).__name__ == name


def test_lists_by_status(build: Build) -> None:
    """Lists of different items are told apart by the status, too, and so are references."""
    package = _by_status(build, {s: f"{{type: array, items: {t}}}" for s, t in (("200", DONE), ("202", WAITING))})
    one, two = (replies(package, "a.get", json_reply(b'[{"id": "1"}]', status=s))[0] for s in ("200 OK", "202 Wait"))
    assert [type(item).__name__ for item in (one, two)] == ["GetAResponse200Item", "GetAResponse202Item"]


def test_an_object_or_a_list_by_status(build: Build) -> None:
    """One status gives an object, another one a list of words, and the annotation has both."""
    package = _by_status(build, {"200": CAT, "201": WORDS})
    assert returned(package, "a.get") == "Request[GetAResponse]"
    assert replies(package, "a.get", json_reply(b'["a"]', status="201 Created")) == ["a"]
    assert replies(package, "a.get", json_reply(b'{"name": "Tom"}')).name == "Tom"


def test_a_status_that_is_not_declared(build: Build) -> None:
    """Its reply is read as the union of all: by its keys."""
    package = _by_status(build, {"200": DONE, "202": WAITING}, "default: {description: error}")
    found = replies(package, "a.get", json_reply(b'{"id": "1", "eta": 4}', status="203 Other"))
    assert type(found).__name__ == "GetAResponse202"


def test_statuses_that_refer_to_schemas(build: Build) -> None:
    """Named schemas keep their names; with `null` or nothing beside them, None is a reply, too."""
    refs = {"200": "{$ref: '#/components/schemas/Done'}", "202": "{$ref: '#/components/schemas/Waiting'}"}
    schemas = f"components: {{schemas: {{Done: {DONE}, Waiting: {WAITING}}}}}\n"
    declared = ", ".join(
        f"'{status}': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}"
        for status, schema in refs.items()
    )
    package = build(responses(f"{{{declared}, '204': {{description: none}}}}") + schemas)
    for status, name in (("200 OK", "Done"), ("202 Wait", "Waiting")):
        assert type(replies(package, "a.get", json_reply(b'{"id": "1"}', status=status))).__name__ == name
    assert replies(package, "a.get", json_reply(b"", "", "204 None")) is None


@pytest.mark.parametrize("spelling", ["application/json; charset=utf-8", "'*/*'"])
def test_a_media_type_written_twice(build: Build, spelling: str) -> None:
    """A schema that stands at one spelling of a media type alone holds for the other, which has an example."""
    content = f"{{application/json: {{example: {{name: x}}}}, {spelling}: {{schema: {CAT}}}}}"
    package = build(responses(f"{{'200': {{description: ok, content: {content}}}}}"))
    assert returned(package, "a.get") == "Request[GetAResponse]"
    assert replies(package, "a.get", json_reply(b'{"name": "x"}')).name == "x"
