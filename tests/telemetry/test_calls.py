"""The spans and metrics of calls: a reply, a stream, a failure, a call that its caller ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from sdk import Client
from sdk.errors import APIConnectionError, BadRequestError
from sdk.testing import LocalServer

from ..faults.raw import Peer, Raw, always, once, reply
from ..faults.streaming import chunk, streamed
from .conftest import ASK, Telemetry

_STREAM: Any = {**ASK, "stream_options": {"include_usage": True}}
_METRIC = {"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "server.address", "server.port"}


def _make(world: str, client: Client, *, stream: bool = False, leave: bool = False, **arguments: Any) -> None:
    """Make a call of a chat, and read or leave its stream."""

    def blocking() -> None:
        if not stream:
            client.chat.create.sync(**ASK, **arguments)
            return
        with client.chat.create.stream(**_STREAM, **arguments) as chunks:
            for _ in chunks:
                if leave:
                    break

    async def main() -> None:
        async with client:
            if not stream:
                await client.chat.create.asyncio(**ASK, **arguments)
                return
            async with client.chat.create.asyncio_stream(**_STREAM, **arguments) as chunks:
                async for _ in chunks:
                    if leave:
                        break

    blocking() if world == "sync" else asyncio.run(main())


@pytest.fixture(params=["sync", "asyncio"])
def world(request: pytest.FixtureRequest) -> str:
    """Who calls."""
    return str(request.param)


def test_a_chat(world: str, client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Its span says what was asked for, what came, and how many tokens; its metrics say the same of all calls."""
    openai_server.reply("Hello!")
    _make(world, client, temperature=0.5, max_completion_tokens=9, stop=["x"], n=1, top_p=1.0, reasoning_effort="low")
    span = recorded.span()
    assert (span.name, span.kind, span.status.status_code) == ("chat gpt-4o-mini", SpanKind.CLIENT, StatusCode.UNSET)
    attributes: dict[str, Any] = dict(span.attributes or {})
    port = attributes.pop("server.port")
    assert str(attributes.pop("gen_ai.response.id")).startswith("chatcmpl-")
    assert openai_server.url == f"http://127.0.0.1:{port}/v1"
    used = {key: attributes.pop(key) for key in ("gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens")}
    assert attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o-mini",
        "gen_ai.request.max_tokens": 9,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.stop_sequences": ("x",),
        "gen_ai.request.top_p": 1.0,
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.response.model": "gpt-4o-mini",
        "gen_ai.response.finish_reasons": ("stop",),
        "openai.api.type": "chat_completions",
        "openai.response.service_tier": "default",
        "openai.response.system_fingerprint": "fp_local",
        "server.address": "127.0.0.1",
    }
    metrics = recorded.metrics()
    (duration,) = metrics["gen_ai.client.inference.duration"]
    assert (duration.count, set(duration.attributes)) == (1, {*_METRIC, "gen_ai.response.model"})
    assert duration.explicit_bounds[:2] == (0.01, 0.02)
    assert span.end_time is not None
    assert span.start_time is not None
    assert abs(duration.sum - (span.end_time - span.start_time) / 1e9) < 0.05
    for side in ("input", "output"):
        (total,) = metrics[f"gen_ai.client.inference.usage.{side}_tokens"]
        (each,) = metrics[f"gen_ai.client.inference.operation.{side}_tokens"]
        assert total.value == each.sum == used[f"gen_ai.usage.{side}_tokens"] > 0
        assert total.attributes["gen_ai.token.modality"] == "unknown"
    assert "gen_ai.client.inference.time_to_first_chunk" not in metrics


def test_a_stream(world: str, client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Its span lasts until its end, and has the time to the first chunk; so have metrics, and the time between."""
    openai_server.reply("Hello there!")
    _make(world, client, stream=True)
    span = recorded.span()
    attributes = dict(span.attributes or {})
    assert attributes["gen_ai.request.stream"] is True
    assert attributes["gen_ai.response.finish_reasons"] == ("stop",)
    first = attributes["gen_ai.response.time_to_first_chunk"]
    assert isinstance(attributes["gen_ai.usage.output_tokens"], int)
    metrics = recorded.metrics()
    (measured,) = metrics["gen_ai.client.inference.time_to_first_chunk"]
    assert (measured.count, measured.sum) == (1, first)
    (between,) = metrics["gen_ai.client.inference.time_per_output_chunk"]
    assert between.count > 2
    (duration,) = metrics["gen_ai.client.inference.duration"]
    assert duration.sum >= first


def test_a_failure(world: str, client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Its status is an error with a type, and without the message, which may quote the prompt."""
    openai_server.fail(400, message="the secret prompt is wrong")
    with pytest.raises(BadRequestError):
        _make(world, client)
    span = recorded.span()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "BadRequestError 400")
    attributes = dict(span.attributes or {})
    assert attributes["error.type"] == "BadRequestError"
    assert attributes["gen_ai.response.finish_reasons"] == ("error",)
    metrics = recorded.metrics()
    (duration,) = metrics["gen_ai.client.inference.duration"]
    assert duration.attributes["error.type"] == "BadRequestError"
    (total,) = metrics["gen_ai.client.inference.usage.input_tokens"]
    assert (total.value, "error.type" in total.attributes) == (0, False)
    assert "secret" not in span.to_json()


