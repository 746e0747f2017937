"""An argument of the request decides which model the reply is, where the replies look alike."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.api.audio import transcriptions, translations
from sdk.models import (
    Transcription,
    TranscriptionDiarized,
    TranscriptionVerbose,
    Translation,
    TranslationVerbose,
)
from sdk.testing import LocalServer

#: The hosted API always sends `task`.
VERBOSE: dict[str, Any] = {"task": "transcribe", "language": "english", "duration": 1.0, "text": "", "segments": []}
WITH_SEGMENTS = {**VERBOSE, "segments": [{"id": 0, "start": 0.0, "end": 1.0, "text": "Hi", "speaker": "A"}]}
BARE = {key: VERBOSE[key] for key in ("task", "duration", "text")}


def asked(operation: Any, wire: Any, in_loop: bool, **given: Any) -> Any:
    """Return what an operation gives for a reply."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=wire))

    async def main() -> Any:
        async with Client(api_key="k", transport=transport) as client:
            return await operation.asyncio(client=client, file=b"x", model="whisper-1", **given)

    if in_loop:
        return asyncio.run(main())
    with Client(api_key="k", transport=transport) as client:
        return operation.sync(client=client, file=b"x", model="whisper-1", **given)


@pytest.mark.parametrize("in_loop", [False, True], ids=["sync", "asyncio"])
@pytest.mark.parametrize("wire", [VERBOSE, WITH_SEGMENTS, BARE], ids=["no segments", "segments", "bare"])
@pytest.mark.parametrize(
    ("operation", "format", "model"),
    [
        (transcriptions.create, "json", Transcription),
        (transcriptions.create, "verbose_json", TranscriptionVerbose),
        (transcriptions.create, "diarized_json", TranscriptionDiarized),
        (translations.create, "json", Translation),
        (translations.create, "verbose_json", TranslationVerbose),
    ],
)
def test_response_format_decides(operation: Any, format: str, model: Any, wire: Any, in_loop: bool) -> None:
    """Whatever else the reply holds, it is of the class that response_format asks for, and nothing of it is lost."""
    reply = asked(operation, wire, in_loop, response_format=format)
    assert type(reply) is model
    assert reply.to_dict() == wire


def test_extra_body_decides_too() -> None:
    """What extra_body lays over an argument is what was asked for."""
    over = {"response_format": "verbose_json"}
    reply = asked(transcriptions.create, VERBOSE, False, response_format="json", extra_body=over)
    assert type(reply) is TranscriptionVerbose


@pytest.mark.parametrize(
    ("wire", "model"),
    [({"text": "Hi"}, Transcription), ({"text": "Hi", "language": "en", "duration": 1.0}, TranscriptionVerbose)],
)
def test_without_the_argument_the_reply_decides(wire: Any, model: Any) -> None:
    """Where nothing was asked for, or what no model is known of, the best fit counts."""
    assert type(asked(transcriptions.create, wire, False)) is model
    assert type(asked(transcriptions.create, wire, False, response_format="new_json")) is model


@pytest.mark.parametrize("format", ["json", "verbose_json", "diarized_json"])
def test_the_local_server(openai_server: LocalServer, format: str) -> None:
    """The local server sends what the hosted one does, and its replies are of the same classes."""
    with Client(api_base=openai_server.url, api_key=openai_server.api_key) as client:
        speech = client.audio.speech.create.sync(model="tts-1", input="One two.", voice="alloy", response_format="wav")
        given: Any = {"file": ("a.wav", speech), "response_format": format}
        found: Any = client.audio.transcriptions.create.sync(model="whisper-1", **given)
    models: dict[str, Any] = {
        "json": Transcription,
        "verbose_json": TranscriptionVerbose,
        "diarized_json": TranscriptionDiarized,
    }
    assert type(found) is models[format]
    assert found.text == "One two."
    assert found.to_dict().get("task") == (None if format == "json" else "transcribe")


_DONE = b'data: {"type":"transcript.text.done","text":""}\n\n'


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("application/json", json.dumps(VERBOSE).encode()),
        ("text/event-stream", json.dumps(VERBOSE).encode()),
        ("text/event-stream", _DONE),
    ],
    ids=["reply", "reply that calls itself a stream", "stream"],
)
def test_the_reply_of_a_stream(kind: str, content: bytes) -> None:
    """What a stream ends with, or what comes in its place, is of the class too."""
    transport = httpx.MockTransport(lambda _: httpx.Response(200, headers={"content-type": kind}, content=content))
    with (
        Client(api_key="k", transport=transport) as client,
        client.audio.transcriptions.create.stream(file=b"x", model="m", response_format="verbose_json") as stream,
    ):
        assert type(stream.final()) is TranscriptionVerbose
