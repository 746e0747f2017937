"""Servers that stream tool calls and ends in ways of their own. Their framing is written down here by hand."""

from __future__ import annotations

from typing import Any

import pytest

from .wire import DONE, Wire, chunk, event, final, stream


def _calls(*deltas: Any) -> list[Wire]:
    return [chunk({"tool_calls": list(d) if isinstance(d, tuple) else [d]}) for d in deltas]


def _call(name: str | None = None, arguments: Any = None, **more: Any) -> Wire:
    function = {k: v for k, v in (("name", name), ("arguments", arguments)) if v is not None}
    return {**more, "function": function}


TWO = [("a", "f", '{"x": 1}'), ("b", "g", "{}")]

RECORDED: dict[str, list[Wire]] = {
    "by index, as documented": _calls(
        _call("f", "", index=0, id="a", type="function"),
        _call(None, '{"x"', index=0),
        _call(None, ": 1}", index=0),
        _call("g", "", index=1, id="b", type="function"),
        _call(None, "{}", index=1),
    ),
    "index starts at 1": _calls(
        _call("f", '{"x"', index=1, id="a"), _call(None, ": 1}", index=1), _call("g", "{}", index=2, id="b")
    ),
    "no index, one call a delta": _calls(_call("f", '{"x": 1}', id="a"), _call("g", "{}", id="b")),
    "no index, pieces without id": _calls(
        _call("f", '{"x"', id="a"), _call(None, ": 1}"), _call("g", "{", id="b"), _call(None, "}")
    ),
    "every call with index 0": _calls(_call("f", '{"x": 1}', index=0, id="a"), _call("g", "{}", index=0, id="b")),
    "id and name repeated": _calls(
        _call("f", '{"x"', index=0, id="a", type="function"),
        _call("f", ": 1}", index=0, id="a", type="function"),
        _call("g", "{", index=1, id="b", type="function"),
        _call("g", "}", index=1, id="b", type="function"),
    ),
    "empty id and name in later pieces": _calls(
        _call("f", '{"x"', index=0, id="a"),
        _call("", ": 1}", index=0, id=""),
        _call("g", "{}", index=1, id="b"),
        _call("", "", index=1, id=""),
    ),
    "nulls everywhere": [
        chunk(
            {
                "role": None,
                "content": None,
                "refusal": None,
                "function_call": None,
                "tool_calls": [{"index": 0, "id": "a", "type": None, "function": {"name": "f", "arguments": None}}],
            }
        ),
        *_calls(
            {"index": 0, "id": None, "type": None, "function": {"name": None, "arguments": '{"x": 1}'}},
            {"index": 1, "id": "b", "type": "function", "function": {"name": "g", "arguments": "{}"}},
        ),
        chunk({"tool_calls": None}),
    ],
    "arguments as an object": _calls(_call("f", {"x": 1}, index=0, id="a"), _call("g", {}, index=1, id="b")),
    "all calls in one delta": _calls((_call("f", '{"x": 1}', index=0, id="a"), _call("g", "{}", index=1, id="b"))),
    "pieces of two calls mixed": _calls(
        (_call("f", "", index=0, id="a"), _call("g", "", index=1, id="b")),
        (_call(None, '{"x"', index=0), _call(None, "{", index=1)),
        (_call(None, "}", index=1), _call(None, ": 1}", index=0)),
    ),
    "name in pieces": _calls(
        _call("", "", index=0, id="a"), _call("f", '{"x": 1}', index=0), _call("g", "{}", index=1, id="b")
    ),
    "a whole message in place of deltas": [
        {
            **chunk(),
            "choices": [
                {
                    "index": 0,
                    "message": {"tool_calls": [_call("f", '{"x": 1}', id="a"), _call("g", "{}", id="b")]},
                    "finish_reason": "tool_calls",
                }
            ],
        }
    ],
    "choices without index": [{**c, "choices": [{"delta": c["choices"][0]["delta"]}]} for c in _calls(
        _call("f", '{"x": 1}', index=0, id="a"), _call("g", "{}", index=1, id="b"))],
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDED)
def test_tool_calls(name: str) -> None:
    """Whatever a server makes of index, id and name: two calls are two calls, with their own arguments."""
    got = final([*RECORDED[name], chunk({}, "tool_calls")])
    calls = got.choices[0].message.tool_calls
    assert [(c.id, c.function.name, _spaced(c.function.arguments)) for c in calls] == TWO
    assert all("index" not in c.to_dict() for c in calls)
    assert [c.type for c in calls] == ["function", "function"]


