"""Build a response of the Responses API from its events. The terminal event has the complete response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ..._core.reply.accumulate import Accumulator, Wire
from ..text import TextBuffer

if TYPE_CHECKING:
    from ..._core.request.data import RequestData

TEXT = "response.output_text.delta"


class _Place(NamedTuple):
    """The place in an output item to which a delta appends: a field of a part in a list, or a field of the item."""

    parts: str | None
    at: str
    field: str
    kind: str = ""


_PLACES = {
    TEXT: _Place("content", "content_index", "text", "output_text"),
    "response.refusal.delta": _Place("content", "content_index", "refusal", "refusal"),
    "response.reasoning_text.delta": _Place("content", "content_index", "text", "reasoning_text"),
    "response.reasoning_summary_text.delta": _Place("summary", "summary_index", "text", "summary_text"),
    "response.function_call_arguments.delta": _Place(None, "", "arguments"),
    "response.custom_tool_call_input.delta": _Place(None, "", "input"),
    "response.mcp_call_arguments.delta": _Place(None, "", "arguments"),
    "response.code_interpreter_call_code.delta": _Place(None, "", "code"),
}
# Events that repeat such a text completely; some servers send them without the deltas.
_COMPLETE_TEXTS = {kind.removesuffix("delta") + "done": place for kind, place in _PLACES.items()}
# An output item's index, the place within it, and the index of the part there.
_Key = tuple[int, _Place, int]


class Responses(Accumulator):
    """The latest response in an event, and the output items so far."""

    needs_terminal = True

    def __init__(self, request: RequestData[Any, Any]) -> None:
        super().__init__(request)
        self._response: Wire | None = None
        self._items: dict[int, Wire] = {}
        self._texts: dict[_Key, TextBuffer] = {}

    def text_of(self, wire: Wire) -> str:
        if wire.get("type") == TEXT:
            delta = wire.get("delta")
            return delta if isinstance(delta, str) else ""
        return _text(wire.get("response")) if self._whole_reply is not None else ""

    def _take(self, wires: list[Wire]) -> None:
        texts = self._texts
        for wire in wires:
            kind = wire.get("type")
            place = _PLACES.get(kind) if kind.__class__ is str else None
            if place is not None:
                delta = wire.get("delta")
                if delta.__class__ is str:
                    key = _key(wire, place)
                    text = texts.get(key)
                    if text is None:
                        text = texts[key] = TextBuffer()
                    text.write(delta)
            elif isinstance(wire.get("response"), dict):
                self._take_response(wire["response"], kind)
            elif isinstance(wire.get("item"), dict):
                self._take_item(
                    number_of(wire.get("output_index")), wire["item"], done=kind == "response.output_item.done"
                )
            elif kind.__class__ is str and kind in _COMPLETE_TEXTS:
                self._take_complete_text(wire, _COMPLETE_TEXTS[kind])

    def _take_complete_text(self, wire: Wire, place: _Place) -> None:
        value = wire.get(place.field)
        if isinstance(value, str) and value:
            text = self._texts[_key(wire, place)] = TextBuffer()
            text.write(value)

    def _take_response(self, response: Wire, kind: object) -> None:
        self._response = response
        if kind in self._spec.end_events and response.get("output"):
            self._items.clear()
            self._texts.clear()

    def _take_item(self, index: int, item: Wire, *, done: bool) -> None:
        self._items[index] = item
        if done:
            for key in [key for key in self._texts if key[0] == index]:
                del self._texts[key]

    def _chunks_of(self, reply: Any) -> list[Wire]:
        status = reply.get("status")
        kind = f"response.{status}" if isinstance(status, str) else self._spec.end_events[0]
        return [{"type": kind, "sequence_number": 0, "response": reply}]

    def _build(self) -> Any:
        if self._response is None and not self._items and not self._texts:
            return None
        response = self._response or {}
        if self._items or self._texts:  # no terminal event yet, or one without the output
            response = {**response, "output": self._output()}
        return self._typed(response)

    def _output(self) -> list[Wire]:
        """Return the items so far: the finished ones, and others with the joined text of their deltas."""
        items = {index: dict(item) for index, item in self._items.items()}
        for (index, place, number), text in self._texts.items():
            item = items.get(index)
            if item is None:
                item = items[index] = {"type": "message" if place.parts == "content" else "reasoning"}
                if item["type"] == "message":
                    item |= {"role": "assistant", "status": "in_progress"}
            if place.parts is None:
                item[place.field] = text.getvalue()
                continue
            given = item.get(place.parts)
            parts: list[Any] = list(given) if isinstance(given, list) else []
            parts += [{} for _ in range(number + 1 - len(parts))]
            before = parts[number] if isinstance(parts[number], dict) else {}
            parts[number] = {"type": place.kind, **before, place.field: text.getvalue()}
            item[place.parts] = parts
        return [items[index] for index in sorted(items)]


def _key(wire: Wire, place: _Place) -> _Key:
    return number_of(wire.get("output_index")), place, number_of(wire.get(place.at))


def number_of(value: object) -> int:
    """Return an index from a server, 0 if it is missing or invalid."""
    return value if isinstance(value, int) and 0 <= value < 100_000 else 0


def _text(response: object) -> str:
    """Return the joined text of a response's output."""
    output = response.get("output") if isinstance(response, dict) else None
    pieces: list[str] = []
    for item in output if isinstance(output, list) else ():
        parts = item.get("content") if isinstance(item, dict) else None
        pieces += [
            part["text"]
            for part in (parts if isinstance(parts, list) else ())
            if isinstance(part, dict) and part.get("type") == "output_text" and isinstance(part.get("text"), str)
        ]
    return "".join(pieces)
