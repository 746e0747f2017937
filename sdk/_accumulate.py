"""Put the chunks of a stream together into the reply that the unstreamed call would have given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .operation import Settings

Wire = dict[str, Any]


class Accumulator:
    """Keep what the chunks have said so far. This one keeps the last chunk; others know their kind of stream."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._last: Any = None
        self._whole: Any = None

    def whole(self, response: Any) -> list[Any]:
        """Take a complete reply that came in place of a stream, and return the chunks that it stands for."""
        self._whole = response.parsed
        return [response.parsed]

    def add(self, chunk: Any) -> None:
        """Take one chunk."""
        self._last = chunk

    def text_of(self, chunk: Any) -> str:
        """Return the text that a chunk adds, '' where it adds none."""
        return ""

    def complete(self) -> bool:
        """Tell whether the reply is complete though the stream's last event has not come."""
        return False

    def partial(self) -> Any:
        """Return the reply as far as it has come, None if nothing has."""
        return self._last

    def reply(self) -> Any:
        """Return the complete reply."""
        return self._whole if self._whole is not None else self._last


class Chat(Accumulator):
    """Chat completion chunks, and those of text completions: choices by index, deltas joined."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._wire: Wire = {}
        self._choices: dict[int, Wire] = {}

    def whole(self, response: Any) -> list[Any]:
        self._whole = response.parsed
        wire = response.parsed.to_dict()
        for choice in wire.get("choices") or []:
            if isinstance(choice, dict) and "message" in choice:
                choice["delta"] = choice.pop("message")
        return [self._settings.model(self._settings.events).from_dict(wire)]

    def add(self, chunk: Any) -> None:
        wire: Wire = chunk._wire
        for key, value in wire.items():
            if key != "choices" and (value is not None or key not in self._wire):
                self._wire[key] = value
        for position, choice in enumerate(wire.get("choices") or ()):
            if isinstance(choice, dict):
                index = choice.get("index")
                self._choice(index if isinstance(index, int) else position, choice)

    def text_of(self, chunk: Any) -> str:
        choices = chunk._wire.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and (choice.get("index") or 0) == 0:
                delta = choice.get("delta")
                text = delta.get("content") if isinstance(delta, dict) else choice.get("text")
                return text if isinstance(text, str) else ""
        return ""

    def complete(self) -> bool:
        return bool(self._choices) and all(c.get("finish_reason") for c in self._choices.values())

    def partial(self) -> Any:
        return self.reply() if self._wire or self._choices else None

    def reply(self) -> Any:
        if self._whole is not None:
            return self._whole
        wire = {**self._wire, "choices": [_without_index(self._choices[index]) for index in sorted(self._choices)]}
        if wire.get("object") == "chat.completion.chunk":
            wire["object"] = "chat.completion"
        return self._settings.model(self._settings.reply).from_dict(wire)

    def _choice(self, index: int, choice: Wire) -> None:
        total = self._choices.setdefault(index, {"index": index})
        for key, value in choice.items():
            if key == "delta":
                if isinstance(value, dict):
                    self._delta(total.setdefault("message", {"role": "assistant", "content": None}), value)
            elif key == "text" and isinstance(value, str):
                total["text"] = total.get("text", "") + value
            elif key == "logprobs" and isinstance(value, dict):
                if not isinstance(total.get("logprobs"), dict):
                    total["logprobs"] = {}
                _join(total["logprobs"], value)
            elif value is not None or key not in total:
                total[key] = value

    def _delta(self, message: Wire, delta: Wire) -> None:
        for key, value in delta.items():
            if value is None:
                message.setdefault(key, None)
            elif key == "tool_calls" and isinstance(value, list):
                self._tool_calls(message.setdefault("tool_calls", []), value)
            elif key == "function_call" and isinstance(value, dict):
                _function(message.setdefault("function_call", {"name": "", "arguments": ""}), value)
            elif key == "role" or not isinstance(value, str):
                message[key] = value
            else:
                message[key] = (message.get(key) or "") + value

    def _tool_calls(self, calls: list[Wire], deltas: list[Any]) -> None:
        for delta in deltas:
            if isinstance(delta, dict):
                call = self._call_for(calls, delta)
                for key, value in delta.items():
                    if key == "function" and isinstance(value, dict):
                        _function(call.setdefault("function", {"name": "", "arguments": ""}), value)
                    elif key != "index" and value is not None:
                        call[key] = value

    @staticmethod
    def _call_for(calls: list[Wire], delta: Wire) -> Wire:
        """Find the call that a delta continues: by index as seen in this message, else by id, else the last one."""
        index, identity = delta.get("index"), delta.get("id")
        for call in calls:
            if index is not None and call.get("index") == index and identity in (None, "", call.get("id")):
                return call
            if index is None and identity and call.get("id") == identity:
                return call
        if index is None and not identity and calls:
            return calls[-1]
        calls.append({"index": index, "type": "function"})
        return calls[-1]


class Responses(Accumulator):
    """Events of the Responses API: the terminal event holds the whole response."""

    def add(self, chunk: Any) -> None:
        response = getattr(chunk, "response", None)
        if response is not None:
            self._last = response

    def text_of(self, chunk: Any) -> str:
        wire = chunk._wire
        delta = wire.get("delta") if wire.get("type") == "response.output_text.delta" else None
        return delta if isinstance(delta, str) else ""


class Deltas(Accumulator):
    """Events whose text comes in `delta`: transcripts."""

    def text_of(self, chunk: Any) -> str:
        delta = chunk._wire.get("delta")
        return delta if isinstance(delta, str) and str(chunk._wire.get("type", "")).endswith(".delta") else ""


def accumulator(settings: Settings) -> Accumulator:
    """Return the accumulator for an operation's stream, by what its events are."""
    return _BY_EVENTS.get(settings.events, Accumulator)(settings)


_BY_EVENTS: dict[str, type[Accumulator]] = {
    "ChatCompletionChunk": Chat,
    "Completion": Chat,
    "ResponseStreamEvent": Responses,
    "BetaResponseStreamEvent": Responses,
    "CreateTranscriptionResponseStreamEvent": Deltas,
}


def _without_index(choice: Wire) -> Wire:
    """Return a choice whose tool calls are as in an unstreamed reply: the index only says which delta is whose."""
    calls = choice.get("message", {}).get("tool_calls")
    if not calls:
        return choice
    calls = [{k: v for k, v in call.items() if k != "index"} for call in calls]
    return {**choice, "message": {**choice["message"], "tool_calls": calls}}


def _function(total: Wire, delta: Wire) -> None:
    """Join a function's pieces. Some servers repeat the name with each piece, so it is set and not joined."""
    for key, value in delta.items():
        if key == "arguments" and isinstance(value, str):
            total["arguments"] = (total.get("arguments") or "") + value
        elif value:
            total[key] = value


def _join(total: Wire, delta: Wire) -> None:
    for key, value in delta.items():
        before = total.get(key)
        total[key] = before + value if isinstance(before, list) and isinstance(value, list) else value
