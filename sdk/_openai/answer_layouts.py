"""Where chats and responses take the schema of an answer, and where the answer stands in the reply."""

from __future__ import annotations

from .._core.operation.parse import AnswerLayout, Path

# Stop reasons differ by server (eos_token, STOP, end_turn); these mean truncation:
_CUTS = frozenset({"length", "max_tokens", "model_length", "content_filter"})
_OUTPUT: Path = ("output", {"type": "message"}, "content")
#: By the path of the argument, which the generator takes over from the overlay (x-sdk-structured).
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
