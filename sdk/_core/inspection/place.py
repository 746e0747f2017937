"""The place of the cursor in a call: which argument of which callable is typed, and what of it is there. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from .literals import ITEM, Step

_CALLEE = re.compile(r"(?<![\w.)\]}])([A-Za-z_][\w.]*)\s*$")
_KEYWORD = re.compile(r"([A-Za-z_]\w*)\s*=(?!=)\s*$")
_CLOSING = {")": "(", "]": "[", "}": "{"}


class Place(NamedTuple):
    """`path` leads into the argument; with `key` a key of an object is typed, else a value.

    `quote` is what began the str at the cursor, "" if none is there, and `typed` what of it is there.
    """

    callee: str
    argument: str
    path: tuple[Step, ...]
    key: bool
    quote: str
    typed: str


class _Open:
    """A bracket that is open: what is before it, and the text of the part in it that is not complete."""

    __slots__ = ("before", "bracket", "part")

    def __init__(self, bracket: str, before: str) -> None:
        self.bracket, self.before, self.part = bracket, before, ""


def place_at(text: str) -> Place | None:
    """Return the place at the end of a text of Python, which is the cursor; None if no argument is typed there."""
    opened: list[_Open] = [_Open("", "")]
    at, quote, start = 0, "", 0
    while at < len(text):
        sign = text[at]
        if quote:
            if sign == "\\":
                at += 2
                continue
            if text.startswith(quote, at) or (sign == "\n" and len(quote) == 1):  # or a line that is not Python
                at += len(quote)
                opened[-1].part += text[start:at]
                quote = ""
                continue
        elif sign in "\"'":
            quote, start = (sign * 3 if text.startswith(sign * 3, at) else sign), at
            at += len(quote)
            continue
        elif sign == "#":
            at = text.find("\n", at)
            if at < 0:
                return None
        elif sign in "([{":
            opened.append(_Open(sign, opened[-1].part))
        elif sign in _CLOSING:
            if opened[-1].bracket != _CLOSING[sign]:
                return None
            opened.pop()
            opened[-1].part += "()"
        elif sign == "," or (sign == "\n" and len(opened) == 1):
            opened[-1].part = ""
        else:
            opened[-1].part += sign
        at += 1
    return _place(opened, quote, text[start + len(quote) :] if quote else "")


def _place(opened: list[_Open], quote: str, typed: str) -> Place | None:
    for level in range(len(opened) - 1, 0, -1):
        callee = _CALLEE.search(opened[level].before) if opened[level].bracket == "(" else None
        if callee is None:
            continue
        inner = opened[level + 1 :]
        # What is in the call up to the cursor, or up to the bracket that leads to it.
        argument = _KEYWORD.search(inner[0].before if inner else opened[level].part)
        if argument is None:
            return None
        path = [_step(one) for one in inner]
        key = bool(inner) and path[-1] is None
        if key:
            path.pop()
        if any(step is None for step in path) or (not quote and inner and not _begins(inner[-1])):
            return None
        return Place(callee[1], argument[1], tuple(step for step in path if step is not None), key, quote, typed)
    return None


def _step(one: _Open) -> Step | None:
    """Return the step into a bracket: an item, or the key before the colon; None where a key is typed."""
    if one.bracket != "{":
        return ITEM
    key, colon, _ = one.part.partition(":")
    return key.strip().strip("\"'") if colon else None


def _begins(one: _Open) -> bool:
    """Whether nothing of a value is there yet."""
    return not one.part.strip() or one.part.rstrip().endswith(":")
