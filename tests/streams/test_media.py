"""Streams of images, speech, transcripts and runs, and the replies that they add up to."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import StreamError, StreamIncompleteError

from .wire import ARGUMENTS, Wire, both, chunk, event, final, stream


def test_speech() -> None:
    """The pieces of sound are put together, with the content type that was asked for."""
    pieces = [{"type": "speech.audio.delta", "audio": base64.b64encode(b).decode()} for b in (b"RI", b"FF")]
    reply = final([*pieces, {"type": "speech.audio.done"}], "audio.speech.create", done=False, response_format="wav")
    assert (bytes(reply), reply.content_type) == (b"RIFF", "audio/wav")


def test_speech_that_is_no_base64() -> None:
    """Sound that cannot be decoded is an error of the stream, not a traceback."""
    wrong = {"type": "speech.audio.delta", "audio": "A"}
    with stream([wrong], "audio.speech.create") as opened, pytest.raises(StreamError, match="not base64") as raised:
        opened.final()
    assert (raised.value.request is not None, raised.value.body) == (True, wrong)


@pytest.mark.parametrize("body", [b"true", b"5", b'"RIFF"', b"[]", b"{}", b'{"audio": "AA=="}', b"null"])
def test_json_in_place_of_speech(body: bytes) -> None:
    """JSON that calls itself a stream of events is an error of the stream that holds it."""
    with stream([body], "audio.speech.create", done=False) as opened:
        with pytest.raises(StreamError, match="JSON where a stream of audio was expected") as raised:
            opened.final()
        assert (raised.value.body, raised.value.partial, opened.partial) == (json.loads(body), None, None)


def test_transcript() -> None:
    """The last event's text is the transcript; until then it is what the pieces say."""
    pieces = [{"type": "transcript.text.delta", "delta": t, "logprobs": [{"token": t}]} for t in ("Hel", "lo")]
    done = {"type": "transcript.text.done", "text": "Hello.", "logprobs": [], "usage": {"type": "tokens"}}
    reply = final([*pieces, done], "audio.transcriptions.create", done=False)
    assert (reply.text, reply.to_dict()["usage"]) == ("Hello.", {"type": "tokens"})
    cut = stream(pieces, "audio.transcriptions.create", done=False)
    with cut as opened, pytest.raises(StreamIncompleteError) as raised:
        opened.final()
    assert raised.value.partial.text == "Hello"
    assert [p["token"] for p in raised.value.partial.to_dict()["logprobs"]] == ["Hel", "lo"]


def test_transcript_in_chunks_of_a_chat() -> None:
    """A server that streams a transcript as chat chunks and ends with [DONE] is understood."""
    with stream([chunk({"content": "Hel"}), chunk({"content": "lo"})], "audio.transcriptions.create") as opened:
        assert list(opened.text()) == ["Hel", "lo"]
        assert opened.final().text == "Hello"


def test_transcript_of_speakers() -> None:
    """Segments are kept, and make the reply one that knows who speaks."""
    segments = [
        {"type": "transcript.text.segment", "id": i, "speaker": s, "text": t, "start": 0.0, "end": 1.0}
        for i, s, t in (("0", "A", "Hi."), ("1", "B", "Ho."))
    ]
    reply = final([*segments, {"type": "transcript.text.done", "text": "Hi. Ho."}], "audio.transcriptions.create")
    assert [(s.speaker, s.text) for s in reply.segments] == [("A", "Hi."), ("B", "Ho.")]
    assert reply.text == "Hi. Ho."


