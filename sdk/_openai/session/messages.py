"""The rules of chat messages: what may be sent, and how a history is made whole again."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ..._core.errors import MessageError
from ..._core.model import ApiModel
from ..text import replace_surrogates
from .conversation import Call

Message = dict[str, Any]

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
#: What stands in for the result of a call that never got one.
NO_RESULT = "error: this call was not carried out"
#: What an assistant may say in place of content.
_INSTEAD = ("tool_calls", "function_call", "refusal", "audio")


def message(given: Mapping[str, Any] | ApiModel | str) -> Message:
    """Return a message as a dict of its own: from a dict, from a reply's message, or from a text, which the user says.

    Raises: MessageError for what no server takes. It tells the rule and never the text.
    """
    if isinstance(given, str):
        return {"role": "user", "content": given}
    if isinstance(given, ApiModel):
        found = without_nulls(given.to_dict())
    elif isinstance(given, Mapping):
        found = dict(given)
    else:
        raise MessageError(f"a message is a dict, a reply's message or a text, not {type(given).__name__}")
    for key in ("content", "tool_calls"):
        if isinstance(found.get(key), list | tuple):
            found[key] = [p.to_dict() if isinstance(p, ApiModel) else p for p in found[key]]
    role = found.get("role")
    if role not in ROLES:
        raise MessageError(f"role is {role!r}; it must be one of {', '.join(ROLES)}")
    _check_calls(found)
    _check_content(found, role)
    for key, roles in (("tool_call_id", ("tool",)), ("name", ("function",))):
        if role in roles and not isinstance(found.get(key), str):
            raise MessageError(f"a message of role {role} needs {key}=, a text")
    if found.get("name") is not None and not isinstance(found["name"], str):
        raise MessageError("name must be a text")
    return found


def _check_calls(found: Message) -> None:
    calls, legacy = found.get("tool_calls"), found.get("function_call")
    if calls is not None and not (isinstance(calls, list) and all(isinstance(c, Mapping) for c in calls)):
        raise MessageError("tool_calls is a list of calls, each of them a dict")
    if legacy is not None and not isinstance(legacy, Mapping):
        raise MessageError("function_call is a dict with a name and arguments")


def _check_content(found: Message, role: str) -> None:
    content = found.get("content")
    if content is None:
        if role == "assistant" and any(found.get(key) for key in _INSTEAD):
            return
        raise MessageError(f"content is missing; a message of role {role} needs a text or a list of parts")
    if isinstance(content, str):
        return
    if isinstance(content, Mapping) or not isinstance(content, Sequence) or isinstance(content, bytes | bytearray):
        raise MessageError(f"content is a text or a list of parts, not {type(content).__name__}")
    for index, part in enumerate(content):
        if not _is_part(part):
            raise MessageError(
                f"content[{index}] is not a part: a dict with a type, such as text, and what that type needs"
            )


def sendable(given: Mapping[str, Any] | ApiModel | str) -> Message:
    """Return a message as it is sent: of what an assistant has spoken the API takes back the id alone.

    Of a call whose arguments are no JSON, as where a reply was cut, the result says so, and what is sent is none:
    llama.cpp, vLLM and others read the arguments of every call again, and would refuse the whole conversation.
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
    """Tell whether a call's arguments can be read; what is no text is not looked at."""
    if not isinstance(arguments, str):
        return True
    try:
        json.loads(arguments)
    except (ValueError, RecursionError):
        return False
    return True


def without_nulls(wire: Message) -> Message:
    """Leave out nulls, which some servers refuse; content stays, because beside tool calls it is null by rule.

    Annotations that are none go too: no request knows them, and of the same answer streamed nothing is said of them.
    """
    return {k: v for k, v in wire.items() if (v is not None or k == "content") and not (k == "annotations" and not v)}


def answered(given: Any) -> Message:
    """Return a reply's message as one that every session can keep, send again and save, whatever the server made of it.

    `given` is its wire form, or a text in its place.
    """
    wire = without_nulls(given if isinstance(given, dict) else {"content": given})
    found = {**settled(whole(wire)), "role": "assistant"}
    for key, kind in (("function_call", dict), ("refusal", str), ("name", str)):
        if not isinstance(found.get(key), kind):
            found.pop(key, None)
    if isinstance(found.get("function_call"), dict):
        call = found["function_call"]
        found["function_call"] = {**call, "arguments": as_text(call.get("arguments"))}
    content = found.get("content")
    if isinstance(content, list):
        found["content"] = [p if _is_part(p) else {"type": "text", "text": _told(p)} for p in content]
    elif content is not None or not any(found.get(key) for key in _INSTEAD):
        found["content"] = "" if content is None else _told(content)
    return found


def whole(wire: Any) -> Any:
    """Return a part of a reply without what no request can hold. Raises MessageError where that is its very depth."""
    try:
        return replace_surrogates(wire)
    except RecursionError as error:
        raise MessageError("the reply is nested too deeply to be kept and sent again") from error


