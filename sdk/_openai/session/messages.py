"""The rules of chat messages: which ones may be sent, and how to repair a history."""

from __future__ import annotations

import json
import os
import reprlib
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from ..._core.errors import MessageError
from ..._core.model import ApiModel
from ..text import replace_surrogates
from .tool_calls import Call

Message = dict[str, Any]

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
#: The result that `repair` gives to a call without one.
NO_RESULT = "error: this call was not carried out"
#: Keys that an assistant's message may have in place of content.
_CONTENT_ALTERNATIVES = ("tool_calls", "function_call", "refusal", "audio")


def message(given: Mapping[str, Any] | ApiModel | str) -> Message:
    """Return a new message dict from a dict, from a reply's message, or from a str, which is a message of the user.

    Raises: MessageError for a message that servers reject. It names the rule, never the content.
    """
    if isinstance(given, str):
        return {"role": "user", "content": given}
    if isinstance(given, ApiModel):
        found = without_nulls(given.to_dict())
    elif isinstance(given, Mapping):
        found = dict(given)
    else:
        raise MessageError(f"a message must be a dict, a reply's message or a str, not {type(given).__name__}")
    for key in ("content", "tool_calls"):
        if isinstance(found.get(key), list | tuple):
            found[key] = [p.to_dict() if isinstance(p, ApiModel) else p for p in found[key]]
    role = found.get("role")
    if role not in ROLES:
        raise MessageError(f"role is {reprlib.repr(role)}; it must be one of {', '.join(ROLES)}")
    _check_calls(found)
    _check_content(found, role)
    for key, roles in (("tool_call_id", ("tool",)), ("name", ("function",))):
        if role in roles and not isinstance(found.get(key), str):
            raise MessageError(f"a message of role {role} needs {key}, a str")
    if found.get("name") is not None and not isinstance(found["name"], str):
        raise MessageError("name must be a str")
    return found


def _check_calls(found: Message) -> None:
    calls, legacy = found.get("tool_calls"), found.get("function_call")
    if calls is not None and not (isinstance(calls, list) and all(isinstance(c, Mapping) for c in calls)):
        raise MessageError("tool_calls must be a list of calls, each of them a dict")
    if legacy is not None and not isinstance(legacy, Mapping):
        raise MessageError("function_call must be a dict with a name and arguments")


def _check_content(found: Message, role: str) -> None:
    content = found.get("content")
    if content is None:
        if role == "assistant" and any(found.get(key) for key in _CONTENT_ALTERNATIVES):
            return
        raise MessageError(f"content is missing; a message of role {role} needs a str or a list of parts")
    if isinstance(content, str):
        return
    if isinstance(content, Mapping) or not isinstance(content, Sequence) or isinstance(content, bytes | bytearray):
        raise MessageError(f"content must be a str or a list of parts, not {type(content).__name__}")
    for index, part in enumerate(content):
        if not _is_part(part):
            raise MessageError(
                f"content[{index}] is not a part: a part is a dict with a type, such as text, and the key of that type"
            )


def copied(value: Any) -> Any:
    """Return a deep copy. Raises MessageError for what is nested too deeply."""
    try:
        return deepcopy(value)
    except RecursionError:
        raise MessageError("the conversation has a value that is nested too deeply to be copied and sent") from None


def as_dict(given: Any) -> Message:
    """Return one of `messages` as a dict. Callers may have appended anything. Raises MessageError."""
    if isinstance(given, ApiModel):
        return given.to_dict()
    return given if isinstance(given, dict) else message(given)


def sendable(given: Mapping[str, Any] | ApiModel | str) -> Message:
    """Return a message as it is sent. Assistant audio is sent back by id only.

    Arguments that are not JSON, as in a truncated reply, are sent as `{}`: llama.cpp, vLLM and others parse the
    arguments of every call again, and would reject the conversation. The result of the call has the error.
    """
    found = message(given)
    if found.get("role") == "assistant" and isinstance(found.get("tool_calls"), list):
        found["tool_calls"] = [_valid_arguments(call) for call in found["tool_calls"]]
    audio = found.get("audio")
    if isinstance(audio, Mapping) and audio.get("id"):
        found["audio"] = {"id": audio["id"]}
    return found


