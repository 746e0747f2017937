"""Estimate how many tokens a call will use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .usage import Usage

if TYPE_CHECKING:
    from ..._core.http import Content
    from ..._core.request.data import RequestData
    from .budget import Budget, Reservation

#: Bytes of an encoded body that make a token, about.
_BYTES = 4
#: Arguments that limit the tokens of a reply, by APIs and their versions.
_IMAGES = "images"
_LIMITS = ("max_completion_tokens", "max_output_tokens", "max_tokens")


def estimated_tokens(request: RequestData[Any, Any], content: Content) -> int:
    """Return the estimated tokens of a call: a quarter of the bytes of its body, and the most that its reply may have.

    A body that is streamed, such as a file, counts as none.
    """
    return sum(_tokens(request, content))


def reserve(budget: Budget, request: RequestData[Any, Any], content: Content) -> Reservation | None:
    """Reserve the estimated cost of a call; one without a model costs nothing. Raises BudgetError."""
    model = request.body.get("model") if isinstance(request.body, dict) else None
    if not isinstance(model, str):
        return None
    inputs, outputs = _tokens(request, content)
    number = request.body.get("n")
    images = (number if isinstance(number, int) else 1) if request.spec.family == _IMAGES else 0
    return budget.reserve(model, Usage(input_tokens=inputs, output_tokens=outputs, images=images))


def _tokens(request: RequestData[Any, Any], content: Content) -> tuple[int, int]:
    size = len(content.data) if content.data is not None else 0
    body = request.body if isinstance(request.body, dict) else {}
    limits = [value for name in _LIMITS if isinstance(value := body.get(name), int) and value > 0]
    return size // _BYTES, max(limits, default=0)
