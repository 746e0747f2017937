"""Speech, transcriptions and translations."""

import base64
import io
import wave
from typing import Any

import httpx
import pytest

from ..wire import error, events

TEXT = "Héllo there. Twelve words are spoken, no more!\nThe end"
SPEECH: dict[str, Any] = {"model": "gpt-4o-mini-tts", "voice": "alloy", "input": TEXT}


def _speak(api: httpx.Client, **more: Any) -> bytes:
    return api.post("/audio/speech", json={**SPEECH, **more}).content


def _hear(api: httpx.Client, audio: bytes, path: str = "transcriptions", **fields: str | list[str]) -> httpx.Response:
    files = {"file": ("in.wav", audio, "audio/wav")}
    return api.post(f"/audio/{path}", data={"model": "whisper-1", **fields}, files=files)


def _seconds(audio: bytes) -> float:
    with wave.open(io.BytesIO(audio)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        return float(sound.getnframes() / sound.getframerate())


def test_speaks_a_wav(api: httpx.Client) -> None:
    """The answer is a WAV file that says so, whatever format is asked for."""
    reply = api.post("/audio/speech", json={**SPEECH, "response_format": "mp3"})
    assert reply.headers["content-type"] == "audio/wav"
    assert len(reply.content) == int.from_bytes(reply.content[4:8], "little") + 8
    assert _seconds(reply.content) == pytest.approx(len(TEXT) * 0.02, abs=0.01)


def test_speaks_longer_texts_longer(api: httpx.Client) -> None:
    """The length follows the text and the speed."""
    once, twice, slow = _speak(api), _speak(api, input=TEXT + TEXT), _speak(api, speed=0.5)
    assert _seconds(twice) == pytest.approx(2 * _seconds(once), rel=0.01)
    assert _seconds(slow) == pytest.approx(2 * _seconds(once), rel=0.01)


def test_speaks_bare_samples(api: httpx.Client) -> None:
    """pcm is the sound of the WAV file without its header."""
    reply = api.post("/audio/speech", json={**SPEECH, "response_format": "pcm"})
    assert reply.headers["content-type"] == "audio/pcm"
    with wave.open(io.BytesIO(_speak(api))) as sound:
        assert reply.content == sound.readframes(sound.getnframes())


def test_streams_speech(api: httpx.Client) -> None:
    """The deltas make up the file; the last event has the usage."""
    *deltas, done = events(api.post("/audio/speech", json={**SPEECH, "stream_format": "sse"}))
    assert {event["type"] for event in deltas} == {"speech.audio.delta"}
    assert len(deltas) > 1
    assert b"".join(base64.b64decode(event["audio"]) for event in deltas) == _speak(api)
    assert (done["type"], done["usage"]["input_tokens"]) == ("speech.audio.done", 10)


@pytest.mark.parametrize("text", [TEXT, "", " ", "a", "ab", "日本語 ", "zero\0inside\0"])
def test_hears_exactly_what_was_spoken(api: httpx.Client, text: str) -> None:
    """A file from the speech endpoint is transcribed to the very text."""
    if not text:
        audio = _speak(api, input="x").replace(b"x\0", b"\0\0")
        assert _hear(api, audio).json()["text"] == "\0"
    else:
        assert _hear(api, _speak(api, input=text)).json()["text"] == text


def test_hears_a_file_with_other_chunks(api: httpx.Client) -> None:
    """Chunks that an editor put before the text, of odd length too, do not matter."""
    audio = _speak(api)
    assert _hear(api, audio[:12] + b"note\x03\0\0\0abc\0" + audio[12:]).json()["text"] == TEXT


@pytest.mark.parametrize("audio", [b"", b"RIFF", b"not audio at all", b"RIFF\x04\0\0\0WAVELIST\xff\0\0\0INFO"])
def test_hears_words_in_anything(api: httpx.Client, audio: bytes) -> None:
    """Other bytes are transcribed to words that only they decide."""
    first, again, other = _hear(api, audio), _hear(api, audio), _hear(api, audio + b"!")
    assert len(first.json()["text"].split()) == 6
    assert first.json() == again.json()
    assert first.json()["text"] != other.json()["text"]


def test_writes_plain_text(api: httpx.Client) -> None:
    """response_format text is the transcript and a line end."""
    reply = _hear(api, _speak(api), response_format="text")
    assert (reply.text, reply.headers["content-type"]) == (TEXT + "\n", "text/plain; charset=utf-8")


def test_writes_subtitles(api: httpx.Client) -> None:
    """srt numbers the sentences and gives their times."""
    reply = _hear(api, _speak(api, input="One. Two words."), response_format="srt")
    assert reply.text.splitlines() == [
        "1",
        "00:00:00,000 --> 00:00:00,080",
        "One.",
        "",
        "2",
        "00:00:00,080 --> 00:00:00,300",
        "Two words.",
        "",
    ]


def test_writes_web_subtitles(api: httpx.Client) -> None:
    """vtt begins with its name."""
    reply = _hear(api, _speak(api, input="One."), response_format="vtt")
    assert reply.text.splitlines() == ["WEBVTT", "", "00:00:00.000 --> 00:00:00.080", "One.", ""]
    assert reply.headers["content-type"] == "text/vtt; charset=utf-8"


def test_gives_segments(api: httpx.Client) -> None:
    """verbose_json has the language, the duration and the sentences, which follow each other."""
    found = _hear(api, _speak(api), response_format="verbose_json", language="fr").json()
    assert (found["language"], found["text"]) == ("fr", TEXT)
    assert "".join(segment["text"] for segment in found["segments"]) == TEXT
    assert found["segments"][0]["start"] == 0
    assert found["segments"][-1]["end"] == found["duration"]
    assert "words" not in found


def test_gives_words(api: httpx.Client) -> None:
    """timestamp_granularities[] word brings each word's time, in place of the segments."""
    wanted: Any = {"timestamp_granularities[]": ["word"]}
    found = _hear(api, _speak(api), response_format="verbose_json", **wanted).json()
    assert [word["word"] for word in found["words"]] == TEXT.split()
    assert "segments" not in found


def test_gives_speakers(api: httpx.Client) -> None:
    """diarized_json names a speaker for each segment."""
    found = _hear(api, _speak(api), response_format="diarized_json").json()
    assert {segment["speaker"] for segment in found["segments"]} == {"A"}


def test_streams_a_transcript(api: httpx.Client) -> None:
    """The deltas make up the text that the last event repeats."""
    *deltas, done = events(_hear(api, _speak(api), stream="true"))
    assert {event["type"] for event in deltas} == {"transcript.text.delta"}
    assert "".join(event["delta"] for event in deltas) == done["text"] == TEXT
    assert done["type"] == "transcript.text.done"
    assert done["usage"]["output_tokens"] == len(deltas)


@pytest.mark.parametrize("stream", ["true", "false"])
def test_gives_log_probabilities(api: httpx.Client, stream: str) -> None:
    """include[] logprobs brings one entry a token."""
    reply = _hear(api, _speak(api), stream=stream, **{"include[]": "logprobs"})
    found = events(reply)[-1] if stream == "true" else reply.json()
    assert "".join(one["token"] for one in found["logprobs"]) == TEXT


def test_translates(api: httpx.Client) -> None:
    """A translation is what was heard."""
    assert _hear(api, _speak(api), "translations").json() == {"text": TEXT}
    assert _hear(api, _speak(api), "translations", response_format="text").text == TEXT + "\n"


@pytest.mark.parametrize(
    ("more", "param"),
    [({"input": "x" * 4097}, "input"), ({"speed": 5}, "speed"), ({"response_format": "midi"}, "response_format")],
)
def test_refuses_what_cannot_be_spoken(api: httpx.Client, more: dict[str, Any], param: str) -> None:
    """Texts too long, speeds out of range and unknown formats are named."""
    assert error(api.post("/audio/speech", json={**SPEECH, **more})) == (400, param, "invalid_value")


@pytest.mark.parametrize("path", ["transcriptions", "translations"])
def test_names_what_a_form_misses(api: httpx.Client, path: str) -> None:
    """The file and the model are required."""
    file = {"file": ("in.wav", b"x")}
    assert error(api.post(f"/audio/{path}", files=file)) == (400, "model", "missing_required_parameter")
    reply = api.post(f"/audio/{path}", data={"model": "m"}, files={"other": ("in.wav", b"x")})
    assert error(reply) == (400, "file", "missing_required_parameter")
