"""client.request and client.arequest: paths that have no operation."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIResponseError, NotFoundError, RequestError
from sdk.models import Model

from ..faults.raw import Raw, always, reply


@pytest.fixture(params=["sync", "asyncio"])
def ask(request: pytest.FixtureRequest) -> Any:
    """Send one request: ask(server, method, path, ...)."""

    def sync(server: Raw, *args: Any, **kwargs: Any) -> Any:
        with Client(api_base=server.url, api_key="k", http_options={"trust_env": False}) as client:
            return client.request(*args, **kwargs)

    async def main(server: Raw, *args: Any, **kwargs: Any) -> Any:
        async with Client(api_base=server.url, api_key="k", http_options={"trust_env": False}) as client:
            return await client.arequest(*args, **kwargs)

    return sync if request.param == "sync" else lambda *args, **kwargs: asyncio.run(main(*args, **kwargs))


def test_sends_json_query_and_headers(ask: Any) -> None:
    """Body, query and headers go out as for any operation, and JSON comes back as it is."""
    with Raw(always(reply(b'{"a":[1]}'))) as server:
        found = ask(
            server, "post", "/föö/x", json={"b": None}, query={"q": [1, 2], "o": {"k": "v"}}, headers={"X-A": "1"}
        )
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /v1/f%C3%B6%C3%B6/x?q=1&q=2&o%5Bk%5D=v HTTP/1.1\r\n")
    assert b"\r\nX-A: 1" in head
    assert b"\r\nAuthorization: Bearer k" in head
    assert b"\r\nIdempotency-Key: " in head
    assert body == b'{"b":null}'
    assert (found.parsed, found.status_code, found.request.method) == ({"a": [1]}, 200, "POST")


@pytest.mark.parametrize(
    ("method", "length"), [("POST", b"0"), ("PUT", b"0"), ("PATCH", b"0"), ("GET", None), ("DELETE", None)]
)
def test_a_request_without_a_body_tells_its_length(ask: Any, method: str, length: bytes | None) -> None:
    """Methods that mostly have a body say that there is none (RFC 9110, 8.6): some servers answer 411 otherwise."""
    with Raw(always(reply(b"{}"))) as server:
        ask(server, method, "/x")
    lines = dict(line.lower().split(b": ", 1) for line in server.requests[0].split(b"\r\n")[1:] if line)
    assert lines.get(b"content-length") == length
    assert lines.keys().isdisjoint({b"content-type", b"transfer-encoding"})


@pytest.mark.parametrize(
    ("returns", "parsed"),
    [(None, {"id": "m"}), ("json", {"id": "m"}), ("text", '{"id":"m"}'), ("binary", b'{"id":"m"}'), ("none", None)],
)
def test_returns(ask: Any, returns: Any, parsed: Any) -> None:
    """`returns` says what the reply is read as."""
    with Raw(always(reply(b'{"id":"m"}'))) as server:
        assert ask(server, "GET", "/foo", returns=returns).parsed == parsed


def test_an_empty_reply(ask: Any) -> None:
    """Without `returns` a reply may be empty, as that of a DELETE mostly is; one that was said to be JSON may not."""
    with Raw(always(b"HTTP/1.1 204 No Content\r\n\r\n")) as server:
        assert ask(server, "DELETE", "/foo").parsed is None
        with pytest.raises(APIResponseError, match="the reply is empty where JSON was expected"):
            ask(server, "DELETE", "/foo", returns="json")


def test_returns_a_model(ask: Any) -> None:
    """A model given as `returns` is what comes back."""
    with Raw(always(reply(b'{"id":"m"}'))) as server:
        found = ask(server, "GET", "/foo", returns=Model).parsed
    assert (type(found), found.id) == (Model, "m")


@pytest.mark.parametrize("form", ["sync", "asyncio"])
def test_strict_knows_nothing_of_what_is_not_described(form: str) -> None:
    """A strict client takes any reply of a path without an operation."""
    with (
        Raw(always(reply(b'{"id":1}'))) as server,
        Client(api_base=server.url, api_key="k", strict=True, http_options={"trust_env": False}) as client,
    ):
        found = client.request("GET", "/foo") if form == "sync" else asyncio.run(client.arequest("GET", "/foo"))
    assert found.parsed == {"id": 1}


def test_fails_as_any_call(ask: Any) -> None:
    """An error status is the typed error, with retries before it where they may help."""
    with Raw(always(reply(b"{}", "503 X", "Retry-After-Ms: 1\r\n"), reply(b'{"error":"gone"}', "404 X"))) as server:
        with pytest.raises(NotFoundError, match="gone") as raised:
            ask(server, "GET", "/foo")
        assert [attempt.status_code for attempt in raised.value.attempts] == [503]


def test_files(ask: Any) -> None:
    """With files the body is multipart, and json's members are fields."""
    with Raw(always(reply(b"{}"))) as server:
        ask(server, "POST", "/foo", json={"purpose": "x"}, files={"file": ("a.txt", b"content")})
    assert b"Content-Type: multipart/form-data; boundary=" in server.requests[0]
    assert b'name="purpose"\r\n\r\nx\r\n' in server.requests[0]
    assert b'name="file"; filename="a.txt"' in server.requests[0]


