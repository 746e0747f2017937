"""Texts in one place: attributes of a model that lie deeper in it."""

from __future__ import annotations

from typing import Any

import pytest

from sdk import models
from sdk._core.model import text_at
from sdk.models import ChatCompletionChunk, OutputMessage, OutputTextContent, Response


def test_output_text() -> None:
    """The text of a response is that of its messages: no reasoning, no refusal."""
    text, refusal = {"type": "output_text", "text": "Hel"}, {"type": "refusal", "refusal": "no"}
    output: list[Any] = [
        {"type": "reasoning", "content": [{"type": "reasoning_text", "text": "hm"}]},
        {"type": "message", "content": [text, refusal, {**text, "text": "lo"}]},
        {"type": "message", "content": [{**text, "text": "!"}]},
    ]
    assert Response.from_dict({"output": output}).output_text == "Hello!"


def test_output_text_of_a_model_built_by_hand() -> None:
    """A response that a test builds has it too."""
    part = OutputTextContent(type="output_text", text="Hi", annotations=[], logprobs=[])
    message = OutputMessage(id="m", type="message", role="assistant", status="completed", content=[part])
    built: Any = Response
    reply = built(
        id="r", object="response", created_at=1, error=None, incomplete_details=None, instructions=None, metadata=None,
        model="m", output=[message], parallel_tool_calls=True, temperature=1, tool_choice="auto", tools=[], top_p=1,
    )  # fmt: skip
    assert reply.output_text == "Hi"


@pytest.mark.parametrize("wire", [{}, {"output": None}, {"output": [1, None, {"type": "message", "content": "x"}]}])
def test_nothing_to_read(wire: dict[str, Any]) -> None:
    """An odd reply has no text, and raises nothing."""
    assert Response.from_dict(wire).output_text == ""


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        ({"choices": [{"delta": {"content": "Hi"}}]}, "Hi"),
        ({"choices": [{"delta": {"content": None}}]}, ""),
        ({"choices": []}, ""),
        ({"choices": [{"delta": None}]}, ""),
    ],
)
def test_content_of_a_chunk(wire: dict[str, Any], text: str) -> None:
    """A chunk tells its text."""
    assert ChatCompletionChunk.from_dict(wire).content == text


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("ChatCompletion", {"choices": [{"message": {"content": "Hi"}}, {"message": {"content": "second"}}]}),
        ("ChatCompletion", {"choices": [{"message": {"content": [{"type": "text", "text": "Hi"}]}}]}),
        ("ChatCompletionChunk", {"choices": [{"delta": {"content": "Hi"}}]}),
        ("Completion", {"choices": [{"text": "Hi"}]}),
        ("Transcription", {"text": "Hi"}),
        ("TranscriptionVerbose", {"text": "Hi"}),
        ("TranscriptionDiarized", {"text": "Hi", "segments": []}),
        ("Translation", {"text": "Hi"}),
        ("TranslationVerbose", {"text": "Hi"}),
        ("Response", {"output": [{"type": "message", "content": [{"type": "output_text", "text": "Hi"}]}]}),
    ],
)
def test_one_word_for_the_text(name: str, wire: dict[str, Any]) -> None:
    """output_text is the text of every reply that has one; '' for a reply without; it is not sent back."""
    model = getattr(models, name)
    reply = model.from_dict(wire)
    assert (reply.output_text, model.from_dict({}).output_text) == ("Hi", "")
    assert reply.to_dict() == wire


def test_text_at() -> None:
    """Plain dicts are read like models."""
    items = [{"t": "x", "b": "1"}, {"t": "y", "b": "2"}, {"t": "x", "b": "3"}]
    assert text_at({"a": items}, "a", {"t": "x"}, "b") == "13"
