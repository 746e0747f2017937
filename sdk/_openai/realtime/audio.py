"""Audio of realtime sessions: raw mono 16-bit samples at 24 kHz, and WAV files of them."""

from __future__ import annotations

import io
import os
import sys
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

from ..._core.public import expose

#: Samples in a second, and bytes in a sample.
RATE, WIDTH = 24_000, 2
#: Bytes that are sent in one event: a tenth of a second.
CHUNK = RATE * WIDTH // 10


def pcm_of(audio: bytes | str | os.PathLike[str]) -> bytes:
    """Return the samples of audio: a WAV file, by its path or its bytes, or raw samples, which stay as they are.

    A file with another rate or several channels is converted. Raises: ValueError for a WAV file of other than 16 bits,
    OSError for a path that cannot be read.
    """
    data = bytes(audio) if isinstance(audio, bytes | bytearray | memoryview) else Path(audio).read_bytes()
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return data
    try:
        with wave.open(io.BytesIO(data)) as file:
            width, channels, rate = file.getsampwidth(), file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise ValueError(f"the WAV file cannot be read: {error}") from error
    if width != WIDTH:
        raise ValueError(f"the WAV file has {8 * width} bits in a sample; 16 are needed")
    return frames if (channels, rate) == (1, RATE) else _converted(frames, channels, rate)


def _converted(frames: bytes, channels: int, rate: int) -> bytes:
    """Return one channel, the mean of all, at 24 kHz, by linear interpolation."""
    samples = array("h", frames[: len(frames) // (WIDTH * channels) * WIDTH * channels])
    if sys.byteorder == "big":
        samples.byteswap()
    mono = [sum(samples[at : at + channels]) // channels for at in range(0, len(samples), channels)]
    if rate != RATE and mono:
        last, step = len(mono) - 1, rate / RATE
        count = max(1, int(len(mono) * RATE / rate))
        places = [min(n * step, float(last)) for n in range(count)]
        mono = [round(mono[int(p)] + (mono[min(int(p) + 1, last)] - mono[int(p)]) * (p - int(p))) for p in places]
    out = array("h", mono)
    if sys.byteorder == "big":
        out.byteswap()
    return out.tobytes()


def wav_of(samples: bytes) -> bytes:
    """Return a WAV file of raw samples."""
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(WIDTH)
        out.setframerate(RATE)
        out.writeframes(samples[: len(samples) // WIDTH * WIDTH])
    return file.getvalue()


def milliseconds(samples: bytes | bytearray) -> int:
    """Return how long raw samples sound."""
    return len(samples) * 1000 // (RATE * WIDTH)


def chunks(samples: bytes) -> Iterator[bytes]:
    """Yield raw samples in the pieces in which they are sent."""
    for at in range(0, len(samples), CHUNK):
        yield samples[at : at + CHUNK]


expose(globals(), "realtime", "pcm_of", "wav_of")
