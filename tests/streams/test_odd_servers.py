"""Servers that stream tool calls and ends in ways of their own. Their framing is written down here by hand."""

from __future__ import annotations

from typing import Any

import pytest

from .wire import DONE, Wire, both, chunk, event, final, stream


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


@pytest.mark.parametrize(("identity", "kept"), [("b", ["a", "b"]), (None, ["a"])])
def test_a_name_alone_is_a_call_where_it_has_an_id_of_its_own(identity: str | None, kept: list[str]) -> None:
    """A function may be called again without arguments; without an id its name only echoes the call before it."""
    deltas = _calls(_call("f", '{"x": 1}', index=0, id="a"), _call("f", "", index=0, id=identity))
    calls = final([*deltas, chunk({}, "tool_calls")]).choices[0].message.tool_calls
    assert [call.id for call in calls] == kept


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


def test_an_id_for_every_delta() -> None:
    """A server that makes a new id for every delta of one call tells one call; the last delta may add nothing."""
    deltas = _calls(
        _call("f", '{"ci', index=0, id="t0"),
        _call("f", 'ty":', index=0, id="t1"),
        _call("f", ' "V"}', index=0, id="t2"),
        _call("f", "", index=0, id="t3"),
    )
    calls = final([*deltas, chunk({}, "tool_calls")]).choices[0].message.tool_calls
    assert [(c.id, c.function.name, c.function.arguments) for c in calls] == [("t0", "f", '{"city": "V"}')]


@pytest.mark.parametrize("more", [{"index": 0, "id": ""}, {"index": 0}, {}])
@pytest.mark.parametrize("second", ["f", "g"])
def test_calls_at_one_index(second: str, more: Wire) -> None:
    """Calls that all come at one place, and without an id, begin where the arguments of the one before are complete."""
    deltas = _calls(_call("f", '{"x":1}', **more), _call(second, "", **more), _call(None, '{"y":2}', **more))
    calls = final([*deltas, chunk({}, "tool_calls")]).choices[0].message.tool_calls
    assert [(c.function.name, c.function.arguments) for c in calls] == [("f", '{"x":1}'), (second, '{"y":2}')]


@pytest.mark.parametrize("more", [{"index": 0}, {}])
def test_a_name_said_again_at_the_end(more: Wire) -> None:
    """A last delta that says the name again, and nothing else, is no call, in the reply and among the events."""
    chunks = [*_calls(_call("f", "{}", **more), _call("f", "", **more)), chunk({}, "tool_calls")]
    assert len(final(chunks).choices[0].message.tool_calls) == 1
    with stream(chunks) as opened:
        assert [type(e).__name__ for e in opened.events()][-2:] == ["ToolCallDone", "Done"]


@pytest.mark.parametrize("kind", [int, str])
def test_calls_out_of_order(kind: Any) -> None:
    """Calls stand in the reply by their index, which may be a text, in whatever order they came."""
    first, second = kind(0), kind(1)
    deltas = _calls(
        _call("g", "{}", index=second, id="b"), _call("f", '{"x"', index=first, id="a"), _call(None, ":1}", index=first)
    )
    *reported, done = both([*deltas, chunk({}, "tool_calls")])
    assert [(c.id, c.function.arguments) for c in done.reply.choices[0].message.tool_calls] == [
        ("a", '{"x":1}'),
        ("b", "{}"),
    ]
    assert [(e.id, e.name) for e in reported[-2:]] == [("a", "f"), ("b", "g")]


def test_a_call_without_its_list() -> None:
    """A server that sends a call by itself, and no list of one, is understood."""
    deltas = [chunk({"tool_calls": _call(*piece, id="a")}) for piece in (("f", '{"x"'), (None, ":1}"))]
    *_, done = both([*deltas, chunk({}, "tool_calls")])
    assert [c.function.arguments for c in done.reply.choices[0].message.tool_calls] == ['{"x":1}']


