"""Parameters of other APIs in paths, queries, headers and cookies, by their styles."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

import importlib
from datetime import UTC, datetime
from typing import Any

import pytest

from sdk.errors import RequestError

from ..packages import Packages
from ..standalone import Build, build, sent

__all__ = ["build"]
LIST = "{type: array, items: {type: string}}"
COLOR = "{type: object, properties: {r: {type: integer}, g: {type: integer}, n: {type: string}}}"
MAP = "{type: object, additionalProperties: {type: integer}}"
RGB = {"r": 1, "g": 2}


def document(said: str, path: str = "/a") -> str:
    """Return a document of one operation, a.get, with one parameter, called p."""
    return f"paths: {{'{path}': {{get: {{x-sdk-name: a.get, parameters: [{{{'' if 'name:' in said else 'name: p, '}required: true, {said}}}], responses: {{'204': {{description: ok}}}}}}}}}}\n"


@pytest.mark.parametrize(
    ("style", "schema", "value", "segment"),
    [
        ("simple", LIST, ["a", "b/c,d"], "a,b%2Fc%2Cd"),
        ("simple", COLOR, RGB, "r,1,g,2"),
        ("simple, explode: true", COLOR, {**RGB, "n": "x=y"}, "r=1,g=2,n=x%3Dy"),
        ("label", "{type: string}", "a.b", ".a.b"),
        ("label", LIST, ["a", "b"], ".a,b"),
        ("label, explode: true", LIST, ["a", "b"], ".a.b"),
        ("label", MAP, RGB, ".r,1,g,2"),
        ("label, explode: true", COLOR, RGB, ".r=1.g=2"),
        ("matrix", "{type: string}", "a;b", ";p=a%3Bb"),
        ("matrix", "{type: string}", "", ";p"),
        ("matrix", LIST, ["a", "b"], ";p=a,b"),
        ("matrix, explode: true", LIST, ["a", "b"], ";p=a;p=b"),
        ("matrix", COLOR, RGB, ";p=r,1,g,2"),
        ("matrix, explode: true", COLOR, RGB, ";r=1;g=2"),
    ],
)
def test_styles_of_a_path(build: Build, style: str, schema: str, value: Any, segment: str) -> None:
    """Separators stand as they are, values are percent-encoded (OpenAPI 3.1.1, 4.8.12.6)."""
    package = build(document(f"in: path, style: {style}, schema: {schema}", "/a/{p}/z"))
    assert sent(package, "a.get", value)[0] == f"GET /a/{segment}/z"


def test_a_path_stays_its_own(build: Build) -> None:
    """No value makes the URL mean another operation, in any style; JSON is a segment, too."""
    package = build(document("in: path, style: label, schema: {type: string}", "/a/{p}"))
    for value in ("", "."):
        with pytest.raises(RequestError, match="would mean another operation"):
            sent(package, "a.get", value)
    package = build(document(f"in: path, schema: {LIST}", "/a/{p}"))
    for values in ([], [".."]):
        with pytest.raises(RequestError, match="would mean another operation"):
            sent(package, "a.get", values)
    package = build(document(f"in: path, content: {{application/json: {{schema: {COLOR}}}}}", "/a/{p}"))
    assert sent(package, "a.get", {"r": 1})[0] == "GET /a/%7B%22r%22%3A1%7D"


@pytest.mark.parametrize(
    ("said", "value", "query"),
    [
        (f"schema: {LIST}", ["a", "b,c"], "p=a&p=b%2Cc"),
        (f"explode: false, schema: {LIST}", ["a", "b,c d"], "p=a,b%2Cc%20d"),
        (f"style: spaceDelimited, schema: {LIST}", ["a", "b"], "p=a%20b"),
        (f"style: pipeDelimited, schema: {LIST}", ["a", "b|c"], "p=a%7Cb%7Cc"),
        (f"style: pipeDelimited, explode: true, schema: {LIST}", ["a", "b"], "p=a&p=b"),
        (f"schema: {COLOR}", RGB, "r=1&g=2"),
        (f"explode: false, schema: {COLOR}", {**RGB, "n": None}, "p=r,1,g,2"),
        (f"style: spaceDelimited, schema: {COLOR}", RGB, "p=r%201%20g%202"),
        (f"style: pipeDelimited, schema: {MAP}", RGB, "p=r%7C1%7Cg%7C2"),
        (f"style: deepObject, schema: {COLOR}", {**RGB, "n": None}, "p%5Br%5D=1&p%5Bg%5D=2"),
        (f"style: deepObject, schema: {LIST}", ["a", "b"], "p%5B%5D=a&p%5B%5D=b"),
        (f"content: {{application/json: {{schema: {COLOR}}}}}", RGB, "p=%7B%22r%22%3A1%2C%22g%22%3A2%7D"),
        ("content: {text/plain: {schema: {type: string}}}", "a", "p=a"),
        ("allowReserved: true, schema: {type: string}", "a/b?c&d#e", "p=a/b?c%26d%23e"),
        ("schema: {type: string}", "a/b", "p=a%2Fb"),
        (f"explode: false, schema: {LIST}", [], ""),
        ("schema: {type: string, format: date-time}", datetime(2026, 1, 2, tzinfo=UTC), "p=2026-01-02T00%3A00%3A00%2B00%3A00"),
    ],
)  # fmt: skip
def test_styles_of_a_query(build: Build, said: str, value: Any, query: str) -> None:
    """Arrays and objects by style and explode; the separator of a style is not escaped where URLs allow it."""
    line, _, _ = sent(build(document(f"in: query, {said}")), "a.get", p=value)
    assert line == (f"GET /a?{query}" if query else "GET /a")


@pytest.mark.parametrize(
    ("name", "argument"), [("X-Tenant", "x_tenant"), ("X-TENANT-ID", "x_tenant_id"), ("If-Match", "if_match")]
)
def test_the_argument_of_a_header(build: Build, name: str, argument: str) -> None:
    """A header's argument is its name in snake_case, and the header is sent as the document writes it."""
    headers = sent(build(document(f"in: header, name: {name}, schema: {{type: string}}")), "a.get", **{argument: "t"})[
        1
    ]
    assert headers[name] == "t"


