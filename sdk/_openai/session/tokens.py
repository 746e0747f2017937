"""Trim a history to a budget of tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..._core.errors import MessageError
from .arguments import check_function

Message = dict[str, Any]

#: The approximate tokens of an image, a sound or a file; servers do not count its base64.
_MEDIUM = 1000
_MEDIA = frozenset(
    {
        *("image_url", "input_image", "image", "image_file", "input_audio", "audio", "audio_url"),
        *("file", "input_file", "video_url", "video", "media", "document"),
    }
)
#: Base64 in a part of another type: long, and without spaces.
_BASE64 = re.compile(r"(?:data:[\w.+/-]*;base64,)?[A-Za-z0-9+/_=-]{512}")


def within_tokens(messages: list[Message], budget: int, count: Any = None) -> list[Message]:
    """Return the newest messages that fit into `budget` tokens, and the leading system/developer messages.

    The last message of the user always stays, too; a tool call is never separated from its results. After the leading
    messages the first one is of the user, if the user has said anything: many chat templates require that. `count`
    returns the tokens of one message; by default four characters count as one token, and an image, a sound or a file
    as 1000.
    Raises: TypeError for a budget that is not a number, ValueError for one that is negative or NaN, MessageError for a
    message that is nested too deeply.
    """
    if isinstance(budget, bool) or not isinstance(budget, int | float):
        raise TypeError(f"budget is a number of tokens, not {type(budget).__name__}")
    if not budget >= 0:
        raise ValueError("budget is a number of tokens from 0 on")
    check_function("count", count)
    if not isinstance(messages, list) or not all(isinstance(m, Mapping) for m in messages):
        raise TypeError("messages is a list of dicts")
    tokens = count or _estimate
    head = next((i for i, m in enumerate(messages) if m.get("role") not in ("system", "developer")), len(messages))
    remaining = budget - sum(tokens(m) for m in messages[:head])
    turns: list[list[Message]] = []
    for m in messages[head:]:
        if m.get("role") in ("tool", "function") and turns:
            turns[-1].append(m)
        else:
            turns.append([m])
    # The last message of the user is always sent: the calls after it would have no context.
    question = next((turn for turn in reversed(turns) if turn[0].get("role") == "user"), None)
    remaining -= sum(tokens(m) for m in question or ())
    kept: list[list[Message]] = []
    for turn in reversed(turns):
        if turn is not question:
            remaining -= sum(tokens(m) for m in turn)
            if remaining < 0 and kept:  # the newest turn is always sent, too
                break
        kept.append(turn)
    if question is not None and not any(turn is question for turn in kept):
        kept.append(question)
    while question is not None and kept[-1][0].get("role") != "user":
        kept.pop()
    return messages[:head] + [m for turn in reversed(kept) for m in turn]


def _estimate(m: Message) -> int:
    content = m.get("content")
    try:
        calls = str(m.get("tool_calls") or "")
        length = len(content or "") if isinstance(content, str | None) else _characters(content)
    except RecursionError:
        raise MessageError("a message is nested too deeply to be sent") from None
    return (length + len(calls)) // 4 + 4


def _characters(content: Any) -> int:
    """Return the length of content in parts; an image, a sound or a file counts as the text of as many tokens."""
    if isinstance(content, Mapping):
        if content.get("type") in _MEDIA:
            return 4 * _MEDIUM
        return sum(len(str(key)) + _characters(value) for key, value in content.items())
    if isinstance(content, list | tuple):
        return sum(map(_characters, content))
    if isinstance(content, str) and _BASE64.match(content):
        return 4 * _MEDIUM
    return len(str(content))
