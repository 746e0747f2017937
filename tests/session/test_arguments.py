"""Wrong arguments of sessions: told where they are given, before a turn costs a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from sdk import ChatSession, ResponsesSession
from sdk.session import within_tokens

from .wire import Answers

NAN = float("nan")


def these(*values: Any) -> tuple[Any, ...]:
    """Return values of any types."""
    return values


@pytest.mark.parametrize(
    ("argument", "value", "error"),
    [
        *(("model", value, TypeError) for value in these({}, 5, b"m", ["m"], False, 0)),
        ("model", "", ValueError),
        *(("trim", value, TypeError) for value in these({}, 5, "no", False)),
        *(("client", value, TypeError) for value in these("http://h", 5, {}, ChatSession, False)),
    ],
)
def test_a_chat_session(argument: str, value: Any, error: type[Exception]) -> None:
    """What is falsy is not taken for what is left out."""
    with pytest.raises(error, match=f"^{argument}= "):
        ChatSession(**{"model": "m", argument: value})


@pytest.mark.parametrize(
    ("argument", "value", "error"),
    [
        *(("model", value, TypeError) for value in these({}, 5, b"m")),
        ("model", "", ValueError),
        ("previous_response_id", 5, TypeError),
        ("previous_response_id", "", ValueError),
        *(("instructions", value, TypeError) for value in these(["Be brief."], 5, {})),
        ("client", "http://h", TypeError),
    ],
)
def test_a_responses_session(argument: str, value: Any, error: type[Exception]) -> None:
    """The same of a session over the Responses API."""
    with pytest.raises(error, match=f"^{argument}= "):
        ResponsesSession(**{"model": "m", argument: value})


def test_what_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is the same as not given."""
    monkeypatch.delenv("OPENAI_MODEL", raising=False)
    session = ChatSession(None, None, trim=None)
    assert (session.client, session.model, session.trim) == (None, "gpt-4o-mini", None)
    assert ResponsesSession(None, None, instructions=None, previous_response_id=None).instructions is None


def _each(session: ChatSession, method: str, **arguments: Any) -> None:
    if method[0] == "a":
        asyncio.run(getattr(session, method)("Hi", **arguments))
    else:
        getattr(session, method)("Hi", **arguments)


@pytest.mark.parametrize(
    ("methods", "argument", "value", "error"),
    [
        (("send", "asend", "run", "arun"), "on_chunk", 5, TypeError),
        (("send", "asend", "run", "arun"), "on_chunk", "print", TypeError),
        (("run", "arun"), "approve", True, TypeError),
        *((("run", "arun"), "max_rounds", value, TypeError) for value in ("8", 1.5, True, None, NAN)),
        (("run", "arun"), "max_rounds", -1, ValueError),
    ],
)
def test_a_turn(methods: tuple[str, ...], argument: str, value: Any, error: type[Exception]) -> None:
    """Nothing is asked of the server, and the history is as it was."""
    for method in methods:
        answers = Answers("hello")
        session = ChatSession(answers.client, "m")
        with pytest.raises(error, match=f"^{argument}= "):
            _each(session, method, **{argument: value})
        assert (answers.asked, session.messages) == ([], [])


def test_no_rounds_is_a_number_of_rounds() -> None:
    """0 asks once, and carries out no call."""
    assert str(ChatSession(Answers("hello").client, "m").run("Hi", max_rounds=0)) == "hello"


MESSAGE = {"role": "user", "content": "x"}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        *((([MESSAGE], budget), ValueError) for budget in (-1, -0.5, NAN, float("-inf"), -(10**400))),
        *((([MESSAGE], budget), TypeError) for budget in ("8000", None, True, 1j, [5])),
        *(((messages, 5), TypeError) for messages in ("x", [5], ["x"], {"role": "user"}, 5, None, (MESSAGE,))),
        (([MESSAGE], 5, 4), TypeError),
        (([MESSAGE], 5, "len"), TypeError),
    ],
)
def test_within_tokens(arguments: tuple[Any, ...], error: type[Exception]) -> None:
    """A budget is a number from 0 on, the messages are a list of dicts, and the counter a function."""
    trim: Callable[..., Any] = within_tokens
    with pytest.raises(error):
        trim(*arguments)


@pytest.mark.parametrize("budget", [0, 0.5, 8000, float("inf"), 10**400])
def test_a_budget(budget: Any) -> None:
    """What the user said last stays whatever the budget is."""
    assert within_tokens([MESSAGE], budget) == [MESSAGE]
