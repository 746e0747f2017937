"""A history within a budget of tokens."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from sdk import image
from sdk.errors import MessageError
from sdk.session import within_tokens

Message = dict[str, Any]


def test_trimming_keeps_the_start_and_the_newest() -> None:
    """The system prompt stays, old turns go first, and a call stays with its result."""
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": "s"}, {"role": "user", "content": "old"}, {"role": "assistant", "tool_calls": []},
        {"role": "tool", "content": "r"}, {"role": "user", "content": "new"},
    ]  # fmt: skip
    assert within_tokens(messages, 5, lambda m: 1) == messages
    assert within_tokens(messages, 4, lambda m: 1) == [messages[0], messages[4]]
    assert within_tokens(messages, 3, lambda m: 1) == [messages[0], messages[4]]
    assert within_tokens(messages, 0, lambda m: 1) == [messages[0], messages[4]]


def test_trimming_keeps_what_the_user_asked() -> None:
    """However many calls stand behind it, what the user said last goes along, and the newest results."""
    calls: list[list[dict[str, Any]]] = [
        [{"role": "assistant", "tool_calls": [{"id": i}]}, {"role": "tool", "tool_call_id": i, "content": "r"}]
        for i in ("a", "b")
    ]
    old, new = {"role": "user", "content": "old"}, {"role": "user", "content": "new"}
    messages = [old, new, *calls[0], *calls[1]]
    for budget, kept in ((0, [new, *calls[1]]), (4, [new, *calls[1]]), (5, messages[1:]), (6, messages)):
        assert within_tokens(messages, budget, lambda m: 1) == kept


TALK: list[Message] = [
    {"role": role, "content": f"{word} " * 30}
    for _ in range(6)
    for role, word in (("user", "ask"), ("assistant", "say"))
]
CALLS: list[Message] = [
    {"role": "user", "content": "go"},
    {"role": "assistant", "content": None, "tool_calls": [{"id": "a"}]},
    {"role": "tool", "tool_call_id": "a", "content": "r"},
]
SYSTEM: Message = {"role": "system", "content": "S"}
LAST: Message = {"role": "user", "content": "last"}


@pytest.mark.parametrize("head", [[], [SYSTEM], [SYSTEM, {"role": "developer", "content": "D"}]])
@pytest.mark.parametrize("talk", [[*TALK, LAST], [*TALK, *CALLS], [*CALLS, *TALK], [*TALK, LAST, LAST]])
def test_what_is_left_begins_with_the_user(head: list[Message], talk: list[Message]) -> None:
    """Chat templates such as those of Mistral and Gemma refuse a talk that begins with the assistant."""
    sizes = set()
    for budget in range(0, 700, 7):
        kept = within_tokens([*head, *talk], budget)
        assert kept[: len(head)] == head
        assert kept[len(head)]["role"] == "user"
        assert kept[len(head) :] == talk[len(talk) - len(kept) + len(head) :]
        sizes.add(len(kept))
    assert len(sizes) > 3


def test_a_talk_without_the_user() -> None:
    """Where the user has said nothing, the newest stays."""
    said = {"role": "assistant", "content": "x" * 400}
    assert within_tokens([SYSTEM, said, said], 110) == [SYSTEM, said]


_DATA = base64.b64encode(bytes(range(256)) * 800).decode()
MEDIA: list[Any] = [
    image(b"\x89PNG\r\n\x1a\n" + bytes(200_000)),
    {"type": "input_image", "image_url": f"data:image/png;base64,{_DATA}"},
    {"type": "input_audio", "input_audio": {"data": _DATA, "format": "wav"}},
    {"type": "file", "file": {"filename": "a.pdf", "file_data": f"data:application/pdf;base64,{_DATA}"}},
    {"type": "image", "source": {"type": "base64", "data": _DATA}},
    {"type": "x_scan", "payload": {"data": _DATA}},
]


@pytest.mark.parametrize("part", MEDIA, ids=lambda part: part["type"])
def test_a_medium_costs_about_a_thousand_tokens(part: Any) -> None:
    """Its base64 is no text: neither the talk before it is pushed out, nor the medium when it is asked about."""
    said: Message = {"role": "user", "content": [{"type": "text", "text": "and this?"}, part]}
    talk = [SYSTEM, *TALK, said, {"role": "assistant", "content": "A cat."}, LAST]
    assert within_tokens(talk, 8000) == talk
    assert said in within_tokens(talk, 1100)
    assert said not in within_tokens(talk, 900)
    assert len(within_tokens([said, said, said, said], 3200)) == 3


def test_text_costs_by_its_length() -> None:
    """Four characters are a token, in parts and without, of base64 in a text as well."""
    for content in (
        "x" * 4000,
        [{"type": "text", "text": "x y " * 1000}],
        _DATA[:4000],
        [{"type": "x", "y": "x y" * 1333}],
    ):
        said: Message = {"role": "user", "content": content}
        assert within_tokens([said, LAST], 1000) == [LAST]
        assert within_tokens([said, LAST], 1100) == [said, LAST]


def test_a_message_that_holds_itself() -> None:
    """It is an error of the SDK, in content and in tool calls of thousands of levels too."""
    parts: list[Any] = []
    parts.append({"type": "text", "text": parts})
    deep: Any = []
    for _ in range(5000):
        deep = [deep]
    for message in ({"content": parts}, {"content": deep}, {"tool_calls": deep}):
        with pytest.raises(MessageError, match="nested too deeply"):
            within_tokens([{"role": "user", **message}], 10)
