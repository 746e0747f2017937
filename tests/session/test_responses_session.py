"""The same conversation over the Responses API."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from sdk import Client, ResponsesSession, image
from sdk.errors import APIResponseError, APIStatusError, InternalServerError, MessageError, ToolError
from sdk.models import Response
from sdk.responses_session import ResponsesReply
from sdk.testing import LocalServer

from .wire import Answers, said

CALL = {"type": "function_call", "call_id": "call_1", "name": "add", "arguments": '{"a": 1, "b": 2}'}


def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b


def test_only_what_is_new_is_sent() -> None:
    """The first turn sends everything; the next ones go on from the response before."""
    answers = Answers("one", "two", "three")
    session = ResponsesSession(answers.client, "m", instructions="Be brief.")
    assert [session.send(t).text for t in ("a", "b")] == ["one", "two"]
    session.append_message("note")
    assert asyncio.run(session.asend("c")).text == "three"
    assert [[m["content"] for m in asked["input"]] for asked in answers.asked] == [["a"], ["b"], ["note", "c"]]
    assert [asked.get("previous_response_id") for asked in answers.asked] == [None, "resp_1", "resp_2"]
    assert {asked["instructions"] for asked in answers.asked} == {"Be brief."}
    assert session.previous_response_id == "resp_3"
    assert [m["role"] for m in session.messages] == [
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
        "user",
        "assistant",
    ]


@pytest.mark.parametrize("params", [{"store": False}, {"conversation": "conv_1"}])
def test_everything_is_sent_where_nothing_is_kept(params: Any) -> None:
    """Where the server keeps no responses, or keeps them otherwise, previous_response_id stays out."""
    answers = Answers("one", "two")
    session = ResponsesSession(answers.client, "m", **params)
    session.send("a")
    session.send("b")
    assert "previous_response_id" not in answers.asked[1]
    assert [m["role"] for m in answers.asked[1]["input"]] == ["user", "assistant", "user"]


def test_a_changed_history_is_sent_whole() -> None:
    """After previous_response_id is set to None, or messages are taken away, everything is sent."""
    answers = Answers("one")
    session = ResponsesSession(answers.client, "m")
    session.send("a")
    session.previous_response_id = None
    session.send("b")
    assert len(answers.asked[1]["input"]) == 3
    del session.messages[1:]
    session.send("c")
    assert "previous_response_id" not in answers.asked[2]
    assert len(answers.asked[2]["input"]) == 2


def test_run() -> None:
    """Calls are carried out, and their outputs are all that the next request sends."""
    answers = Answers([CALL, {**CALL, "call_id": "call_2", "arguments": "{"}], "done")
    session = ResponsesSession(answers.client, "m", tools=[add])
    assert session.run("add").text == "done"
    assert answers.asked[1]["input"] == [
        {"type": "function_call_output", "call_id": "call_1", "output": "3"},
        {"type": "function_call_output", "call_id": "call_2", "output": "error: the arguments are not JSON"},
    ]
    assert answers.asked[0]["tools"] == [
        {
            "type": "function",
            "name": "add",
            "description": "Add two numbers.",
            "strict": False,
            "parameters": {
                "type": "object",
                "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
                "required": ["a", "b"],
                "additionalProperties": False,
            },
        }
    ]


def test_arun_and_custom_tools() -> None:
    """A custom tool's text is the only argument of its function."""

    async def query(sql: str) -> str:
        return f"ran {sql}"

    answers = Answers([{"type": "custom_tool_call", "call_id": "c", "name": "query", "input": "SELECT 1"}], "done")
    session = ResponsesSession(answers.client, "m", tools=[query])
    asyncio.run(session.arun("go"))
    assert answers.asked[1]["input"] == [{"type": "custom_tool_call_output", "call_id": "c", "output": "ran SELECT 1"}]


def test_endless_calls() -> None:
    """A model that never stops calling is stopped, and the history can be repaired."""
    session = ResponsesSession(Answers([CALL]).client, "m", tools=[add])
    with pytest.raises(ToolError, match="after 0 rounds"):
        session.run("add", max_rounds=0)
    session.repair()
    once = list(session.messages)
    session.repair()
    assert session.messages == once
    assert once[-1]["output"].startswith("error")
    assert session.previous_response_id is None


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (500, APIStatusError),
        ({"status": "failed", "output": [], "error": {"code": "server_error", "message": "boom"}}, APIResponseError),
        ({"status": "cancelled", "output": []}, APIResponseError),
    ],
)
def test_a_failed_turn(answer: Any, error: type[Exception]) -> None:
    """A failed response is an error and no turn: the history is as before, and the next try says it once."""
    answers = Answers("one", answer, "two")
    session = ResponsesSession(answers.client, "m")
    session.send("a")
    before, known = list(session.messages), session.previous_response_id
    with pytest.raises(error):
        session.send("b")
    assert (session.messages, session.previous_response_id) == (before, known)
    session.send("b")
    assert [m["content"] for m in answers.asked[2]["input"]] == ["b"]


def test_a_cut_answer_says_why() -> None:
    """An incomplete response is an answer whose finish_reason tells the reason."""
    answer = {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [said("Hel")]}
    reply = ResponsesSession(Answers(answer).client, "m").send("a")
    assert (reply.text, reply.finish_reason) == ("Hel", "max_output_tokens")


