"""Arguments in, bytes out: paths, queries, headers and JSON bodies, as operations build them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

import httpx
import pytest

from sdk import Client, models
from sdk._core.client.request import Request
from sdk._core.request import styles
from sdk._core.request.spec import EndpointSpec, Style
from sdk._core.unset import UNSET
from sdk._core.validators import header_text_problem
from sdk.api import chat, embeddings, files, realtime, responses, threads
from sdk.api.chat import create
from sdk.api.organization import audit_logs
from sdk.api.vector_stores import files as vector_files
from sdk.errors import RequestError


class _Level(Enum):
    HIGH = 3


CHAT: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


def sent(operation: Any, *args: Any, **kwargs: Any) -> tuple[list[httpx.Request], Exception | None]:
    """Call an operation on a transport that notes what would go out."""
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"id": "x", "data": []})

    error = None
    with Client(api_key="k", admin_api_key="a", transport=httpx.MockTransport(answer)) as client:
        try:
            operation.sync(*args, client=client, **kwargs)
        except RequestError as raised:
            error = raised
    return requests, error


def body_of(**changes: Any) -> Any:
    """Return the JSON body of a chat request with these arguments."""
    return json.loads(create.request(**{**CHAT, **changes}).content().data or b"")


# -- paths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["..", ".", ""])
def test_e5_a_segment_that_would_change_the_path(value: str) -> None:
    """A path parameter that would make the URL mean another operation is refused; nothing is sent."""
    requests, error = sent(files.retrieve, value)
    assert requests == []
    assert str(error) == f"the path parameter file_id must not be {value!r}: the URL would mean another operation"


@pytest.mark.parametrize(
    ("value", "segment"),
    [
        ("a/b", b"a%2Fb"),
        ("a%2fb", b"a%252fb"),
        ("../x", b"..%2Fx"),
        ("a?b=c#d", b"a%3Fb%3Dc%23d"),
        ("ü €", b"%C3%BC%20%E2%82%AC"),
        ("a\r\nb", b"a%0D%0Ab"),
        ("{file_id}", b"%7Bfile_id%7D"),
        ("...", b"..."),
    ],
)
def test_e5_a_value_stays_in_its_segment(value: str, segment: bytes) -> None:
    """Whatever else stands in a path parameter is percent-encoded, once."""
    requests, error = sent(files.retrieve, value)
    assert error is None
    assert [request.url.raw_path for request in requests] == [b"/v1/files/" + segment]


def test_e5_one_value_does_not_fill_anothers_place() -> None:
    """A value that looks like the next parameter's place stays a value."""
    request = vector_files.retrieve.request("{file_id}", "f")
    assert request.path == "/vector_stores/%7Bfile_id%7D/files/f"


@pytest.mark.parametrize("value", [None, b"x", ["a"], "\ud800", float("nan")])
def test_e5_what_is_no_segment(value: Any) -> None:
    """Values that are no text, or no sendable text, are refused."""
    requests, error = sent(files.retrieve, value)
    assert (requests, type(error)) == ([], RequestError)
    assert str(error).startswith("file_id: ")


# -- queries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "args", "kwargs", "query"),
    [
        (files.list, (), {"limit": 2, "after": "a&b"}, [("limit", "2"), ("after", "a&b")]),
        (files.list, (), {}, []),
        (files.list, (), {"purpose": None}, []),
        (
            audit_logs.list,
            (),
            {"event_types": ["user.added", "user.deleted"], "effective_at": {"gte": 1, "lt": 2}},
            [
                ("effective_at[gte]", "1"),
                ("effective_at[lt]", "2"),
                ("event_types[]", "user.added"),
                ("event_types[]", "user.deleted"),
            ],
        ),
        (responses.retrieve, ("r",), {"include_obfuscation": False}, [("include_obfuscation", "false")]),
        (responses.retrieve, ("r",), {"include": ["a", "b"]}, [("include[]", "a"), ("include[]", "b")]),
        (responses.retrieve, ("r",), {"extra_query": {"include": ["a"]}}, [("include[]", "a")]),
        (
            files.list,
            (),
            {"extra_query": {"a": [1, 2], "limit": 3}, "limit": 2},
            [("limit", "3"), ("a", "1"), ("a", "2")],
        ),
        (
            files.list,
            (),
            {"extra_query": {"a": {"k": "v", "l": [1, 2], "n": None}, "b": models.Model.from_dict({"id": "m"})}},
            [("a[k]", "v"), ("a[l][]", "1"), ("a[l][]", "2"), ("b[id]", "m")],
        ),
    ],
)
def test_queries_by_their_styles(operation: Any, args: Any, kwargs: Any, query: list[tuple[str, str]]) -> None:
    """Declared lists and objects use brackets, None and what is left out do not appear; extra_query wins."""
    assert operation.request(*args, **kwargs).query == query


