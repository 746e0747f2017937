"""A history within a budget of tokens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Message = dict[str, Any]

#: What an image, a sound or a file costs, roughly: servers count none by the length of its base64.
_MEDIUM = 1000
_MEDIA = frozenset(
    {
        *("image_url", "input_image", "image", "image_file", "input_audio", "audio", "audio_url"),
        *("file", "input_file", "video_url", "video", "media", "document"),
    }
)
#: Base64 in a part of any other type: long, and without a space.
_BASE64 = re.compile(r"(?:data:[\w.+/-]*;base64,)?[A-Za-z0-9+/_=-]{512}")


def within_tokens(messages: list[Message], budget: int, count: Any = None) -> list[Message]:
    """Return the newest messages that fit into `budget` tokens, and what stands at the start for the whole talk.

    System and developer messages at the start always stay, and so does what the user said last; a tool call is never
    parted from its results. What is left of the talk begins with the user, as many chat templates ask for. `count`
    tells the tokens of one message; without it four characters count as one, and an image, a sound or a file as 1000.
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
    # What the user said last always goes: calls may stand behind it, and without it they would answer nothing.
    asked = next((turn for turn in reversed(turns) if turn[0].get("role") == "user"), None)
    left -= sum(tokens(m) for m in asked or ())
    kept: list[list[Message]] = []
    for turn in reversed(turns):
        if turn is not asked:
            left -= sum(tokens(m) for m in turn)
            if left < 0 and kept:  # the newest always goes, too
                break
        kept.append(turn)
    if asked is not None and not any(turn is asked for turn in kept):
        kept.append(asked)
    while asked is not None and kept[-1][0].get("role") != "user":
        kept.pop()
    return messages[:head] + [m for turn in reversed(kept) for m in turn]


def _estimate(m: Message) -> int:
    content, calls = m.get("content"), m.get("tool_calls")
    if isinstance(content, str | None):
        return len((content or "") + str(calls or "")) // 4 + 4
    return (_characters(content) + len(str(calls or ""))) // 4 + 4


def _characters(content: Any) -> int:
    """Return the length of content, that of a medium as the text that costs the same."""
    if isinstance(content, Mapping):
        if content.get("type") in _MEDIA:
            return 4 * _MEDIUM
        return sum(len(str(key)) + _characters(value) for key, value in content.items())
    if isinstance(content, list | tuple):
        return sum(map(_characters, content))
    if isinstance(content, str) and _BASE64.match(content):
        return 4 * _MEDIUM
    return len(str(content))
