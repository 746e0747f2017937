"""Streams without a socket: the events that a server would send, read by a client through a mock transport."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator
from typing import Any

import httpx

from sdk import Client
from sdk.streaming import Stream

Wire = dict[str, Any]
DONE = b"data: [DONE]\n\n"
ARGUMENTS: dict[str, Wire] = {
    "chat.create": {"model": "m", "messages": [{"role": "user", "content": "hi"}]},
    "completions.create": {"model": "m", "prompt": "hi"},
    "responses.create": {"model": "m", "input": "hi"},
    "images.generate": {"prompt": "a cat"},
    "audio.speech.create": {"model": "m", "input": "hi", "voice": "alloy"},
    "audio.transcriptions.create": {"model": "m", "file": ("a.wav", b"RIFF")},
    "threads.create_and_run": {"assistant_id": "asst_1"},
}


def event(wire: Any, name: str | None = None) -> bytes:
    """Return an object as an event."""
    return (f"event: {name}\n" if name else "").encode() + b"data: " + json.dumps(wire).encode() + b"\n\n"


def chunk(delta: Wire | None = None, finish: str | None = None, *, index: int | None = 0, **more: Any) -> Wire:
    """Return a chat chunk of one choice."""
    choice: Wire = {"delta": delta or {}, "finish_reason": finish}
    if index is not None:
        choice["index"] = index
    return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **more}


def _operation(client: Client, name: str) -> Any:
    found: Any = client
    for part in name.split("."):
        found = getattr(found, part)
    return found


def stream(
    events: Iterable[bytes | Wire],
    operation: str = "chat.create",
    *,
    done: bool = True,
    client: Any = None,
    **more: Any,
) -> Stream[Any, Any]:
    """Return a stream of these events, not yet opened; `done` adds [DONE]."""

    def body() -> Iterator[bytes]:
        for item in events:
            yield item if isinstance(item, bytes) else event(item)
        if done:
            yield DONE

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=body())

    made = Client(api_base="http://test/v1", api_key="k", transport=httpx.MockTransport(answer))
    opened: Stream[Any, Any] = _operation(made, operation).stream(**{**ARGUMENTS[operation], **more})
    return opened


def final(events: Iterable[bytes | Wire], operation: str = "chat.create", **more: Any) -> Any:
    """Return the complete reply of a stream."""
    with stream(events, operation, **more) as opened:
        return opened.final()


def both(events: Iterable[bytes | Wire], operation: str = "chat.create", *, done: bool = True, **more: Any) -> Any:
    """Return the helper events, the last of which holds the reply, told alike in sync and in asyncio.

    What a stream fails with is raised, where it is of one type in both worlds.
    """
    whole = b"".join(item if isinstance(item, bytes) else event(item) for item in events) + (DONE if done else b"")
    answer = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=whole)

    async def main() -> Any:
        made = Client(api_base="http://test/v1", api_key="k", transport=httpx.MockTransport(lambda _: answer))
        arguments = {**ARGUMENTS[operation], **more}
        async with made, _operation(made, operation).asyncio_stream(**arguments) as opened:
            return [reported async for reported in opened.events()]

    def outcome(read: Any) -> Any:
        try:
            return read()
        except Exception as error:
            return error

    with stream([whole], operation, done=False, **more) as opened:
        reported = outcome(lambda: list(opened.events()))
    other = outcome(lambda: asyncio.run(main()))
    if isinstance(reported, Exception):
        assert type(other) is type(reported)
        raise reported
    assert other == reported
    return reported
