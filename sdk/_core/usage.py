"""What calls used: tokens, images and seconds, by what the replies say."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from typing import Any

from attrs import evolve, frozen

from .public import expose

#: Models that are told apart; any name may be given.
_MODELS = 1000


@frozen(kw_only=True)
class Usage:
    """What calls used. A number is 0 where the server does not tell it."""

    #: Calls that succeeded; of a single call, 1.
    calls: int = 0
    #: Tokens of the input, those that came from a cache included; `cached_tokens` are those.
    input_tokens: int = 0
    cached_tokens: int = 0
    #: Tokens of the output, those of reasoning included; `reasoning_tokens` are those.
    output_tokens: int = 0
    reasoning_tokens: int = 0
    #: Images that were made.
    images: int = 0
    #: Seconds of sound, where the server counts by them.
    seconds: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        names = self.__attrs_attrs__
        return evolve(self, **{one.name: getattr(self, one.name) + getattr(other, one.name) for one in names})


def usage_of(told: object, images: int = 0) -> Usage:
    """Return the usage of one call; `told` is the `usage` of its reply, if that has one.

    APIs name the numbers differently: prompt_tokens and input_tokens are the same.
    """
    usage = told if isinstance(told, Mapping) else {}
    inputs, outputs = (
        _first(usage, "input_tokens", "prompt_tokens"),
        _first(usage, "output_tokens", "completion_tokens"),
    )
    input_details = _details(usage, "input_tokens_details", "prompt_tokens_details", "input_token_details")
    output_details = _details(usage, "output_tokens_details", "completion_tokens_details")
    return Usage(
        calls=1,
        input_tokens=int(inputs),
        cached_tokens=int(_first(input_details, "cached_tokens")),
        output_tokens=int(outputs),
        reasoning_tokens=int(_first(output_details, "reasoning_tokens")),
        images=images,
        seconds=float(_first(usage, "seconds")),
    )


def _first(values: Mapping[str, Any], *names: str) -> float:
    for name in names:
        value = values.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value
    return 0


def _details(values: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    return next((found for name in names if isinstance(found := values.get(name), Mapping)), {})


def add_up(entries: deque[tuple[Any, Any, int]], totals: dict[str, Usage]) -> None:
    """Add entries (model, `usage` of the reply, images) to the totals by model; the last ones count as "other"."""
    while entries:
        model, told, images = entries.popleft()
        if not isinstance(model, str):  # an operation without models, or an odd value that the server refuses
            continue
        if model not in totals and len(totals) >= _MODELS:
            model = "other"
        totals[model] = totals.get(model, Usage()) + usage_of(told, images)


expose(globals(), "usage", "Usage")
