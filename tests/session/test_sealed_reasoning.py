"""Reasoning where the server keeps nothing: it is asked for sealed, and only what is sealed is sent back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from sdk import Client, ResponsesSession
from sdk.errors import APIStatusError

from .wire import Answers, said

SEALED = "reasoning.encrypted_content"


def _reasoning(number: int, sealed: str | None) -> Any:
    return {"type": "reasoning", "id": f"rs_{number}", "summary": [], "encrypted_content": sealed}


def _kinds(body: Any) -> list[str]:
    return [item.get("type") or item["role"] for item in body["input"]]


@pytest.mark.parametrize("form", ["sync", "asyncio", "streamed"])
@pytest.mark.parametrize(("sealed", "kept"), [("gAAA", ["reasoning"]), (None, []), ("", [])])
def test_reasoning_that_the_server_does_not_keep(sealed: str | None, kept: list[str], form: str) -> None:
    """An item that is not sealed means nothing to such a server, which answers 404 to its id."""
    answers = Answers([_reasoning(1, sealed), said("one")], [said("two")])
    session = ResponsesSession(answers.client, "m", store=False)
    for text in ("a", "b"):
        if form == "asyncio":
            asyncio.run(session.asend(text))
        else:
            session.send(text, on_chunk=(lambda chunk: None) if form == "streamed" else None)
    assert [body["include"] for body in answers.asked] == [[SEALED], [SEALED]]
    assert _kinds(answers.asked[1]) == ["user", *kept, "message", "user"]
    assert [m.get("type") for m in session.messages][:3] == [None, "reasoning", "message"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [([], [SEALED]), (["x"], ["x", SEALED]), (("x",), ["x", SEALED]), ([SEALED, "x"], [SEALED, "x"]), (None, [SEALED])],
)
@pytest.mark.parametrize("where", ["session", "turn"])
def test_what_the_caller_includes(given: Any, sent: Any, where: str) -> None:
    """What the caller asks for is asked for too; its list is not changed."""
    answers, before = Answers("ok"), given and [*given]
    session = ResponsesSession(answers.client, "m", store=False, **({"include": given} if where == "session" else {}))
    session.send("a", **({"include": given} if where == "turn" else {}))
    assert answers.asked[0]["include"] == sent
    assert (given and [*given]) == before


@pytest.mark.parametrize("params", [{}, {"store": True}, {"store": None}, {"conversation": "c"}])
def test_a_server_that_keeps_reasoning(params: Any) -> None:
    """Nothing is asked for, and items go back as they came."""
    answers = Answers([_reasoning(1, None), said("one")])
    session = ResponsesSession(answers.client, "m", **params)
    session.send("a")
    session.previous_response_id = None
    session.send("b")
    assert "include" not in answers.asked[0]
    assert _kinds(answers.asked[1]) == ["user", "reasoning", "message", "user"]


def test_one_turn_that_is_not_kept() -> None:
    """A turn of its own store= is sent as such."""
    answers = Answers([_reasoning(1, None), said("one")])
    session = ResponsesSession(answers.client, "m")
    session.send("a")
    session.send("b", store=False)
    assert (answers.asked[1]["include"], _kinds(answers.asked[1])) == ([SEALED], ["user", "message", "user"])


class Refusing:
    """A server that refuses requests for sealed reasoning, as the hosted API does for models without reasoning."""

    def __init__(self, status: int, error: Any) -> None:
        self.asked: list[Any] = []
        self._status, self._error = status, error

    @property
    def client(self) -> Client:
        return Client(api_base="http://t/v1", api_key="k", max_retries=0, transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.asked.append(body)
        if SEALED in body.get("include", ()):
            return httpx.Response(self._status, json={"error": self._error})
        wire = {"id": "r", "object": "response", "status": "completed", "output": [said("ok")]}
        if not body.get("stream"):
            return httpx.Response(200, json=wire)
        event = json.dumps({"type": "response.completed", "response": wire})
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, text=f"data: {event}\n\n")


REFUSALS = [
    (400, {"message": "Encrypted content is not supported with this model.", "param": "include"}),
    (400, {"message": "Encrypted content is not supported with this model."}),
    (422, {"message": "body.include.0: unexpected value"}),
]


@pytest.mark.parametrize(("status", "error"), REFUSALS)
@pytest.mark.parametrize("form", ["sync", "asyncio", "streamed", "streamed, asyncio"])
def test_a_server_that_refuses_it(status: int, error: Any, form: str) -> None:
    """What the caller did not ask for is left out, for the rest of the session and for its forks."""
    server = Refusing(status, error)
    session = ResponsesSession(server.client, "m", store=False, include=["x"])
    pieces = (lambda chunk: None) if "streamed" in form else None
    for _ in range(2):
        turn = session.asend("a", on_chunk=pieces) if "asyncio" in form else None
        assert str(asyncio.run(turn) if turn else session.send("a", on_chunk=pieces)) == "ok"
    session.fork().send("b")
    assert [body["include"] for body in server.asked] == [["x", SEALED], ["x"], ["x"], ["x"]]
    assert len(session.messages) == 4


@pytest.mark.parametrize(
    ("status", "error", "given"),
    [
        (*REFUSALS[0], [SEALED]),
        (400, {"message": "The model does not exist.", "param": "model"}, None),
        (500, {"message": "include: out of order"}, None),
    ],
)
def test_other_refusals_are_errors(status: int, error: Any, given: Any) -> None:
    """What the caller asked for, or what is about something else, is told to the caller."""
    server = Refusing(status, error)
    session = ResponsesSession(server.client, "m", store=False, include=given)
    with pytest.raises(APIStatusError):
        session.send("a")
    assert (len(server.asked), session.messages) == (1, [])
