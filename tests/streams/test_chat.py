"""The reply that chat chunks add up to is the one that the unstreamed call gives."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdk.errors import StreamIncompleteError
from sdk.models import ChatCompletion, Completion

from .wire import Wire, both, chunk, event, final, stream

_TEXT: Any = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
_LOGPROB: Any = st.fixed_dictionaries(
    {"token": _TEXT, "logprob": st.just(-1.5), "bytes": st.none(), "top_logprobs": st.just([])}
)
_CALL: Any = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "type": st.just("function"),
        "function": st.fixed_dictionaries({"name": st.sampled_from(["f", "g", "get_weather"]), "arguments": _TEXT}),
    }
)
_MESSAGE: Any = st.fixed_dictionaries(
    {"role": st.just("assistant"), "content": _TEXT | st.none(), "refusal": _TEXT | st.none()},
    optional={
        "tool_calls": st.lists(_CALL, min_size=1, max_size=3, unique_by=lambda c: c["id"]),
        "reasoning_content": _TEXT,
        "annotations": st.just([{"type": "url_citation", "url_citation": {"url": "u", "title": "t"}}]),
    },
)
_CHOICE: Any = st.fixed_dictionaries(
    {"message": _MESSAGE, "finish_reason": st.sampled_from(["stop", "length", "tool_calls"])},
    optional={"logprobs": st.fixed_dictionaries({"content": st.lists(_LOGPROB, min_size=1, max_size=3)})},
)
_USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}


def _cut(draw: Any, text: str) -> list[str]:
    """Cut a text into pieces at random places, empty ones among them."""
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=4)))
    return [text[a:b] for a, b in zip([0, *places], [*places, len(text)], strict=True)]


def _deltas(draw: Any, message: Wire) -> list[Wire]:
    """Return the deltas by which a server would stream a message."""
    deltas: list[Wire] = [{"role": "assistant", "content": ""}]
    for key in ("reasoning_content", "content", "refusal"):
        if message.get(key) is not None:
            deltas += [{key: piece} for piece in _cut(draw, message[key])]
    if "annotations" in message:
        deltas.append({"annotations": message["annotations"]})
    for index, call in enumerate(message.get("tool_calls", ())):
        first, *rest = ["", *_cut(draw, call["function"]["arguments"])]
        head = {"index": index, "id": call["id"], "type": "function"}
        deltas.append({"tool_calls": [head | {"function": {"name": call["function"]["name"], "arguments": first}}]})
        deltas += [{"tool_calls": [{"index": index, "function": {"arguments": piece}}]} for piece in rest]
    return deltas


@st.composite
def _replies(draw: Any) -> tuple[Wire, list[Wire]]:
    """Return a reply and the chunks that stream it, those of several choices mixed."""
    choices = [{"index": i, **choice} for i, choice in enumerate(draw(st.lists(_CHOICE, min_size=1, max_size=3)))]
    reply: Wire = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices}
    queues = []
    for choice in choices:
        queue = [chunk(delta, index=choice["index"]) for delta in _deltas(draw, choice["message"])]
        for entry in choice.get("logprobs", {}).get("content", ()):
            queue.append(chunk({}, index=choice["index"]))
            queue[-1]["choices"][0]["logprobs"] = {"content": [entry]}
        queues.append([*queue, chunk({}, choice["finish_reason"], index=choice["index"])])
    chunks = []
    while any(queues):
        chunks.append(draw(st.sampled_from([queue for queue in queues if queue])).pop(0))
    if draw(st.booleans()):
        reply["usage"] = dict(_USAGE)
        chunks.append({**chunk(), "choices": [], "usage": reply["usage"]})
    return reply, chunks


def _plain(wire: Any) -> Any:
    """Return JSON without nulls, and without the empty text that a stream begins with."""
    if isinstance(wire, dict):
        return {k: _plain(v) for k, v in wire.items() if v is not None and not (k == "content" and v == "")}
    return [_plain(v) for v in wire] if isinstance(wire, list) else wire


@settings(max_examples=150, deadline=None)
@given(_replies())
def test_equals_the_unstreamed_reply(case: tuple[Wire, list[Wire]]) -> None:
    """Contents, tool calls, refusals, log probabilities, usage and several choices come out as in one piece."""
    reply, chunks = case
    got = final(chunks, n=len(reply["choices"]))
    assert type(got) is ChatCompletion
    assert _plain(got.to_dict()) == _plain(reply)


def test_text_completions() -> None:
    """Text completions are joined by choice, with their log probabilities."""
    chunks: list[Any] = [
        {"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [choice]}
        for choice in (
            {"index": 0, "text": "Hel", "finish_reason": None, "logprobs": {"tokens": ["Hel"], "text_offset": [0]}},
            {"index": 1, "text": "Bye", "finish_reason": "stop", "logprobs": None},
            {"index": 0, "text": "lo", "finish_reason": "stop", "logprobs": {"tokens": ["lo"], "text_offset": [3]}},
        )
    ]
    got = final(chunks, "completions.create", n=2)
    assert type(got) is Completion
    assert [c.text for c in got.choices] == ["Hello", "Bye"]
    assert [c.finish_reason for c in got.choices] == ["stop", "stop"]
    assert got.choices[0].to_dict()["logprobs"] == {"tokens": ["Hel", "lo"], "text_offset": [0, 3]}


@pytest.mark.parametrize(("prompt", "choices"), [(["a", "b"], 2), ([[1, 2], [3]], 2), ([1, 2, 3], 1), ("a", 1)])
def test_every_prompt_has_its_end(prompt: Any, choices: int) -> None:
    """Without [DONE], the end of one prompt's answer is not the end of the reply to several."""
    ends = [{"id": "c", "choices": [{"index": i, "text": "x", "finish_reason": "stop"}]} for i in range(choices)]
    *_, done = both(ends, "completions.create", done=False, prompt=prompt)
    assert len(done.reply.choices) == choices
    with pytest.raises(StreamIncompleteError):
        both(ends[1:], "completions.create", done=False, prompt=prompt)


