"""What calls used: tokens, images and seconds, by what the replies say."""

from __future__ import annotations

from collections import deque
from typing import Any

from attrs import frozen

from ..._core.public import expose

#: Models that are counted apart; any name may be given.
_MODELS = 1000


@frozen
class Usage:
    """What calls used. A number is 0 where the server does not report it."""

    #: Calls that succeeded; of a single call, 1.
    calls: int = 0
    #: Tokens of the input, including those from a cache; `cached_tokens` are those.
    input_tokens: int = 0
    cached_tokens: int = 0
    #: Tokens of the output, those of reasoning included; `reasoning_tokens` are those.
    output_tokens: int = 0
    reasoning_tokens: int = 0
    #: Images that were made.
    images: int = 0
    #: Seconds of sound, where the server counts by them.
    seconds: float = 0.0


#: How APIs spell the tokens of the input and the output, and the details of both.
_CHAT = ("prompt_tokens", "completion_tokens", "prompt_tokens_details", "completion_tokens_details")
_RESPONSES = ("input_tokens", "output_tokens", "input_tokens_details", "output_tokens_details")
_NUMBERS = (int, float)


def usage_of(entry: object, images: int = 0) -> Usage:
    """Return the usage of one call; `entry` is the `usage` of its reply, if that has one.

    APIs name the numbers differently: prompt_tokens and input_tokens are the same.
    """
    totals: dict[str, list[Any]] = {}
    add_up(deque([("", entry, images)]), totals)
    return Usage(*totals[""])


def add_up(entries: deque[tuple[Any, Any, int]], totals: dict[str, list[Any]]) -> None:
    """Add entries (model, `usage` of the reply, images) to the totals by model; the last ones count as "other".

    A total has the fields of `Usage`, in their order. This runs for every call, so it makes no objects.
    """
    while entries:
        model, entry, images = entries.popleft()
        if not isinstance(model, str):  # an operation without models, or an odd value that the server refuses
            continue
        total = totals.get(model)
        if total is None:
            if len(totals) >= _MODELS:
                model = "other"
            total = totals.setdefault(model, [0, 0, 0, 0, 0, 0, 0.0])
        total[0] += 1
        total[5] += images
        if entry.__class__ is dict:
            get = entry.get
            spelling = _CHAT if "prompt_tokens" in entry else _RESPONSES
            inputs, outputs, seconds = get(spelling[0]), get(spelling[1]), get("seconds")
            if inputs.__class__ is int:
                total[1] += inputs
            if outputs.__class__ is int:
                total[3] += outputs
            if seconds.__class__ in _NUMBERS:
                total[6] += seconds
            for place, details, name in (
                (2, get(spelling[2]), "cached_tokens"),
                (4, get(spelling[3]), "reasoning_tokens"),
            ):
                if details.__class__ is dict and (number := details.get(name)).__class__ is int:
                    total[place] += number


expose(globals(), "usage", "Usage")
