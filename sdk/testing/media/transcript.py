"""Transcripts with times: words, sentences and subtitles."""

import re
import zlib
from typing import Any

from .text import logprob, pieces
from .wav import Sound

JSON = dict[str, Any]

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)|.+?$", re.DOTALL)


def words(sound: Sound) -> list[JSON]:
    """Return each word with its times; all letters take equally long."""
    timed = _timed(sound, pieces(sound.text))
    return [{"word": text.strip(), "start": start, "end": end} for text, start, end in timed if text.strip()]


def segments(sound: Sound) -> list[JSON]:
    """Return the sentences of the transcript with their times."""
    return [
        {
            "id": index,
            "seek": 0,
            "start": start,
            "end": end,
            "text": text,
            "tokens": [zlib.crc32(piece.encode(errors="surrogatepass")) % 50_000 for piece in pieces(text)],
            "temperature": 0.0,
            "avg_logprob": logprob(text),
            "compression_ratio": 1.0,
            "no_speech_prob": 0.01,
        }
        for index, (text, start, end) in enumerate(_timed(sound, _SENTENCE.findall(sound.text)))
    ]


def subtitles(sound: Sound, *, web: bool) -> str:
    """Return subtitles: WebVTT (W3C) if `web`, else SubRip."""
    lines = ["WEBVTT", ""] if web else []
    separator = "." if web else ","
    for number, one in enumerate(segments(sound), 1):
        lines += [] if web else [str(number)]
        times = f"{_timestamp(one['start'], separator)} --> {_timestamp(one['end'], separator)}"
        lines += [times, one["text"].strip(), ""]
    return "\n".join(lines) + "\n"


def _timed(sound: Sound, parts: list[str]) -> list[tuple[str, float, float]]:
    timed, position, whole = [], 0, max(1, len(sound.text))
    for part in parts:
        start = round(sound.seconds * position / whole, 3)
        position += len(part)
        timed.append((part, start, round(sound.seconds * position / whole, 3)))
    return timed


def _timestamp(seconds: float, separator: str) -> str:
    milliseconds = round(seconds * 1000)
    return (
        f"{milliseconds // 3_600_000:02}:{milliseconds // 60_000 % 60:02}:"
        f"{milliseconds // 1000 % 60:02}{separator}{milliseconds % 1000:03}"
    )
