"""Calls that mypy --strict and pyright must take as they are, with the types that they must see. Never run."""

import asyncio
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, assert_type

import httpx2

from sdk import (
    UNSET,
    APIResponse,
    ChatSession,
    Client,
    Reply,
    ResponsesReply,
    ResponsesSession,
    asyncio_wait,
    bulk,
    wait,
)
from sdk.api import files, models
from sdk.api.audio import speech, transcriptions
from sdk.api.chat import create
from sdk.api.embeddings import create as embed
from sdk.auth import Auth, AWSAuth, AzureAuth, Credential, GoogleAuth, Outgoing, Token, WorkloadIdentity, github_token
from sdk.files import BinaryReply
from sdk.models import (
    Batch,
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessage,
    CreateEmbeddingResponse,
    FileObject,
    ListModelsResponse,
    Response,
    Run,
    VectorStoreFileBatchObject,
)
from sdk.params import ChatCompletionRequestMessageParam
from sdk.session import ToolResult
from sdk.stats import ClientStats
from sdk.stream_events import Done

HI: list[ChatCompletionRequestMessageParam | ChatCompletionMessage] = [{"role": "user", "content": "Hi"}]


def calls() -> None:
    reply = create.sync(model="gpt-4o-mini", messages=[{"role": "user", "content": "Hi"}])
    assert_type(reply, ChatCompletion)
    assert_type(reply.choices[0].message.content, str | None)
    assert_type(reply.output_text, str)
    assert_type(reply.choices[0].message.reasoning_content, str | None)
    assert_type(reply.choices[0].message.reasoning, str | None)
    assert_type(create.sync_detailed(model="m", messages=HI), APIResponse[ChatCompletion])
    assert_type(create.request(model="m", messages=HI).method, str)
    assert_type(embed.sync(model="m", input=["a", "b"]), CreateEmbeddingResponse)
    assert_type(models.list.sync(), ListModelsResponse)


async def coroutines() -> None:
    assert_type(await create.asyncio(model="m", messages=HI), ChatCompletion)
    assert_type(await create.asyncio_detailed(model="m", messages=HI), APIResponse[ChatCompletion])
    async with create.asyncio_stream(model="m", messages=HI) as stream:
        async for chunk in stream:
            assert_type(chunk, ChatCompletionChunk)
        assert_type(stream.text(), AsyncIterator[str])
        assert_type(await stream.final(), ChatCompletion)


async def gathered() -> list[Any]:
    calls = [create.asyncio(model="m", messages=HI) for _ in range(2)]
    return await asyncio.gather(*calls, return_exceptions=True)


def streams() -> None:
    with create.stream(model="m", messages=HI) as stream:
        for chunk in stream:
            assert_type(chunk, ChatCompletionChunk)
            assert_type(chunk.choices[0].delta.reasoning_content, str | None)
        assert_type(stream.text(), Iterator[str])
        assert_type(stream.final(), ChatCompletion)
    with create.stream(model="m", messages=HI, keep_reply=False) as stream:
        assert_type(next(stream), ChatCompletionChunk)


def bound() -> None:
    with Client(api_base="http://localhost:8000/v1", api_key=None, max_retries=0) as client:
        assert_type(client.chat.create.sync(model="m", messages=HI), ChatCompletion)
        assert_type(create.sync(client=client, model="m", messages=HI), ChatCompletion)
        assert_type(client.stats(), ClientStats)
        assert_type(client.stats().in_flight, int)
        with client.chat.create.stream(model="m", messages=HI) as stream:
            assert_type(next(iter(stream)), ChatCompletionChunk)
        for file in client.files.list.iter(limit=20):
            assert_type(file, FileObject)


async def many() -> None:
    inputs = [{"model": "m", "messages": HI}]
    for result in bulk.map(create, inputs, concurrency=8, ordered=True):
        assert_type(result, bulk.Result[ChatCompletion])
        assert_type(result.reply, ChatCompletion | None)
    async for result in bulk.amap(create, inputs, parse=dict[str, int], repairs=1):
        assert_type(result.error, Exception | None)
    assert_type(bulk.run("in.jsonl", "out.jsonl", "chat.create", limit=3, progress=print), bulk.Summary)
    assert_type(await bulk.arun(inputs, Path("out.jsonl"), via="batch"), bulk.Summary)
    bulk.run("in.csv", "out.jsonl", template="{text}", arguments={"model": "m"}, dry_run=True)
    assert_type(bulk.embed((str(n) for n in range(3)), "v.npy", dimensions=8), bulk.Embedded)
    bulk.Worker(create, template="{text}", concurrency=4, requests_per_minute=60)([{"text": "a"}])