def _spaced(arguments: str) -> str:
    return arguments.replace('{"x":1}', '{"x": 1}')


def test_calls_without_any_id() -> None:
    """Without ids and indexes, a name begins a new call once the arguments before it are complete."""
    deltas = _calls(_call("f", '{"x"'), _call("f", ": 1}"), _call("f", "{}"))
    calls = final([*deltas, chunk({}, "stop")]).choices[0].message.tool_calls
    assert [(c.function.name, c.function.arguments) for c in calls] == [("f", '{"x": 1}'), ("f", "{}")]


def test_custom_tool_calls() -> None:
    """A custom tool's input comes in pieces as arguments do."""
    deltas = _calls(
        {"index": 0, "id": "a", "type": "custom", "custom": {"name": "sql", "input": "SEL"}},
        {"index": 0, "custom": {"input": "ECT 1"}},
    )
    got = final([*deltas, chunk({}, "tool_calls")]).choices[0].message.tool_calls[0]
    assert got.to_dict() == {"id": "a", "type": "custom", "custom": {"name": "sql", "input": "SELECT 1"}}


def test_no_finish_reason_but_done() -> None:
    """A server that never sends a finish_reason, but [DONE], has ended its reply."""
    got = final([chunk({"content": "Hello"})])
    assert (got.choices[0].message.content, got.choices[0].finish_reason) == ("Hello", None)


def test_usage_in_every_chunk() -> None:
    """Of what is said again and again, the last counts."""
    chunks = [chunk({"content": "a"}, usage={"completion_tokens": n}) for n in (1, 2)]
    assert final([*chunks, chunk({}, "stop", usage=None)]).usage.completion_tokens == 2


def test_empty_choices_first() -> None:
    """A first chunk without choices, as content filters send it, is no text and no error."""
    first = {**chunk(), "choices": [], "prompt_filter_results": [{"prompt_index": 0}]}
    with stream([first, chunk({"content": "Hi"}), chunk({}, "stop")]) as opened:
        assert list(opened.text()) == ["Hi"]
        assert opened.final().to_dict()["prompt_filter_results"] == [{"prompt_index": 0}]


@pytest.mark.parametrize("key", ["reasoning_content", "reasoning"])
def test_reasoning_is_no_text(key: str) -> None:
    """What a server shows of the reasoning is joined under its own name, and is not in text()."""
    with stream([chunk({key: "hm"}), chunk({key: "m"}), chunk({"content": "Hi"}), chunk({}, "stop")]) as opened:
        assert list(opened.text()) == ["Hi"]
        assert opened.final().choices[0].message.to_dict()[key] == "hmm"


def test_lists_of_a_vendor() -> None:
    """A vendor's lists beside the delta, such as token ids, are pieces too."""
    chunks = [chunk({"content": "a"}), chunk({"content": "b"})]
    for number, wire in enumerate(chunks):
        wire["choices"][0]["token_ids"] = [number]
    assert final([*chunks, chunk({}, "stop")]).choices[0].to_dict()["token_ids"] == [0, 1]


def test_done_without_blank_line() -> None:
    """The last event may lack its blank line if it is [DONE]."""
    assert final([chunk({"content": "Hi"}), b"data: [DONE]\n"], done=False).choices[0].message.content == "Hi"


def test_cr_and_crlf() -> None:
    """Lines may end in CR LF or in CR."""
    for end in (b"\r\n", b"\r"):
        pieces = [event(chunk({"content": "Hi"})).replace(b"\n", end), DONE.replace(b"\n", end)]
        assert final(pieces, done=False).choices[0].message.content == "Hi"


def test_big_integers_stay_exact() -> None:
    """A whole number of more than 64 bits is not rounded."""
    got = final([chunk({"content": "Hi"}, seed=2**80), chunk({}, "stop")])
    assert got.to_dict()["seed"] == 2**80