def _valid_arguments(call: Any) -> Any:
    inner = call.get("function") if isinstance(call, Mapping) else None
    if not isinstance(inner, Mapping) or is_json(inner.get("arguments")):
        return call
    return {**call, "function": {**inner, "arguments": "{}"}}


def is_json(arguments: object) -> bool:
    """Return whether a call's arguments are JSON; only a str is checked."""
    if not isinstance(arguments, str):
        return True
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        return False
    return True


def without_nulls(wire: Message) -> Message:
    """Remove nulls, which some servers reject. `content` stays, because it is null beside tool calls.

    Empty annotations are removed too: requests do not have the key, and neither does the streamed answer.
    """
    return {k: v for k, v in wire.items() if (v is not None or k == "content") and not (k == "annotations" and not v)}


def from_reply(given: Any) -> Message:
    """Return a reply's message in a form that can be sent and saved, whatever the server sent.

    `given` is the JSON object, or the str that some servers send in its place.
    """
    wire = without_nulls(given if isinstance(given, dict) else {"content": given})
    found = {**with_valid_calls(without_surrogates(wire)), "role": "assistant"}
    for key, kind in (("function_call", dict), ("refusal", str), ("name", str)):
        if not isinstance(found.get(key), kind):
            found.pop(key, None)
    if isinstance(found.get("function_call"), dict):
        call = found["function_call"]
        found["function_call"] = {**call, "arguments": as_text(call.get("arguments"))}
    content = found.get("content")
    if isinstance(content, list):
        found["content"] = [p if _is_part(p) else {"type": "text", "text": _as_str(p)} for p in content]
    elif content is not None or not any(found.get(key) for key in _CONTENT_ALTERNATIVES):
        found["content"] = "" if content is None else _as_str(content)
    return found


def without_surrogates(wire: Any) -> Any:
    """Return a part of a reply without lone surrogates. Raises MessageError if it is nested too deeply to send."""
    try:
        return replace_surrogates(wire)
    except RecursionError as error:
        raise MessageError("the reply is nested too deeply to be sent again") from error


def _is_part(part: object) -> bool:
    """Return whether a part has a type, and, for text and image_url, the key of that type."""
    if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
        return False
    value = part.get(part["type"])
    if part["type"] == "image_url":
        value = value.get("url") if isinstance(value, Mapping) else value
    return isinstance(value, str) or part["type"] not in ("text", "image_url")


def _as_str(value: object) -> str:
    """Return a str as it is, and any other value as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def with_valid_calls(wire: Message) -> Message:
    """Return a reply's message in which every tool call has a unique id, and arguments as str."""
    calls = wire.get("tool_calls")
    if not isinstance(calls, list):
        return {k: v for k, v in wire.items() if k != "tool_calls"}
    seen: set[str] = set()
    kept = []
    for number, call in enumerate(c for c in calls if isinstance(c, dict)):
        call_id = call.get("id")
        if not isinstance(call_id, str) or not call_id or call_id in seen:
            call_id = f"call_{number}_{os.urandom(4).hex()}"  # some servers send no id, or the same for all calls
        seen.add(call_id)
        call = {**call, "id": call_id, "type": call.get("type") or "function"}
        inner = call.get("function")
        if inner is not None and not isinstance(inner, dict):  # the name of the function
            inner = {"name": inner, "arguments": call.pop("arguments", None)}
        if inner or (inner is not None and not isinstance(call.get("custom"), dict)):
            name, arguments = _as_str(inner.get("name") or ""), as_text(inner.get("arguments"))
            call["function"] = {**inner, "name": name, "arguments": arguments}
        kept.append(call)
    return {**wire, "tool_calls": kept} if kept else {k: v for k, v in wire.items() if k != "tool_calls"}


def as_text(arguments: object) -> str:
    """Return a call's arguments as JSON; some servers send an object."""
    if isinstance(arguments, str):
        return arguments
    return "{}" if arguments is None else json.dumps(arguments)


