"""What the deltas of vendors add up to: blocks in pieces, tags that are repeated, names for reasoning."""

from __future__ import annotations

from typing import Any

import pytest

from .wire import Wire, chunk, final


def _message(*deltas: Wire) -> Wire:
    found: Wire = final([*map(chunk, deltas), chunk({}, "stop")]).choices[0].message.to_dict()
    return found


def _openrouter(index: int, **said: Any) -> Wire:
    return {"type": "reasoning.text", "format": "anthropic-claude-v1", "index": index, **said}


def _thinking(thinking: str, signature: str | None = None) -> Wire:
    return {"type": "thinking", "thinking": thinking, "signature": signature}


def _summary(text: str, signature: str = "") -> Wire:
    part = {"type": "summary_text", "text": text, "signature": signature}
    return {"type": "reasoning", "summary": [part]}


BLOCKS: dict[str, tuple[str, list[list[Wire]], list[Wire]]] = {
    "an index for each block": (
        "reasoning_details",
        [
            [_openrouter(0, text="Let")],
            [_openrouter(0, text=" me.", signature=None)],
            [_openrouter(0, signature="S0")],
            [_openrouter(1, text="N"), _openrouter(1, text="ow")],
            [{"index": 1, "signature": "S1"}],
        ],
        [_openrouter(0, text="Let me.", signature="S0"), _openrouter(1, text="Now", signature="S1")],
    ),
    "one index for blocks of two types": (
        "reasoning_details",
        [
            [{"type": "reasoning.summary", "summary": "**A", "format": "f", "index": 0}],
            [{"type": "reasoning.summary", "summary": "**", "format": "f", "index": 0}],
            [{"type": "reasoning.encrypted", "data": "gA", "format": "f", "index": 0, "id": "rs"}],
            [{"type": "reasoning.encrypted", "data": "==", "format": "f", "index": 0, "id": "rs"}],
        ],
        [
            {"type": "reasoning.summary", "summary": "**A**", "format": "f", "index": 0},
            {"type": "reasoning.encrypted", "data": "gA==", "format": "f", "index": 0, "id": "rs"},
        ],
    ),
    "no index, and a signature at each block's end": (
        "thinking_blocks",
        [
            [_thinking("h")],
            [_thinking("m")],
            [_thinking("", "S0")],
            [{"type": "redacted_thinking", "data": "x"}],
            [{"type": "redacted_thinking", "data": "y"}],
            [_thinking("a")],
            [_thinking("", "S1")],
            [_thinking("b")],
        ],
        [
            _thinking("hm", "S0"),
            {"type": "redacted_thinking", "data": "x"},
            {"type": "redacted_thinking", "data": "y"},
            _thinking("a", "S1"),
            _thinking("b"),
        ],
    ),
    "parts within parts of the content": (
        "content",
        [[_summary("h")], [_summary("m")], [_summary("", "S")], [{"type": "text", "text": "Hi"}]],
        [_summary("hm", "S"), {"type": "text", "text": "Hi"}],
    ),
    "whole entries": (
        "annotations",
        [[{"type": "url_citation", "url_citation": {"url": u}}] for u in "aab"],
        [{"type": "url_citation", "url_citation": {"url": u}} for u in "aab"],
    ),
    "arguments that are repeated": (
        "executed_tools",
        [
            [{"index": 0, "type": "search", "arguments": '{"q":'}],
            [{"index": 0, "type": "search", "arguments": "1}"}],
            [{"index": 0, "type": "search", "arguments": '{"q":1}', "output": "found"}],
        ],
        [{"index": 0, "type": "search", "arguments": '{"q":1}', "output": "found"}],
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_in_pieces(name: str) -> None:
    """Entries of one index and type, or without indexes those that go on, are one block; all others stay apart."""
    key, lists, wanted = BLOCKS[name]
    assert _message(*({key: entries} for entries in lists))[key] == wanted


def test_blocks_within_a_vendors_object() -> None:
    """A gateway may keep such blocks in an object of its own."""
    deltas = [{"provider_specific_fields": {"thinking_blocks": [_thinking(text)]}} for text in ("h", "m")]
    assert _message(*deltas)["provider_specific_fields"] == {"thinking_blocks": [_thinking("hm")]}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ([{"channel": "analysis"}, {"channel": "analysis"}, {"channel": "final"}], {"channel": "final"}),
        ([{"provider": "x"}, {"provider": "x"}, {"provider": ""}], {"provider": "x"}),
        ([{"audio": {"format": "wav", "data": "AA"}}] * 2, {"audio": {"format": "wav", "data": "AAAA"}}),
        ([{"extra": {"signature": "S"}}] * 2, {"extra": {"signature": "S"}}),
        ([{"reasoning_format": "parsed", "reasoning": "a"}] * 2, {"reasoning_format": "parsed", "reasoning": "aa"}),
        ([{"reasoning_status": "begun"}, {"reasoning_status": "done"}], {"reasoning_status": "done"}),
        ([{"reasoning_kind": "deep"}] * 2, {"reasoning_kind": "deep"}),
        ([{"reasoning_steps": "1. a"}, {"reasoning_steps": "2. b"}], {"reasoning_steps": "1. a2. b"}),
        ([{"reasoning_content": "ha"}] * 2, {"reasoning_content": "haha"}),
        ([{"thinking": "ha"}] * 2, {"thinking": "haha"}),
        ([{"refusal": "no"}] * 2, {"refusal": "nono"}),
    ],
)
def test_texts_are_joined_and_tags_said_anew(said: list[Wire], wanted: Wire) -> None:
    """A text that comes in pieces is joined, even of equal pieces; a string that is repeated stays as it is."""
    got = _message({"content": "Hi"}, *said)
    assert got == {"role": "assistant", "content": "Hi", **wanted}
