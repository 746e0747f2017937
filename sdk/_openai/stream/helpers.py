"""Turn chunks into the helper events of a stream's `events()`. No I/O; imported with the first use."""

from __future__ import annotations

from typing import Any

from ..._core.model.values import content_text
from ..._core.reply.accumulate import Accumulator, Wire
from ..._core.reply.stream_events import (
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    ToolCallDone,
)
from ..._core.reply.stream_helper import Helper
from .chat import Chat, delta_of
from .chat import number_of as choice_of
from .responses import TEXT, Responses, number_of
from .tool_calls import ToolCalls

#: Keys in which servers send reasoning in a chat; the API description has none of them.
_REASONING = ("reasoning_content", "reasoning")
_CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
_CALL_DELTAS = ("response.function_call_arguments.delta", "response.custom_tool_call_input.delta")
_CALL_ENDS = {
    "response.function_call_arguments.done": "arguments",
    "response.custom_tool_call_input.done": "input",
}


def helper_of(accumulator: Accumulator) -> Helper:
    """Return the helper of a stream, by its accumulator."""
    if isinstance(accumulator, Chat):
        return _ChatHelper(accumulator)
    return _ResponsesHelper(accumulator) if isinstance(accumulator, Responses) else Helper(accumulator)


class _ChatHelper(Helper):
    def __init__(self, accumulator: Accumulator) -> None:
        super().__init__(accumulator)
        self._calls: dict[int, ToolCalls] = {}

    def of(self, wire: Wire) -> list[StreamEvent]:
        choices = wire.get("choices")
        found: list[StreamEvent] = []
        for position, choice in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(choice, dict):
                delta = delta_of(choice)
                delta = {"content": choice.get("text")} if delta is None else delta
                found += self._of_delta(delta, choice_of(choice, position))
        return found

    def _of_delta(self, delta: Wire, index: int) -> list[StreamEvent]:
        found: list[StreamEvent] = []
        content = delta.get("content")
        reasoning = next((text for key in _REASONING if (text := delta.get(key))), None) or _thinking(content)
        for kind, value in ((ReasoningDelta, reasoning), (TextDelta, content), (RefusalDelta, delta.get("refusal"))):
            if text := content_text(value):
                found.append(kind(text, index))
        deltas = delta.get("tool_calls") or []
        if isinstance(delta.get("function_call"), dict):
            deltas = [{"index": 0, "function": delta["function_call"]}]
        calls = self._calls.setdefault(index, ToolCalls())
        found += [ToolCallDelta(call.id, call.name, added, index) for call, added in calls.add(deltas)]
        return found

    def end(self) -> list[StreamEvent]:
        return [
            ToolCallDone(call.id, call.name, call.arguments, index)
            for index, calls in sorted(self._calls.items())
            for call in calls.in_reply_order()
        ]


def _thinking(content: object) -> str:
    """Return the reasoning that some servers send as parts of the content."""
    parts = (part for part in content if isinstance(part, dict)) if isinstance(content, list) else ()
    return "".join(content_text(part.get("thinking")) for part in parts if part.get("type") == "thinking")


class _ResponsesHelper(Helper):
    """A call is done with the first event that says so, because servers omit different ones of these events."""

    def __init__(self, accumulator: Accumulator) -> None:
        super().__init__(accumulator)
        self._calls: dict[int, Wire] = {}
        self._done = set[Any]()  # the ids of calls whose ToolCallDone has been yielded

    def of(self, wire: Wire) -> list[StreamEvent]:
        kind, index = wire.get("type"), number_of(wire.get("output_index"))
        item = wire.get("item")
        if isinstance(item, dict):
            return self._of_item(item, index, done=kind == "response.output_item.done")
        if isinstance(kind, str) and kind in _CALL_ENDS and index in self._calls:
            return self._of_call(self._calls[index], index, wire.get(_CALL_ENDS[kind]))
        delta = wire.get("delta")
        if not isinstance(delta, str) or not delta:
            return super().of(wire)
        if kind == TEXT:
            return [TextDelta(delta, index)]
        if kind == "response.refusal.delta":
            return [RefusalDelta(delta, index)]
        if kind in ("response.reasoning_text.delta", "response.reasoning_summary_text.delta"):
            return [ReasoningDelta(delta, index)]
        if kind in _CALL_DELTAS:
            call = self._calls.get(index, {})
            return [ToolCallDelta(call.get("call_id"), call.get("name") or "", delta, index)]
        return []

    def _of_item(self, item: Wire, index: int, *, done: bool) -> list[StreamEvent]:
        field = _CALLS.get(str(item.get("type")))
        if field is None:
            return []
        self._calls[index] = item
        return self._of_call(item, index, item.get(field)) if done else []

    def _of_call(self, call: Wire, index: int, arguments: Any) -> list[StreamEvent]:
        call_id = call.get("call_id") or call.get("id") or index
        if call_id in self._done:
            return []
        self._done.add(call_id)
        return [ToolCallDone(call.get("call_id"), call.get("name") or "", arguments or "", index)]

    def end(self) -> list[StreamEvent]:
        reply = self._accumulator.reply()
        output = None if reply is None else reply.to_dict().get("output")
        found: list[StreamEvent] = []
        for index, item in enumerate(output if isinstance(output, list) else ()):
            if isinstance(item, dict):
                found += self._of_item(item, index, done=True)
        return found
