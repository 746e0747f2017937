"""Build chat completions and text completions from their chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..._core.model.values import content_text
from ..._core.reply.accumulate import Accumulator, Wire
from ..text import TextBuffer
from .delta import extend, join, shallow_copy, to_json
from .tool_calls import ToolCalls

if TYPE_CHECKING:
    from ..._core.request.data import RequestData

# Padding of a chunk that hides the lengths of deltas from observers of the network; it is not part of the reply.
_PADDING = "obfuscation"


class Chat(Accumulator):
    """Choices by index with their deltas joined; of all other fields the latest value."""

    required_key = "choices"

    def __init__(self, request: RequestData[Any, Any]) -> None:
        super().__init__(request)
        self._head: Wire = {}
        self._choices: dict[int, _Choice] = {}
        self._ended: dict[int, bool] = {}  # whether a choice has ended, where choices are not kept

    def text_of(self, wire: Wire) -> str:
        choices = wire.get("choices")
        for position, choice in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(choice, dict) and not (choice.get("index") and number_of(choice, position)):
                delta = delta_of(choice)
                text = choice.get("text") if delta is None else delta.get("content")
                return text if isinstance(text, str) else content_text(text)
        return ""

    def complete(self) -> bool:
        self.absorb()
        wanted, prompts = self._argument("n"), self._argument("prompt")
        count = wanted if isinstance(wanted, int) else 1
        if isinstance(prompts, list | tuple) and prompts and not isinstance(prompts[0], int):  # ints: one prompt
            count *= len(prompts)
        ended = self._ended or {n: bool(c.fields.get("finish_reason")) for n, c in self._choices.items()}
        return len(ended) >= count and all(ended.values())

    def _note(self, wires: list[Wire]) -> None:
        for wire in wires:
            choices = wire.get("choices")
            for position, choice in enumerate(choices if isinstance(choices, list) else ()):
                if isinstance(choice, dict):
                    index = number_of(choice, position)
                    self._ended[index] = bool(choice.get("finish_reason")) or self._ended.get(index, False)

    def _take(self, wires: list[Wire]) -> None:
        _latest(self._head, wires)
        for wire in wires:
            choices = wire.get("choices")
            if choices.__class__ is list:
                for position, choice in enumerate(choices):
                    if choice.__class__ is dict:
                        index = choice.get("index")
                        if index.__class__ is not int:
                            index = number_of(choice, position)
                        state = self._choices.get(index)
                        if state is None:
                            state = self._choices[index] = _Choice(index)
                        state.add(choice)

    def _chunks_of(self, reply: Any) -> list[Wire]:
        choices = reply.get("choices")
        for choice in choices if isinstance(choices, list) else ():
            if isinstance(choice, dict) and isinstance(choice.get("message"), dict):
                choice["delta"] = choice.pop("message")
                calls = choice["delta"].get("tool_calls")
                for index, call in enumerate(calls if isinstance(calls, list) else ()):
                    if isinstance(call, dict):
                        call.setdefault("index", index)
        if reply.get("object") == "chat.completion":
            reply["object"] = "chat.completion.chunk"
        return [reply]

    def _build(self) -> Any:
        if not self._head and not self._choices:
            return None
        wire = {**self._head, "choices": [self._choices[index].wire() for index in sorted(self._choices)]}
        wire.pop(_PADDING, None)
        if wire.get("object") == "chat.completion.chunk":
            wire["object"] = "chat.completion"
        return self._typed(wire)


class _Choice:
    """One choice so far."""

    __slots__ = ("_calls", "_content", "_function", "_message", "_parts", "_text", "fields")

    def __init__(self, index: int) -> None:
        self.fields: Wire = {"index": index}
        self._message: Wire | None = None  # None for a text completion, which has no delta
        self._content: TextBuffer | None = None  # the text since the latest part
        self._parts: list[Any] | None = None
        self._text: TextBuffer | None = None
        self._calls = ToolCalls()
        self._function = ToolCalls()  # the deprecated function_call: a call without id and index

    def add(self, choice: Wire) -> None:
        """Take the delta of this choice in a chunk."""
        fields = self.fields
        for key, value in choice.items():
            if value is None:
                if key not in fields and key != "delta":
                    fields[key] = None
            elif key == "delta" or key == "message":  # some servers send a complete message in place of deltas
                if value.__class__ is dict and (key == "delta" or "delta" not in choice):
                    self._delta(value)
            elif key == "text":
                self._text = self._text or TextBuffer()
                self._text.write(value if isinstance(value, str) else "")
            elif key != "index":
                before = fields.get(key)
                if key == "logprobs" and isinstance(value, dict):
                    if not isinstance(before, dict):
                        before = fields[key] = {}
                    join(before, value)
                elif isinstance(before, list) and isinstance(value, list):
                    before.extend(value)
                elif value != "" or not before:
                    fields[key] = shallow_copy(value)

    def _delta(self, delta: Wire) -> None:
        message = self._message
        if message is None:
            message = self._message = {"role": "assistant", "content": None}
        for key, value in delta.items():
            if key == "content" and value.__class__ is str:
                if self._content is None:
                    self._content = TextBuffer()
                self._content.write(value)
            elif key == "tool_calls" and value:
                self._calls.add(value)
            elif key == "content" and value.__class__ is list:
                self._parts = self._close_text(self._parts or [])
                extend(self._parts, value)
            elif key == "function_call" and isinstance(value, dict):
                self._function.add([{"index": 0, "function": value}])
            else:
                join(message, {key: value})

    def _close_text(self, parts: list[Any]) -> list[Any]:
        """Append the text since the latest part as a part, and return the parts."""
        text = self._content.getvalue() if self._content is not None else ""
        if text:
            extend(parts, [{"type": "text", "text": text}])
            self._content = None
        return parts

    def wire(self) -> Wire:
        """Return the choice as in an unstreamed reply."""
        wire: Wire = {key: to_json(value) for key, value in self.fields.items()}
        if self._text is not None:
            wire["text"] = self._text.getvalue()
        if self._message is None:
            return wire
        message = {key: to_json(value) for key, value in self._message.items()}
        if self._parts is not None:
            message["content"] = to_json(self._close_text(self._parts))
        elif self._content is not None:
            message["content"] = self._content.getvalue()
        if self._calls:
            message["tool_calls"] = [call.wire() for call in self._calls.in_reply_order()]
        if self._function:
            message["function_call"] = self._function[0].wire()["function"]
        # Streams begin with content "" where an unstreamed reply without text has null.
        if message.get("content") == "" and (self._calls or self._function or message.get("refusal")):
            message["content"] = None
        return {**wire, "message": message}


def number_of(choice: Wire, position: int) -> int:
    """Return the index of a choice, which some servers send as a str; without one, its position in the list."""
    index = choice.get("index")
    if isinstance(index, str) and index.isdecimal() and len(index) < 5:
        return int(index)
    return index if index.__class__ is int else position


def delta_of(choice: Wire) -> Wire | None:
    """Return the delta of a choice, or the complete message that some servers send in its place."""
    for key in ("delta", "message"):
        found = choice.get(key)
        if isinstance(found, dict):
            return found
    return None


def _latest(head: Wire, wires: list[Wire]) -> None:
    """Update `head` with the top-level fields of the chunks: of each the latest value that is not empty."""
    latest: Wire = {}
    for wire in wires:
        latest.update(wire)
    latest.pop("choices", None)
    for key, value in latest.items():
        if value is None or value == "":
            values = (wire[key] for wire in reversed(wires) if wire.get(key) not in (None, ""))
            value = next(values, head.get(key, value))
        head[key] = value
