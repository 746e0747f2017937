"""The places of the schema in a request, and of the answer in a reply, for chat completions and responses."""

from __future__ import annotations

from .._core.operation.parse import AnswerLayout, Path

# Stop reasons differ by server (eos_token, STOP, end_turn); these mean truncation:
_CUTS = frozenset({"length", "max_tokens", "model_length", "content_filter"})
_OUTPUT: Path = ("output", {"type": "message"}, "content")
#: Layouts by the path of the argument, which the overlay sets (x-sdk-structured).
ANSWER_LAYOUTS = {
    "response_format": AnswerLayout(
        True,
        ("choices", 0, "message", "content"),
        ("choices", 0, "message", "refusal"),
        ("choices", 0, "finish_reason"),
        lambda reason: reason.lower() not in _CUTS,
        (),
    ),
    "text.format": AnswerLayout(
        False,
        (*_OUTPUT, {"type": "output_text"}, "text"),
        (*_OUTPUT, {"type": "refusal"}, "refusal"),
        ("status",),
        lambda status: status in ("", "completed"),
        (("incomplete_details", "reason"), ("error", "message")),
    ),
}
