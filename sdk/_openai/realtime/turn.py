"""The turns of a spoken conversation, collected from its events. No input or output."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from attrs import define, field

from ..._core.errors import APIError, APIResponseError
from ..._core.public import expose
from ..session.tool_calls import Call
from .audio import milliseconds, wav_of

if TYPE_CHECKING:
    import os

#: The id of events that interrupt the model, which an error that they cause refers to.
INTERRUPTION = "interruption"


@define
class Turn:
    """What one side said: its text, which for speech is the transcript, and its audio as raw samples.

    `status` is that of the response: `completed`, `cancelled`, `incomplete` or `failed`; `interrupted` is whether the
    other side began to speak. `calls` are the names of the functions that were called before it.
    """

    role: Literal["user", "assistant"]
    text: str = ""
    audio: bytes = field(default=b"", repr=False)
    status: str = "completed"
    interrupted: bool = False
    calls: tuple[str, ...] = ()
    usage: Any = field(default=None, repr=False)

    def wav(self) -> bytes:
        """Return the audio as a WAV file."""
        return wav_of(self.audio)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the audio as a WAV file, and return its path."""
        found = Path(path)
        found.write_bytes(self.wav())
        return found

    def __str__(self) -> str:
        return self.text


class Collector:
    """The events of a conversation as turns. `take` says what is to be done."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        #: The message that is being spoken, and how much of it has arrived.
        self.item: str | None = None
        self._text, self._audio = list[str](), bytearray()
        #: Whether a response is being made, and whether the other side has begun to speak meanwhile.
        self.running = self.interrupted = False
        self._called: list[str] = []
        self._heard: dict[str, Turn] = {}

    @property
    def received_ms(self) -> int:
        """How much audio of the message has arrived, in milliseconds."""
        return milliseconds(self._audio)

    def take(self, event: Any) -> Turn | list[Call] | None:
        """Take an event. Return the turn that it completes, or the calls to answer. Raises APIResponseError."""
        handler = _HANDLERS.get(event.type)
        return None if handler is None else handler(self, event)

    def said(self, text: str, audio: bytes = b"") -> None:
        """Note a turn of the user."""
        self.turns.append(Turn("user", text, audio))

    def _created(self, event: Any) -> None:
        self.running, self.interrupted, self.item = True, False, None
        self._text, self._audio = [], bytearray()

    def _delta(self, event: Any) -> None:
        self.item = event.item_id
        self._text.append(event.delta or "")

    def _sound(self, event: Any) -> None:
        self.item = event.item_id
        self._audio += b64decode(event.delta or "")

    def _speech_started(self, event: Any) -> None:
        self.interrupted = self.interrupted or self.running

    def _committed(self, event: Any) -> None:
        """Note whose transcript is to come."""
        waiting = next((t for t in reversed(self.turns) if t.role == "user" and t.audio and not t.text), None)
        if waiting is None or waiting in self._heard.values():
            waiting = Turn("user")
            self.turns.append(waiting)
        self._heard[event.item_id] = waiting

    def _transcribed(self, event: Any) -> None:
        turn = self._heard.pop(event.item_id, None)
        if turn is not None:
            turn.text = event.transcript or ""

    def _done(self, event: Any) -> Turn | list[Call]:
        self.running = False
        response = event.response.to_dict()
        calls = [
            Call(str(item.get("call_id")), str(item.get("name")), str(item.get("arguments") or "{}"))
            for item in response.get("output") or ()
            if isinstance(item, dict) and item.get("type") == "function_call"
        ]
        if calls and response.get("status") == "completed":
            self._called += [call.name for call in calls]
            return calls
        status = str(response.get("status") or "completed")
        turn = Turn(
            "assistant", "".join(self._text), bytes(self._audio), status, self.interrupted or status == "cancelled",
            tuple(self._called), event.response.usage,
        )  # fmt: skip
        self._called = []
        self.turns.append(turn)
        return turn

    def _failed(self, event: Any) -> None:
        error = event.to_dict().get("error")
        if isinstance(error, dict) and error.get("event_id") == INTERRUPTION:
            return  # the model had ended before it was interrupted: that fails no turn
        raise error_of(event)


def error_of(event: Any) -> APIError:
    """Return the error of an error event."""
    wire = event.to_dict()
    error = wire.get("error") if isinstance(wire.get("error"), dict) else wire
    return APIResponseError(
        str(error.get("message") or "the server sent an error event"), body=wire, request_sent=True,
        code=error.get("code"), type=error.get("type"), param=error.get("param"), status_code=wire.get("status"),
    )  # fmt: skip


_HANDLERS: dict[str, Any] = {
    "response.created": Collector._created,
    "response.output_text.delta": Collector._delta,
    "response.output_audio_transcript.delta": Collector._delta,
    "response.output_audio.delta": Collector._sound,
    "input_audio_buffer.speech_started": Collector._speech_started,
    "input_audio_buffer.committed": Collector._committed,
    "conversation.item.input_audio_transcription.completed": Collector._transcribed,
    "response.done": Collector._done,
    "error": Collector._failed,
}

expose(globals(), "realtime", "Turn")