def test_a_declared_object_keeps_its_style() -> None:
    """An object that a document declares in the style form is its members, from an argument and from extra_query."""
    request: Request[Any, Any] = Request({"extra_query": {"o": {"k": "v"}}}, query={"o": {"k": "w"}, "p": {"l": 1}})
    request.spec = EndpointSpec("x", "GET", "/x")
    assert request.query == [("k", "v"), ("l", "1")]


@pytest.mark.parametrize("value", [float("inf"), "\ud800", object()])
def test_a_query_value_that_cannot_be_sent(value: Any) -> None:
    """A wrong value is named, and nothing is sent."""
    requests, error = sent(files.list, after=value)
    assert requests == []
    assert str(error).startswith("after: ")


# -- headers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "problem"),
    [("a\r\nY: 1", "a line break"), ("a\nb", "a line break"), ("a\0b", "a control character")],
)
def test_w5_a_line_break_in_a_header(value: str, problem: str) -> None:
    """A header cannot bring another one along; the error does not show the value."""
    for name, given in (("X-A", {"extra_headers": {"X-A": value}}), ("Idempotency-Key", {"idempotency_key": value})):
        requests, error = sent(files.list, **given)
        assert requests == []
        assert str(error) == f"the header {name} contains {problem}"


def test_w5_a_header_beyond_latin_1() -> None:
    """HTTP headers are Latin-1."""
    requests, error = sent(files.list, extra_headers={"X-A": "€"})
    assert requests == []
    assert str(error) == "the header X-A contains a character outside ISO-8859-1"


def test_what_a_header_can_carry() -> None:
    """Each character of ISO-8859-1 but the controls, of which the tab alone may stand there (RFC 9110, section 5.5)."""
    carried = {n for n in range(0x3000) if header_text_problem(f"a{chr(n)}b") is None}
    assert carried == {9, *range(0x20, 0x7F), *range(0x80, 0x100)}


def test_extra_headers_win() -> None:
    """What the call gives stands above the client's own; None leaves the client's."""
    requests, _ = sent(files.list, extra_headers={"User-Agent": "me", "X-A": "1", "Accept": None})
    assert [requests[0].headers[name] for name in ("user-agent", "x-a", "accept")] == ["me", "1", "application/json"]


def test_headers_that_an_operation_always_needs() -> None:
    """They go out with every call, and a built request shows them."""
    (request,), _ = sent(threads.create)
    assert request.headers["openai-beta"] == "assistants=v2"
    assert sent(files.list)[0][0].headers.get("openai-beta") is None
    assert threads.create.request().headers == {"OpenAI-Beta": "assistants=v2"}
    assert threads.create.request(extra_headers={"openai-beta": "mine"}).headers == {"openai-beta": "mine"}


