"""A forced choice of a tool is for the first request of a run."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from sdk import ChatSession, ResponsesSession
from sdk.errors import APIError
from sdk.models import ChatCompletionNamedToolChoice

from .wire import Answers

kinds = pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])


def pay(cents: int) -> str:
    """Pay."""
    return f"paid {cents}"


class Forcing(Answers):
    """A server that calls `pay` as long as a request forces it to."""

    def __init__(self, kind: Any) -> None:
        self._chat = kind is ChatSession
        super().__init__("ok")

    def _answer(self, request: Any) -> Any:
        import json

        body = json.loads(request.content)
        choice = body.get("tool_choice") or body.get("function_call")
        inner = choice.get("allowed_tools", choice) if isinstance(choice, dict) else choice
        mode = inner.get("mode", "required") if isinstance(inner, dict) else inner
        self._answers = [self._call(body) if mode not in (None, "auto", "none") else "ok"]
        return super()._answer(request)

    def _call(self, body: Any) -> Any:
        function, number = {"name": "pay", "arguments": '{"cents": 5}'}, str(len(self.asked))
        if not self._chat:
            return [{"type": "function_call", "call_id": number, **function}]
        if "functions" in body:
            return {"function_call": function}
        return {"tool_calls": [{"id": number, "type": "function", "function": function}]}

    def choices(self, key: str = "tool_choice") -> list[Any]:
        return [body.get(key) for body in self.asked]


NAMED: Any = {"type": "function", "function": {"name": "pay"}}
CHOICES: list[tuple[Any, Any]] = [
    ("required", "auto"),
    ("any", "auto"),
    (NAMED, "auto"),
    ({"type": "function", "name": "pay"}, "auto"),
    (
        {"type": "allowed_tools", "mode": "required", "tools": []},
        {"type": "allowed_tools", "mode": "auto", "tools": []},
    ),
    (
        {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": []}},
        {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": []}},
    ),
    ("auto", "auto"),
    ("none", "none"),
    ({"type": "allowed_tools", "mode": "auto", "tools": []},) * 2,
]


@kinds
@pytest.mark.parametrize(("choice", "then"), CHOICES)
@pytest.mark.parametrize("form", ["sync", "asyncio", "of the session", "in extra_body"])
def test_a_forced_call_is_made_once(kind: Any, choice: Any, then: Any, form: str) -> None:
    """A forced choice is for the first request of a run; with the results the model may answer."""
    server = Forcing(kind)
    session = kind(server.client, "m", tools=[pay], **({"tool_choice": choice} if form == "of the session" else {}))
    given: Any = {"tool_choice": choice} if form != "in extra_body" else {"extra_body": {"tool_choice": choice, "k": 1}}
    for _ in range(2):
        server.asked.clear()
        if form == "asyncio":
            reply = asyncio.run(session.arun("pay", **given))
        else:
            reply = session.run("pay", **({} if form == "of the session" else given))
        assert str(reply) == "ok"
        assert server.choices() == ([choice, then] if len(server.asked) == 2 else [choice])
        assert len(server.asked) == (1 if choice == then else 2)
        assert form != "in extra_body" or [body["k"] for body in server.asked] == [1] * len(server.asked)


def test_a_choice_that_is_a_model() -> None:
    """A typed choice is one too."""
    server = Forcing(ChatSession)
    ChatSession(server.client, "m", tools=[pay], tool_choice=ChatCompletionNamedToolChoice.from_dict(NAMED)).run("pay")
    assert server.choices() == [NAMED, "auto"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forced_function() -> None:
    """The older function_call is forced once, too."""
    server = Forcing(ChatSession)
    assert ChatSession(server.client, "m", functions=[pay]).run("pay", function_call={"name": "pay"}).text == "ok"
    assert server.choices("function_call") == [{"name": "pay"}, "auto"]


@kinds
@pytest.mark.parametrize("again", ["pay", None])
def test_going_on_does_not_force_again(kind: Any, again: Any) -> None:
    """A run that goes on after an error sends the results, and leaves it to the model."""
    server = Forcing(kind)
    session = kind(server.client, "m", tools=[pay], tool_choice="required")
    ask, session._turn = session._turn, partial(_failing, session._turn, [])
    with pytest.raises(APIError):
        session.run("pay")
    session._turn = ask
    assert str(session.run(again)) == "ok"
    assert server.choices() == ["required", "auto"]
    assert str(session.run("pay")) == "ok"
    assert server.choices() == ["required", "auto", "required", "auto"]


def _failing(ask: Any, asked: list[Any], *arguments: Any) -> Any:
    """Ask once, and fail from then on."""
    asked.append(arguments)
    if len(asked) > 1:
        raise APIError("no")
    return ask(*arguments)


def test_send_forces_as_it_is_told() -> None:
    """A single turn is sent with the choice that it has."""
    server = Forcing(ChatSession)
    session = ChatSession(server.client, "m", tools=[pay], tool_choice="required")
    session.send("pay")
    session.send("pay")
    assert server.choices() == ["required", "required"]
