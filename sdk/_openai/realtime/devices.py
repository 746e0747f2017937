"""The microphone and the speaker of this machine, by the library sounddevice."""

from __future__ import annotations

import threading
from base64 import b64decode
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any, Self

from ..._core.errors import ConfigError
from ..._core.public import expose
from .audio import CHUNK, RATE, WIDTH

_MISSING = "the microphone and the speaker need more: pip install 'openai-compatible-sdk[audio]'"


def _library() -> Any:
    """Return the library. Raises ConfigError if it, or what it stands on, is not there."""
    try:
        import sounddevice
    except (ImportError, OSError) as error:  # OSError: PortAudio is missing
        raise ConfigError(f"{_MISSING} ({error})") from error
    return sounddevice


class Microphone:
    """The microphone: iterate over it for raw samples, a tenth of a second each; a `with` block opens it.

    `device` is a name or number of sounddevice. Raises: ConfigError if the library is missing.
    """

    def __init__(self, device: int | str | None = None) -> None:
        self._device, self._stream = device, None
        self._chunks: SimpleQueue[bytes | None] = SimpleQueue()

    def __enter__(self) -> Self:
        stream: Any = _library().RawInputStream(
            samplerate=RATE, channels=1, dtype="int16", blocksize=CHUNK // WIDTH, device=self._device,
            callback=lambda data, *_: self._chunks.put(bytes(data)),
        )  # fmt: skip
        stream.start()
        self._stream = stream
        return self

    def __exit__(self, *exc: object) -> None:
        stream: Any = self._stream
        self._stream = None
        stream.stop()
        stream.close()
        self._chunks.put(None)

    def __iter__(self) -> Iterator[bytes]:
        while (chunk := self._chunks.get()) is not None:
            yield chunk


class Speaker:
    """The speaker: it plays raw samples in order; a `with` block opens it.

    `played_ms` is how much of the current answer was heard, for `RealtimeSession.interrupt`.
    """

    def __init__(self, device: int | str | None = None) -> None:
        self._device, self._stream = device, None
        self._waiting = bytearray()
        self._lock = threading.Lock()
        self._played = 0

    def __enter__(self) -> Self:
        stream: Any = _library().RawOutputStream(
            samplerate=RATE, channels=1, dtype="int16", blocksize=CHUNK // WIDTH, device=self._device,
            callback=lambda out, *_: self._fill(out),
        )  # fmt: skip
        stream.start()
        self._stream = stream
        return self

    def __exit__(self, *exc: object) -> None:
        stream: Any = self._stream
        self._stream = None
        stream.stop()
        stream.close()

    @property
    def played_ms(self) -> int:
        """How much of the current answer was played, in milliseconds."""
        return self._played * 1000 // (RATE * WIDTH)

    def play(self, samples: bytes) -> None:
        """Play samples after those that wait."""
        with self._lock:
            self._waiting += samples

    def clear(self) -> None:
        """Drop what was not played yet: the user interrupts."""
        with self._lock:
            self._waiting.clear()

    def on_event(self, event: Any) -> None:
        """Play the audio of an event, and fall silent when the other side speaks; pass it to a session."""
        if event.type == "response.created":
            self._played = 0
        elif event.type == "response.output_audio.delta":
            self.play(b64decode(event.delta))
        elif event.type == "input_audio_buffer.speech_started":
            self.clear()

    def _fill(self, out: Any) -> None:
        """Give the device its next samples, silence where there are none."""
        with self._lock:
            taken = bytes(self._waiting[: len(out)])
            del self._waiting[: len(out)]
        self._played += len(taken)
        out[:] = taken + bytes(len(out) - len(taken))


expose(globals(), "realtime")
