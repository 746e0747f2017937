"""WAV files: a tone for each word, and the text itself as metadata, so that a transcription is exact."""

import hashlib
import io
import math
import struct
import wave
from array import array
from dataclasses import dataclass

from .text import pieces

RATE = 24_000
_SECONDS_PER_LETTER = 0.02
_AMPLITUDE = 8_000
#: The words of a transcription of a file without the metadata.
_WORDS = (
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heron",
    "inlet",
    "juniper",
    "kelp",
    "lagoon",
    "meadow",
    "north",
    "otter",
    "pine",
)


@dataclass(frozen=True)
class Sound:
    """The content of a file: its text, and its length in seconds."""

    text: str
    seconds: float


def speak(text: str, speed: float = 1.0) -> bytes:
    """Return a mono 16-bit WAV file for a str. A LIST/INFO chunk (RIFF) has the str."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples(text, speed))
    comment = text.encode(errors="surrogatepass") + b"\0"
    info = b"INFO" + _chunk(b"ICMT", comment)
    riff = file.getvalue() + _chunk(b"LIST", info)
    return riff[:4] + struct.pack("<I", len(riff) - 8) + riff[8:]


def samples(text: str, speed: float = 1.0) -> bytes:
    """Return 16-bit little-endian samples: a tone for each word, whose pitch depends on the word."""
    tones = bytearray()
    for word in pieces(text) or [" "]:
        period = 60 + hashlib.sha256(word.encode(errors="surrogatepass")).digest()[0] % 60
        cycle = array("h", (round(_AMPLITUDE * math.sin(math.tau * step / period)) for step in range(period)))
        length = max(1, int(len(word) * _SECONDS_PER_LETTER * RATE / speed))
        packed = struct.pack(f"<{period}h", *cycle)
        tones += (packed * (length // period + 1))[: 2 * length]
    return bytes(tones)


def listen(file: bytes) -> Sound:
    """Return the content of a file: the text of its metadata, else words that depend on its bytes."""
    seconds = _seconds(file)
    text = _embedded_text(file)
    if text is None:
        digest = hashlib.sha256(file).digest()
        text = " ".join(_WORDS[byte % len(_WORDS)] for byte in digest[:6])
    return Sound(text, seconds)


def file_of(raw: bytes) -> bytes:
    """Return a WAV file of raw mono 16-bit samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(raw[: len(raw) // 2 * 2])
    return file.getvalue()


def _seconds(file: bytes) -> float:
    try:
        with wave.open(io.BytesIO(file)) as sound:
            return float(round(sound.getnframes() / sound.getframerate(), 3))
    except (wave.Error, EOFError, ZeroDivisionError):
        # Not a WAV file: assume speech at 32 kbit/s.
        return round(len(file) / 4_000, 3)


def _embedded_text(file: bytes) -> str | None:
    """Return the comment of a RIFF file; None if it has none."""
    if file[:4] != b"RIFF" or file[8:12] != b"WAVE":
        return None
    for kind, content in _chunks(file, 12):
        if kind == b"LIST" and content[:4] == b"INFO":
            for name, comment in _chunks(content, 4):
                if name == b"ICMT":
                    return comment.removesuffix(b"\0").decode("utf-8", "surrogatepass")
    return None


def _chunks(riff: bytes, at: int) -> list[tuple[bytes, bytes]]:
    found = []
    while at + 8 <= len(riff):
        kind, size = struct.unpack_from("<4sI", riff, at)
        found.append((kind, riff[at + 8 : at + 8 + size]))
        # A padding byte follows a chunk of odd length.
        at += 8 + size + size % 2
    return found


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack("<4sI", kind, len(content)) + content + b"\0" * (len(content) % 2)
