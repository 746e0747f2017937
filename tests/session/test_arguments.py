"""Wrong arguments of sessions: told where they are given, before a turn costs a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdk import ChatSession, ResponsesSession
from sdk.errors import MessageError, RequestError
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


def _deep() -> Any:
    value: Any = []
    for _ in range(5000):
        value = [value]
    return value


sessions = pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])


@sessions
@pytest.mark.parametrize("given", [None, 5, "hi", (), {}, iter(())], ids=lambda given: type(given).__name__)
def test_a_history_is_a_list(kind: type[ChatSession | ResponsesSession], given: Any) -> None:
    """What is assigned to `messages` is a list, which every method changes."""
    session = kind(model="m", messages=["hi"])
    with pytest.raises(MessageError, match=rf"^messages must be a list, not {type(given).__name__}$"):
        session.messages = given
    assert len(session.messages) == 1


@sessions
@pytest.mark.parametrize("item", [None, 5, [], b"x", object()], ids=lambda item: type(item).__name__)
@pytest.mark.parametrize("method", ["run", "send", "generate_response", "repair"])
def test_what_stands_in_a_history(kind: type[ChatSession | ResponsesSession], item: Any, method: str) -> None:
    """An item that is no message is told when the history is used, and nothing is sent."""
    answers = Answers("hello")
    session = kind(answers.client, "m")
    session.messages.append(item)
    with pytest.raises(MessageError, match="a message must be a dict"):
        getattr(session, method)(*(["hi"] if method in ("run", "send") else []))
    assert answers.asked == []


@sessions
@pytest.mark.parametrize("method", ["send", "fork", "generate_response", "save"])
@pytest.mark.parametrize("place", ["messages", "params"])
def test_what_is_nested_too_deeply(
    kind: type[ChatSession | ResponsesSession], method: str, place: str, tmp_path: Path
) -> None:
    """A value of thousands of levels is an error of the SDK wherever it stands."""
    session = kind(Answers("hello").client, "m", ["hi"])
    if place == "messages":
        session.messages.append({"role": "user", "content": "x", "vendor": _deep()})
    else:
        session.params["metadata"] = {"a": _deep()}
    arguments: dict[str, list[Any]] = {"send": ["hi"], "save": [tmp_path / "file"]}
    with pytest.raises((MessageError, RequestError), match=r"nested too deeply|not JSON"):
        getattr(session, method)(*arguments.get(method, []))


@sessions
def test_a_role_is_shown_short(kind: type[ChatSession | ResponsesSession]) -> None:
    """A wrong role of any size and depth is shown in a few characters."""
    for role in (_deep(), "x" * 10_000, {"a": _deep()}):
        with pytest.raises(MessageError, match=r"^role is ") as raised:
            kind(model="m", messages=[{"role": role, "content": "hi"}])
        assert len(str(raised.value)) < 200