@pytest.mark.parametrize(
    "path", ["foo", "//evil.example/x", "/a/../b", "/a/%2e%2E/b", "/a?b=1", "/a#b", "http://x/y", "/\ud800"]
)
def test_paths_that_lead_elsewhere(ask: Any, path: str) -> None:
    """A path stays below api_base; nothing is sent otherwise."""
    with Raw(always(reply())) as server:
        with pytest.raises(RequestError):
            ask(server, "GET", path)
        assert server.connections == 0


def test_line_breaks_are_encoded(ask: Any) -> None:
    """A line break in a path is no header."""
    with Raw(always(reply(b"{}"))) as server:
        ask(server, "GET", "/a\r\nX: 1")
    assert server.requests[0].startswith(b"GET /v1/a%0D%0AX:%201 HTTP/1.1\r\n")


@pytest.mark.parametrize(("wrong", "error"), [({"retries": 1}, TypeError), ({"returns": "xml"}, TypeError)])
def test_wrong_arguments(ask: Any, wrong: dict[str, Any], error: type[Exception]) -> None:
    """An option that no call has is a TypeError, as everywhere."""
    with Raw(always(reply())) as server:
        with pytest.raises(error):
            ask(server, "GET", "/a", **wrong)
        with pytest.raises(RequestError):
            ask(server, "GE T", "/a")
        assert server.connections == 0


def test_http_client_and_transport() -> None:
    """A user's httpx client or transport does the sending, with its own headers and hooks."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"id": "m"}, headers={"X-Request-Id": "req_1"})

    mock = httpx.MockTransport(answer)
    given = httpx.Client(transport=mock, headers={"X-Mine": "1"})
    with given, Client(api_base="http://a.invalid/v1", api_key="k", http_client=given) as client:
        assert client.request("GET", "/foo").parsed == {"id": "m"}
        assert client.models.retrieve.sync("m").id == "m"
    with Client(api_base="http://a.invalid/v1", api_key="k", transport=mock) as client:
        assert client.request("GET", "/foo").request_id == "req_1"

    async def main() -> Any:
        async with Client(api_base="http://a.invalid/v1", api_key="k", transport=mock) as client:
            return (await client.arequest("GET", "/foo", query={"a": 1})).parsed

    assert asyncio.run(main()) == {"id": "m"}
    assert [str(request.url) for request in seen] == [
        "http://a.invalid/v1/foo", "http://a.invalid/v1/models/m", "http://a.invalid/v1/foo", "http://a.invalid/v1/foo?a=1",
    ]  # fmt: skip
    assert [request.headers.get("x-mine") for request in seen] == ["1", "1", None, None]
    assert {request.headers["authorization"] for request in seen} == {"Bearer k"}
