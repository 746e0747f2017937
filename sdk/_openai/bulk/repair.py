"""Ask again for an answer that did not fit its type: the next request says what was wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._core.errors import APIResponseError

#: The argument that holds the conversation, by the place of the schema.
_CONVERSATIONS = {"response_format": "messages", "text.format": "input"}


def repaired(place: str, given: Mapping[str, Any], error: APIResponseError) -> dict[str, Any] | None:
    """Return the arguments of the next try; None if the answer was not the reason of the error."""
    from ..._core.operation.schema import DoesNotFit

    argument = _CONVERSATIONS.get(place)
    if argument is None or not isinstance(error.__cause__, DoesNotFit):
        return None
    before = given.get(argument, ())
    messages = [{"role": "user", "content": before}] if isinstance(before, str) else list(before)
    messages += [
        {"role": "assistant", "content": str(error.body)},
        {"role": "user", "content": f"This does not match the JSON schema: {error.__cause__}. Answer again."},
    ]
    return {**given, argument: messages}
