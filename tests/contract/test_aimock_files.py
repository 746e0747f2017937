"""Files, batches, fine-tuning jobs, images, speech, transcription and video, as aimock serves them."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest

from sdk import models
from sdk.errors import NotFoundError

from .calling import Caller

_BATCH = json.dumps(
    {
        "custom_id": "one",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "a story"}]},
    }
).encode()
_LESSON = b'{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\n' * 10
_SOUND = ("said.wav", b"RIFF\x00\x00\x00\x00WAVE")


def _upload(mock: Caller, content: bytes, purpose: str) -> Any:
    return mock(lambda c: c.files.create, file=("some lines.jsonl", content), purpose=purpose)


def test_a_file_from_upload_to_deletion(mock: Caller) -> None:
    """A file is kept byte for byte under its name, listed, and gone when it is deleted."""
    content = bytes(range(256)) * 300 + b"\r\n--x"
    file = _upload(mock, content, "user_data")
    assert type(file) is models.FileObject
    assert (file.bytes, file.filename, file.purpose) == (len(content), "some lines.jsonl", "user_data")
    assert mock(lambda c: c.files.retrieve, file.id).to_dict() == file.to_dict()
    assert bytes(mock(lambda c: c.files.content, file.id)) == content
    assert file.id in [one.id for one in mock(lambda c: c.files.list).data]
    assert mock(lambda c: c.files.delete, file.id).deleted is True
    with pytest.raises(NotFoundError):
        mock(lambda c: c.files.retrieve, file.id)


def test_pages_of_files(mock: Caller) -> None:
    """`iter` goes through all pages."""
    made = {_upload(mock, b"{}", "user_data").id for _ in range(3)}
    with mock.client() as client:
        found = [file.id for file in client.files.list.iter(limit=1)]
    assert made <= set(found)
    assert len(found) == len(set(found))
    for id in found:
        mock(lambda c: c.files.delete, id)


def test_a_batch_ends_with_its_output(mock: Caller) -> None:
    """A batch is validated, worked through and completed; its output file has the reply."""
    file = _upload(mock, _BATCH, "batch")
    batch = mock(
        lambda c: c.batches.create, input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    assert (type(batch), batch.status) == (models.Batch, "validating")
    seen = [mock(lambda c: c.batches.retrieve, batch.id) for _ in range(2)]
    assert [one.status for one in seen] == ["in_progress", "completed"]
    line = json.loads(bytes(mock(lambda c: c.files.content, seen[-1].output_file_id)))
    assert line["custom_id"] == "one"
    assert models.ChatCompletion.from_dict(line["response"]["body"]).choices[0].finish_reason == "stop"
    assert batch.id in [one.id for one in mock(lambda c: c.batches.list).data]


def test_a_batch_is_cancelled(mock: Caller) -> None:
    """A batch that has not ended can be given up."""
    file = _upload(mock, _BATCH, "batch")
    given = {"input_file_id": file.id, "endpoint": "/v1/chat/completions", "completion_window": "24h"}
    batch = mock(lambda c: c.batches.create, **given)
    assert mock(lambda c: c.batches.cancel, batch.id).status == "cancelling"


def test_a_fine_tuning_job_succeeds(mock: Caller) -> None:
    """A job goes from validation to a model; its events tell of it."""
    file = _upload(mock, _LESSON, "fine-tune")
    job = mock(lambda c: c.fine_tuning.jobs.create, model="gpt-4o-mini-2024-07-18", training_file=file.id)
    assert (type(job), job.status) == (models.FineTuningJob, "validating_files")
    seen = [mock(lambda c: c.fine_tuning.jobs.retrieve, job.id) for _ in range(3)]
    assert [one.status for one in seen] == ["queued", "running", "succeeded"]
    assert seen[-1].fine_tuned_model.startswith("ft:gpt-4o-mini")
    events = mock(lambda c: c.fine_tuning.jobs.list_events, job.id).data
    assert {type(event) for event in events} == {models.FineTuningJobEvent}
    assert job.id in [one.id for one in mock(lambda c: c.fine_tuning.jobs.list).data]


def test_a_fine_tuning_job_is_cancelled(mock: Caller) -> None:
    """A job that runs can be given up."""
    file = _upload(mock, _LESSON, "fine-tune")
    job = mock(lambda c: c.fine_tuning.jobs.create, model="gpt-4o-mini-2024-07-18", training_file=file.id)
    assert mock(lambda c: c.fine_tuning.jobs.cancel, job.id).status == "cancelled"


def test_an_image(mock: Caller) -> None:
    """An image is made, and made from another one."""
    made = mock(lambda c: c.images.generate, model="gpt-image-1", prompt="a cat")
    assert (made.data[0].b64_json, made.data[0].revised_prompt) == ("iVBORw0KGgo=", "a cat, seen")
    edited = mock(lambda c: c.images.edit, model="gpt-image-1", prompt="a cat", image=b"\x89PNG\r\n")
    assert edited.data[0].b64_json == "iVBORw0KGgo="


def test_what_the_api_no_longer_has(mock: Caller) -> None:
    """aimock refuses image variations, as the API does since their end: that is a typed error."""
    with pytest.raises(NotFoundError):
        mock(lambda c: c.images.create_variation, image=b"\x89PNG\r\n")


def test_speech(mock: Caller) -> None:
    """Speech comes as bytes, with its type."""
    sound = mock(lambda c: c.audio.speech.create, model="tts-1", input="hi", voice="alloy")
    assert bytes(sound) == b"ID3\x04\x00\x00\x00\x00\x00"


@pytest.mark.parametrize("format", ["json", "verbose_json"])
def test_a_transcription(mock: Caller, format: str) -> None:
    """What was said comes as text, with more about it where that was asked for."""
    said = mock(lambda c: c.audio.transcriptions.create, model="whisper-1", file=_SOUND, response_format=format)
    assert said.text == "hello there"
    assert (format == "json") or (said.language, said.duration) == ("english", 1.5)


def test_a_streamed_transcription(mock: Caller) -> None:
    """A transcript comes in pieces."""
    events, _ = mock.stream(lambda c: c.audio.transcriptions.create, model="gpt-4o-transcribe", file=_SOUND)
    assert [event.type for event in events] == ["transcript.text.delta", "transcript.text.done"]
    assert events[-1].text == "hello there"


def test_a_translation(mock: Caller) -> None:
    """What was said comes in English."""
    assert mock(lambda c: c.audio.translations.create, model="whisper-1", file=_SOUND).text == "good day"


def test_a_video(mock: Caller) -> None:
    """A video is asked for and looked up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        video = mock(lambda c: c.videos.create, model="sora-2", prompt="a cat")
        assert mock(lambda c: c.videos.retrieve, video.id).status == "completed"
