"""JSON pointers (RFC 6901): written, read, followed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote

MISSING: Any = object()
"""What `child` gives for a place that does not exist: None is a value."""


def join(tokens: Iterable[str | int]) -> str:
    """Write a pointer from its tokens. Source: RFC 6901, section 4."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)


def escape(key: str) -> str:
    """Write one token of a pointer. Source: RFC 6901, section 4."""
    return join([key])[1:]


def split(pointer: str) -> list[str]:
    """Read the tokens of a pointer; one without its leading slash is read as if it had it. Source: RFC 6901."""
    if not pointer:
        return []
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("/").split("/")]


def reference(target: str) -> list[str]:
    """Read the tokens of a `$ref` within a document: a percent-encoded URI fragment. Source: RFC 6901, section 6."""
    return split(unquote(target.removeprefix("#")))


def child(value: Any, token: str) -> Any:
    """Step into one member or array element; MISSING where there is none."""
    if isinstance(value, dict):
        return value.get(token, MISSING)
    # "012" and "-1" are no array indices: RFC 6901, section 4.
    if isinstance(value, list) and token.isascii() and token.isdigit() and (token == "0" or token[0] != "0"):
        index = int(token)
        return value[index] if index < len(value) else MISSING
    return MISSING


def at(value: Any, tokens: Iterable[str]) -> Any:
    """Follow tokens from a value; MISSING where they lead nowhere."""
    for token in tokens:
        value = child(value, token)
    return value


def resolved(document: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a `$ref` to its target; `load` has checked that there is one."""
    while "$ref" in node:
        node = at(document, reference(str(node["$ref"])))
    return node
