"""JSON pointers (RFC 6901): written, read, followed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MISSING: Any = object()
"""What `child` gives for a place that does not exist: None is a value."""


def join(tokens: Iterable[str | int]) -> str:
    """Write a pointer from its tokens. Source: RFC 6901, section 4."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def split(pointer: str) -> list[str]:
    """Read the tokens of a pointer; one without its leading slash is read as if it had it. Source: RFC 6901."""
    if not pointer:
        return []
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("/").split("/")]


def child(value: Any, token: str) -> Any:
    """Step into one member or array element; MISSING where there is none."""
    if isinstance(value, dict):
        return value.get(token, MISSING)
    # "012" and "-1" are no array indices: RFC 6901, section 4.
    if isinstance(value, list) and token.isascii() and token.isdigit() and (token == "0" or token[0] != "0"):
        index = int(token)
        return value[index] if index < len(value) else MISSING
    return MISSING