@pytest.mark.parametrize(
    ("options", "given", "parameters"),
    [
        ({}, {"extra_headers": {"openai-BETA": "mine=v1"}}, {}),
        ({"default_headers": {"openai-beta": "mine=v1"}}, {}, {}),
        ({"default_headers": {"OpenAI-Beta": "other"}}, {}, {"openai-beta": ["mine=v1"]}),
    ],
    ids=["extra_headers", "default_headers", "parameter"],
)
def test_a_header_that_is_given_replaces_the_operations(options: Any, given: Any, parameters: Any) -> None:
    """The call's header, the client's or that of a parameter wins, however it is spelled."""
    seen: list[httpx.Headers] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers)
        return httpx.Response(200, json={})

    with Client(api_key="k", transport=httpx.MockTransport(answer), **options) as client:
        request: Request[Any, Any] = Request(given, headers=parameters)
        request.spec = EndpointSpec("x", "GET", "/x", fixed_headers={"OpenAI-Beta": "assistants=v2"})
        client.send(request)
    assert seen[0].get_list("openai-beta") == ["mine=v1"]


def test_accept_is_the_type_of_a_text_reply() -> None:
    """An operation whose reply is a text of one type asks for that type; a file may come as any type."""
    (call,), _ = sent(realtime.calls.create, sdp="v=0")
    (content,), _ = sent(files.content, "file_1")
    assert [request.headers["accept"] for request in (call, content)] == ["application/sdp", "*/*"]


# -- JSON bodies ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"temperature": float("nan")}, "temperature: nan is not a JSON number"),
        ({"temperature": float("-inf")}, "temperature: -inf is not a JSON number"),
        ({"messages": [{"role": "user", "a": {"b": float("nan")}}]}, "messages[0].a.b: nan is not a JSON number"),
        ({"model": "\ud800"}, "the body cannot be written as JSON: it contains a lone surrogate"),
        ({"metadata": {"a": b"x"}}, "metadata.a: bytes cannot be sent as JSON (base64-encode bytes)"),
        ({"metadata": {"a": 1j}}, "metadata.a: complex cannot be sent as JSON"),
        ({"extra_body": {"x": float("nan")}}, "x: nan is not a JSON number"),
    ],
)  # fmt: skip
def test_w4_what_json_cannot_hold(changes: Any, message: str) -> None:
    """NaN, lone surrogates and foreign types are refused by their place; nothing is sent."""
    requests, error = sent(create, **{**CHAT, **changes})
    assert requests == []
    assert str(error) == message


def test_null_and_left_out_differ() -> None:
    """None is null, what is left out is absent."""
    assert body_of(temperature=None) == {**CHAT, "temperature": None}
    assert body_of() == CHAT


@pytest.mark.parametrize("beside", [{}, {"store": None}, {"stop": (date(2024, 1, 2),)}])
def test_what_is_written_at_once_is_written_as_part_by_part(beside: Any) -> None:
    """A body is the same whether orjson can write it as it is, or each of its parts has to be looked at."""
    message = models.ChatCompletionMessage.from_dict({"role": "assistant", "content": "Hi", "new": [1.5, True]})
    given: Any = {
        "messages": [message, ("a", {"b": UNSET}, {"c": -1})],
        "metadata": {"l": _Level.HIGH, "u": UUID(int=1)},
    }
    for messages in (given["messages"], given["messages"][:1]):
        written = json.loads(styles.json({**given, "messages": messages, **beside}))
        assert {name: written[name] for name in given} == {
            "messages": [message.to_dict(), ["a", {}, {"c": -1}]][: len(messages)],
            "metadata": {"l": 3, "u": "00000000-0000-0000-0000-000000000001"},
        }


def test_nan_in_a_model_is_refused() -> None:
    """What a model holds is looked at as what a dict holds."""
    message = models.ChatCompletionMessage.from_dict({"role": "assistant", "content": float("inf")})
    with pytest.raises(RequestError, match=r"^messages\[0\]\.content: inf is not a JSON number$"):
        styles.json({"messages": [message]})


