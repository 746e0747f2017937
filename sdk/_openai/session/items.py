"""The items of the Responses API: which ones may be sent, and how calls and results belong together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.errors import MessageError
from ..._core.model import ApiModel
from . import messages as _messages
from .conversation import Message, MessageInput
from .tool_calls import Call

#: The types of calls, and the key of their arguments.
CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
RESULTS = frozenset({"function_call_output", "custom_tool_call_output"})
#: The roles of messages that are not from the model.
OTHERS = ("user", "system", "developer")


def item_of(given: MessageInput) -> Message:
    """Return an input item: an item as it is, or a chat message in the form of this API. Raises MessageError."""
    found = given.to_dict() if isinstance(given, ApiModel) else given
    kind = found.get("type") if isinstance(found, Mapping) else None
    if isinstance(found, Mapping) and found.get("role") is None and kind != "message":
        if not isinstance(kind, str):
            raise MessageError("an input item needs a type, and a message needs a role")
        return _messages.without_nulls(dict(found))
    message = _messages.message(found)
    if kind == "message":
        return message
    if message["role"] in ("tool", "function"):
        raise MessageError("the result of a call is an item here: {type: function_call_output, call_id:, output:}")
    if isinstance(message.get("content"), list):
        message["content"] = [_part(dict(p), message["role"]) for p in message["content"]]
    return message


def as_item(item: Any) -> Message:
    """Return one of `messages` as an item. Callers may have appended messages of any form.

    Items from a server stay as they are.
    """
    is_item = isinstance(item, dict) and (item.get("role") is None or isinstance(item.get("type"), str))
    return item if is_item else item_of(item)


def _part(part: Message, role: str) -> Message:
    kind = part.get("type")
    if kind == "text":
        return {"type": "output_text" if role == "assistant" else "input_text", "text": part.get("text")}
    image = part.get("image_url")
    if kind == "image_url" and isinstance(image, Mapping):
        return {"type": "input_image", "image_url": image.get("url"), "detail": image.get("detail") or "auto"}
    return part


def tool_definition(definition: Mapping[str, Any]) -> Message:
    """Return a tool in the form of this API, where `strict` is true by default; in chat it is false."""
    inner = definition.get("function")
    if definition.get("type") != "function" or not isinstance(inner, Mapping):
        return dict(definition)
    return {"type": "function", "parameters": {"type": "object", "properties": {}}, "strict": False, **inner}


def call_of(item: Message) -> Call:
    arguments = item.get(CALLS[item["type"]])
    kind = "custom" if item["type"] == "custom_tool_call" else "tool"
    return Call(str(item.get("call_id") or ""), str(item.get("name") or ""), _messages.as_text(arguments), kind)


def valid_arguments(item: Message) -> Message:
    """Return an item as it is sent: arguments that are not JSON become `{}`; see `messages.sendable`."""
    if kind_of(item) != "function_call" or _messages.is_json(item.get("arguments")):
        return item
    return {**item, "arguments": "{}"}


def kind_of(item: Message) -> str:
    """Return the type of an item, '' if it has none."""
    kind = item.get("type")
    return kind if isinstance(kind, str) else ""


def with_valid_call(item: Message, seen: set[str]) -> Message:
    """Return an item that can be sent again: a call has a unique id, and arguments as str.

    A message gets its type, which marks it as an item of the server; messages of callers are checked again.
    """
    field = CALLS.get(kind_of(item))
    if field is None:
        return {**item, "type": "message"} if item.get("role") and not item.get("type") else item
    call_id = item.get("call_id")
    if not isinstance(call_id, str) or not call_id or call_id in seen:
        call_id = f"call_{os.urandom(8).hex()}"  # some servers send no id, or the same for all calls
    seen.add(call_id)
    return {**item, "call_id": call_id, field: _messages.as_text(item.get(field))}


def closed(messages: Sequence[Any], stored: int = 0) -> list[Any]:
    """Return messages with a result for each call, after the model's turn and not before the index `stored`.

    A result that comes after a later message of the user moves there; a call without a result gets `NO_RESULT`.
    Nothing else changes.
    """
    return _arranged(messages, [as_item(m) for m in messages], stored)


def repaired(messages: Sequence[Any]) -> list[Message]:
    """Return messages as items, with exactly one result for each call, and no result without its call."""
    items = [with_valid_call(item, set()) if kind_of(item) in CALLS else item for item in map(as_item, messages)]
    return _arranged(items, items, 0, drop=True)


def _arranged(messages: Sequence[Any], items: Sequence[Message], stored: int, *, drop: bool = False) -> list[Any]:
    waiting: list[int] = []
    inserted: dict[int, list[Any]] = {}  # by the index of the message that follows
    removed = set[int]()
    for i, item in enumerate(items):
        if kind_of(item) in CALLS:
            waiting.append(i)
        elif kind_of(item) in RESULTS:
            call = next((c for c in reversed(waiting) if items[c].get("call_id") == item.get("call_id")), None)
            if call is None:
                removed.update([i] if drop else ())
                continue
            waiting.remove(call)
            if stored <= i and (end := _turn_end(items, call)) < i:
                removed.add(i)
                inserted.setdefault(max(end, stored), []).append(messages[i])
    for call in waiting:
        kind = "custom_tool_call_output" if kind_of(items[call]) == "custom_tool_call" else "function_call_output"
        made_up = {"type": kind, "call_id": items[call].get("call_id"), "output": _messages.NO_RESULT}
        inserted.setdefault(max(_turn_end(items, call), stored), []).append(made_up)
    out: list[Any] = []
    for i in range(len(messages) + 1):
        out += [*inserted.get(i, ()), *(messages[i : i + 1] if i not in removed else ())]
    return out


def _turn_end(items: Sequence[Message], call: int) -> int:
    """Return the index of the next message that is not from the model."""
    return next((i for i in range(call + 1, len(items)) if items[i].get("role") in OTHERS), len(items))