ODD = [({"n": 2**80}, f'{{"n": {2**80}}}'), ({"t": "\ud800"}, '{"t": "\\ud800"}')]


@pytest.mark.parametrize(("arguments", "reported"), ODD)
def test_arguments_as_an_odd_object(arguments: Any, reported: str) -> None:
    """An object with what orjson does not write is told as JSON all the same."""
    got = final([*_calls(_call("f", arguments, index=0, id="a")), chunk({}, "tool_calls")])
    assert got.choices[0].message.tool_calls[0].function.arguments == reported


PARTS: list[Any] = [
    "",
    [{"type": "thinking", "thinking": [{"type": "text", "text": "h"}]}],
    [{"type": "thinking", "thinking": [{"type": "text", "text": "m"}]}],
    [{"type": "text", "text": "The "}],
    [{"type": "text", "text": "ans"}, {"type": "reference", "reference_ids": [1]}],
    "we",
    "r",
]


def test_content_in_parts() -> None:
    """Content that comes as lists of parts is text, and is joined to the parts of the unstreamed reply."""
    chunks = [*(chunk({"content": c}) for c in PARTS), chunk({}, "stop")]
    with stream(chunks) as opened:
        assert "".join(opened.text()) == "The answer"
        assert opened.final().choices[0].message.to_dict()["content"] == [
            {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]},
            {"type": "text", "text": "The ans"},
            {"type": "reference", "reference_ids": [1]},
            {"type": "text", "text": "wer"},
        ]
    with stream(chunks) as opened:
        reported = [(type(e).__name__, e.text) for e in opened.events() if hasattr(e, "text")]
    assert reported == [
        ("ReasoningDelta", "h"),
        ("ReasoningDelta", "m"),
        *(("TextDelta", t) for t in ("The ", "ans", "we", "r")),
    ]


def test_partial_content_in_parts() -> None:
    """Looking at what has come changes nothing of what comes."""
    with stream([*(chunk({"content": c}) for c in PARTS), chunk({}, "stop")]) as opened:
        for _ in opened:
            opened.partial  # noqa: B018  # it is looked at
        assert len(opened.final().choices[0].message.to_dict()["content"]) == 4


def test_chunks_know_the_text_of_their_parts() -> None:
    """`chunk.content` is the text of parts, too."""
    with stream([chunk({"content": [{"type": "text", "text": "Hi"}]}), chunk({}, "stop")]) as opened:
        assert next(opened).content == "Hi"


def test_an_empty_finish_reason_says_nothing() -> None:
    """A finish_reason of '' after a real one does not take its place."""
    assert final([chunk({"content": "a"}, "stop"), chunk({}, "")]).choices[0].finish_reason == "stop"


def test_an_index_that_is_a_text() -> None:
    """Choices whose index is a text are told apart by it, and the first one's text is the stream's."""
    chunks = [chunk({"content": t}, "stop", index=i) for i, t in (("1", "b"), ("0", "a"))]  # type: ignore[arg-type]
    with stream(chunks) as opened:
        assert list(opened.text()) == ["a"]
        assert [c.message.content for c in opened.final().choices] == ["a", "b"]


@pytest.mark.parametrize("kind", [["a"], {"a": 1}, 5, None])
def test_types_that_are_no_text(kind: Any) -> None:
    """An event whose type is no text is passed on as it is."""
    done = {"type": "response.completed", "response": {"id": "r", "status": "completed", "output": []}}
    with stream([{"type": kind, "delta": "a"}, done], "responses.create", done=False) as opened:
        assert [type(e).__name__ for e in opened.events()] == ["Done"]


@pytest.mark.parametrize("content", ["x", 5, [None], {"a": 1}])
def test_items_of_odd_content(content: Any) -> None:
    """An item whose content is no list of parts does not keep the text from being put together."""
    events: list[Wire] = [
        {"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "content": content}},
        {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Hi"},
        {"type": "response.completed", "response": {"id": "r", "status": "completed"}},
    ]
    assert final(events, "responses.create", done=False).output_text == "Hi"
