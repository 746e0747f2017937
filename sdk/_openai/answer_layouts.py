"""The places of the schema in a request, and of the answer in a reply, for chat completions and responses."""

from __future__ import annotations

from typing import Any

from .._core.model import text_at
from .._core.operation.parse import AnswerLayout, Path

# Stop reasons differ by server (eos_token, STOP, end_turn); these mean truncation:
_CUTS = frozenset({"length", "max_tokens", "model_length", "content_filter"})
_OUTPUT: Path = ("output", {"type": "message"}, "content")


def _chat(reply: Any) -> list[str]:
    """Return the text of the message."""
    return [text_at(reply, "choices", 0, "message", "content")]


def _response(reply: Any) -> list[str]:
    """Return the text of each message that may be the answer, the last one first; a commentary is not the answer."""
    output = getattr(reply, "output", None)
    messages = [item for item in output if text_at(item, "type") == "message"] if isinstance(output, list) else []
    final = [item for item in messages if text_at(item, "phase") == "final_answer"]
    answers = final or [item for item in messages if text_at(item, "phase") != "commentary"]
    return [text_at(item, "content", {"type": "output_text"}, "text") for item in reversed(answers)]


#: Layouts by the path of the argument, which the overlay sets (x-sdk-structured).
ANSWER_LAYOUTS = {
    "response_format": AnswerLayout(
        True,
        _chat,
        ("choices", 0, "message", "refusal"),
        ("choices", 0, "finish_reason"),
        lambda reason: reason.lower() not in _CUTS,
        (),
    ),
    "text.format": AnswerLayout(
        False,
        _response,
        (*_OUTPUT, {"type": "refusal"}, "refusal"),
        ("status",),
        lambda status: status in ("", "completed"),
        (("incomplete_details", "reason"), ("error", "message")),
    ),
}