def _is_part(part: object) -> bool:
    """Tell whether it has a type, and, of the two types that people write by hand, what they are about."""
    if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
        return False
    about = part.get(part["type"])
    if part["type"] == "image_url":
        about = about.get("url") if isinstance(about, Mapping) else about
    return isinstance(about, str) or part["type"] not in ("text", "image_url")


def _told(odd: object) -> str:
    """Return what should be a text as one."""
    return odd if isinstance(odd, str) else json.dumps(odd, ensure_ascii=False)


def settled(wire: Message) -> Message:
    """Return a reply's message as it can be sent back: every tool call with an id of its own, arguments as text."""
    calls = wire.get("tool_calls")
    if not isinstance(calls, list):
        return {k: v for k, v in wire.items() if k != "tool_calls"}
    seen: set[str] = set()
    kept = []
    for number, call in enumerate(c for c in calls if isinstance(c, dict)):
        name = call.get("id")
        if not isinstance(name, str) or not name or name in seen:
            name = f"call_{number}_{os.urandom(4).hex()}"  # some servers give none, or one to all
        seen.add(name)
        call = {**call, "id": name, "type": call.get("type") or "function"}
        inner = call.get("function")
        if inner is not None and not isinstance(inner, dict):  # its name alone
            inner = {"name": inner, "arguments": call.pop("arguments", None)}
        if inner or (inner is not None and not isinstance(call.get("custom"), dict)):
            told, arguments = _told(inner.get("name") or ""), as_text(inner.get("arguments"))
            call["function"] = {**inner, "name": told, "arguments": arguments}
        kept.append(call)
    return {**wire, "tool_calls": kept} if kept else {k: v for k, v in wire.items() if k != "tool_calls"}


def as_text(arguments: object) -> str:
    """Return a call's arguments as JSON text; some servers give an object."""
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
    """Return what the user said last, if calls for it stand behind it and no answer in words."""
    said: Message | None = None
    begun = False
    for m in messages:
        if m.get("role") == "user":
            said, begun = m, False
        elif m.get("role") == "assistant":
            begun = bool(calls_of(m))
        elif m.get("role") not in ("tool", "function"):
            begun = False
    return said if begun else None


def calls_of(m: Message) -> list[Call]:
    """Return the calls that an assistant's message asks for."""
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
    """Return the message that gives a call its result."""
    if call.kind == "function":
        return {"role": "function", "name": call.name, "content": text}
    return {"role": "tool", "tool_call_id": call.id, "content": text}


def closed(messages: Sequence[Any]) -> list[Any]:
    """Return the history with a result behind each call; see `repaired`. Everything else stays as it is."""
    views = [m.to_dict() if isinstance(m, ApiModel) else m if isinstance(m, dict) else {} for m in messages]
    return _arranged(messages, views, drop=False)


def repaired(messages: Iterable[Message]) -> list[Message]:
    """Return the history with exactly one result behind each tool call; done twice it changes nothing more.

    A result that comes later, such as behind what the user said while the tool ran, is moved to its call. A call
    without any result gets one that says so. Results without their call and second results go; calls without an id of
    their own get one.
    """
    whole = [settled(m) if m.get("role") == "assistant" else m for m in messages]
    return _arranged(whole, whole, drop=True)


class _Open(NamedTuple):
    """A call without a result so far: the list for its results, and the number of its message."""

    call: Call
    results: list[Any]
    number: int


def _arranged(messages: Sequence[Any], views: Sequence[Message], *, drop: bool) -> list[Any]:
    """Return messages, each with the results of its calls behind it; `drop` those of no call."""
    groups: list[list[Any]] = []
    waiting: list[_Open] = []
    newest = -1  # the message that only results have followed so far
    for given, m in zip(messages, views, strict=True):
        role = m.get("role")
        if role in ("tool", "function"):
            found = next((w for w in reversed(waiting) if w.number == newest and _answers(m, w.call)), None)
            found = found or next((w for w in reversed(waiting) if _names(m, w.call)), None)
            if found is not None:
                waiting.remove(found)
                found.results.append(given)
            elif not drop:
                groups.append([given])
            continue
        groups.append([given])
        newest = len(groups) - 1
        if role == "assistant":
            waiting.extend(_Open(call, groups[-1], newest) for call in calls_of(m))
    for call, results, _ in waiting:
        results.append(result(call, NO_RESULT))
    return [message for group in groups for message in group]


def _answers(m: Message, call: Call) -> bool:
    """Tell whether a message that follows a call directly is its result; a function_call has no id."""
    if call.kind == "function":
        return m.get("role") == "function"
    return m.get("role") == "tool" and m.get("tool_call_id") == call.id


def _names(m: Message, call: Call) -> bool:
    return _answers(m, call) and (call.kind != "function" or m.get("name") == call.name)
