"""The rules of chat messages: what may be sent, and how a history is made whole again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._model import ApiModel
from .errors import MessageError

Message = dict[str, Any]

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
#: What stands in for the result of a call that never got one.
NO_RESULT = "error: this call was not carried out"


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
    role = found.get("role")
    if role not in ROLES:
        raise MessageError(f"role is {role!r}; it must be one of {', '.join(ROLES)}")
    _check_content(found, role)
    for key, roles in (("tool_call_id", ("tool",)), ("name", ("function",))):
        if role in roles and not isinstance(found.get(key), str):
            raise MessageError(f"a message of role {role} needs {key}=, a text")
    if found.get("name") is not None and not isinstance(found["name"], str):
        raise MessageError("name must be a text")
    return found


def _check_content(found: Message, role: str) -> None:
    content = found.get("content")
    if content is None:
        if role == "assistant" and (found.get("tool_calls") or found.get("function_call") or found.get("refusal")):
            return
        raise MessageError(f"content is missing; a message of role {role} needs a text or a list of parts")
    if isinstance(content, str):
        return
    if not isinstance(content, Sequence) or isinstance(content, bytes | bytearray):
        raise MessageError(f"content is a text or a list of parts, not {type(content).__name__}")
    for index, part in enumerate(content):
        if isinstance(part, ApiModel):
            continue
        if not isinstance(part, Mapping) or not isinstance(part.get("type"), str):
            raise MessageError(f"content[{index}] is not a part: a dict with a type, such as text or image_url")


def without_nulls(wire: Message) -> Message:
    """Leave out nulls, which some servers refuse; content stays, because beside tool calls it is null by rule."""
    return {k: v for k, v in wire.items() if v is not None or k == "content"}


def pending(messages: Iterable[Message]) -> list[Message]:
    """Return the tool calls of the last assistant message that have no result yet."""
    calls: list[Message] = []
    for m in messages:
        if m.get("role") == "assistant":
            calls = [call for call in m.get("tool_calls") or () if isinstance(call, dict)]
        elif m.get("role") == "tool":
            calls = [call for call in calls if call.get("id") != m.get("tool_call_id")]
        else:
            calls = []
    return calls


def repaired(messages: Iterable[Message]) -> list[Message]:
    """Return the history with exactly one result behind each tool call; done twice it changes nothing more.

    Results without their call and second results go; a call without a result gets one that says so.
    """
    out: list[Message] = []
    waiting: list[str] = []

    def settle() -> None:
        out.extend({"role": "tool", "tool_call_id": identity, "content": NO_RESULT} for identity in waiting)
        waiting.clear()

    for m in messages:
        if m.get("role") == "tool":
            if m.get("tool_call_id") in waiting:
                waiting.remove(m["tool_call_id"])
                out.append(m)
            continue
        settle()
        out.append(m)
        if m.get("role") == "assistant":
            waiting.extend(call["id"] for call in m.get("tool_calls") or () if isinstance(call, dict) and "id" in call)
    settle()
    return out


def within_tokens(messages: list[Message], budget: int, count: Any = None) -> list[Message]:
    """Return the newest messages that fit into `budget` tokens, and what stands at the start for the whole talk.

    System and developer messages at the start always stay; a tool call is never parted from its results. `count`
    tells the tokens of one message; without it four characters count as one.
    """
    tokens = count or _estimate
    head = next((i for i, m in enumerate(messages) if m.get("role") not in ("system", "developer")), len(messages))
    left = budget - sum(tokens(m) for m in messages[:head])
    turns: list[list[Message]] = []
    for m in messages[head:]:
        if m.get("role") in ("tool", "function") and turns:
            turns[-1].append(m)
        else:
            turns.append([m])
    kept: list[Message] = []
    for number, turn in enumerate(reversed(turns)):
        left -= sum(tokens(m) for m in turn)
        if left < 0 and number:  # the last turn is what is asked, so it always goes
            break
        kept[:0] = turn
    return messages[:head] + kept


def _estimate(m: Message) -> int:
    return len(str(m.get("content") or "") + str(m.get("tool_calls") or "")) // 4 + 4
