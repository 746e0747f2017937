"""The turns of a session as iterators: text, events, and what happens when the loop is left."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sdk import ChatSession, Client, ResponsesSession
from sdk.errors import APIStatusError, MessageError, ToolError
from sdk.session import AsyncSessionStream, SessionStream, ToolResult
from sdk.stream_events import Done, TextDelta, ToolCallDone

from .wire import Answers

kinds = pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
worlds = pytest.mark.parametrize("world", ["sync", "asyncio"])


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def _call(kind: Any) -> Any:
    arguments = '{"a": 1, "b": 2}'
    if kind is ResponsesSession:
        return [{"type": "function_call", "call_id": "a", "name": "add", "arguments": arguments}]
    return {"tool_calls": [{"id": "a", "type": "function", "function": {"name": "add", "arguments": arguments}}]}


async def _all(stream: AsyncSessionStream[Any, Any]) -> list[Any]:
    return [piece async for piece in stream]


def _pieces(session: Any, world: str, message: str, *, run: bool = False, **overrides: Any) -> tuple[list[Any], Any]:
    """Return the pieces of a turn, and its reply."""
    if world == "sync":
        stream = session.run_events(message, **overrides) if run else session.stream(message, **overrides)
        return list(stream), stream.reply
    astream = session.arun_events(message, **overrides) if run else session.astream(message, **overrides)
    return asyncio.run(_all(astream)), astream.reply


@kinds
@worlds
def test_text(kind: Any, world: str) -> None:
    """The pieces are the text as it arrives; then the turn is complete, and the reply is there."""
    answers = Answers("Hello", "Bye")
    session = kind(answers.client, "m")
    pieces, reply = _pieces(session, world, "Hi", temperature=0)
    assert pieces == list("Hello")
    assert (reply.text, reply.message) == ("Hello", session.messages[-1])
    assert [m["role"] for m in session.messages] == ["user", "assistant"]
    assert _pieces(session, world, "Go")[1].text == "Bye"
    assert [asked.get("temperature") for asked in answers.asked] == [0, None]


@kinds
@worlds
def test_events_of_a_run(kind: Any, world: str) -> None:
    """A run yields its text, its calls and their results in order, and the reply at the end."""
    session = kind(Answers(_call(kind), "3").client, "m", tools=[add])
    events, reply = _pieces(session, world, "1 + 2?", run=True)
    names = [type(event).__name__ for event in events]
    assert [name for name in names if name != "ToolCallDelta"] == ["ToolCallDone", "ToolResult", "TextDelta", "Done"]
    assert ToolCallDone("a", "add", '{"a": 1, "b": 2}') in events
    assert ToolResult("a", "add", "3") in events
    assert events[-2:] == [TextDelta("3"), Done(reply)]
    assert reply.text == "3"
    assert len(session.messages) == 4


@kinds
def test_leaving_the_loop(kind: Any) -> None:
    """The place and the session are free at once, although the stream is still referred to; nothing is kept."""
    client = Answers("Hello", "Bye").client
    session = kind(client, "m", ["before"])
    before = [*session.messages]
    stream = session.stream("Hi")
    for piece in stream:
        assert (piece, client.stats().in_flight) == ("H", 1)
        break
    assert (session.messages, client.stats().in_flight, list(stream)) == (before, 0, [])
    with pytest.raises(MessageError, match="the turn is not complete"):
        _ = stream.reply
    assert session.send("Go").text == "Bye"


@kinds
@pytest.mark.parametrize("held", [True, False], ids=["held", "dropped"])
def test_leaving_the_loop_of_a_coroutine(kind: Any, held: bool) -> None:
    """The same for coroutines, where one place is all that there is."""
    client = Answers("Hello", "Bye").client.with_options(max_in_flight=1)
    session = kind(client, "m", ["before"])
    before = [*session.messages]

    async def main() -> None:
        streams = []
        stream = session.astream("Hi")
        if held:
            streams.append(stream)
        async for piece in stream:
            assert (piece, client.stats().in_flight) == ("H", 1)
            break
        del stream
        assert (session.messages, client.stats().in_flight) == (before, 0)
        assert (await session.asend("Go")).text == "Bye"
        for one in streams:
            assert await _all(one) == []
            with pytest.raises(MessageError, match="the turn is not complete"):
                _ = one.reply
        await client.aclose()

    asyncio.run(main())


@kinds
def test_blocks(kind: Any) -> None:
    """A `with` block closes the turn at its end, and a stream can be read piece by piece."""
    client = Answers("Hello").client
    session = kind(client, "m")
    with session.stream("Hi") as stream:
        assert (next(stream), next(stream), client.stats().in_flight) == ("H", "e", 1)
    assert (client.stats().in_flight, session.messages) == (0, [])

    async def main() -> None:
        async with session.astream("Hi") as stream:
            assert (await anext(stream), client.stats().in_flight) == ("H", 1)
        assert (client.stats().in_flight, session.messages) == (0, [])
        await client.aclose()

    asyncio.run(main())


@kinds
@worlds
def test_leaving_a_run_keeps_completed_calls(kind: Any, world: str) -> None:
    """A run that is left after a call keeps the call and its result, and can be resumed."""
    answers = Answers(_call(kind), "3")
    session = kind(answers.client, "m", tools=[add])

    async def main() -> None:
        async for event in session.arun_events("1 + 2?"):
            if isinstance(event, ToolResult):
                break

    if world == "sync":
        for event in session.run_events("1 + 2?"):
            if isinstance(event, ToolResult):
                break
    else:
        asyncio.run(main())
    assert len(session.messages) == 3
    assert session.run("1 + 2?").text == "3"
    assert len(session.messages) == 4


@kinds
@worlds
def test_errors(kind: Any, world: str) -> None:
    """An error of the server is raised by the loop, and leaves the session as it was and free."""
    session = kind(Answers(500, "ok").client, "m")
    with pytest.raises(APIStatusError):
        _pieces(session, world, "Hi")
    assert session.messages == []
    assert _pieces(session, world, "Hi")[1].text == "ok"


@kinds
def test_busy(kind: Any) -> None:
    """Another turn is refused while a stream is read; the stream goes on."""
    session = kind(Answers("ab").client, "m")
    stream = session.stream("Hi")
    pieces = []
    for piece in stream:
        with pytest.raises(MessageError, match="busy"):
            session.send("Go")
        with pytest.raises(MessageError, match="busy"):
            next(session.stream("Go"))
        pieces.append(piece)
    assert (pieces, stream.reply.text) == (["a", "b"], "ab")


@worlds
def test_too_many_rounds(world: str) -> None:
    """A model that calls tools for ever ends the run with an error."""
    session = ChatSession(Answers(_call(ChatSession)).client, "m", tools=[add])
    with pytest.raises(ToolError, match="after 1 rounds"):
        _pieces(session, world, "Hi", run=True, max_rounds=1)


@worlds
def test_arguments_are_checked_at_once(world: str) -> None:
    """A wrong argument is an error where it is given, not with the first piece."""
    session: Any = ChatSession(Answers("ok").client, "m")
    stream, run = (session.stream, session.run_events) if world == "sync" else (session.astream, session.arun_events)
    with pytest.raises(MessageError):
        stream(3)
    with pytest.raises(TypeError, match="max_rounds= must be a whole number"):
        run("Hi", max_rounds="3")


@worlds
def test_a_server_that_refuses_encrypted_reasoning(world: str) -> None:
    """A stream that fails because of what the session added is opened once more without it."""
    answers = _Refusing("ok")
    session = ResponsesSession(answers.client, "m", store=False)
    assert _pieces(session, world, "Hi")[1].text == "ok"
    assert [asked.get("include") for asked in answers.asked] == [["reasoning.encrypted_content"], None]


class _Refusing(Answers):
    """A server that does not know `include`."""

    def _answer(self, request: Any) -> Any:
        import httpx

        if b'"include"' in request.content:
            super()._answer(request)
            return httpx.Response(400, json={"error": {"message": "unknown", "param": "include"}})
        return super()._answer(request)


def test_repr_of_a_stream(client: Client) -> None:
    """The repr of a stream has that of its session."""
    session = ChatSession(client, "m", tools=[add])
    stream: SessionStream[str, Any] = session.stream("Hi")
    assert repr(stream) == "<SessionStream of <ChatSession m: 0 messages, tools add>>"
