"""What the deltas of a stream add up to: strings in pieces, tags that are repeated, and lists of blocks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from ..text import TextBuffer

Wire = dict[str, Any]

#: Strings of which each delta brings a piece. Any other string is a tag, and a delta that has it says it anew.
_TEXTS = frozenset(
    {
        *("content", "text", "summary", "refusal", "transcript", "data"),
        *("reasoning", "reasoning_content", "reasoning_text", "reasoning_summary", "thinking", "thinking_content"),
    }
)
#: Pieces too: arguments, and the names that vendors have for reasoning, unless they end as the names of tags do.
_MORE = re.compile(
    r"arguments|(?:reasoning|thinking)_(?!(?:\w*_)?(?:id|type|status|format|effort|signature|state)$)\w+"
)
#: Blocks that servers without indexes send in pieces; of all others each entry is one block.
_TEXT_BLOCKS = frozenset(
    {"thinking", "reasoning", "reasoning_text", "reasoning.text", "reasoning.summary", "summary_text"}
)


class _Block(dict[str, Any]):
    """An entry of a list that may come in pieces."""


def join(total: Wire, delta: Wire) -> None:
    """Add a delta to what the deltas before it said."""
    for key, value in delta.items():
        before = total.get(key)
        if value is None:
            total.setdefault(key, None)
        elif isinstance(value, str):
            if before.__class__ is TextBuffer:
                # Arguments are one JSON object, and of a vendor's name it is not known whether it is that of a tag:
                # what is said again as it was is no piece.
                if key in _TEXTS or not before.holds(value):
                    before.write(value)
            elif _comes_in_pieces(key):
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
def _comes_in_pieces(key: str) -> bool:
    return key in _TEXTS or _MORE.fullmatch(key) is not None


def extend(total: list[Any], entries: list[Any]) -> None:
    """Add the entries of a delta's list: blocks, pieces of blocks, or anything else, which is appended.

    Entries of one index and type are pieces of one block. Without indexes, a piece continues the last block.
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
    """Tell whether an entry of this index is a piece of the block; a piece need not repeat the type."""
    return block.__class__ is _Block and block.get("index") == index and kind in (None, block.get("type"))


def _is_bare_text(entry: Wire) -> bool:
    """Tell whether there is nothing beside the text, such as the citations of one whole part."""
    return len(entry) == 2 and entry.get("type") == "text" and isinstance(entry.get("text"), str)


def _continues(block: Any, entry: Wire) -> bool:
    """Tell whether an entry without an index is a piece of the block before it. A signature ends its block."""
    if block.__class__ is not _Block or "index" in block or block.get("type") != entry["type"]:
        return False
    signed = block.get("signature")
    if signed and entry.get("signature") != signed and any(entry.get(key) for key in _TEXTS):
        return False
    return all(isinstance(block[key], list) == isinstance(entry[key], list) for key in block.keys() & entry.keys())


def fresh(value: Any) -> Any:
    """Return a list or dict that may be added to: the chunk's own stays as it is."""
    return value.copy() if isinstance(value, list | dict) else value


def settled(value: Any) -> Any:
    """Return a joined value as JSON: buffers as strings, containers as new ones."""
    if isinstance(value, TextBuffer):
        return value.getvalue()
    if isinstance(value, dict):
        return {key: settled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [settled(entry) if entry.__class__ is _Block else entry for entry in value]
    return value
