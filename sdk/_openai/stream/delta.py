"""Join the deltas of a message: strings in fragments, repeated tags, and lists of blocks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..text import TextBuffer

Wire = dict[str, Any]

#: Strings that arrive in fragments. Any other string is a tag: the latest value replaces the one before.
_TEXTS = frozenset(
    {
        *("content", "text", "summary", "refusal", "transcript", "data"),
        *("reasoning", "reasoning_content", "reasoning_text", "reasoning_summary", "thinking", "thinking_content"),
    }
)
#: Fragments too: arguments, and the reasoning of vendors, unless the name ends like that of a tag.
_MORE = re.compile(
    r"arguments|(?:reasoning|thinking)_(?!(?:\w*_)?(?:id|type|status|format|effort|signature|state)$)\w+"
)
#: Blocks that arrive in fragments from servers without indexes; without an index, all other entries are complete.
_TEXT_BLOCKS = frozenset(
    {"thinking", "reasoning", "reasoning_text", "reasoning.text", "reasoning.summary", "summary_text"}
)


class _Block(dict[str, Any]):
    """An entry of a list that may arrive in fragments."""


def join(total: Wire, delta: Wire) -> None:
    """Join a delta to the sum of the deltas before it."""
    for key, value in delta.items():
        before = total.get(key)
        if value is None:
            total.setdefault(key, None)
        elif isinstance(value, str):
            if before.__class__ is TextBuffer:
                # A repetition of the value so far is not a fragment of arguments, which are one JSON object; and an
                # unknown name may be that of a tag.
                if key in _TEXTS or not before.holds(value):
                    before.write(value)
            elif _arrives_in_fragments(key):
                before = total[key] = TextBuffer()
                before.write(value)
            elif value or before is None:
                total[key] = value
        elif isinstance(value, list):
            if not isinstance(before, list):
                before = total[key] = []
            extend(before, value)
        elif isinstance(value, dict):
            if not isinstance(before, dict):
                before = total[key] = {}
            join(before, value)
        else:
            total[key] = value


@lru_cache
def _arrives_in_fragments(key: str) -> bool:
    return key in _TEXTS or _MORE.fullmatch(key) is not None


def extend(total: list[Any], entries: list[Any]) -> None:
    """Add the entries of a delta's list: blocks, fragments of blocks, or other entries, which are appended.

    Entries with the same index and type are fragments of one block. Without an index, a fragment continues the last
    block.
    """
    for entry in entries:
        if entry.__class__ is not dict:
            total.append(entry)
            continue
        index, kind = entry.get("index"), entry.get("type")
        if index is not None:
            found = next((b for b in reversed(total) if _is_at(b, index, kind)), None)
        elif kind in _TEXT_BLOCKS or _is_bare_text(entry):
            found = total[-1] if total and _continues(total[-1], entry) else None
        else:
            total.append(entry)
            continue
        if found is None:
            found = _Block()
            total.append(found)
        join(found, entry)


def _is_at(block: Any, index: object, kind: object) -> bool:
    """Return whether an entry with this index is a fragment of the block; a fragment may omit the type."""
    return block.__class__ is _Block and block.get("index") == index and kind in (None, block.get("type"))


def _is_bare_text(entry: Wire) -> bool:
    """Return whether a part has only text; citations beside it would make it a complete part."""
    return len(entry) == 2 and entry.get("type") == "text" and isinstance(entry.get("text"), str)


def _continues(block: Any, entry: Wire) -> bool:
    """Return whether an entry without an index is a fragment of the block before it. A signature ends a block."""
    if block.__class__ is not _Block or "index" in block or block.get("type") != entry["type"]:
        return False
    signed = block.get("signature")
    if signed and entry.get("signature") != signed and any(entry.get(key) for key in _TEXTS):
        return False
    return all(isinstance(block[key], list) == isinstance(entry[key], list) for key in block.keys() & entry.keys())


def shallow_copy(value: Any) -> Any:
    """Copy a list or dict, so that appending to it does not change the chunk."""
    return value.copy() if isinstance(value, list | dict) else value


def to_json(value: Any) -> Any:
    """Return a joined value as JSON: the text of a buffer, copies of containers."""
    if isinstance(value, TextBuffer):
        return value.getvalue()
    if isinstance(value, dict):
        return {key: to_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [to_json(entry) if entry.__class__ is _Block else entry for entry in value]
    return value