def test_images() -> None:
    """The stream ends with the last image that was asked for; partial ones are no part of the reply."""
    shared = {"created_at": 7, "size": "1024x1024", "output_format": "png"}
    partial = {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": "AA==", **shared}
    first, second = ({"type": "image_generation.completed", "b64_json": b, **shared} for b in ("QQ==", "Qg=="))
    reply = final([partial, first, partial, second], "images.generate", done=False, n=2)
    assert [i.b64_json for i in reply.data] == ["QQ==", "Qg=="]
    assert (reply.created, reply.size) == (7, "1024x1024")


def test_partial_image() -> None:
    """Cut before its end, .partial is the latest partial image."""
    partial = {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": "AA==", "created_at": 7}
    with stream([partial], "images.generate", done=False) as opened, pytest.raises(StreamIncompleteError) as raised:
        opened.final()
    assert [i.b64_json for i in raised.value.partial.data] == ["AA=="]


def test_a_partial_image_is_no_reply() -> None:
    """[DONE] does not make a reply of an image that was never completed."""
    partial = {"type": "image_generation.partial_image", "partial_image_index": 0, "b64_json": "AA==", "created_at": 7}
    with pytest.raises(StreamIncompleteError) as raised:
        both([partial], "images.generate")
    assert [i.b64_json for i in raised.value.partial.data] == ["AA=="]


def _run(status: str) -> Wire:
    return {"id": "run_1", "object": "thread.run", "status": status, "thread_id": "thread_1"}


def _run_events() -> list[bytes]:
    def delta(text: str) -> Wire:
        part = {"index": 0, "type": "text", "text": {"value": text}}
        return {"id": "msg_1", "object": "thread.message.delta", "delta": {"content": [part]}}

    steps: list[tuple[str, Wire]] = [
        ("thread.run.created", _run("queued")),
        ("thread.run.step.created", {"id": "step_1", "object": "thread.run.step"}),
        ("thread.message.delta", delta("Hel")),
        ("thread.message.delta", delta("lo")),
        ("thread.run.completed", _run("completed")),
    ]
    return [event(wire, name) for name, wire in steps]


def test_run() -> None:
    """A run's stream has names of events; its reply is the latest run."""
    with stream([*_run_events(), b"event: done\ndata: [DONE]\n\n"], "threads.create_and_run", done=False) as opened:
        names = [c.to_dict()["event"] for c in opened]
        reply = opened.final()
    assert names[0] == "thread.run.created"
    assert (reply.id, reply.status) == ("run_1", "completed")


def test_text_of_a_run() -> None:
    """The text of a run is that of its messages."""
    with stream(_run_events(), "threads.create_and_run") as opened:
        assert list(opened.text()) == ["Hel", "lo"]


def test_error_of_a_run() -> None:
    """An event named error raises in a run's stream too."""
    events = [*_run_events()[:1], event({"error": {"message": "boom", "code": "x"}}, "error")]
    with stream(events, "threads.create_and_run") as opened, pytest.raises(StreamError, match="boom"):
        opened.final()


@pytest.mark.parametrize(
    ("operation", "content", "kind", "pieces"),
    [
        ("audio.speech.create", b"RIFF", "audio/wav", ["speech.audio.delta", "speech.audio.done"]),
        ("audio.transcriptions.create", b'{"text": "Hi"}', "application/json", ["transcript.text.done"]),
        ("audio.transcriptions.create", b"Hi", "text/plain", ["transcript.text.done"]),
        ("images.generate", b'{"created": 7, "data": [{"b64_json": "QQ=="}]}', "application/json",
         ["image_generation.completed"]),
    ],
)  # fmt: skip
def test_whole_reply(operation: str, content: bytes, kind: str, pieces: list[str]) -> None:
    """A complete reply in place of a stream is told as the events that it stands for."""
    answer = httpx.Response(200, headers={"content-type": kind}, content=content)
    client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(lambda _: answer))
    found: Any = client
    for name in operation.split("."):
        found = getattr(found, name)
    with client, found.stream(**ARGUMENTS[operation]) as opened:
        assert [c.type for c in opened] == pieces
        reply = opened.final()
    if kind == "audio/wav":
        assert bytes(reply) == content
    elif operation == "images.generate":
        assert reply.data[0].b64_json == "QQ=="
    else:
        assert (reply if isinstance(reply, str) else reply.text) == "Hi"
