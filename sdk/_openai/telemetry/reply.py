"""What a reply says of itself: id, model, reasons of its end. Read from the reply, or from chunks as they arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import names

Attributes = dict[str, Any]
#: The reason of a choice that never ended.
_ERROR = "error"
#: The states in which a response has not ended yet.
_RUNNING = ("in_progress", "queued")


class ReplyFacts:
    """What is known of a reply so far. It keeps no text."""

    def __init__(self, choices: int) -> None:
        self._attributes: Attributes = {}
        self._reasons: dict[int, str | None] = {}
        self._choices = choices
        self.model: str | None = None

    def take(self, wire: Any) -> None:
        """Take a reply, a chunk or an event."""
        if not isinstance(wire, dict):
            return
        response = wire.get("response")
        if isinstance(response, dict):  # an event of the Responses API has the response in it
            wire = response
        for name, key in (
            (names.RESPONSE_ID, "id"),
            (names.RESPONSE_MODEL, "model"),
            (names.OPENAI_RESPONSE_SERVICE_TIER, "service_tier"),
            (names.OPENAI_RESPONSE_SYSTEM_FINGERPRINT, "system_fingerprint"),
        ):
            if isinstance(value := wire.get(key), str) and value:
                self._attributes[name] = value
        choices, status = wire.get("choices"), wire.get("status")
        if isinstance(choices, list):
            for place, choice in enumerate(choices):
                if isinstance(choice, dict):
                    index = choice.get("index")
                    reason = choice.get("finish_reason")
                    number = index if isinstance(index, int) else place
                    self._reasons[number] = reason if isinstance(reason, str) else self._reasons.get(number)
        elif wire.get("object") == "response" and isinstance(status, str):
            self._reasons[0] = None if status in _RUNNING else _reason_of(wire, status)

    def attributes(self, *, openai: bool, ended: bool, expected: bool) -> Attributes:
        """Return the attributes of the span.

        `ended`: the reply is complete; a choice without a reason has failed otherwise. `expected`: it has choices.
        """
        found = {name: value for name, value in self._attributes.items() if openai or not name.startswith("openai.")}
        count = max([self._choices, *(number + 1 for number in self._reasons)]) if expected else 0
        reasons = [self._reasons.get(number) for number in range(count)]
        if not ended:
            reasons = [reason or _ERROR for reason in reasons]
        known = tuple(reason for reason in reasons if reason)
        return {**found, names.RESPONSE_FINISH_REASONS: known} if known else found

    @property
    def response_model(self) -> Attributes:
        """The model that answered, as an attribute of metrics."""
        model = self._attributes.get(names.RESPONSE_MODEL)
        return {} if model is None else {names.RESPONSE_MODEL: model}


def _reason_of(response: Mapping[str, Any], status: str) -> str:
    """Return why a response has ended: what cut it off, a call of a tool, or its status."""
    details, output = response.get("incomplete_details"), response.get("output")
    reason = details.get("reason") if isinstance(details, dict) else None
    if status == "incomplete" and isinstance(reason, str):
        return reason
    if status in ("failed", "cancelled"):
        return _ERROR
    if isinstance(output, list) and any(
        isinstance(item, dict) and item.get("type") in ("function_call", "custom_tool_call") for item in output
    ):
        return "tool_calls"
    return "stop" if status == "completed" else status