def test_values_become_json() -> None:
    """Tuples, mappings, models, dates and large integers have a JSON form."""
    message = models.ChatCompletionMessage.from_dict({"role": "assistant", "content": "Hi", "new": 1})
    sent_body = body_of(
        messages=({"role": "user", "content": ("a", "b")}, message),
        metadata=MappingProxyType({"d": date(2024, 1, 2), "t": datetime(2024, 1, 2, tzinfo=UTC)}),
        n=10**30,
    )
    assert sent_body == {
        "model": "m",
        "messages": [{"role": "user", "content": ["a", "b"]}, {"role": "assistant", "content": "Hi", "new": 1}],
        "metadata": {"d": "2024-01-02", "t": "2024-01-02T00:00:00+00:00"},
        "n": 10**30,
    }


def test_extra_body_is_laid_over() -> None:
    """extra_body adds fields and wins over arguments, and the caller's dicts stay as they are."""
    extra = {"temperature": 1, "top_k": 5}
    assert body_of(temperature=0, extra_body=extra) == {**CHAT, "temperature": 1, "top_k": 5}
    assert extra == {"temperature": 1, "top_k": 5}
    assert list(CHAT) == ["model", "messages"]


def test_text_goes_out_as_utf8() -> None:
    """Text is sent as it is, not as escapes."""
    request = embeddings.create.request(model="m", input="né €", encoding_format="float")
    assert request.content().data == '{"input":"né €","model":"m","encoding_format":"float"}'.encode()


def test_a_body_has_its_length() -> None:
    """A JSON body is framed by its length; a call without a body has none."""
    content = create.request(**CHAT).content()
    assert content.framing == {"Content-Length": str(len(content.data or b""))}
    nothing = chat.retrieve.request("x").content()
    assert (nothing.data, nothing.content_type, nothing.framing) == (None, None, {})


# -- values of Python's own types ----------------------------------------------------------------------------------

_ID = UUID("00000000-0000-0000-0000-00000000000a")


class _Name(StrEnum):
    A = "a b"


class _Number(IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (_ID, str(_ID)),
        (Decimal("19.90"), "19.90"),
        (Decimal("1E+2"), "1E+2"),
        (_Level.HIGH, "3"),
        (_Name.A, "a b"),
        (_Number.ONE, "1"),
        (time(1, 2, 3), "01:02:03"),
    ],
)
def test_python_values_in_paths_queries_and_headers(value: object, text: str) -> None:
    """UUID, Decimal, enums and times are written as text, alone and in lists and sets."""
    assert styles.scalar(value, "k") == text
    assert styles.header("k", value) == text
    assert styles.query({"k": value, "l": [value], "s": {value}}, {}) == [("k", text), ("l", text), ("s", text)]
    assert styles.path("/{k}", {"k": value}) == f"/{text.replace(' ', '%20').replace('+', '%2B').replace(':', '%3A')}"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({"k": _ID}, f'{{"k":"{_ID}"}}'),
        ({"k": Decimal("19.90")}, '{"k":19.90}'),
        ({"k": [Decimal("0.1234567890123456789012345")]}, '{"k":[0.1234567890123456789012345]}'),
        ({"k": {1}}, '{"k":[1]}'),
        ({"k": frozenset()}, '{"k":[]}'),
        ({"k": (_Name.A, _Number.ONE)}, '{"k":["a b",1]}'),
        ({"k": time(1, 2, 3)}, '{"k":"01:02:03"}'),
    ],
)
def test_python_values_in_json(value: object, written: str) -> None:
    """A Decimal is a number with all of its digits, a set is an array; in a header, too."""
    assert styles.json(value).decode() == written
    assert styles.header("h", value, Style("json")) == written


def test_a_decimal_that_is_no_number() -> None:
    """JSON has no word for infinity."""
    with pytest.raises(RequestError, match="k: Infinity is not a JSON number"):
        styles.json({"k": Decimal("Infinity")})
    with pytest.raises(RequestError, match="k: NaN is not a JSON number"):
        styles.scalar(Decimal("NaN"), "k")


def test_json_in_a_header_is_ascii() -> None:
    """What is not ASCII is escaped, as UTF-16 code units."""
    assert styles.header("h", {"k": "é\U0001f600"}, Style("json")) == '{"k":"\\u00e9\\ud83d\\ude00"}'