def test_legacy_function_call() -> None:
    """The older function_call comes in pieces too."""
    deltas: list[Wire] = [
        {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": ""}},
        {"function_call": {"arguments": '{"a"'}},
        {"function_call": {"arguments": ": 1}"}},
    ]
    got = final([*map(chunk, deltas), chunk({}, "function_call")])
    assert got.choices[0].message.to_dict() == {
        "role": "assistant",
        "content": None,
        "function_call": {"name": "f", "arguments": '{"a": 1}'},
    }


def test_audio_of_a_chat() -> None:
    """A spoken answer's transcript is joined; its id is said once."""
    deltas: list[Wire] = [
        {"audio": {"id": "a1", "transcript": "Hel"}},
        {"audio": {"id": "a1", "transcript": "lo", "expires_at": 9}},
    ]
    got = final([*map(chunk, deltas), chunk({}, "stop")])
    assert got.choices[0].message.to_dict()["audio"] == {"id": "a1", "transcript": "Hello", "expires_at": 9}


def test_padding_is_no_part_of_the_reply() -> None:
    """What hides the pieces' lengths on the wire is left out."""
    got = final([chunk({"content": "a"}, obfuscation="xyz"), chunk({}, "stop", obfuscation="y")])
    assert "obfuscation" not in got.to_dict()


def test_the_chunks_are_not_changed() -> None:
    """Adding up changes no chunk that the caller keeps."""
    deltas: list[Wire] = [{"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]}]
    deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": "}"}}]}]
    with stream(map(chunk, deltas)) as opened:
        kept = list(opened)
        opened.final()
    assert [c.to_dict()["choices"][0]["delta"] for c in kept] == deltas


def test_a_character_cut_in_two() -> None:
    """A surrogate pair that comes in two chunks is one character in the reply."""
    chunks = [event(chunk({"content": c})) for c in ("\ud83d", "\ude00!")]
    assert final([*chunks, chunk({}, "stop")]).choices[0].message.content == "\U0001f600!"