def options() -> None:
    create.sync(model="m", messages=HI, temperature=None, max_completion_tokens=UNSET)
    create.sync(model="m", messages=HI, timeout=5, max_retries=0, extra_body={"top_k": 3}, extra_headers={"X-A": "b"})
    assert_type(files.list.iter(limit=20), Iterator[FileObject])


def conversation() -> None:
    answer = create.sync(model="m", messages=HI).choices[0].message
    create.sync(model="m", messages=[*HI, answer, {"role": "user", "content": "And then?"}])
    HI.append(answer)


def uploads() -> None:
    sound = speech.create.sync(model="m", voice="alloy", input="Hi")
    assert_type(sound, BinaryReply)
    assert_type(sound.save("hi.mp3"), Path)
    transcriptions.create.sync(model="m", file=Path("hi.mp3"))
    transcriptions.create.sync(model="m", file=("hi.wav", b"RIFF", "audio/wav"))


async def session() -> None:
    chat = ChatSession(model="m", temperature=0.5)
    assert_type(chat.send("Hi", on_chunk=lambda chunk: print(chunk.content)), Reply)
    assert_type(await chat.asend({"role": "user", "content": "Hi"}), Reply)
    assert_type(chat.fork().run("Hi").text, str)
    pieces = chat.stream("Hi")
    assert_type(list(pieces), list[str])
    assert_type(pieces.reply, Reply)
    async for event in chat.arun_events("Hi"):
        if isinstance(event, ToolResult):
            assert_type(event.text, str)
        elif isinstance(event, Done):
            assert_type(event.reply, Reply)


@dataclass
class City:
    name: str


async def structured() -> None:
    assert_type(create.parse(City, model="m", messages=HI), City)
    assert_type(await create.asyncio_parse(list[City], model="m", messages=HI), list[City])
    assert_type(create.parse_detailed(City, model="m", messages=HI).parsed, City)
    assert_type(create.parse_detailed(City, model="m", messages=HI).reply, ChatCompletion)
    assert_type((await create.asyncio_parse_detailed(City, model="m", messages=HI)).reply.output_text, str)
    with create.parse_stream(City, model="m", messages=HI) as stream:
        assert_type(next(stream), ChatCompletionChunk)
        assert_type(stream.final(), City)
    assert_type(ResponsesSession(model="m").send("Hi"), ResponsesReply)
    assert_type(await ResponsesSession(model="m").arun("Hi"), ResponsesReply)


async def waits() -> None:
    with Client() as client:
        batch = client.batches.retrieve.sync("batch_1")
        assert_type(wait(batch, timeout=60), Batch)
        assert_type(wait(batch, on_state=lambda job: print(job.status), check=False), Batch)
        assert_type(wait(client.batches.retrieve.sync_detailed("batch_1"), client=client), APIResponse[Batch])
        assert_type(wait(client.threads.runs.retrieve.sync("t", "r"), progress=True), Run)
        assert_type(await asyncio_wait(await client.responses.retrieve.asyncio("resp_1")), Response)
        assert_type(await asyncio_wait(batch, on_state=reported), Batch)
        assert_type(client.vector_stores.upload("vs_1", [Path("a.txt")], timeout=60), VectorStoreFileBatchObject)
        assert_type(await client.vector_stores.upload.asyncio("vs_1", Path("a.txt")), VectorStoreFileBatchObject)


async def reported(job: Batch) -> None:
    print(job.status)


class Vault:
    def fetch(self, options: object, limit: float | None) -> Token:
        return Token("key", 3600)

    async def afetch(self, options: object, limit: float | None) -> Token:
        return self.fetch(options, limit)


class Signs:
    def apply(self, outgoing: Outgoing) -> Generator[Any, Any, None]:
        outgoing.headers["x-signed"] = ("X-Signed", outgoing.target)
        yield from ()


async def later() -> str:
    return "key"


def identities(blocking: httpx2.Client, pooled: httpx2.AsyncHTTPTransport) -> None:
    signs: Auth = Signs()
    workload = WorkloadIdentity("provider", "account", subject=github_token())
    for auth in (AzureAuth(token=later), GoogleAuth(), AWSAuth("us-east-1"), Credential(Vault()), workload, signs):
        assert_type(Client(auth=auth), Client)
    Client(auth="key")
    Client(auth=later)
    assert_type(Client.for_provider("groq", timeout=5), Client)
    Client(http_client=blocking)
    Client(transport=pooled)