def test_attempts_are_events(
    world: str, client: Client, openai_server: LocalServer, recorded: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One span has both requests of a call that is retried, with what HTTP says of them; a metric has each."""
    monkeypatch.setattr("sdk._core.call.retry._FIRST", 0.0)
    openai_server.fail(503)
    _make(world, client)
    first, wait, second = recorded.span().events
    url = f"{openai_server.url}/chat/completions"
    assert (first.name, second.name, wait.name) == ("http.client.attempt", "http.client.attempt", "http.client.wait")
    assert dict(first.attributes or {}) == {
        "http.request.method": "POST", "url.full": url, "http.response.status_code": 503,
    }  # fmt: skip
    assert dict(second.attributes or {}) == {
        "http.request.method": "POST", "url.full": url, "http.response.status_code": 200,
        "http.request.resend_count": 1,
    }  # fmt: skip
    assert dict(wait.attributes or {}) == {"reason": "retry", "seconds": 0.0}
    points = recorded.metrics()["http.client.request.duration"]
    assert {point.attributes["http.response.status_code"]: point.count for point in points} == {503: 1, 200: 1}


def test_an_attempt_without_a_response(recorded: Telemetry) -> None:
    """Its event has the type of the error in place of a status."""
    with Raw(once(Peer.reset)) as server, Client(api_base=server.url, api_key="k", max_retries=0) as client:
        recorded.instrument(client)
        with pytest.raises(APIConnectionError):
            client.chat.create.sync(**ASK)
    (event,) = recorded.span().events
    attributes = dict(event.attributes or {})
    assert attributes["error.type"] == "APIConnectionError"
    assert "http.response.status_code" not in attributes


def test_a_call_that_is_cancelled(recorded: Telemetry) -> None:
    """Its span ends with the task. It is no error of the call, but no success either."""

    async def main(server: Raw) -> None:
        async with Client(api_base=server.url, api_key="k") as client:
            recorded.instrument(client)
            task = asyncio.create_task(client.chat.create.asyncio(**ASK))
            while not server.requests:
                await asyncio.sleep(0.001)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with Raw(once(Peer.hold)) as server:
        asyncio.run(main(server))
    span = recorded.span()
    attributes = dict(span.attributes or {})
    assert (span.status.status_code, attributes["error.type"]) == (StatusCode.UNSET, "cancelled")
    assert attributes["gen_ai.response.finish_reasons"] == ("error",)
    (duration,) = recorded.metrics()["gen_ai.client.inference.duration"]
    assert duration.attributes["error.type"] == "cancelled"


def test_a_stream_that_is_left(world: str, client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """It ends where its caller leaves it, and its choice has no reason to end."""
    openai_server.reply("one two three four")
    _make(world, client, stream=True, leave=True)
    attributes = dict(recorded.span().attributes or {})
    assert attributes["error.type"] == "cancelled"
    assert "gen_ai.response.time_to_first_chunk" in attributes


def test_a_stream_that_breaks(recorded: Telemetry) -> None:
    """The error of the stream is that of its call."""
    with Raw(always(streamed(chunk("Hi")))) as server, Client(api_base=server.url, api_key="k") as client:
        recorded.instrument(client)
        with pytest.raises(Exception, match="ended"), client.chat.create.stream(**ASK) as stream:
            stream.final()
    span = recorded.span()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "StreamIncompleteError 200")
    assert (span.attributes or {})["gen_ai.response.finish_reasons"] == ("error",)


def test_the_trace_is_sent(world: str, client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """The server gets the span as the parent of its own; a header of the program's own stays."""
    _make(world, client)
    context = recorded.span().context
    assert context is not None
    sent = openai_server.requests[0].headers["traceparent"].split("-")
    assert sent[:3] == ["00", f"{context.trace_id:032x}", f"{context.span_id:016x}"]
    own = f"00-{1:032x}-{1:016x}-01"
    with client.with_options() as other:
        _make(world, other, extra_headers={"traceparent": own})
    assert openai_server.requests[1].headers["traceparent"] == own


def test_a_span_that_is_current_is_the_parent(
    world: str, client: Client, openai_server: LocalServer, recorded: Telemetry
) -> None:
    """So a call belongs to the request of the program that it serves."""
    with recorded.tracers.get_tracer("program").start_as_current_span("GET /answer") as parent:
        _make(world, client)
    span = recorded.span("chat")
    assert span.parent is not None
    assert span.parent.span_id == parent.get_span_context().span_id


def test_a_stream_keeps_no_reply_and_has_its_facts(
    client: Client, openai_server: LocalServer, recorded: Telemetry
) -> None:
    """With keep_reply=False nothing is kept; model, id and the reason of the end are read as they pass."""
    openai_server.reply("Hello there!")
    with client.chat.create.stream(**_STREAM, keep_reply=False) as stream:
        for _ in stream:
            pass
    attributes = dict(recorded.span().attributes or {})
    assert attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert attributes["gen_ai.response.model"] == "gpt-4o-mini"


def test_a_call_that_waits_is_one_span(recorded: Telemetry) -> None:
    """A refusal is an event, and so is the pause after it."""
    refusal = reply(b"{}", "429 X", "Retry-After-Ms: 1\r\n")
    with Raw(always(refusal, reply())) as server, Client(api_base=server.url, api_key="k") as client:
        recorded.instrument(client)
        client.chat.create.sync(**ASK)
    events = recorded.span().events
    assert [event.name for event in events] == ["http.client.attempt", "http.client.wait", "http.client.attempt"]
    assert (events[1].attributes or {})["reason"] == "pause"