def test_chat_messages_are_understood() -> None:
    """Messages and parts as chat writes them become those of this API."""
    answers = Answers("ok")
    picture = image(b"\x89PNG\r\n\x1a\n")
    question: Any = {"role": "user", "content": [{"type": "text", "text": "What?"}, picture]}
    ResponsesSession(answers.client, "m", [{"role": "assistant", "content": [{"type": "text", "text": "x"}]}]).send(
        question
    )
    first, second = answers.asked[0]["input"]
    assert first["content"] == [{"type": "output_text", "text": "x"}]
    assert second["content"] == [
        {"type": "input_text", "text": "What?"},
        {"type": "input_image", "image_url": picture["image_url"]["url"], "detail": "auto"},
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"role": "tool", "tool_call_id": "x", "content": "y"},
        {"x": 1},
        3,
        {"role": "boss"},
        {"type": "message", "content": "x"},
        {"type": "message", "role": "boss", "content": "x"},
        {"type": "message", "role": "user"},
        {"type": "message", "role": "user", "content": 3},
    ],
)
def test_what_is_no_item(bad: Any) -> None:
    """What this API does not take is refused, and nothing is added."""
    session = ResponsesSession(Answers("ok").client, "m")
    with pytest.raises(MessageError):
        session.append_message("good", bad)
    assert session.messages == []


@pytest.mark.parametrize("form", ["sync", "asyncio"])
def test_the_list_of_messages_is_the_callers(form: str, tmp_path: Path) -> None:
    """What is put into it directly is sent as append_message would have sent it."""
    answers = Answers("ok")
    session = ResponsesSession(answers.client, "m", tools=[add])
    typed = Response.from_dict({"id": "r", "output": [CALL]}).output[0]
    session.messages += ["a", {"role": "user", "content": [{"type": "text", "text": "b"}]}, typed]
    session.save(tmp_path / "talk.json")
    reply = session.run() if form == "sync" else asyncio.run(session.arun())
    assert reply.text == "ok"
    assert answers.asked[0]["input"] == [
        {"role": "user", "content": "a"},
        {"role": "user", "content": [{"type": "input_text", "text": "b"}]},
        CALL,
        {"type": "function_call_output", "call_id": "call_1", "output": "3"},
    ]
    session.messages.append({"role": "boss", "content": "x"})
    with pytest.raises(MessageError):
        session.generate_response()


def test_tools_of_the_server_are_loaded_one_by_one(tmp_path: Path) -> None:
    """A tool given to load replaces the one of its kind and server alone; what proves who calls is in no file."""
    remote = [
        {
            "type": "mcp",
            "server_label": label,
            "server_url": "http://t",
            "authorization": "token-1",
            "headers": {"a": "b"},
        }
        for label in ("one", "two")
    ]
    path = ResponsesSession(model="m", tools=[{"type": "web_search"}, *remote]).save(tmp_path / "talk.json")
    assert "token-1" not in path.read_text()
    loaded = ResponsesSession.load(path, tools=remote[:1])
    assert loaded.tools == [
        remote[0],
        {"type": "web_search"},
        {"type": "mcp", "server_label": "two", "server_url": "http://t"},
    ]


def test_save_load_fork(tmp_path: Path) -> None:
    """A saved session goes on from the same response; a fork is independent; no key is in the file."""
    answers = Answers("one", "two")
    session = ResponsesSession(answers.client, "m", tools=[add], temperature=0, extra_headers={"authorization": "sk-x"})
    session.send("a")
    path = session.save(tmp_path / "talk.json")
    assert "sk-x" not in path.read_text()
    loaded = ResponsesSession.load(path, answers.client, [add])
    other = loaded.fork()
    other.append_message("x")
    assert loaded.send("b").text == "two"
    assert (answers.asked[1]["previous_response_id"], len(answers.asked[1]["input"])) == ("resp_1", 1)
    assert (loaded.tools, loaded.params, len(loaded.messages), len(other.messages)) == ([add], {"temperature": 0}, 4, 3)


def test_a_file_of_the_other_kind(tmp_path: Path) -> None:
    """A chat session's file is refused with its kind."""
    from sdk import ChatSession

    path = ChatSession(Answers("x").client, "m").save(tmp_path / "chat.json")
    with pytest.raises(MessageError, match="'chat', not 'responses'"):
        ResponsesSession.load(path)


def test_against_the_local_server() -> None:
    """The local server remembers responses: the second turn needs the first one's id."""
    with LocalServer() as server, Client(api_base=server.url, api_key="test-key") as client:
        session = ResponsesSession(client, "gpt-4o-mini")
        pieces: list[str] = []
        first = session.send("Say hello.", on_chunk=lambda chunk: pieces.append(chunk.content))
        assert "".join(pieces) == first.text != ""
        session.send("Again.")
        sent = json.loads(server.requests[-1].body)
        assert sent["previous_response_id"] == first.response.id


@pytest.mark.parametrize("again", ["go", None], ids=["with the message", "without it"])
def test_trying_a_failed_run_again(again: str | None) -> None:
    """After an error half way, the same message or none goes on: said once, and no call made twice."""
    made = []

    def hello() -> str:
        made.append(1)
        return "hello"

    call = {"type": "function_call", "call_id": "c", "name": "hello", "arguments": "{}"}
    answers = Answers([call], 500, "ok")
    session = ResponsesSession(answers.client, "m", tools=[hello])
    with pytest.raises(InternalServerError):
        session.run("go")
    assert session.run(again).text == "ok"
    kinds = [m.get("role") or m["type"] for m in session.messages]
    assert (kinds, made) == (["user", "function_call", "function_call_output", "assistant"], [1])


def test_markdown_of_a_reply() -> None:
    """A notebook displays the text of a reply, and the names of the calls where it has no text."""
    replies = [ResponsesReply(Response.from_dict({"output": output})) for output in ([said("# Hi"), CALL], [CALL])]
    assert [reply._repr_markdown_() for reply in replies] == ["# Hi", "- `add`"]


def test_system_prompt() -> None:
    """The name of the other session's argument says which one is meant."""
    with pytest.raises(TypeError, match="instructions=, not as system="):
        ResponsesSession(Answers("ok").client, "m", system="Be brief.")
