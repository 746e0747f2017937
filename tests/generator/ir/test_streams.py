"""Streams of other APIs, and what is sent again."""

# ruff: noqa: E501 - a schema of a document reads best in one line

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from generator.errors import GeneratorError
from sdk.errors import APIResponseError, InternalServerError, StreamError, StreamIncompleteError

from ...faults.raw import Raw, always, reply
from ..mini import api_of
from ..packages import Packages
from ..standalone import Build, build, json_reply, returned

__all__ = ["build"]
PIECE = "{type: object, properties: {delta: {type: string}}}"
SSE = "Content-Type: text/event-stream\r\n"


def document(content: str, *, more: str = "", method: str = "get") -> str:
    """Return a document of one operation, a.run, that replies with this content."""
    return f"paths: {{/a: {{{method}: {{x-sdk-name: a.run, operationId: runA, {more} responses: {{'200': {{description: ok, content: {{{content}}}}}}}}}}}}}\n"


def stream_of(schema: str) -> str:
    return document(f"text/event-stream: {{schema: {schema}}}")


def streamed(package: Any, body: bytes, **arguments: Any) -> tuple[list[Any], bytes]:
    """Return the chunks of a stream, the same from both worlds, and the request."""
    with (
        Raw(always(reply(body, headers=SSE))) as server,
        package.Client(api_base=server.url, api_key=None, max_retries=0) as client,
    ):
        with client.a.run.stream(**arguments) as stream:
            found = list(stream)

        async def call() -> list[Any]:
            async with (
                package.Client(api_base=server.url, api_key=None, max_retries=0) as one,
                one.a.run.asyncio_stream(**arguments) as chunks,
            ):
                return [chunk async for chunk in chunks]

        assert asyncio.run(call()) == found
        return found, server.requests[0]


def test_errors_that_are_events(build: Build) -> None:
    """With x-stream-mode an event that is called error, and has a type, is one of the events of the stream."""
    package = build(stream_of(PIECE).replace("x-sdk-name: a.run", "x-sdk-name: a.run, x-stream-mode: events"))
    found, _ = streamed(package, b'event: error\ndata: {"type": "error", "delta": "a"}\n\ndata: {"delta": "b"}\n\n')
    assert [chunk.delta for chunk in found] == ["a", "b"]
    plain = build(stream_of(PIECE))
    with pytest.raises(StreamError):
        streamed(plain, b'event: error\ndata: {"type": "error", "message": "a"}\n\n')


def test_a_mode_that_is_none_is_refused() -> None:
    """x-stream-mode has one value besides none."""
    path = "{get: {x-stream-mode: event, responses: {'200': {content: {text/event-stream: {schema: {type: object}}}}}}}"
    with pytest.raises(GeneratorError, match="x-stream-mode is 'event'") as caught:
        api_of("{}", f"/a: {path}")
    assert caught.value.pointer == "/paths/~1a/get/x-stream-mode"


def test_an_operation_that_only_streams(build: Build) -> None:
    """It streams without being asked, to the end of its reply; an `error` in an event is data."""
    package = build(stream_of(PIECE))
    found, request = streamed(package, b'data: {"delta": "a"}\n\ndata: {"delta": "b", "error": "?"}\n\n')
    assert [chunk.delta for chunk in found] == ["a", "b"]
    assert b"Accept: text/event-stream" in request
    assert returned(package, "a.run") == "Request[RunAEvents, RunAEvents]"


def test_it_does_nothing_but_stream(build: Build) -> None:
    """The other forms of a call say so."""
    run = build(stream_of(PIECE)).Client(api_key=None).a.run
    with pytest.raises(TypeError, match=r"a\.run replies only with a stream of events: use \.stream"):
        run.sync()
    with pytest.raises(TypeError, match="replies only with a stream"):
        asyncio.run(run.asyncio_detailed())


@pytest.mark.parametrize(
    ("schema", "body", "chunks"),
    [
        ("{type: string}", b"data: a\n\ndata: {b\ndata: c\n\n", ["a", "{b\nc"]),
        ("{}", b'data: {"a": 1}\n\n', ['{"a": 1}']),
        ("{type: object}", b'data: {"a": 1}\n\n', [{"a": 1}]),
        ("{type: integer}", b"data: 1\n\ndata: 2\n\n", [1, 2]),
        ("{type: array, items: {type: object}}", b'data: {"a": 1}\n\n', [{"a": 1}]),
        ("{type: array, items: {type: string, format: uuid}}", b"data: x\n\n", ["x"]),
    ],
)
def test_the_events_of_a_stream(build: Build, schema: str, body: bytes, chunks: list[Any]) -> None:
    """Texts, values and free objects; an array is one of events."""
    package = build(stream_of(schema))
    assert streamed(package, body)[0] == chunks


