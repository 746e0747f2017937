"""What hooks are told of a call, and what they may do."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIConnectionError, InternalServerError, RequestError, StreamIncompleteError
from sdk.hooks import (
    AttemptStarted,
    CallEnded,
    CallEvent,
    CallStarted,
    CallWaits,
    FirstPiece,
    RequestView,
    ResponseStarted,
)
from sdk.usage import Usage

from ..faults.raw import Peer, Raw, always, once, reply
from ..faults.streaming import DONE, chunk, streamed

_ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "the secret prompt"}]}
_USAGE = b'"usage":{"prompt_tokens":7,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":2}}'
_REPLY = reply(
    b'{"id":"c","object":"chat.completion","created":1,"model":"m-1","choices":[],' + _USAGE + b"}",
    headers="Content-Type: application/json\r\nX-Request-Id: r1\r\n",
)
_DOWN = reply(b"{}", "503 X", "X-Request-Id: r0\r\n")


@pytest.fixture(params=["sync", "asyncio", "async hook"])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Who calls, and which kind of hook it has."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 0.0)
    return str(request.param)


def _events(world: str, server: Raw, streamed: bool = False, leave: bool = False, **options: Any) -> list[CallEvent]:
    """Make a call, which may fail, and return what its hook was told."""
    events: list[CallEvent] = []

    async def hook(event: CallEvent) -> None:
        await asyncio.sleep(0)
        events.append(event)

    def blocking(client: Client) -> None:
        with client:
            if not streamed:
                client.chat.create.sync(**_ASK)
                return
            with client.chat.create.stream(**_ASK) as stream:
                for _ in stream:
                    if leave:
                        break

    async def main(client: Client) -> None:
        async with client:
            if not streamed:
                await client.chat.create.asyncio(**_ASK)
                return
            async with client.chat.create.asyncio_stream(**_ASK) as stream:
                async for _ in stream:
                    if leave:
                        break

    on_event = hook if world == "async hook" else events.append
    client = Client(api_base=server.url, api_key="sk-secret-0123456789", on_event=on_event, **options)
    try:
        blocking(client) if world == "sync" else asyncio.run(main(client))
    except Exception as error:
        assert isinstance(events[-1], CallEnded)
        assert events[-1].error is error
    assert all(one.call is events[0].call for one in events)
    assert "secret" not in repr(events)
    return events


def test_the_moments_of_a_call(world: str) -> None:
    """A retry and a reply: each moment once, in order, with what is known of it."""
    with Raw(always(_DOWN, _REPLY)) as server:
        events = _events(world, server)
    started, first, refused, waits, second, answered, piece, ended = events
    assert isinstance(started, CallStarted)
    call = started.call
    assert (call.operation, call.model, call.streamed, call.method) == ("chat.create", "m", False, "POST")
    assert call.url == f"{server.url}/chat/completions"
    assert isinstance(first, AttemptStarted)
    assert isinstance(second, AttemptStarted)
    assert (first.attempt, second.attempt, first.headers["authorization"]) == (1, 2, "***")
    assert isinstance(refused, ResponseStarted)
    assert isinstance(answered, ResponseStarted)
    assert [(one.attempt, one.status_code, one.request_id) for one in (refused, answered)] == [
        (1, 503, "r0"),
        (2, 200, "r1"),
    ]
    assert isinstance(waits, CallWaits)
    assert (waits.reason, waits.attempt, waits.seconds, type(waits.error)) == ("retry", 1, 0.0, InternalServerError)
    assert isinstance(piece, FirstPiece)
    assert isinstance(ended, CallEnded)
    assert (ended.attempts, ended.status_code, ended.request_id, ended.error, ended.cancelled) == (
        2,
        200,
        "r1",
        None,
        False,
    )
    assert ended.received_bytes == len(_REPLY.partition(b"\r\n\r\n")[2])
    assert ended.usage == Usage(calls=1, input_tokens=7, cached_tokens=2, output_tokens=5)
    assert 0 <= ended.waited <= ended.elapsed


def test_a_call_that_fails_ends_with_its_error(world: str) -> None:
    """The error that is raised is the one that the hook is told."""
    with Raw(always(_DOWN)) as server:
        events = _events(world, server, max_retries=0)
    assert [type(one) for one in events] == [CallStarted, AttemptStarted, ResponseStarted, CallEnded]
    ended = events[-1]
    assert isinstance(ended, CallEnded)
    assert (type(ended.error), ended.status_code, ended.cancelled) == (InternalServerError, 503, False)


def test_a_refused_call_pauses(world: str) -> None:
    """A 429 is no failure to be retried, but a pause."""
    with Raw(always(reply(b"{}", "429 X", "Retry-After-Ms: 1\r\n"), _REPLY)) as server:
        waits = [one for one in _events(world, server) if isinstance(one, CallWaits)]
    assert [(one.reason, one.attempt) for one in waits] == [("pause", 1)]


def test_the_end_of_a_stream_is_the_end_of_its_call(world: str) -> None:
    """With its usage, its bytes and one first piece, whatever the number of chunks."""
    last = b'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[],' + _USAGE + b"}\n\n"
    with Raw(always(streamed(chunk("Hi"), chunk(" there", "stop"), last, DONE))) as server:
        events = _events(world, server, streamed=True)
    assert [type(one) for one in events] == [CallStarted, AttemptStarted, ResponseStarted, FirstPiece, CallEnded]
    ended = events[-1]
    assert isinstance(ended, CallEnded)
    assert (ended.error, ended.cancelled, ended.attempts, ended.status_code) == (None, False, 1, 200)
    assert ended.usage == Usage(calls=1, input_tokens=7, cached_tokens=2, output_tokens=5)
    assert ended.received_bytes > len(last)


def test_a_stream_that_breaks_ends_with_its_error(world: str) -> None:
    """What the stream raises, the hook is told."""
    with Raw(always(streamed(chunk("Hi")))) as server:
        ended = _events(world, server, streamed=True)[-1]
    assert isinstance(ended, CallEnded)
    assert (type(ended.error), ended.cancelled) == (StreamIncompleteError, False)


def test_who_leaves_a_stream_has_cancelled_it(world: str) -> None:
    """It is no failure."""
    with Raw(always(streamed(chunk("Hi"), chunk(" there", "stop"), DONE))) as server:
        ended = _events(world, server, streamed=True, leave=True)[-1]
    assert isinstance(ended, CallEnded)
    assert (ended.error, ended.cancelled) == (None, True)


def test_a_call_that_is_cancelled() -> None:
    """So is a task that is cancelled while it waits for its response."""
    events: list[CallEvent] = []

    async def main(server: Raw) -> None:
        async with Client(api_base=server.url, api_key="k", on_event=events.append) as client:
            task = asyncio.create_task(client.chat.create.asyncio(**_ASK))
            while not server.requests:
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with Raw(once(Peer.hold)) as server:
        asyncio.run(main(server))
    ended = events[-1]
    assert isinstance(ended, CallEnded)
    assert (ended.error, ended.cancelled, ended.status_code) == (None, True, None)


def test_a_call_that_waits_for_its_turn() -> None:
    """The hook is told before the wait, and at the end how long all waits were."""
    events: list[CallEvent] = []
    with Raw(always(_REPLY)) as server, Client(api_base=server.url, api_key="k", on_event=events.append) as client:
        line = client._context.line_of(client.chat.create.request(**_ASK))
        line.pace._pause(__import__("time").monotonic(), 0, 0.1)
        client.chat.create.sync(**_ASK)
    waits, ended = events[1], events[-1]
    assert isinstance(waits, CallWaits)
    assert isinstance(ended, CallEnded)
    assert (waits.reason, waits.attempt, waits.seconds, waits.error) == ("turn", 0, None, None)
    assert 0.05 < ended.waited < ended.elapsed


def test_a_stream_that_is_dropped_is_told_too() -> None:
    """The garbage collector ends the call."""
    events: list[CallEvent] = []
    with (
        Raw(always(streamed(chunk("Hi"), chunk(" there", "stop"), DONE))) as server,
        Client(api_base=server.url, api_key="k", on_event=events.append) as client,
    ):
        stream = client.chat.create.stream(**_ASK)
        next(iter(stream))
        with pytest.warns(ResourceWarning, match="dropped"):
            stream.__del__()
        stream.close()
    ended = [one for one in events if isinstance(one, CallEnded)]
    assert [one.cancelled for one in ended] == [True]


@pytest.mark.parametrize("hook", ["on_request", "on_event"])
def test_a_hook_returns_headers_to_send(hook: str) -> None:
    """That is how a trace is carried. They are sent with that attempt."""

    def trace(moment: Any) -> dict[str, str] | None:
        if isinstance(moment, RequestView | AttemptStarted):
            return {"Traceparent": f"00-{moment.attempt}"}
        return None

    options: Any = {hook: trace}
    with (
        Raw(always(_DOWN, _REPLY)) as server,
        Client(api_base=server.url, api_key="k", **options) as client,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("sdk._core.call.retry._FIRST", 0.0)
        client.chat.create.sync(**_ASK)
    assert [b"Traceparent: 00-%d" % number in one for number, one in enumerate(server.requests, 1)] == [True, True]


@pytest.mark.parametrize(
    ("headers", "problem"),
    [
        ({"X-A": "a\r\nB: c"}, "a hook returned a header that"),
        ({"X A": "a"}, "a hook returned a header that has a header name that is not a token"),
        ({"Content-Length": "1"}, "a hook returned the header Content-Length, which the client sets"),
    ],
)
def test_invalid_headers_of_a_hook_are_refused(headers: dict[str, str], problem: str) -> None:
    """Nothing is sent."""
    with (
        Raw(always(_REPLY)) as server,
        Client(api_base=server.url, api_key="k", on_request=lambda view: headers) as client,
    ):
        with pytest.raises(RequestError, match=problem):
            client.chat.create.sync(**_ASK)
        assert server.requests == []


def test_a_header_cannot_be_assigned_to_a_view() -> None:
    """It would not be sent, so it raises."""

    def assign(view: RequestView) -> None:
        headers: Any = view.headers
        headers["X-A"] = "b"

    with (
        Raw(always(_REPLY)) as server,
        Client(api_base=server.url, api_key="k", on_request=assign) as client,
        pytest.raises(TypeError, match="does not support item assignment"),
    ):
        client.chat.create.sync(**_ASK)


@pytest.mark.parametrize("moment", [CallStarted, AttemptStarted, ResponseStarted, FirstPiece, CallEnded])
@pytest.mark.parametrize("streams", [False, True])
def test_what_a_hook_raises_is_the_callers(moment: type[CallEvent], streams: bool, world: str) -> None:
    """It ends the call, whose place is free again."""

    def hook(event: CallEvent) -> None:
        if isinstance(event, moment):
            raise ZeroDivisionError

    async def main(client: Client) -> None:
        async with client:
            if streams:
                async with client.chat.create.asyncio_stream(**_ASK) as stream:
                    await stream.final()
            else:
                await client.chat.create.asyncio(**_ASK)

    answer = streamed(chunk("Hi"), chunk(" there", "stop"), DONE) if streams else _REPLY
    with Raw(always(answer)) as server:
        client = Client(api_base=server.url, api_key="k", on_event=hook)
        with pytest.raises(ZeroDivisionError):
            if world != "sync":
                asyncio.run(main(client))
            elif streams:
                with client, client.chat.create.stream(**_ASK) as stream:
                    stream.final()
            else:
                with client:
                    client.chat.create.sync(**_ASK)
        assert client.stats().in_flight == 0


def test_a_call_that_reaches_nobody() -> None:
    """No response: neither status nor request id."""
    events: list[CallEvent] = []
    options: Any = {"api_base": "http://127.0.0.1:1/v1", "api_key": "k", "max_retries": 0}
    with Client(on_event=events.append, **options) as client, pytest.raises(APIConnectionError):
        client.chat.create.sync(**_ASK)
    ended = events[-1]
    assert isinstance(ended, CallEnded)
    assert (ended.status_code, ended.request_id, ended.usage, type(ended.error)) == (
        None,
        None,
        None,
        APIConnectionError,
    )
