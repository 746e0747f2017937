"""Calls of the face that mypy --strict and pyright must take as they are, with the types they must see. Never run."""

from pathlib import Path
from typing import Any, assert_type

import httpx

import sdk.compat.openai as openai
from sdk import models
from sdk.compat.openai import NOT_GIVEN, AsyncOpenAI, AsyncStream, AzureOpenAI, NotGiven, OpenAI, Stream, omit
from sdk.compat.openai.pagination import AsyncCursorPage, SyncCursorPage
from sdk.compat.openai.types import Batch, CreateEmbeddingResponse, FileObject
from sdk.compat.openai.types.audio import Transcription
from sdk.compat.openai.types.beta.threads import Run
from sdk.compat.openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessageParam,
    ChatCompletionToolParam,
    ChatCompletionUserMessageParam,
    ParsedChatCompletion,
)
from sdk.compat.openai.types.responses import ParsedResponse, Response, ResponseStreamEvent

HI: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Hi"}]
client = OpenAI(api_key="k", base_url="http://localhost:8000/v1", timeout=httpx.Timeout(5), max_retries=0)


class City:
    """A type of a program."""


def chat(temperature: float | NotGiven = NOT_GIVEN) -> None:
    reply = client.chat.completions.create(model="m", messages=HI, temperature=temperature, top_p=omit, timeout=5)
    assert_type(reply, ChatCompletion)
    assert_type(reply.choices[0].message.content, str | None)
    assert_type(reply.choices[0].message.model_dump(), dict[str, Any])
    assert_type(reply.model_dump_json(indent=2), str)
    assert_type(reply._request_id, str | None)
    again: models.ChatCompletion = reply
    assert again.usage is not None
    user = ChatCompletionUserMessageParam(role="user", content="Hi")
    client.chat.completions.create(model="m", messages=[user, reply.choices[0].message])
    tool: ChatCompletionToolParam = {"type": "function", "function": {"name": "f"}}
    client.chat.completions.create(model="m", messages=HI, tools=[tool], extra_headers={"X-A": "b"})
    assert_type(client.with_options(timeout=1).chat.completions.create(model="m", messages=HI), ChatCompletion)
    assert_type(client.chat.completions.parse(model="m", messages=HI, response_format=City), ParsedChatCompletion[City])


def streams(stream: bool) -> None:
    chunks = client.chat.completions.create(model="m", messages=HI, stream=True)
    assert_type(chunks, Stream[ChatCompletionChunk])
    for chunk in chunks:
        assert_type(chunk.choices[0].delta.content, str | None)
    whole = client.chat.completions.create(model="m", messages=HI, stream=False)
    assert_type(whole, ChatCompletion)
    either = client.chat.completions.create(model="m", messages=HI, stream=stream)
    assert_type(either, ChatCompletion | Stream[ChatCompletionChunk])
    with client.chat.completions.stream(model="m", messages=HI) as events:
        for event in events:
            print(event)
        events.get_final_completion()


def other_resources() -> None:
    response = client.responses.create(model="m", input="Hi")
    assert_type(response, Response)
    assert_type(response.output_text, str)
    assert_type(client.responses.create(model="m", input="Hi", stream=True), Stream[ResponseStreamEvent])
    assert_type(client.responses.parse(model="m", input="Hi", text_format=City), ParsedResponse[City])
    assert_type(client.embeddings.create(model="m", input="Hi"), CreateEmbeddingResponse)
    assert_type(client.batches.retrieve("b"), Batch)
    page = client.files.list(limit=2)
    assert_type(page, SyncCursorPage[FileObject])
    for file in page:
        assert_type(file, FileObject)
    assert_type(page.get_next_page().data, list[FileObject])
    assert_type(client.files.content("f").read(), bytes)
    with Path("a.wav").open("rb") as sound:
        assert_type(client.audio.transcriptions.create(model="m", file=sound), Transcription)
        assert_type(client.audio.transcriptions.create(model="m", file=sound, response_format="srt"), str)
    assert_type(client.beta.threads.runs.retrieve("r", thread_id="t"), Run)
    assert_type(client.beta.threads.runs.retrieve(run_id="r", thread_id="t"), Run)
    assert_type(client.beta.threads.runs.create_and_poll(thread_id="t", assistant_id="a"), Run)
    assert_type(AzureOpenAI(azure_endpoint="https://a").chat.completions.create(model="m", messages=HI), ChatCompletion)
    assert_type(openai.chat.completions.create(model="m", messages=HI), ChatCompletion)
    client.chat.completions.with_raw_response.create(model="m", messages=HI).parse()


def errors() -> None:
    try:
        client.models.list()
    except openai.RateLimitError as error:
        assert_type(error.status_code, int)
        assert_type(error.response, httpx.Response)


async def coroutines() -> None:
    async with AsyncOpenAI(api_key="k") as client:
        assert_type(await client.chat.completions.create(model="m", messages=HI), ChatCompletion)
        chunks = await client.chat.completions.create(model="m", messages=HI, stream=True)
        assert_type(chunks, AsyncStream[ChatCompletionChunk])
        async for chunk in chunks:
            assert_type(chunk, ChatCompletionChunk)
        assert_type(await client.embeddings.create(model="m", input="Hi"), CreateEmbeddingResponse)
        assert_type(await client.files.list(), AsyncCursorPage[FileObject])
        async for file in client.files.list():
            assert_type(file, FileObject)
        parsed = await client.chat.completions.parse(model="m", messages=HI, response_format=City)
        assert_type(parsed.choices[0].message.parsed, City | None)
        async with client.responses.stream(model="m", input="Hi") as events:
            await events.get_final_response()
