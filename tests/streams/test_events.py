"""events(): the same few typed events for every kind of stream."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from sdk import Client
from sdk.stream_events import Done, ReasoningDelta, RefusalDelta, TextDelta, ToolCallDelta, ToolCallDone

from .test_responses import CALL, OUTPUT, _deltas, _events, _response
from .wire import ARGUMENTS, DONE, Wire, both, chunk, event, stream


def test_chat() -> None:
    """A chat tells text, reasoning, refusal and tool calls as they come, the calls again when whole, then the end."""
    chunks = [
        chunk({"role": "assistant", "reasoning_content": "hm"}),
        chunk({"content": "Hi"}),
        chunk({"content": "Ho"}, index=1),
        chunk({"refusal": "no"}),
        chunk({"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": "}"}}]}),
        chunk({}, "tool_calls"),
    ]
    with stream(chunks) as opened:
        *reported, last = opened.events()
        assert reported == [
            ReasoningDelta("hm"),
            TextDelta("Hi"),
            TextDelta("Ho", 1),
            RefusalDelta("no"),
            ToolCallDelta("a", "f", "{"),
            ToolCallDelta("a", "f", "}"),
            ToolCallDone("a", "f", "{}"),
        ]
        assert last == Done(opened.final())


def test_responses() -> None:
    """The Responses API tells the same events; a call is done when its item is."""
    events = _events(
        *_deltas(),
        {"type": "response.output_item.done", "output_index": 2, "item": CALL},
        {"type": "response.completed", "response": _response("completed", OUTPUT)},
    )
    with stream(events, "responses.create", done=False) as opened:
        *reported, last = opened.events()
    assert reported == [
        ReasoningDelta("hm", 0),
        ReasoningDelta("m", 0),
        TextDelta("Hel", 1),
        TextDelta("lo", 1),
        RefusalDelta("no", 1),
        ToolCallDelta("call_1", "f", "{", 2),
        ToolCallDelta("call_1", "f", "}", 2),
        ToolCallDone("call_1", "f", "{}", 2),
    ]
    assert isinstance(last, Done)
    assert last.reply.status == "completed"


ADDED = {"type": "response.output_item.added", "output_index": 0, "item": {**CALL, "arguments": ""}}
DELTA = {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": "{}"}
SAID = {"type": "response.function_call_arguments.done", "output_index": 0, "arguments": "{}"}
ITEM = {"type": "response.output_item.done", "output_index": 0, "item": CALL}


@pytest.mark.parametrize("events", [[ADDED, DELTA, SAID, ITEM], [ADDED, SAID], [ADDED, ITEM], [SAID], [ITEM], []])
@pytest.mark.parametrize("output", [[CALL], []])
def test_a_call_is_done_once(events: list[Wire], output: list[Wire]) -> None:
    """Whichever of the events of a call a server leaves out, its end is told once, if anything says what it calls."""
    *reported, done = both(
        _events(*events, {"type": "response.completed", "response": _response("completed", output)}),
        "responses.create",
        done=False,
    )
    known = ADDED in events or ITEM in events or output
    assert [e for e in reported if isinstance(e, ToolCallDone)] == [ToolCallDone("call_1", "f", "{}", 0)] * bool(known)
    if known:
        assert [(c.name, c.arguments) for c in done.reply.output] == [("f", "{}")]


def test_others_tell_text() -> None:
    """Other streams tell their text."""
    events = [{"type": "transcript.text.delta", "delta": "Hi"}, {"type": "transcript.text.done", "text": "Hi"}]
    with stream(events, "audio.transcriptions.create", done=False) as opened:
        assert [type(e) for e in opened.events()] == [TextDelta, Done]


def test_asynchronous() -> None:
    """A coroutine gets the same."""
    body = event(chunk({"content": "Hi"})) + DONE
    answer = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body)

    async def main() -> list[type]:
        async with (
            Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(lambda _: answer)) as client,
            client.chat.create.asyncio_stream(**ARGUMENTS["chat.create"]) as opened,
        ):
            return [type(e) async for e in opened.events()]

    assert asyncio.run(main()) == [TextDelta, Done]
