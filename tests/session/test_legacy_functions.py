"""The older way of calling: functions, function_call, role=function; and calls of odd servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sdk import ChatSession

from .wire import Answers


def double(n: int) -> int:
    """Double a number."""
    return 2 * n


def test_run_with_functions() -> None:
    """A function_call is carried out, answered by role=function, and the answer comes in words."""
    answers = Answers({"function_call": {"name": "double", "arguments": '{"n": 4}'}}, "eight")
    session = ChatSession(answers.client, "m", functions=[double])
    with pytest.warns(DeprecationWarning):  # of the API, told once in a process
        from sdk._core.runtime import warnings

        warnings._deprecations.clear()
        assert session.run("go").text == "eight"
    assert answers.asked[0]["functions"][0]["name"] == "double"
    assert "tools" not in answers.asked[0]
    assert answers.asked[1]["messages"][-1] == {"role": "function", "name": "double", "content": "8"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_functions_as_the_api_writes_them() -> None:
    """A function that is only described is sent as it is, and its call is handed to the caller."""
    answers = Answers({"function_call": {"name": "f", "arguments": "{}"}}, "ok")
    session = ChatSession(answers.client, "m", functions=[{"name": "f", "parameters": {"type": "object"}}])
    reply = session.send("go")
    assert reply.function_call == {"name": "f", "arguments": "{}"}
    session.append_message({"role": "function", "name": "f", "content": "done"})
    assert session.generate_response().text == "ok"
    assert [m["role"] for m in session.messages] == ["user", "assistant", "function", "assistant"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_functions_and_tools_change_between_turns() -> None:
    """What the model may call is what the lists hold when the turn begins."""
    answers = Answers("ok")
    session = ChatSession(answers.client, "m", tools=[double])
    session.send("a")
    session.tools.clear()
    session.functions.append(double)
    session.send("b")
    session.functions.clear()
    session.send("c")
    assert [sorted(a.keys() & {"tools", "functions"}) for a in answers.asked] == [["tools"], ["functions"], []]


def test_save_and_load_functions(tmp_path: Path) -> None:
    """Functions come back, as functions where load is given them."""
    session = ChatSession(Answers("x").client, "m", functions=[double, {"name": "f"}])
    path = session.save(tmp_path / "talk.json")
    assert ChatSession.load(path, functions=[double]).functions == [double, {"name": "f"}]


@pytest.mark.parametrize(
    "calls",
    [
        [
            {"function": {"name": "double", "arguments": {"n": 1}}},
            {"function": {"name": "double", "arguments": {"n": 2}}},
        ],
        [{"id": "x", "function": {"name": "double", "arguments": '{"n": 1}'}}] * 2,
        [{"id": "", "type": None, "function": {"name": "double", "arguments": '{"n": 1}'}}],
    ],
)
def test_calls_of_odd_servers(calls: list[Any]) -> None:
    """Calls without an id, with one id for all, or with an object as arguments are carried out one by one."""
    answers = Answers({"tool_calls": calls}, "ok")
    session = ChatSession(answers.client, "m", tools=[double])
    session.run("go")
    sent = answers.asked[1]["messages"]
    ids = [c["id"] for c in sent[1]["tool_calls"]]
    assert len(set(ids)) == len(calls)
    assert [m["tool_call_id"] for m in sent[2:]] == ids
    assert all(isinstance(c["function"]["arguments"], str) and c["type"] == "function" for c in sent[1]["tool_calls"])


def test_repair_of_functions() -> None:
    """A function_call without its result gets one; a result without its call goes."""
    session = ChatSession(Answers("x").client, "m")
    session.messages = [
        {"role": "user", "content": "go"},
        {"role": "function", "name": "lost", "content": "x"},
        {"role": "assistant", "content": None, "function_call": {"name": "double", "arguments": "{}"}},
        {"role": "user", "content": "and?"},
    ]
    session.repair()
    once = list(session.messages)
    session.repair()
    assert session.messages == once
    assert [m["role"] for m in once] == ["user", "assistant", "function", "user"]
