"""Dates and date-times among arguments: a value of the wrong class is refused wherever the document declares it."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

import importlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from sdk.errors import RequestError

from ...faults.raw import Raw, always
from ..standalone import Build, build, json_reply, sent

__all__ = ["build"]
DAY, TIME = "{type: string, format: date}", "{type: string, format: date-time}"
TODAY = date(2026, 1, 2)
NAIVE = datetime(2026, 1, 2, 3, 4)  # it is to be refused
AWARE = datetime(2026, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=2)))
NO_DATE = r"a datetime is no date: pass its \.date\(\)"
NO_ZONE = "a datetime without a time zone is no date-time"
NO_TIME = "a date is no date-time"


def document(schema: str, place: str = "body", kind: str = "application/json") -> str:
    """Return a document of one operation, a.post, with one argument, called p."""
    path = "/a/{p}" if place == "path" else "/a"
    taken = (
        f"parameters: [{{name: p, in: {place}, required: true, schema: {schema}}}]"
        if place != "body"
        else f"requestBody: {{content: {{{kind}: {{schema: {{type: object, properties: {{p: {schema}}}}}}}}}}}"
    )
    return (
        f"paths: {{'{path}': {{post: {{x-sdk-name: a.post, {taken}, responses: {{'204': {{description: ok}}}}}}}}}}\n"
    )


def _call(package: Any, place: str, value: Any) -> tuple[str, dict[str, str], bytes]:
    return sent(package, "a.post", value) if place == "path" else sent(package, "a.post", p=value)


PLACES = ["path", "query", "header", "cookie", "body"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("schema", "value", "problem"),
    [(DAY, NAIVE, NO_DATE), (DAY, AWARE, NO_DATE), (TIME, NAIVE, NO_ZONE), (TIME, TODAY, NO_TIME)],
)
def test_a_value_of_the_wrong_class(build: Build, place: str, schema: str, value: Any, problem: str) -> None:
    """It is refused before anything is sent, and the message names the argument."""
    with pytest.raises(RequestError, match=f"p: {problem}"):
        _call(build(document(schema, place)), place, value)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("schema", "value"), [(DAY, TODAY), (DAY, "2026-01-02"), (TIME, AWARE), (TIME, "soon")])
def test_a_value_of_the_right_class(build: Build, place: str, schema: str, value: Any) -> None:
    """Dates, date-times with a zone, and any str are sent."""
    line, headers, body = _call(build(document(schema, place)), place, value)
    text = value if isinstance(value, str) else value.isoformat()
    assert text.split("T")[0] in line + str(headers) + body.decode()


NESTED: list[tuple[str, Any, str]] = [
    (f"{{type: array, items: {DAY}}}", [TODAY, NAIVE], rf"p\[1\]: {NO_DATE}"),
    (f"{{type: object, properties: {{at: {TIME}}}}}", {"at": NAIVE}, rf"p\.at: {NO_ZONE}"),
    (f"{{type: object, additionalProperties: {DAY}}}", {"x": AWARE}, rf"p\.x: {NO_DATE}"),
    (f"{{type: object, properties: {{a: {{}}}}, additionalProperties: {TIME}}}", {"a": NAIVE, "b": NAIVE}, rf"p\.b: {NO_ZONE}"),
    (f"{{type: array, items: {{type: object, properties: {{days: {{type: array, items: {DAY}}}}}}}}}", [{}, {"days": [NAIVE]}], rf"p\[1\]\.days\[0\]: {NO_DATE}"),
    (f"{{anyOf: [{DAY}, {{type: 'null'}}, {{type: array, items: {TIME}}}]}}", NAIVE, f"p: {NO_DATE}"),
    (f"{{anyOf: [{DAY}, {{type: 'null'}}, {{type: array, items: {TIME}}}]}}", [NAIVE], rf"p\[0\]: {NO_ZONE}"),
    (f"{{anyOf: [{DAY}, {TIME}]}}", NAIVE, f"p: {NO_ZONE}"),
    (f"{{oneOf: [{{type: object, properties: {{k: {{const: a}}, at: {DAY}}}}}, {{type: object, properties: {{k: {{const: b}}}}}}]}}", {"k": "a", "at": AWARE}, rf"p\.at: {NO_DATE}"),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "value", "problem"), NESTED)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_dates_at_any_depth(build: Build, kind: str, schema: str, value: Any, problem: str) -> None:
    """Lists, objects, maps and unions are looked into, in a body of any kind."""
    with pytest.raises(RequestError, match=problem):
        _call(build(document(schema, kind=kind)), "body", value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ("{type: string}", NAIVE),
        ("{}", NAIVE),
        ("{}", {"at": [NAIVE]}),
        (f"{{anyOf: [{DAY}, {{type: string}}]}}", NAIVE),
        (f"{{anyOf: [{DAY}, {TIME}]}}", TODAY),
        (f"{{anyOf: [{DAY}, {TIME}]}}", AWARE),
        (f"{{oneOf: [{{type: object, properties: {{at: {DAY}}}}}, {{type: object, properties: {{at: {{type: string}}}}}}]}}", {"at": NAIVE}),
    ],
)  # fmt: skip
def test_what_the_document_does_not_limit(build: Build, schema: str, value: Any) -> None:
    """Where a value may be any str, or either format, each class that fits one of them is sent."""
    assert b"2026-01-02" in _call(build(document(schema)), "body", value)[2]


HIKE = (
    f"components: {{schemas: {{Hike: {{type: object, properties: {{day: {DAY}, at: {TIME}, times: {{type: array, items: {TIME}}}, "
    "next: {$ref: '#/components/schemas/Hike'}}}}}\n"
)
HIKES = "paths: {'/a': {post: {x-sdk-name: a.post, requestBody: {content: {application/json: {schema: {type: object, properties: {p: {$ref: '#/components/schemas/Hike'}}}}}}, responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Hike'}}}}}}}}\n"


def test_models(build: Build) -> None:
    """The attributes of a model are looked at as the keys of a dict."""
    package = build(HIKES + HIKE)
    models = importlib.import_module(f"{package.__name__}.models")
    with (
        Raw(always(json_reply(b"{}"))) as server,
        package.Client(api_base=server.url, api_key=None) as client,
    ):
        for wrong, problem in (({"day": AWARE}, NO_DATE), ({"at": NAIVE}, NO_ZONE), ({"times": [NAIVE]}, NO_ZONE)):
            with pytest.raises(RequestError, match=problem):
                client.a.post.sync(p=models.Hike(**wrong))
        client.a.post.sync(p=models.Hike(day=TODAY, at=AWARE))
        (sent_once,) = server.requests
    body = json.loads(sent_once.partition(b"\r\n\r\n")[2])
    assert body == {"p": {"day": "2026-01-02", "at": "2026-01-02T03:04:00+02:00"}}


def test_a_model_of_a_reply_goes_back_as_it_came(build: Build) -> None:
    """What a server wrote without a zone is its own; a value that was changed since is looked at."""
    package = build(HIKES + HIKE)
    wire = {"at": "2026-01-02T03:04:00", "times": ["2026-01-02T03:04:00"], "next": {"at": "2026-01-02T03:04:00"}}
    with (
        Raw(always(json_reply(json.dumps(wire).encode()))) as server,
        package.Client(api_base=server.url, api_key=None) as client,
    ):
        hike = client.a.post.sync()
        assert hike.at == NAIVE
        client.a.post.sync(p=hike)
        assert json.loads(server.requests[1].partition(b"\r\n\r\n")[2]) == {"p": wire}
        hike.at = NAIVE + timedelta(days=1)
        with pytest.raises(RequestError, match=rf"p\.at: {NO_ZONE}"):
            client.a.post.sync(p=hike)


def test_a_body_that_is_one_argument(build: Build) -> None:
    """A body that is no object is looked at, too, and has no name."""
    text = document(DAY).replace("{type: object, properties: {p: " + DAY + "}}", f"{{type: array, items: {DAY}}}")
    package = build(text)
    assert sent(package, "a.post", body=[TODAY])[2] == b'["2026-01-02"]'
    with pytest.raises(RequestError, match=rf"\[0\]: {NO_DATE}"):
        sent(package, "a.post", body=[datetime.now(UTC)])


def test_a_request_that_is_looked_at(build: Build) -> None:
    """A request that is built and not sent tells it, too."""
    request = build(document(DAY, "query")).Client(api_key=None).a.post.request(p=AWARE)
    with pytest.raises(RequestError, match=NO_DATE):
        request.query  # noqa: B018  # it is looked at


def test_classes_that_hold_each_other(build: Build) -> None:
    """A tree of syntax has more ways into itself than can be followed: its first levels are checked, and that is fast."""
    names = [f"N{n}" for n in range(9)]
    one_of = f"oneOf: [{', '.join(f'{{$ref: #/components/schemas/{n}}}'.replace('#', chr(39) + '#').replace('}', chr(39) + '}') for n in names)}]"
    nodes = [
        f"    {n}: {{type: object, properties: {{kind: {{const: {n}}}, at: {DAY}, left: {{{one_of}}}, right: {{{one_of}}}}}}}"
        for n in names
    ]
    package = build(
        document("{$ref: '#/components/schemas/N0'}") + "components:\n  schemas:\n" + "\n".join(nodes) + "\n"
    )
    with pytest.raises(RequestError, match=rf"p\.left\.at: {NO_DATE}"):
        _call(package, "body", {"kind": "N0", "left": {"kind": "N1", "at": NAIVE}})
