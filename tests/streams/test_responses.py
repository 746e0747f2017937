"""Streams of the Responses API: the terminal event holds the response; until then it is put together."""

from __future__ import annotations

from typing import Any

import pytest

from sdk.errors import StreamError, StreamIncompleteError
from sdk.models import Response

from .wire import ARGUMENTS, Wire, both, event, stream


def _response(status: str = "in_progress", output: Any = (), **more: Any) -> Wire:
    return {"id": "resp_1", "object": "response", "created_at": 1, "model": "m", "status": status,
            "output": list(output), **more}  # fmt: skip


def _events(*events: Wire) -> list[bytes]:
    return [event({"sequence_number": n, **wire}, wire["type"]) for n, wire in enumerate(events)]


MESSAGE: Wire = {
    "id": "msg_1",
    "type": "message",
    "role": "assistant",
    "status": "completed",
    "content": [
        {"type": "output_text", "text": "Hello", "annotations": []},
        {"type": "refusal", "refusal": "no"},
    ],
}
CALL: Wire = {"id": "fc_1", "type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}
REASONING: Wire = {
    "id": "rs_1",
    "type": "reasoning",
    "summary": [{"type": "summary_text", "text": "hmm"}],
    "content": [],
}
OUTPUT = [REASONING, MESSAGE, CALL]


def _deltas() -> list[Wire]:
    def added(index: int, item: Wire, **less: Any) -> Wire:
        return {"type": "response.output_item.added", "output_index": index, "item": {**item, **less}}

    def delta(kind: str, index: int, text: str, **more: Any) -> Wire:
        return {"type": f"response.{kind}.delta", "output_index": index, "delta": text, **more}

    return [
        {"type": "response.created", "response": _response()},
        added(0, REASONING, summary=[]),
        delta("reasoning_summary_text", 0, "hm", summary_index=0, item_id="rs_1"),
        delta("reasoning_summary_text", 0, "m", summary_index=0, item_id="rs_1"),
        {"type": "response.output_item.done", "output_index": 0, "item": REASONING},
        added(1, MESSAGE, content=[], status="in_progress"),
        {"type": "response.content_part.added", "output_index": 1, "content_index": 0, "part": {"text": ""}},
        delta("output_text", 1, "Hel", content_index=0, item_id="msg_1"),
        delta("output_text", 1, "lo", content_index=0, item_id="msg_1"),
        delta("refusal", 1, "no", content_index=1, item_id="msg_1"),
        added(2, CALL, arguments="", status="in_progress"),
        delta("function_call_arguments", 2, "{", item_id="fc_1"),
        delta("function_call_arguments", 2, "}", item_id="fc_1"),
    ]  # fmt: skip


def test_texts_that_come_whole() -> None:
    """A server that sends a text at once, with no delta before it, is understood."""
    events: list[Wire] = [
        {"type": "response.output_text.done", "output_index": 0, "content_index": 0, "text": "Hello"},
        {"type": "response.output_item.added", "output_index": 1, "item": {**CALL, "arguments": ""}},
        {"type": "response.function_call_arguments.done", "output_index": 1, "arguments": "{}"},
        {"type": "response.completed", "response": _response("completed")},
    ]
    *_, done = both(_events(*events), "responses.create", done=False)
    assert (done.reply.output_text, done.reply.output[1].arguments) == ("Hello", "{}")


@pytest.mark.parametrize("end", ["completed", "failed", "incomplete"])
def test_terminal_event(end: str) -> None:
    """The response of the terminal event is the reply, whichever of the three it is."""
    whole = _response(end, OUTPUT, usage={"input_tokens": 1, "output_tokens": 2, "total_tokens": 3})
    events = _events(*_deltas(), {"type": f"response.{end}", "response": whole})
    with stream(events, "responses.create", done=False) as opened:
        assert len(list(opened)) == len(events)
        reply = opened.final()
    assert type(reply) is Response
    assert reply.to_dict() == whole


def test_partial_before_the_end() -> None:
    """Cut before its terminal event, .partial holds what the deltas said, as items."""
    cut = stream(_events(*_deltas()), "responses.create", done=False)
    with cut as opened, pytest.raises(StreamIncompleteError, match=r"response\.completed or response\.fail") as raised:
        opened.final()
    assert type(raised.value.partial) is Response
    partial: Any = raised.value.partial
    assert (partial.id, partial.status) == ("resp_1", "in_progress")
    reasoning, message, call = partial.output
    assert reasoning.to_dict() == REASONING
    assert [p.to_dict().get("text") or p.refusal for p in message.content] == ["Hello", "no"]
    assert (call.name, call.call_id, call.arguments) == ("f", "call_1", "{}")


def test_done_marker_is_not_enough() -> None:
    """[DONE] without a terminal event is a cut response, not a whole one."""
    with stream(_events(*_deltas()), "responses.create") as opened, pytest.raises(StreamIncompleteError):
        opened.final()


def test_done_marker_after_the_end() -> None:
    """[DONE] after the terminal event, as gateways add it, does no harm."""
    events = _events({"type": "response.completed", "response": _response("completed", OUTPUT)})
    with stream(events, "responses.create") as opened:
        assert opened.final().status == "completed"


def test_terminal_event_without_output() -> None:
    """A server whose last event leaves the output out loses nothing of what was streamed."""
    events = _events(*_deltas(), {"type": "response.completed", "response": _response("completed")})
    with stream(events, "responses.create", done=False) as opened:
        reply = opened.final()
    assert reply.status == "completed"
    assert [item.type for item in reply.output] == ["reasoning", "message", "function_call"]
    assert reply.output[1].content[0].text == "Hello"


def test_deltas_alone() -> None:
    """Deltas without the events around them still make a message."""
    deltas = [{"type": "response.output_text.delta", "delta": piece} for piece in ("Hel", "lo")]
    events = _events(*deltas, {"type": "response.completed", "response": _response("completed")})
    with stream(events, "responses.create", done=False) as opened:
        assert opened.final().output[0].to_dict() == {
            "type": "message",
            "role": "assistant",
            "status": "in_progress",
            "content": [{"type": "output_text", "text": "Hello"}],
        }


def test_text() -> None:
    """text() yields the answer's text alone: no reasoning, no refusal, no arguments."""
    events = _events(*_deltas(), {"type": "response.completed", "response": _response("completed", OUTPUT)})
    with stream(events, "responses.create", done=False) as opened:
        assert list(opened.text()) == ["Hel", "lo"]


def test_error_event() -> None:
    """An event of type error raises, with message and code."""
    events = _events(*_deltas()[:1], {"type": "error", "message": "boom", "code": "x", "param": None})
    with stream(events, "responses.create", done=False) as opened, pytest.raises(StreamError) as raised:
        opened.final()
    assert (raised.value.message, raised.value.code) == ("boom", "x")
    assert raised.value.partial.id == "resp_1"


def test_failed_is_a_reply() -> None:
    """response.failed is a reply that says so; its error is read from it and not raised."""
    whole = _response("failed", error={"code": "server_error", "message": "boom"})
    with stream(_events({"type": "response.failed", "response": whole}), "responses.create", done=False) as opened:
        assert opened.final().error.message == "boom"


def test_unknown_events_pass() -> None:
    """An event that the description does not know is handed on as it is."""
    events = _events(
        {"type": "response.new_thing", "x": 1}, {"type": "response.completed", "response": _response("completed")}
    )
    with stream(events, "responses.create", done=False) as opened:
        first, _ = opened
    assert (type(first).__name__, first.to_dict()["x"]) == ("Unknown", 1)


def test_retrieved_stream() -> None:
    """A stored response streams the same way."""
    ARGUMENTS["responses.retrieve"] = {"response_id": "resp_1"}
    events = _events(*_deltas(), {"type": "response.completed", "response": _response("completed", OUTPUT)})
    with stream(events, "responses.retrieve", done=False) as opened:
        assert opened.final().output[1].content[0].text == "Hello"
