"""Audio: speech, transcriptions and translations."""

from base64 import b64encode
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from ..media import wav
from ..media.text import count_tokens, logprob, pieces
from ..media.transcript import segments, subtitles, words
from ..server.errors import wrong_type, wrong_value
from ..server.replies import JSONReply, event_stream
from .reading import Form, choice, form, json_object, typed
from .state import JSON

_MAX_INPUT = 4096
_SPEECH_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
_DELTA_BYTES = 12_000


async def speech(request: Request) -> Response:
    """Return the input as speech. All formats but `pcm` get a WAV file, and the content type says so."""
    body = await json_object(request, model=str, input=str, voice=(str, dict))
    if len(body["input"]) > _MAX_INPUT:
        raise wrong_value("input", f"at most {_MAX_INPUT} characters")
    format = choice(body, "response_format", "mp3", *_SPEECH_FORMATS)
    speed = typed(body, "speed", float) or 1.0
    if not 0.25 <= speed <= 4:
        raise wrong_value("speed", "from 0.25 to 4")
    sound = wav.samples(body["input"], speed) if format == "pcm" else wav.speak(body["input"], speed)
    if choice(body, "stream_format", "audio", "sse", "audio") == "sse":
        return event_stream(_speech_events(body["input"], sound))
    return Response(sound, media_type="audio/pcm" if format == "pcm" else "audio/wav")


async def transcribe(request: Request) -> Response:
    """Transcribe a file."""
    body = await form(request)
    file = body.file("file")
    body.require("model")
    format = choice(body.fields, "response_format", "json", *_FORMATS, "diarized_json")
    sound = wav.listen(file.content)
    with_logprobs = "logprobs" in body.many("include")
    if body.fields.get("stream"):
        return event_stream(_transcript_events(sound, with_logprobs))
    if format == "diarized_json":
        return JSONReply(_diarized(sound))
    if format == "json" and with_logprobs:
        return JSONReply({**_plain(sound), "logprobs": [_logprob(piece) for piece in pieces(sound.text)]})
    return _response(sound, format, body, usage=True)


async def translate(request: Request) -> Response:
    """Translate a file into English. The server takes all speech for English."""
    body = await form(request)
    file = body.file("file")
    body.require("model")
    format = choice(body.fields, "response_format", "json", *_FORMATS)
    return _response(wav.listen(file.content), format, body, usage=False)


def _response(sound: wav.Sound, format: str, body: Form, *, usage: bool) -> Response:
    match format:
        case "json":
            return JSONReply(_plain(sound) if usage else {"text": sound.text})
        case "text":
            return PlainTextResponse(sound.text + "\n")
        case "srt":
            return PlainTextResponse(subtitles(sound, web=False))
        case "vtt":
            return Response(subtitles(sound, web=True), media_type="text/vtt")
    granularities = body.many("timestamp_granularities") or ["segment"]
    if not {"word", "segment"}.issuperset(granularities):
        raise wrong_type("timestamp_granularities", "an array of word, segment")
    verbose: JSON = {
        "task": "transcribe" if usage else "translate",
        "language": body.fields.get("language", "english"),
        "duration": sound.seconds,
        "text": sound.text,
    }
    if "word" in granularities:
        verbose["words"] = words(sound)
    if "segment" in granularities:
        verbose["segments"] = segments(sound)
    if usage:
        verbose["usage"] = _duration(sound)
    return JSONReply(verbose)


def _plain(sound: wav.Sound) -> JSON:
    return {"text": sound.text, "usage": _duration(sound)}


def _duration(sound: wav.Sound) -> JSON:
    return {"type": "duration", "seconds": sound.seconds}


def _diarized(sound: wav.Sound) -> JSON:
    parts = [
        {
            "type": "transcript.text.segment",
            "id": f"seg_{one['id']:03}",
            "start": one["start"],
            "end": one["end"],
            "text": one["text"],
            "speaker": "A",
        }
        for one in segments(sound)
    ]
    return {"task": "transcribe", "duration": sound.seconds, "text": sound.text, "segments": parts}


def _logprob(piece: str) -> JSON:
    return {"token": piece, "logprob": logprob(piece), "bytes": list(piece.encode(errors="surrogatepass"))}


def _speech_events(text: str, sound: bytes) -> Iterator[JSON]:
    for start in range(0, len(sound), _DELTA_BYTES):
        yield {"type": "speech.audio.delta", "audio": b64encode(sound[start : start + _DELTA_BYTES]).decode()}
    read, spoken = count_tokens(text), len(sound) // _DELTA_BYTES + 1
    usage = {"input_tokens": read, "output_tokens": spoken, "total_tokens": read + spoken}
    yield {"type": "speech.audio.done", "usage": usage}


def _transcript_events(sound: wav.Sound, with_logprobs: bool) -> Iterator[JSON]:
    spoken = pieces(sound.text)
    for piece in spoken:
        logprobs = {"logprobs": [_logprob(piece)]} if with_logprobs else {}
        yield {"type": "transcript.text.delta", "delta": piece, **logprobs}
    heard, written = round(sound.seconds * 10), len(spoken)
    usage = {
        "type": "tokens",
        "input_tokens": heard,
        "input_token_details": {"text_tokens": 0, "audio_tokens": heard},
        "output_tokens": written,
        "total_tokens": heard + written,
    }
    logprobs = {"logprobs": [_logprob(piece) for piece in spoken]} if with_logprobs else {}
    yield {"type": "transcript.text.done", "text": sound.text, **logprobs, "usage": usage}
