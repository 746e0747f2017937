"""What a client's calls used, by model."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from sdk import Client
from sdk._openai.usage import add_up, usage_of
from sdk.usage import Usage

from ..faults.raw import Raw, always, reply
from ..faults.streaming import DONE, chunk, event, streamed

_ASK: Any = {"messages": [{"role": "user", "content": "Hi"}]}
_CHAT = {"id": "c", "object": "chat.completion", "created": 1, "model": "m-2026", "choices": []}


def _used(inputs: int, outputs: int) -> dict[str, Any]:
    return {"usage": {"prompt_tokens": inputs, "completion_tokens": outputs, "total_tokens": inputs + outputs}}


@pytest.mark.parametrize(
    ("reported", "usage"),
    [
        (None, Usage(calls=1)),
        ("many", Usage(calls=1)),
        ({"prompt_tokens": 3, "completion_tokens": 2}, Usage(calls=1, input_tokens=3, output_tokens=2)),
        ({"prompt_tokens": None, "total_tokens": 3, "prompt_tokens_details": None}, Usage(calls=1)),
        ({"prompt_tokens": True, "completion_tokens": "2"}, Usage(calls=1)),
        (
            {
                "input_tokens": 30,
                "output_tokens": 20,
                "input_tokens_details": {"cached_tokens": 10},
                "output_tokens_details": {"reasoning_tokens": 15},
            },
            Usage(calls=1, input_tokens=30, cached_tokens=10, output_tokens=20, reasoning_tokens=15),
        ),
        ({"type": "duration", "seconds": 4.5}, Usage(calls=1, seconds=4.5)),
    ],
)
def test_usage_is_read_as_apis_spell_it(reported: object, usage: Usage) -> None:
    """What a server does not tell, or tells oddly, is 0."""
    assert usage_of(reported) == usage


def test_calls_are_counted_by_the_model_that_they_name() -> None:
    """Blocking calls and coroutines together; a reply without usage is a call."""
    replies = [{**_CHAT, **_used(7, 5)}, {**_CHAT, **_used(1, 2)}, _CHAT]

    async def main(client: Client) -> None:
        await client.chat.create.asyncio(model="a", **_ASK)

    with (
        Raw(always(*[reply(json.dumps(one).encode()) for one in replies])) as server,
        Client(api_base=server.url, api_key="k") as client,
    ):
        client.chat.create.sync(model="a", **_ASK)
        asyncio.run(main(client))
        client.chat.create.sync(model="b", **_ASK)
        usage = client.stats().usage
    assert usage == {"a": Usage(calls=2, input_tokens=8, output_tokens=7), "b": Usage(calls=1)}


@pytest.mark.parametrize("keep", [True, False])
def test_streams_count_when_they_are_complete(keep: bool) -> None:
    """With the usage that their last event has."""
    last = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], **_used(7, 5)}
    answer = streamed(chunk("Hi", "stop"), event(last), DONE)
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k") as client:
        with client.chat.create.stream(model="a", keep_reply=keep, **_ASK) as stream:
            assert client.stats().usage == {}
            for _ in stream:
                pass
        assert client.stats().usage == {"a": Usage(calls=1, input_tokens=7, output_tokens=5)}


def test_a_response_is_counted_by_its_last_event() -> None:
    """The usage of the Responses API stands in the response that ends the stream."""
    done = {"type": "response.completed", "response": {"id": "r", "usage": {"input_tokens": 4, "output_tokens": 6}}}
    with Raw(always(streamed(event(done)))) as server, Client(api_base=server.url, api_key="k") as client:
        with client.responses.create.stream(model="a", input="Hi") as stream:
            for _ in stream:
                pass
        assert client.stats().usage == {"a": Usage(calls=1, input_tokens=4, output_tokens=6)}


def test_images_are_counted() -> None:
    """By how many the reply has."""
    answer = reply(b'{"created":1,"data":[{"url":"u"},{"url":"v"}]}')
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k") as client:
        client.images.generate.sync(model="i", prompt="a cat", n=2)
        assert client.stats().usage == {"i": Usage(calls=1, images=2)}


@pytest.mark.parametrize("keep", [True, False])
def test_images_of_a_stream_are_counted(keep: bool) -> None:
    """By the events with a complete one, whether they are kept or not."""
    partial = event({"type": "image_generation.partial_image", "b64_json": "QQ==", "partial_image_index": 0})
    done = event({"type": "image_generation.completed", "b64_json": "QQ==", "usage": {"input_tokens": 2}})
    answer = streamed(partial, done, done)
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k") as client:
        with client.images.generate.stream(model="i", prompt="a cat", n=2, keep_reply=keep) as stream:
            for _ in stream:
                pass
        assert client.stats().usage == {"i": Usage(calls=1, images=2, input_tokens=2)}


def test_replies_without_an_object_are_calls(tmp_path: Path) -> None:
    """Sound and text say nothing of their usage; so does a reply that goes into a file."""
    sound = reply(b"RIFF", headers="Content-Type: audio/wav\r\n")
    text = reply(b"hello", headers="Content-Type: text/plain\r\n")
    with Raw(always(sound, sound, text)) as server, Client(api_base=server.url, api_key="k") as client:
        client.audio.speech.create.sync(model="s", input="Hi", voice="alloy")
        client.audio.speech.create.download(tmp_path / "a.wav", model="s", input="Hi", voice="alloy")
        client.audio.transcriptions.create.sync(model="t", file=b"RIFF", response_format="text")
        assert client.stats().usage == {"s": Usage(calls=2), "t": Usage(calls=1)}


def test_seconds_of_a_transcription_are_counted() -> None:
    """Where the server counts by them."""
    answer = reply(b'{"text":"hello","usage":{"type":"duration","seconds":3}}')
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k") as client:
        client.audio.transcriptions.create.sync(model="t", file=b"RIFF")
        assert client.stats().usage == {"t": Usage(calls=1, seconds=3.0)}


def test_a_client_that_nobody_asks_keeps_few_entries() -> None:
    """They are added up as they become many."""
    answer = reply(json.dumps({**_CHAT, **_used(1, 1)}).encode())
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k") as client:
        for _ in range(2):
            client._context.meter.entries.extend([("a", None, 0)] * 511)
            client.chat.create.sync(model="a", **_ASK)
            assert len(client._context.meter.entries) == 0
        assert client.stats().usage["a"].calls == 1024


def test_models_beyond_a_thousand_are_counted_together() -> None:
    """Any name may be given as a model, so that memory would have no bound."""
    totals: dict[str, list[Any]] = {}
    add_up(deque((f"m{number}", None, 0) for number in range(1500)), totals)
    assert (len(totals), totals["other"][0]) == (1001, 500)


def test_estimated_tokens_are_corrected_by_the_usage() -> None:
    """With tokens_per_minute, a call that used less than its limit gives the rest back."""
    answer = reply(json.dumps({**_CHAT, **_used(10, 10)}).encode())
    with Raw(always(answer)) as server, Client(api_base=server.url, api_key="k", tokens_per_minute=60_000) as client:
        for _ in range(3):  # each would wait ten seconds for the one before
            client.chat.create.sync(model="a", max_completion_tokens=10_000, deadline=5, **_ASK)
    assert len(server.requests) == 3
