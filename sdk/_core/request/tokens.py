"""Estimate how many tokens a call will use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..http import Content
    from .data import RequestData

#: Bytes of an encoded body that make a token, about.
_BYTES = 4
#: Arguments that limit the tokens of a reply, by APIs and their versions.
_LIMITS = ("max_completion_tokens", "max_output_tokens", "max_tokens")


def estimated_tokens(request: RequestData[Any, Any], content: Content) -> int:
    """Return the estimated tokens of a call: a quarter of the bytes of its body, and the most that its reply may have.

    A body that is streamed, such as a file, counts as none.
    """
    size = len(content.data) if content.data is not None else 0
    body = request.body if isinstance(request.body, dict) else {}
    limits = [value for name in _LIMITS if isinstance(value := body.get(name), int) and value > 0]
    return size // _BYTES + max(limits, default=0)
