"""Build transcripts, speech, images and runs from their events."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from ..._core.errors import StreamError
from ..._core.files import BinaryReply
from ..._core.reply.accumulate import Accumulator, Wire
from ..text import TextBuffer

if TYPE_CHECKING:
    from ..._core.request.data import RequestData

#: The transcript with speakers; only its events come in segments.
_DIARIZED = "TranscriptionDiarized"


class Transcript(Accumulator):
    """The text of the terminal event, else the joined deltas; with segments and log probabilities, if any."""

    def __init__(self, request: RequestData[Any, Any]) -> None:
        super().__init__(request)
        self._text = TextBuffer()
        self._parts: dict[str, list[Any]] = {"segments": [], "logprobs": []}
        self._done: Wire | None = None

    def text_of(self, wire: Wire) -> str:
        """Return the text; some servers (vLLM) send the chunks of chat completions."""
        delta = wire.get("delta")
        if delta is None and isinstance(wire.get("choices"), list) and wire["choices"]:
            inner = wire["choices"][0].get("delta") if isinstance(wire["choices"][0], dict) else None
            delta = inner.get("content") if isinstance(inner, dict) else None
        elif delta is None and self._whole_reply is not None:
            delta = wire.get("text")
        return delta if isinstance(delta, str) else ""

    def _take(self, wires: list[Wire]) -> None:
        self._last = wires[-1]
        for wire in wires:
            kind = wire.get("type")
            if kind in self._spec.end_events:
                self._done = wire
            elif kind == "transcript.text.segment":
                self._parts["segments"].append(wire)
            else:
                self._text.write(self.text_of(wire))
                logprobs = wire.get("logprobs")
                self._parts["logprobs"] += logprobs if isinstance(logprobs, list) else []

    def _chunks_of(self, reply: Any) -> list[Wire]:
        rest = {"text": reply} if isinstance(reply, str) else reply
        return [{"type": self._spec.end_events[0], **rest}]

    def _build(self) -> Any:
        if self._last is None:
            return None
        parts = {key: value for key, value in self._parts.items() if value}
        done = {key: value for key, value in (self._done or {}).items() if key != "type"}
        wire = {"text": self._text.getvalue(), **parts, **done}
        return self._spec.model(_DIARIZED).from_dict(wire) if parts.get("segments") else self._typed(wire)


class Speech(Accumulator):
    """The joined audio of all events."""

    def __init__(self, request: RequestData[Any, Any]) -> None:
        super().__init__(request)
        self._audio = bytearray()

    def _take(self, wires: list[Wire]) -> None:
        self._last = wires[-1]
        for wire in wires:
            audio = wire.get("audio")
            if isinstance(audio, str):
                try:
                    self._audio += base64.b64decode(audio)
                except ValueError as error:
                    raise StreamError("the audio in an event of the stream is not base64", body=wire) from error

    def _chunks_of(self, reply: Any) -> list[Wire]:
        if not isinstance(reply, bytes):
            raise StreamError("the server sent JSON where a stream of audio was expected", body=reply)
        delta = {"type": "speech.audio.delta", "audio": base64.b64encode(reply).decode()}
        return [delta, {"type": self._spec.end_events[0]}]

    def _build(self) -> Any:
        if self._last is None:
            return None
        wanted = self._argument("response_format")
        kind = wanted if isinstance(wanted, str) else "mp3"
        return BinaryReply.of(bytes(self._audio), "audio/mpeg" if kind == "mp3" else f"audio/{kind}")


class Images(Accumulator):
    """The complete images; before the first one, the latest partial image."""

    needs_terminal = True  # a partial image is not a reply

    def __init__(self, request: RequestData[Any, Any]) -> None:
        super().__init__(request)
        self._done: list[Wire] = []
        self._count = 0  # where images are not kept

    @property
    def terminal_count(self) -> int:
        wanted = self._argument("n")
        return wanted if isinstance(wanted, int) else 1

    def complete(self) -> bool:
        return self.images > 0

    @property
    def images(self) -> int:
        self.absorb()
        return self._count + len(self._done)

    def _note(self, wires: list[Wire]) -> None:
        self._count += sum(wire.get("type") in self._spec.end_events for wire in wires)

    def _take(self, wires: list[Wire]) -> None:
        self._last = wires[-1]
        self._done += [wire for wire in wires if wire.get("type") in self._spec.end_events]

    def _chunks_of(self, reply: Any) -> list[Wire]:
        shared = {key: value for key, value in reply.items() if key not in ("data", "created")}
        shared |= {"type": self._spec.end_events[0], "created_at": reply.get("created")}
        data = reply.get("data")
        return [{**shared, **image} for image in (data if isinstance(data, list) else ()) if isinstance(image, dict)]

    def _build(self) -> Any:
        if self._last is None:
            return None
        last = self._done[-1] if self._done else self._last
        wire: Wire = {"created": last.get("created_at")}
        wire["data"] = [{"b64_json": image.get("b64_json")} for image in self._done or [self._last]]
        own_keys = {"type", "created_at", "b64_json", "partial_image_index"}
        return self._typed(wire | {key: value for key, value in last.items() if key not in own_keys})


class Run(Accumulator):
    """The latest run in an event. These chunks have the fields `event` and `data`."""

    def text_of(self, wire: Wire) -> str:
        data = wire.get("data")
        delta = data.get("delta") if isinstance(data, dict) and wire.get("event") == "thread.message.delta" else None
        content = delta.get("content") if isinstance(delta, dict) else None
        texts = []
        for part in content if isinstance(content, list) else ():
            text = part.get("text") if isinstance(part, dict) else None
            value = text.get("value") if isinstance(text, dict) else None
            texts.append(value if isinstance(value, str) else "")
        return "".join(texts)

    def _take(self, wires: list[Wire]) -> None:
        for wire in wires:
            event = str(wire.get("event"))
            if event.startswith("thread.run.") and not event.startswith("thread.run.step."):
                self._last = wire["data"]

    def _chunks_of(self, reply: Any) -> list[Wire]:
        return [{"event": f"thread.run.{reply.get('status')}", "data": reply}]

    def _build(self) -> Any:
        return None if self._last is None else self._typed(self._last)