@pytest.mark.parametrize(
    ("said", "value", "header"),
    [
        (f"schema: {LIST}", ["a", "b"], "a,b"),
        (f"schema: {COLOR}", RGB, "r,1,g,2"),
        (f"explode: true, schema: {COLOR}", RGB, "r=1,g=2"),
        (f"content: {{application/json: {{schema: {COLOR}}}}}", {"n": "é"}, '{"n":"\\u00e9"}'),
        ("schema: {type: boolean}", True, "true"),
    ],
)
def test_styles_of_a_header(build: Build, said: str, value: Any, header: str) -> None:
    """Arrays and objects with commas; JSON in ASCII, since headers hold no UTF-8."""
    assert sent(build(document(f"in: header, {said}")), "a.get", p=value)[1]["p"] == header


@pytest.mark.parametrize(
    ("said", "value", "cookie"),
    [
        (f"schema: {LIST}", ["a", "b"], "p=a; p=b"),
        (f"explode: false, schema: {LIST}", ["a", "b;c"], "p=a,b%3Bc"),
        (f"explode: false, schema: {COLOR}", RGB, "p=r,1,g,2"),
        (f"content: {{application/json: {{schema: {COLOR}}}}}", {"r": 1}, "p=%7B%22r%22%3A1%7D"),
        ("schema: {type: string}", "a; b", "p=a%3B%20b"),
    ],
)
def test_styles_of_a_cookie(build: Build, said: str, value: Any, cookie: str) -> None:
    """Style form, exploded by default, or JSON."""
    assert sent(build(document(f"in: cookie, {said}")), "a.get", p=value)[1]["Cookie"] == cookie


@pytest.mark.parametrize(
    ("said", "path", "problem"),
    [
        (f"in: path, schema: {{type: array, items: {COLOR}}}", "/a/{p}", "cannot hold arrays or objects inside of another"),
        (f"in: header, schema: {{type: object, properties: {{c: {COLOR}}}}}", "/a", "cannot hold arrays or objects inside of another"),
        (f"in: query, explode: false, schema: {{type: object, additionalProperties: {LIST}}}", "/a", "cannot hold arrays or objects inside of another"),
        (f"in: query, content: {{application/xml: {{schema: {COLOR}}}}}", "/a", "written as application/xml cannot be expressed"),
        ("in: header, schema: {type: string}, name: ''", "/a", "/parameters/0/name: '' cannot be the name of a header"),
        ("in: header, schema: {type: string}, name: 'a b'", "/a", "'a b' cannot be the name of a header"),
    ],
)  # fmt: skip
def test_what_has_no_form(build: Build, packages: Packages, said: str, path: str, problem: str) -> None:
    """What no style can write is an error when the package is made, not when it is called."""
    build(document(said, path), code=1)
    assert problem in packages.err


RANGES = "{type: object, properties: {created: {type: object, properties: {gte: {type: integer}}}, updated: {type: object, properties: {gte: {type: integer}}}}}"


