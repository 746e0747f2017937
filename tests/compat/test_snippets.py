"""What people have in their programs, with one line changed: the import."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from sdk.compat.openai import AsyncOpenAI, OpenAI
from sdk.testing import LocalServer

MESSAGES: Any = [{"role": "user", "content": "Say this is a test"}]
_DEPRECATED = pytest.mark.filterwarnings("ignore:beta.:DeprecationWarning")  # as there: the Assistants API ends


class City(BaseModel):
    """A city."""

    name: str
    people: int


def test_chat(client: OpenAI, server: LocalServer) -> None:
    """An answer of a chat."""
    server.reply("This is a test")
    completion = client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES)
    assert completion.choices[0].message.content == "This is a test"
    assert completion.usage is not None
    assert completion.usage.total_tokens > 0


def test_stream(client: OpenAI, options: dict[str, Any], server: LocalServer) -> None:
    """A stream, blocking and from a coroutine."""
    server.reply("This is a test")
    stream = client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream if chunk.choices) == "This is a test"

    async def main() -> str:
        async with AsyncOpenAI(**options) as client:
            stream = await client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, stream=True)
            return "".join([chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices])

    server.reply("One two")
    assert asyncio.run(main()) == "One two"


def test_tools(client: OpenAI, server: LocalServer) -> None:
    """A call of a function, whose message goes back as it is."""
    tool: Any = {
        "type": "function",
        "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
    }
    server.reply_tool_call("weather", city="Rome")
    first = client.chat.completions.create(model="gpt-4o-mini", messages=MESSAGES, tools=[tool])
    calls = first.choices[0].message.tool_calls
    assert calls is not None
    call = calls[0]
    assert (call.function.name, json.loads(call.function.arguments)) == ("weather", {"city": "Rome"})
    server.reply("Sunny")
    answer = {"role": "tool", "tool_call_id": call.id, "content": "sunny"}
    messages = [*MESSAGES, first.choices[0].message, answer]
    second = client.chat.completions.create(model="gpt-4o-mini", messages=messages, tools=[tool])
    assert second.choices[0].message.content == "Sunny"
    assert server.requests[-1].json()["messages"][1]["tool_calls"][0]["id"] == call.id


def test_parse(client: OpenAI, server: LocalServer) -> None:
    """An answer as a value of a pydantic model; the value is not sent back."""
    server.reply('{"name": "Rome", "people": 3}')
    completion = client.chat.completions.parse(model="gpt-4o-mini", messages=MESSAGES, response_format=City)
    message = completion.choices[0].message
    assert message.parsed == City(name="Rome", people=3)
    assert "parsed" not in message.to_dict()
    assert server.requests[-1].json()["response_format"]["json_schema"]["strict"] is True


def test_embeddings(client: OpenAI) -> None:
    """Vectors of two texts."""
    found = client.embeddings.create(model="text-embedding-3-small", input=["a", "b"])
    assert [len(one.embedding) for one in found.data] == [1536, 1536]


def test_images(client: OpenAI) -> None:
    """An image as base64."""
    images = client.images.generate(model="gpt-image-1", prompt="A cat").data
    assert [bool(image.b64_json) for image in images or ()] == [True]


def test_audio(client: OpenAI, tmp_path: Path) -> None:
    """A text as sound, and the sound as text."""
    speech = client.audio.speech.create(model="tts-1", voice="alloy", input="Hello there")
    speech.write_to_file(tmp_path / "speech.wav")
    assert b"".join(speech.iter_bytes(1000)) == (tmp_path / "speech.wav").read_bytes()
    with client.audio.speech.with_streaming_response.create(model="tts-1", voice="alloy", input="Hi") as response:
        response.stream_to_file(tmp_path / "other.wav")
    with (tmp_path / "speech.wav").open("rb") as sound:
        assert client.audio.transcriptions.create(model="whisper-1", file=sound).text


def test_files(client: OpenAI) -> None:
    """A file that is uploaded, listed, read and deleted."""
    file = client.files.create(file=("a.jsonl", b"{}"), purpose="batch")
    assert [one.id for one in client.files.list(limit=1)] == [file.id]
    assert client.files.content(file.id).read() == b"{}"
    assert client.files.delete(file.id).deleted is True


def test_batches(client: OpenAI) -> None:
    """A batch that is created and read again."""
    line = {
        "custom_id": "1",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": "m", "messages": MESSAGES},
    }
    file = client.files.create(file=("a.jsonl", json.dumps(line).encode()), purpose="batch")
    batch = client.batches.create(input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h")
    assert client.batches.retrieve(batch.id).status in ("validating", "in_progress", "finalizing", "completed")


@_DEPRECATED
def test_assistants(client: OpenAI) -> None:
    """A run of an assistant, which the helper waits for, and another one that is streamed."""
    assistant = client.beta.assistants.create(model="gpt-4o-mini")
    thread = client.beta.threads.create()
    client.beta.threads.messages.create(thread.id, role="user", content="Hi")
    run = client.beta.threads.runs.create_and_poll(thread_id=thread.id, assistant_id=assistant.id)
    assert run.status == "completed"
    messages = client.beta.threads.messages.list(thread_id=thread.id)
    content = messages.data[0].content[0]
    assert content.type == "text"
    assert content.text.value
    with client.beta.threads.runs.stream(thread_id=thread.id, assistant_id=assistant.id) as stream:
        assert "".join(stream.text_deltas)


def test_vector_stores(client: OpenAI) -> None:
    """A store of files, of one and of several at once."""
    store = client.vector_stores.create(name="Docs")
    one = client.vector_stores.files.upload_and_poll(vector_store_id=store.id, file=("a.txt", b"abc"))
    many = client.vector_stores.file_batches.upload_and_poll(store.id, files=[("b.txt", b"b"), ("c.txt", b"c")])
    assert (one.status, many.status, many.file_counts.completed) == ("completed", "completed", 2)


def test_responses(client: OpenAI, server: LocalServer) -> None:
    """A response, a value of a model, and a stream of events with what came so far."""
    server.reply("Hello")
    assert client.responses.create(model="gpt-4o-mini", input="Hi").output_text == "Hello"
    server.reply('{"name": "Rome", "people": 3}')
    parsed = client.responses.parse(model="gpt-4o-mini", input="Rome", text_format=City)
    assert parsed.output_parsed == City(name="Rome", people=3)
    server.reply("One two")
    with client.responses.stream(model="gpt-4o-mini", input="Hi") as stream:
        texts = [event.snapshot for event in stream if event.type == "response.output_text.delta"]
        assert (texts, stream.get_final_response().output_text) == (["One", "One two"], "One two")