def test_the_last_event_without_its_blank_line(build: Build) -> None:
    """A server that forgets it loses nothing."""
    found, _ = streamed(build(stream_of(PIECE)), b'data: {"delta": "a"}\n\ndata: {"delta": "b"}')
    assert [chunk.delta for chunk in found] == ["a", "b"]


def test_json_and_a_stream_by_accept(build: Build) -> None:
    """Where nothing else says how to ask for a stream, the Accept header does."""
    package = build(
        document(f"application/json: {{schema: {{type: integer}}}}, text/event-stream: {{schema: {PIECE}}}")
    )
    found, request = streamed(package, b'data: {"delta": "a"}\n\n')
    assert ([chunk.delta for chunk in found], b"Accept: text/event-stream" in request) == (["a"], True)
    with Raw(always(json_reply(b"5"))) as server, package.Client(api_base=server.url, api_key=None) as client:
        assert client.a.run.sync() == 5
        assert b"Accept: application/json\r\n" in server.requests[0]


def test_a_stream_as_the_overlay_says(build: Build, tmp_path: Any) -> None:
    """x-sdk-stream names the argument that asks for it, and the event that must come last."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions:\n- target: $.paths['/a'].get\n  x-reason: mode=live streams\n"
        "  update: {x-sdk-stream: {in: query, name: mode, value: live, terminal: [done]}}\n"
    )
    mode = "parameters: [{name: mode, in: query, schema: {type: string}}],"
    content = f"application/json: {{}}, text/event-stream: {{schema: {PIECE}}}"
    package = build(document(content, more=mode), "--overlay", str(overlay))
    found, request = streamed(package, b'data: {"delta": "a"}\n\ndata: {"type": "done"}\n\n')
    assert (len(found), request.partition(b" HTTP")[0]) == (2, b"GET /v1/a?mode=live")
    with pytest.raises(StreamIncompleteError, match="without done"):
        streamed(package, b'data: {"delta": "a"}\n\n')


def test_an_overlay_that_says_half(build: Build, packages: Packages) -> None:
    """An argument without its place or value is an error."""
    build(document("text/event-stream: {}", more="x-sdk-stream: {name: mode},"), code=1)
    assert "/paths/~1a/get/x-sdk-stream" in packages.err


def test_a_whole_reply_in_place_of_a_stream(build: Build) -> None:
    """A server that does not stream is told apart; so is an event that is no object, or called error."""
    package = build(stream_of(PIECE))
    with (
        Raw(always(json_reply(b'{"delta": "a"}'))) as server,
        package.Client(api_base=server.url, api_key=None) as client,
        pytest.raises(APIResponseError, match="not a stream of events"),
        client.a.run.stream() as stream,
    ):
        list(stream)
    with pytest.raises(StreamError, match="not an object"):
        streamed(package, b"data: 5\n\n")
    with pytest.raises(StreamError, match="overloaded"):
        streamed(package, b'event: error\ndata: {"message": "overloaded"}\n\n')


KEYED = "parameters: [{name: Idempotency-Key, in: header, schema: {type: string}}],"


@pytest.mark.parametrize(
    ("method", "more", "status", "options", "times"),
    [
        ("post", "", "500 Oops", {}, 1),
        ("patch", "", "502 Bad Gateway", {}, 1),
        ("post", "", "503 Busy", {}, 3),
        ("post", KEYED, "500 Oops", {}, 3),
        ("post", "", "500 Oops", {"idempotency_key": "k"}, 3),
        ("put", "", "500 Oops", {}, 3),
        ("get", "", "500 Oops", {}, 3),
    ],
)  # fmt: skip
def test_what_is_sent_again(
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    more: str,
    status: str,
    options: dict[str, Any],
    times: int,
) -> None:
    """What may have done its work is sent again only where the API knows the Idempotency-Key."""
    monkeypatch.setattr("random.random", lambda: 0.0)
    package = build(document("application/json: {}", more=more, method=method))
    with (
        Raw(always(json_reply(b"{}", status=status))) as server,
        package.Client(api_base=server.url, api_key=None, max_retries=2) as client,
    ):
        with pytest.raises(InternalServerError):
            client.a.run.sync(**options)
        assert len(server.requests) == times
        keyed = bool(more or options) and method == "post"
        assert all((b"Idempotency-Key: " in request) is keyed for request in server.requests)