def pending(messages: Iterable[Message]) -> list[Call]:
    """Return the calls of the last assistant message that have no result yet."""
    calls: list[Call] = []
    for m in messages:
        role = m.get("role")
        if role == "assistant":
            calls = calls_of(m)
        elif role == "tool":
            calls = [call for call in calls if call.id != m.get("tool_call_id")]
        elif role == "function":
            calls = [call for call in calls if call.kind != "function"]
        else:
            calls = []
    return calls


def unanswered(messages: Iterable[Message]) -> Message | None:
    """Return the last message of the user, if tool calls follow it and no answer."""
    question: Message | None = None
    begun = False
    for m in messages:
        if m.get("role") == "user":
            question, begun = m, False
        elif m.get("role") == "assistant":
            begun = bool(calls_of(m))
        elif m.get("role") not in ("tool", "function"):
            begun = False
    return question if begun else None


def calls_of(m: Message) -> list[Call]:
    """Return the tool calls in an assistant's message."""
    found = []
    for call in m.get("tool_calls") or ():
        if isinstance(call, Mapping):
            kind = "custom" if isinstance(call.get("custom"), Mapping) and not call.get("function") else "tool"
            inner = call.get("function" if kind == "tool" else "custom")
            inner = inner if isinstance(inner, Mapping) else {"name": inner}
            arguments = as_text(inner.get("arguments" if kind == "tool" else "input"))
            found.append(Call(str(call.get("id") or ""), str(inner.get("name") or ""), arguments, kind))
    legacy = m.get("function_call")
    if isinstance(legacy, Mapping):
        found.append(Call("", str(legacy.get("name") or ""), as_text(legacy.get("arguments")), "function"))
    return found


def result(call: Call, text: str) -> Message:
    """Return the message with the result of a call."""
    if call.kind == "function":
        return {"role": "function", "name": call.name, "content": text}
    return {"role": "tool", "tool_call_id": call.id, "content": text}


def closed(messages: Sequence[Any]) -> list[Any]:
    """Return the history with a result after each call, as `repaired` does, and change nothing else."""
    views = [m.to_dict() if isinstance(m, ApiModel) else m if isinstance(m, dict) else {} for m in messages]
    return _arranged(messages, views, drop=False)


def repaired(messages: Iterable[Message]) -> list[Message]:
    """Return the history with exactly one result after each tool call. Idempotent.

    A result that comes later, for example after a message of the user, moves to its call; a call without a result gets
    `NO_RESULT`. Results without a call and second results are removed; a call without a unique id gets one.
    """
    valid = [with_valid_calls(m) if m.get("role") == "assistant" else m for m in messages]
    return _arranged(valid, valid, drop=True)


class _OpenCall(NamedTuple):
    """A call without a result so far, the list for its result, and the number of its message."""

    call: Call
    results: list[Any]
    number: int


def _arranged(messages: Sequence[Any], views: Sequence[Message], *, drop: bool) -> list[Any]:
    """Return messages, each followed by the results of its calls. `drop` removes results without a call."""
    groups: list[list[Any]] = []
    waiting: list[_OpenCall] = []
    newest = -1  # the message that only results have followed so far
    for given, m in zip(messages, views, strict=True):
        role = m.get("role")
        if role in ("tool", "function"):
            found = next((w for w in reversed(waiting) if w.number == newest and _answers(m, w.call)), None)
            found = found or next((w for w in reversed(waiting) if _answers_by_name(m, w.call)), None)
            if found is not None:
                waiting.remove(found)
                found.results.append(given)
            elif not drop:
                groups.append([given])
            continue
        groups.append([given])
        newest = len(groups) - 1
        if role == "assistant":
            waiting.extend(_OpenCall(call, groups[-1], newest) for call in calls_of(m))
    for call, results, _ in waiting:
        results.append(result(call, NO_RESULT))
    return [message for group in groups for message in group]


def _answers(m: Message, call: Call) -> bool:
    """Return whether a message that directly follows a call is its result; a function_call has no id."""
    if call.kind == "function":
        return m.get("role") == "function"
    return m.get("role") == "tool" and m.get("tool_call_id") == call.id


def _answers_by_name(m: Message, call: Call) -> bool:
    return _answers(m, call) and (call.kind != "function" or m.get("name") == call.name)
