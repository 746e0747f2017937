"""Chats, streams, tools, Responses, embeddings, moderations and models, as aimock serves them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from sdk import ChatSession, Client, models
from sdk.errors import APIStatusError, InternalServerError, StreamError

from .calling import Caller

STORY = "Once upon a time, in Ærøskøbing 🎈, all was well."
MODEL = "gpt-4o"


def say(text: str) -> list[dict[str, Any]]:
    """Return the messages of a user who says one thing."""
    return [{"role": "user", "content": text}]


def chat(client: Client) -> Any:
    """Pick the chat."""
    return client.chat.create


def respond(client: Client) -> Any:
    """Pick the responses."""
    return client.responses.create


def test_a_chat(mock: Caller) -> None:
    """A chat's reply has its text, its end and its usage."""
    reply = mock(chat, model=MODEL, messages=say("a story"))
    assert (reply.choices[0].message.content, reply.choices[0].finish_reason) == (STORY, "stop")
    assert type(reply) is models.ChatCompletion
    assert type(reply.usage) is models.CompletionUsage
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


def test_a_streamed_chat(mock: Caller) -> None:
    """The chunks are typed, and together they are the reply."""
    chunks, reply = mock.stream(chat, model=MODEL, messages=say("a story"), stream_options={"include_usage": True})
    assert {type(chunk) for chunk in chunks} == {models.ChatCompletionChunk}
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == STORY
    assert (reply.choices[0].message.content, reply.choices[0].finish_reason) == (STORY, "stop")
    assert reply.usage.total_tokens > 0


@pytest.mark.parametrize("streamed", [False, True])
def test_a_tool_call(mock: Caller, streamed: bool) -> None:
    """A call of a function comes with its arguments whole."""
    tool = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object"}}}
    given: dict[str, Any] = {"model": MODEL, "messages": say("the weather?"), "tools": [tool]}
    reply = mock.stream(chat, **given)[1] if streamed else mock(chat, **given)
    (call,) = reply.choices[0].message.tool_calls
    assert (call.id, call.function.name) == ("call_1", "get_weather")
    assert json.loads(call.function.arguments) == {"city": "Oslo", "unit": "c"}
    assert reply.choices[0].finish_reason == "tool_calls"


def test_a_session_runs_its_tools(aimock: str) -> None:
    """A chat session calls the function that the server asks for, and goes on with what it gives."""
    asked = []

    def get_weather(city: str, unit: str) -> str:
        """Say how warm it is."""
        asked.append((city, unit))
        return "21"

    with Caller(aimock, in_loop=False).client() as client:
        reply = ChatSession(client, MODEL, tools=[get_weather]).run("the weather?")
    assert asked == [("Oslo", "c")]
    assert reply.text == "It is 21 degrees in Oslo."


def test_an_async_session_runs_its_tools(aimock: str) -> None:
    """The same from a coroutine."""

    def get_weather(city: str, unit: str) -> str:
        """Say how warm it is."""
        return "21"

    async def run() -> str:
        async with Caller(aimock, in_loop=True).client() as client:
            return (await ChatSession(client, MODEL, tools=[get_weather]).arun("the weather?")).text

    assert asyncio.run(run()) == "It is 21 degrees in Oslo."


def test_a_stream_that_is_cut(mock: Caller) -> None:
    """A connection that ends in the middle of a stream raises, with what had come."""
    chunks, error = mock.stream(chat, model=MODEL, messages=say("cut"))
    assert isinstance(error, StreamError)
    assert 0 < len(chunks) <= 4
    assert error.partial is not None


def test_a_response(mock: Caller) -> None:
    """A response has its output; its type is the schema's."""
    reply = mock(respond, model=MODEL, input="a story")
    assert reply.output[0].content[0].text == STORY
    assert type(reply) is models.Response
    assert reply.status == "completed"


def test_a_streamed_response(mock: Caller) -> None:
    """The events come in order, each of its own class, and end with the whole response."""
    events, reply = mock.stream(respond, model=MODEL, input="a story")
    assert events[0].type == "response.created"
    assert events[-1].type == "response.completed"
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == STORY
    assert not any(isinstance(event, models.Unknown) for event in events)
    assert reply.output[0].content[0].text == STORY


@pytest.mark.parametrize("streamed", [False, True])
def test_a_tool_call_of_a_response(mock: Caller, streamed: bool) -> None:
    """A response calls a function."""
    given: dict[str, Any] = {"model": MODEL, "input": "the weather?"}
    reply = mock.stream(respond, **given)[1] if streamed else mock(respond, **given)
    (item,) = reply.output
    assert (item.type, item.name, item.call_id) == ("function_call", "get_weather", "call_1")
    assert json.loads(item.arguments) == {"city": "Oslo", "unit": "c"}


def test_embeddings(mock: Caller) -> None:
    """Several texts give several vectors, in order."""
    reply = mock(lambda client: client.embeddings.create, model="text-embedding-3-small", input=["hello", "hello you"])
    assert [list(one.embedding) for one in reply.data] == [[0.5, -0.25, 0.125]] * 2
    assert [one.index for one in reply.data] == [0, 1]


def test_moderations(mock: Caller) -> None:
    """Categories and scores come under their own names."""
    lenient = {"X-AIMock-Strict": "0"}
    reply = mock(lambda client: client.moderations.create, input="hello", extra_headers=lenient)
    assert reply.results[0].flagged is False
    assert reply.results[0].categories.hate_threatening is False
    assert reply.results[0].category_scores.violence == 0


def test_models(mock: Caller) -> None:
    """The models come as a list, and as a page to iterate over."""
    reply = mock(lambda client: client.models.list)
    assert MODEL in [model.id for model in reply.data]


def test_errors_are_typed(mock: Caller) -> None:
    """An error of the server has its status, code and message."""
    with pytest.raises(APIStatusError, match="I am a teapot") as caught:
        mock(chat, model=MODEL, messages=say("teapot"))
    assert (caught.value.status_code, caught.value.code) == (418, "teapot")
    with pytest.raises(InternalServerError) as unmatched:
        mock(chat, model=MODEL, messages=say("what nobody foresaw"))
    assert unmatched.value.code == "no_fixture_match"


def test_the_journal_has_the_request(mock: Caller) -> None:
    """What aimock wrote down is what was asked: the body, and a request id that the reply's headers have too."""
    with mock.client() as client:
        reply = chat(client).sync_detailed(model=MODEL, messages=say("a story"), temperature=0.25)
    (entry,) = mock.control(f"/journal?requestId={reply.request_id}")
    assert (entry["method"], entry["path"]) == ("POST", "/v1/chat/completions")
    body = {key: value for key, value in entry["body"].items() if not key.startswith("_")}
    assert body == {"model": MODEL, "messages": say("a story"), "temperature": 0.25}
    assert entry["headers"]["authorization"] == "[REDACTED]"
