"""Calls without a result: what is sent after an interruption, and how a history is made whole."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sdk import ChatSession, ResponsesSession
from sdk.errors import APIError, ToolError

from .wire import Answers

MADE_UP = "error: this call was not carried out"


def stop() -> str:
    """Stop."""
    raise KeyboardInterrupt


def hello() -> str:
    """Say hello."""
    return "hello"


def _calls(kind: Any, *names: str) -> Any:
    """Return an answer that calls tools; the ids are the names."""
    if kind is ResponsesSession:
        return [{"type": "function_call", "call_id": n, "name": n, "arguments": "{}"} for n in names]
    calls = [{"id": n, "type": "function", "function": {"name": n, "arguments": "{}"}} for n in names]
    return {"content": None, "tool_calls": calls}


def _result(kind: Any, name: str, text: str) -> Any:
    if kind is ResponsesSession:
        return {"type": "function_call_output", "call_id": name, "output": text}
    return {"role": "tool", "tool_call_id": name, "content": text}


def _said(messages: Any) -> list[Any]:
    """Return the roles of messages; of a result its call and text."""
    return [
        (m.get("tool_call_id") or m.get("call_id"), m.get("output") or m["content"])
        if m.get("role") == "tool" or m.get("type") == "function_call_output"
        else m.get("role") or m["type"]
        for m in messages
    ]


def _interrupted(kind: Any, *names: str, **params: Any) -> tuple[Any, Answers]:
    """Return a session after Ctrl-C in its last call, and the server."""
    answers = Answers(_calls(kind, *names), "ok")
    session = kind(answers.client, "m", tools=[hello, stop], **params)
    with pytest.raises(KeyboardInterrupt):
        session.run("go")
    return session, answers


kinds = pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
FORMS: dict[str, Any] = {
    "send": lambda s: s.send("never mind"),
    "asend": lambda s: asyncio.run(s.asend("never mind")),
    "streamed": lambda s: s.send("never mind", on_chunk=lambda chunk: None),
    "generate_response": lambda s: s.generate_response(),
    "agenerate_response": lambda s: asyncio.run(s.agenerate_response()),
    "queued": lambda s: (s.append_message("never mind"), s.generate_response())[1],
    "queued, run": lambda s: (s.append_message("never mind"), s.run())[1],
}


@kinds
@pytest.mark.parametrize("form", FORMS)
def test_a_turn_after_an_interruption(kind: Any, form: str) -> None:
    """Each call has a result, in the request and in the history, made up where there is none."""
    session, answers = _interrupted(kind, "hello", "stop", **({"store": False} if kind is ResponsesSession else {}))
    reply = FORMS[form](session)
    assert str(reply) == "ok"
    calls = ["assistant"] if kind is ChatSession else ["function_call"] * 2
    whole = ["user", *calls, ("hello", "hello"), ("stop", MADE_UP), *(["user"] if "generate" not in form else [])]
    assert _said(answers.asked[-1].get("messages") or answers.asked[-1]["input"]) == whole
    assert _said(session.messages) == [*whole, "assistant"]
    before = list(session.messages)
    session.repair()
    assert session.messages == before


@kinds
@pytest.mark.parametrize("form", ["sync", "asyncio"])
def test_the_history_stays_where_nothing_is_added(kind: Any, form: str) -> None:
    """Neither append=False nor a failed turn changes it, so that run() carries out the call after all."""
    session, answers = _interrupted(kind, "hello", "stop")
    before = list(session.messages)
    if form == "sync":
        session.generate_response(append=False)
    else:
        asyncio.run(session.agenerate_response(append=False))
    answers._answers[1] = 500
    with pytest.raises(APIError):
        session.send("never mind")
    assert session.messages == before
    answers._answers[1] = "ok"
    session.tools = [hello, lambda: "x"][:1]
    assert str(session.run()) == "ok"
    assert ("stop", "error: no tool is called 'stop'") in _said(session.messages)


def test_a_kept_response_gets_the_results_alone() -> None:
    """Where the server knows the calls, their results are all that goes before the message."""
    session, answers = _interrupted(ResponsesSession, "hello", "stop")
    session.send("never mind")
    assert answers.asked[1]["previous_response_id"] == "resp_1"
    assert _said(answers.asked[1]["input"]) == [("hello", "hello"), ("stop", MADE_UP), "user"]
    session.send("and now?")
    assert _said(answers.asked[2]["input"]) == ["user"]


@kinds
def test_rounds_that_end(kind: Any) -> None:
    """The calls that are left by max_rounds have their results in the next turn."""
    answers = Answers(_calls(kind, "hello"), _calls(kind, "again"), "ok")
    session = kind(answers.client, "m", tools=[hello])
    with pytest.raises(ToolError):
        session.run("go", max_rounds=1)
    session.send("never mind")
    sent = answers.asked[-1].get("messages") or answers.asked[-1]["input"]
    assert _said(sent)[-2:] == [("again", MADE_UP), "user"]


@kinds
@pytest.mark.parametrize("given", [0, 1, 2])
def test_results_that_the_caller_gives(kind: Any, given: int) -> None:
    """What the caller answers itself goes out as it is; only what is missing is made up."""
    answers = Answers(_calls(kind, "a", "b"), "ok")
    session = kind(answers.client, "m")
    session.send("go")
    session.append_message(*(_result(kind, name, "done") for name in "ab"[:given]))
    session.generate_response()
    sent = answers.asked[-1].get("messages") or answers.asked[-1]["input"]
    assert _said(sent)[-2:] == [("a", "done" if given > 0 else MADE_UP), ("b", "done" if given > 1 else MADE_UP)]


@kinds
@pytest.mark.parametrize("late", [1, 2])
@pytest.mark.parametrize("form", ["repair", "send"])
def test_a_late_result_is_moved_to_its_call(kind: Any, late: int, form: str) -> None:
    """A result behind what the user said meanwhile is the result: to make one up would make the model pay again."""
    answers = Answers("ok")
    session = kind(answers.client, "m")
    call = _calls(kind, "pay", "tell")
    session.append_message("pay the bill")
    session.append_message(*(call if isinstance(call, list) else [{"role": "assistant", **call}]))
    results = [_result(kind, "tell", "told"), _result(kind, "pay", "paid 100 EUR")]
    session.append_message(*results[: 2 - late], "are you there?", *results[2 - late :])
    if form == "repair":
        session.repair()
        session.repair()
    else:
        session.send("well?")
    calls = ["assistant"] if kind is ChatSession else ["function_call"] * 2
    whole = ["user", *calls, ("tell", "told"), ("pay", "paid 100 EUR"), "user"]
    assert _said(session.messages)[: len(whole)] == whole
    assert MADE_UP not in str(session.messages)
    if form == "send":
        sent = answers.asked[0].get("messages") or answers.asked[0]["input"]
        assert _said(sent) == [*whole, "user"]


def test_late_results_of_calls_of_one_id() -> None:
    """Where two turns have a call of one id, a result belongs to the latest call before it that has none."""
    calls = {"role": "assistant", **_calls(ChatSession, "a")}
    one, two = _result(ChatSession, "a", "1"), _result(ChatSession, "a", "2")
    session = ChatSession(model="m", messages=["x", calls, "y", calls, two, "z", one])
    session.repair()
    assert _said(session.messages) == ["user", "assistant", ("a", "1"), "user", "assistant", ("a", "2"), "user"]


def test_late_results_of_functions() -> None:
    """The result of a function_call has no id: a late one is known by its name."""
    call = {"role": "assistant", "content": None, "function_call": {"name": "pay", "arguments": "{}"}}
    session = ChatSession(model="m", messages=["x", call, "y"])
    session.append_message({"role": "function", "name": "other", "content": "lost"})
    session.append_message({"role": "function", "name": "pay", "content": "paid"})
    session.repair()
    assert [m["role"] for m in session.messages] == ["user", "assistant", "function", "user"]
    assert session.messages[2]["content"] == "paid"


@kinds
def test_what_is_queued_while_a_tool_runs(kind: Any) -> None:
    """A message that comes between a call and its result goes out behind the result."""
    answers = Answers(_calls(kind, "busy"), "ok")
    session: Any = None

    def busy() -> str:
        session.append_message("are you there?")
        return "done"

    session = kind(answers.client, "m", tools=[busy], **({"store": False} if kind is ResponsesSession else {}))
    session.run("go")
    whole = ["user", "assistant" if kind is ChatSession else "function_call", ("busy", "done"), "user"]
    assert _said(answers.asked[1].get("messages") or answers.asked[1]["input"]) == whole
    assert _said(session.messages) == [*whole, "assistant"]


def test_results_of_no_call_are_left_to_the_server() -> None:
    """Only repair() drops them: a server may know the call."""
    answers = Answers("ok")
    lost = _result(ChatSession, "lost", "x")
    ChatSession(answers.client, "m", ["go", lost]).send("well?")
    assert answers.asked[0]["messages"][1] == lost