@pytest.mark.parametrize(
    ("value", "query"),
    [
        ({"created": {"gte": 1}, "updated": {"gte": 2}}, "created=%7B%22gte%22%3A1%7D&updated=%7B%22gte%22%3A2%7D"),
        ({"created": {}}, "created=%7B%7D"),
    ],
)
def test_an_object_in_an_exploded_object(build: Build, value: Any, query: str) -> None:
    """OpenAPI does not define its form: it is JSON under its name, as an object in an array is."""
    package = build(document(f"in: query, schema: {RANGES}"))
    assert sent(package, "a.get", p=value)[0] == f"GET /a?{query}"


def test_objects_in_an_object_that_keep_their_names(build: Build) -> None:
    """deepObject and JSON have a form for them; a list in an exploded object keeps its name."""
    value = {"created": {"gte": 1}, "updated": {"gte": 2}}
    deep = sent(build(document(f"in: query, style: deepObject, schema: {RANGES}")), "a.get", p=value)[0]
    assert deep == "GET /a?p%5Bcreated%5D%5Bgte%5D=1&p%5Bupdated%5D%5Bgte%5D=2"
    json = sent(build(document(f"in: query, content: {{application/json: {{schema: {RANGES}}}}}")), "a.get", p=value)[0]
    assert json.startswith("GET /a?p=%7B%22created%22")
    assert sent(build(document(f"in: query, schema: {MAP}")), "a.get", p={"a": [1, 2]})[0] == "GET /a?a=1&a=2"


def test_models_in_an_exploded_object(build: Build) -> None:
    """A model is an object, too; what extra_query brings keeps its names in brackets."""
    package = build(document(f"in: query, schema: {RANGES}"))
    models = importlib.import_module(f"{package.__name__}.models")
    value = {"created": models.Unknown.from_dict({"gte": 1})}
    assert sent(package, "a.get", p=value)[0] == "GET /a?created=%7B%22gte%22%3A1%7D"
    line = sent(package, "a.get", p={}, extra_query={"f": {"a": {"b": 1}}})[0]
    assert line == "GET /a?f%5Ba%5D%5Bb%5D=1"


@pytest.mark.parametrize("name", ["Accept", "content-type", "Content-Length", "Authorization"])
def test_headers_that_the_client_writes(build: Build, packages: Packages, name: str) -> None:
    """What OpenAPI ignores, or what says how the body is sent, is no argument; one note tells of all operations."""
    secured = "components: {securitySchemes: {s: {type: http, scheme: bearer}}}\nsecurity: [{s: []}]\n"
    text = document(f"in: header, name: {name}, schema: {{type: string}}")
    package = build(secured + text)
    assert packages.reported == [f"left out: the header {name} of an operation: the client writes it"]
    assert sent(package, "a.get")[0] == "GET /a"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("{type: string, example: application/vnd.a+json}", "application/vnd.a+json"),
        ("{type: string, enum: [text/csv]}", "text/csv"),
        ("{type: string}", "application/json"),
    ],
)
def test_a_content_type_that_every_request_needs(build: Build, said: str, value: str) -> None:
    """The client sends a required Content-Type without a body, too; one that is not required it does not."""
    text = document(f"in: header, name: Content-Type, schema: {said}")
    assert sent(build(text), "a.get")[1]["Content-Type"] == value
    assert "Content-Type" not in sent(build(text.replace("required: true, ", "")), "a.get")[1]


def test_authorization_without_a_scheme(build: Build, packages: Packages) -> None:
    """Where no security scheme writes Authorization, its parameter is an argument."""
    package = build(document("in: header, name: Authorization, schema: {type: string}"))
    assert packages.reported == []
    assert sent(package, "a.get", authorization="Token x")[1]["Authorization"] == "Token x"


@pytest.mark.parametrize(
    ("kind", "body"), [("application/json", b'{"p":["a","b"]}'), ("application/x-www-form-urlencoded", b"p=a%7Cb")]
)
def test_a_key_in_two_styles(build: Build, kind: str, body: bytes) -> None:
    """A key of the query keeps its style where the body has the same key in another one."""
    query = f"{{name: p, in: query, x-sdk-name: q, content: {{application/json: {{schema: {LIST}}}}}}}"
    encoding = ", encoding: {p: {style: pipeDelimited, explode: false}}" if "form" in kind else ""
    media = f"{{{kind}: {{schema: {{type: object, properties: {{p: {LIST}}}}}{encoding}}}}}"
    package = build(
        f"paths: {{/a: {{post: {{x-sdk-name: a.send, parameters: [{query}], requestBody: {{content: {media}}}, "
        "responses: {'204': {description: ok}}}}}"
    )
    line, _, sent_body = sent(package, "a.send", q=["a", "b"], p=["a", "b"])
    assert (line, sent_body) == ("POST /a?p=%5B%22a%22%2C%22b%22%5D", body)
    assert sent(package, "a.send", q=["a"], extra_query={"x": 1})[0] == "POST /a?p=%5B%22a%22%5D&x=1"
