"""The items of the Responses API: what may be an input, how calls and their results belong together."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.errors import MessageError
from ..._core.model import ApiModel
from . import messages as _messages
from .conversation import Call, Given, Message

#: Calls by the type of their item, with the key of their arguments.
CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
#: Who speaks besides the model.
OTHERS = ("user", "system", "developer")
RESULTS = frozenset({"function_call_output", "custom_tool_call_output"})


def item_of(given: Given) -> Message:
    """Return an input item: an item as it is, or a chat message in the words of this API. Raises MessageError."""
    found = given.to_dict() if isinstance(given, ApiModel) else given
    kind = found.get("type") if isinstance(found, Mapping) else None
    if isinstance(found, Mapping) and found.get("role") is None and kind != "message":
        if not isinstance(kind, str):
            raise MessageError("an input item needs a type, a message a role")
        return _messages.without_nulls(dict(found))
    message = _messages.message(found)
    if kind == "message":
        return message
    if message["role"] in ("tool", "function"):
        raise MessageError("the result of a call is an item here: {type: function_call_output, call_id:, output:}")
    if isinstance(message.get("content"), list):
        message["content"] = [_part(dict(p), message["role"]) for p in message["content"]]
    return message


def kept(item: Any) -> Message:
    """Return one of the messages as an item: those that callers put there themselves may be of any form.

    Items of a server stay as they are, however odd.
    """
    whole = isinstance(item, dict) and (item.get("role") is None or isinstance(item.get("type"), str))
    return item if whole else item_of(item)


def _part(part: Message, role: str) -> Message:
    kind = part.get("type")
    if kind == "text":
        return {"type": "output_text" if role == "assistant" else "input_text", "text": part.get("text")}
    about = part.get("image_url")
    if kind == "image_url" and isinstance(about, Mapping):
        return {"type": "input_image", "image_url": about.get("url"), "detail": about.get("detail") or "auto"}
    return part


def flat_tool(definition: Mapping[str, Any]) -> Message:
    """Return a tool as this API writes it. Left out, `strict` would mean true here, and false in chat."""
    inner = definition.get("function")
    if definition.get("type") != "function" or not isinstance(inner, Mapping):
        return dict(definition)
    return {"type": "function", "parameters": {"type": "object", "properties": {}}, "strict": False, **inner}


def call_of(item: Message) -> Call:
    arguments = item.get(CALLS[item["type"]])
    kind = "custom" if item["type"] == "custom_tool_call" else "tool"
    return Call(str(item.get("call_id") or ""), str(item.get("name") or ""), _messages.as_text(arguments), kind)


def with_valid_arguments(item: Message) -> Message:
    """Return an item as it is sent: a call without arguments that are no JSON; see `messages.sendable`."""
    if kind_of(item) != "function_call" or _messages.is_json(item.get("arguments")):
        return item
    return {**item, "arguments": "{}"}


def kind_of(item: Message) -> str:
    """Return the type of an item, '' where it has none."""
    kind = item.get("type")
    return kind if isinstance(kind, str) else ""


def settled(item: Message, seen: set[str]) -> Message:
    """Return an item as it can be sent back: a call with an id that no other has, and its arguments as text.

    A message says that it is one, as the messages of callers do not: those are checked once more.
    """
    field = CALLS.get(kind_of(item))
    if field is None:
        return {**item, "type": "message"} if item.get("role") and not item.get("type") else item
    name = item.get("call_id")
    if not isinstance(name, str) or not name or name in seen:
        name = f"call_{os.urandom(8).hex()}"  # some servers give none, or one to all
    seen.add(name)
    return {**item, "call_id": name, field: _messages.as_text(item.get(field))}


def closed(messages: Sequence[Any], known: int = 0) -> list[Any]:
    """Return messages with a result for each call: behind the call's own turn, and not before `known`.

    A result that comes behind what the user said since is moved there; a call without any gets one that says so.
    Everything else stays as it is.
    """
    return _arranged(messages, [kept(m) for m in messages], known)


def repaired(messages: Sequence[Any]) -> list[Message]:
    """Return messages as items, with exactly one result for each call, and no result without its call."""
    items = [settled(item, set()) if kind_of(item) in CALLS else item for item in map(kept, messages)]
    return _arranged(items, items, 0, drop=True)


def _arranged(messages: Sequence[Any], items: Sequence[Message], known: int, *, drop: bool = False) -> list[Any]:
    waiting: list[int] = []
    placed: dict[int, list[Any]] = {}
    gone = set[int]()
    for i, item in enumerate(items):
        if kind_of(item) in CALLS:
            waiting.append(i)
        elif kind_of(item) in RESULTS:
            call = next((c for c in reversed(waiting) if items[c].get("call_id") == item.get("call_id")), None)
            if call is None:
                gone.update([i] if drop else ())
                continue
            waiting.remove(call)
            if known <= i and (place := _turn_end(items, call)) < i:
                gone.add(i)
                placed.setdefault(max(place, known), []).append(messages[i])
    for call in waiting:
        kind = "custom_tool_call_output" if kind_of(items[call]) == "custom_tool_call" else "function_call_output"
        made = {"type": kind, "call_id": items[call].get("call_id"), "output": _messages.NO_RESULT}
        placed.setdefault(max(_turn_end(items, call), known), []).append(made)
    out: list[Any] = []
    for i in range(len(messages) + 1):
        out += [*placed.get(i, ()), *(messages[i : i + 1] if i not in gone else ())]
    return out


def _turn_end(items: Sequence[Message], call: int) -> int:
    """Return where somebody else than the model speaks next."""
    return next((i for i in range(call + 1, len(items)) if items[i].get("role") in OTHERS), len(items))
