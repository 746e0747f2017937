"""A transcript over time: words, sentences and subtitles."""

import re
import zlib

from ..server.state import JSON
from .text import logprob, pieces
from .wav import Sound

_SENTENCE = re.compile(r".+?[.!?](?=\s|$)|.+?$", re.DOTALL)


def words(sound: Sound) -> list[JSON]:
    """Give each word its time; a letter takes as long as any other."""
    timed = _timed(sound, pieces(sound.text))
    return [{"word": text.strip(), "start": start, "end": end} for text, start, end in timed if text.strip()]


def segments(sound: Sound) -> list[JSON]:
    """Cut the transcript into sentences."""
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
    """Write WebVTT (W3C), or SubRip where it is not for the web."""
    lines = ["WEBVTT", ""] if web else []
    mark = "." if web else ","
    for number, one in enumerate(segments(sound), 1):
        lines += [] if web else [str(number)]
        lines += [f"{_clock(one['start'], mark)} --> {_clock(one['end'], mark)}", one["text"].strip(), ""]
    return "\n".join(lines) + "\n"


def _timed(sound: Sound, parts: list[str]) -> list[tuple[str, float, float]]:
    timed, position, whole = [], 0, max(1, len(sound.text))
    for part in parts:
        start = round(sound.seconds * position / whole, 3)
        position += len(part)
        timed.append((part, start, round(sound.seconds * position / whole, 3)))
    return timed


def _clock(seconds: float, mark: str) -> str:
    milliseconds = round(seconds * 1000)
    return (
        f"{milliseconds // 3_600_000:02}:{milliseconds // 60_000 % 60:02}:"
        f"{milliseconds // 1000 % 60:02}{mark}{milliseconds % 1000:03}"
    )
