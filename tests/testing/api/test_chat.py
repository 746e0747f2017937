"""Chat completions without tools."""

import json
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from ..wire import CHAT, chat, error, events, user

SAID = "You wrote 3 words: three little words"


def _deltas(chunks: list[Any], index: int = 0) -> list[str]:
    return [
        choice["delta"]["content"]
        for chunk in chunks
        for choice in chunk["choices"]
        if choice["index"] == index and choice["delta"].get("content")
    ]


def test_answers_the_last_user_message(api: httpx.Client) -> None:
    """The reply quotes the last message of the user, whatever came before."""
    before = [{"role": "system", "content": "be brief"}, user("hello"), {"role": "assistant", "content": "hi"}]
    choice = api.post("/chat/completions", json=chat(*before, CHAT["messages"][0])).json()["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == (SAID, "stop")


def test_reads_the_text_parts_of_a_message(api: httpx.Client) -> None:
    """Content may be parts; those without text say nothing."""
    parts = [{"type": "text", "text": "one word"}, {"type": "image_url", "image_url": {"url": "data:,"}}]
    reply = api.post("/chat/completions", json=chat({"role": "user", "content": parts}))
    assert reply.json()["choices"][0]["message"]["content"] == "You wrote 2 words: one word"


def test_counts_words_as_tokens(api: httpx.Client) -> None:
    """Usage counts the words that went in and came out."""
    usage = api.post("/chat/completions", json=CHAT).json()["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (3, 7, 10)


def test_gives_as_many_choices_as_asked_for(api: httpx.Client) -> None:
    """`n` choices differ and are numbered."""
    choices = api.post("/chat/completions", json={**CHAT, "n": 3}).json()["choices"]
    assert [choice["index"] for choice in choices] == [0, 1, 2]
    assert len({choice["message"]["content"] for choice in choices}) == 3


def test_ends_at_the_token_limit(api: httpx.Client) -> None:
    """`max_completion_tokens` cuts the reply, and the finish reason says so."""
    choice = api.post("/chat/completions", json={**CHAT, "max_completion_tokens": 2}).json()["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("You wrote", "length")


def test_ends_before_a_stop_sequence(api: httpx.Client) -> None:
    """`stop` cuts the reply before the sequence."""
    choice = api.post("/chat/completions", json={**CHAT, "stop": [" little"]}).json()["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("You wrote 3 words: three", "stop")


def test_streams_the_same_text(api: httpx.Client) -> None:
    """A stream is the role, the words, the finish reason and [DONE]."""
    *chunks, done = events(api.post("/chat/completions", json={**CHAT, "stream": True}))
    assert done == "[DONE]"
    assert chunks[0]["choices"][0]["delta"] == {"role": "assistant", "content": "", "refusal": None}
    assert _deltas(chunks) == ["You", " wrote", " 3", " words:", " three", " little", " words"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in chunks] == [None] * 8 + ["stop"]
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert all("usage" not in chunk for chunk in chunks)


def test_streams_the_usage_last(api: httpx.Client) -> None:
    """With include_usage a last chunk without choices has the usage; the others have null."""
    body = {**CHAT, "stream": True, "stream_options": {"include_usage": True}}
    *chunks, last, _ = events(api.post("/chat/completions", json=body))
    assert {chunk["usage"] for chunk in chunks} == {None}
    assert (last["choices"], last["usage"]["total_tokens"]) == ([], 10)


def test_streams_several_choices_alternately(api: httpx.Client) -> None:
    """The chunks of two choices alternate, and each gives its own text."""
    *chunks, _ = events(api.post("/chat/completions", json={**CHAT, "n": 2, "stream": True}))
    assert [chunk["choices"][0]["index"] for chunk in chunks[:4]] == [0, 1, 0, 1]
    assert "".join(_deltas(chunks, 0)) == SAID
    assert "".join(_deltas(chunks, 1)) == SAID + " (choice 2)"


def test_gives_log_probabilities(api: httpx.Client) -> None:
    """One entry a token, with as many alternatives as asked for, the token itself first."""
    body = {**CHAT, "logprobs": True, "top_logprobs": 2}
    content = api.post("/chat/completions", json=body).json()["choices"][0]["logprobs"]["content"]
    assert "".join(one["token"] for one in content) == SAID
    assert bytes(content[0]["bytes"]) == b"You"
    assert [len(one["top_logprobs"]) for one in content] == [2] * 7
    assert content[0]["top_logprobs"][0]["token"] == "You"
    assert all(-2 < one["logprob"] < 0 for one in content)


def test_streams_log_probabilities(api: httpx.Client) -> None:
    """Each piece of a stream comes with its own log probability."""
    *chunks, _ = events(api.post("/chat/completions", json={**CHAT, "logprobs": True, "stream": True}))
    tokens = [chunk["choices"][0]["logprobs"]["content"][0]["token"] for chunk in chunks[1:-1]]
    assert tokens == _deltas(chunks)


@pytest.mark.parametrize("stream", [False, True])
def test_fits_the_output_to_a_schema(api: httpx.Client, stream: bool) -> None:
    """With response_format json_schema the text is JSON valid by the schema."""
    schema = {
        "type": "object",
        "properties": {
            "city": {"type": "string"},
            "days": {"type": "integer", "minimum": 2},
            "unit": {"enum": ["celsius", "kelvin"]},
        },
        "required": ["city", "days", "unit"],
        "additionalProperties": False,
    }
    format = {"type": "json_schema", "json_schema": {"name": "weather", "schema": schema}}
    body = chat(user("The weather in Oslo"), response_format=format, stream=stream)
    reply = api.post("/chat/completions", json=body)
    text = "".join(_deltas(events(reply)[:-1])) if stream else reply.json()["choices"][0]["message"]["content"]
    Draft202012Validator(schema).validate(json.loads(text))
    assert json.loads(text) == {"city": "Oslo", "days": 2, "unit": "celsius"}


def test_answers_any_json_object(api: httpx.Client) -> None:
    """With response_format json_object the text is a JSON object."""
    reply = api.post("/chat/completions", json={**CHAT, "response_format": {"type": "json_object"}})
    assert json.loads(reply.json()["choices"][0]["message"]["content"]) == {"reply": "words"}


@pytest.mark.parametrize(
    ("message", "param", "code"),
    [
        ({"content": "x"}, "messages[0].role", "missing_required_parameter"),
        ({"role": "king", "content": "x"}, "messages[0].role", "invalid_value"),
        ({"role": "user"}, "messages[0].content", "missing_required_parameter"),
        ({"role": "user", "content": 1}, "messages[0].content", "invalid_type"),
        ({"role": "tool", "content": "x"}, "messages[0].tool_call_id", "missing_required_parameter"),
    ],
)
def test_refuses_a_wrong_message(api: httpx.Client, message: dict[str, Any], param: str, code: str) -> None:
    """A message without a role, or with content of another type, is refused by its place."""
    assert error(api.post("/chat/completions", json=chat(message))) == (400, param, code)


def test_refuses_no_messages(api: httpx.Client) -> None:
    """At least one message is needed."""
    assert error(api.post("/chat/completions", json=chat())) == (400, "messages", "invalid_value")


def test_repeats_what_is_not_text_in_any_encoding(api: httpx.Client) -> None:
    """A lone surrogate, which JSON can say, comes back."""
    content = rb'{"model": "m", "messages": [{"role": "user", "content": "\ud800"}]}'
    reply = json.loads(api.post("/chat/completions", content=content).content)
    assert reply["choices"][0]["message"]["content"] == "You wrote 1 word: \ud800"
