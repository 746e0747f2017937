"""Histories and tools that the API refuses, refused with the API's words."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sdk import ChatSession, Client, ResponsesSession
from sdk.testing import LocalServer

from ..wire import chat, user


@pytest.fixture
def api(local: LocalServer) -> Iterator[httpx.Client]:
    """A plain HTTP client of a server that checks requests."""
    headers = {"authorization": f"Bearer {local.api_key}"}
    with httpx.Client(base_url=local.url, headers=headers, trust_env=False) as client:
        yield client


ASK = user("Hi")
RESULT = {"role": "tool", "tool_call_id": "a", "content": "done"}


def _calling(*ids: str) -> dict[str, Any]:
    calls = [{"id": i, "type": "function", "function": {"name": "f", "arguments": "{}"}} for i in ids]
    return {"role": "assistant", "content": None, "tool_calls": calls}


def _item(kind: str, call: str = "a") -> dict[str, Any]:
    """Return a call or its output, as the Responses API writes them."""
    about = {
        "function_call": {"name": "f", "arguments": "{}"},
        "custom_tool_call": {"name": "f", "input": "x"},
    }
    return {"type": kind, "call_id": call, **about.get(kind, {"output": "done"})}


UNANSWERED = "An assistant message with 'tool_calls' must be followed by tool messages"
ALONE = "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
CHATS: list[tuple[list[Any], str, str]] = [
    ([ASK, _calling("a")], UNANSWERED, "messages.[2].role"),
    ([ASK, _calling("a"), ASK], UNANSWERED, "messages.[2].role"),
    ([ASK, _calling("a", "b"), RESULT], "did not have response messages: b", "messages.[3].role"),
    ([ASK, _calling("a"), ASK, RESULT], UNANSWERED, "messages.[2].role"),
    ([ASK, _calling("a"), RESULT, ASK, RESULT], ALONE, "messages.[4].role"),
    ([ASK, RESULT], ALONE, "messages.[1].role"),
    ([ASK, {"role": "assistant", "content": "x"}, RESULT], ALONE, "messages.[2].role"),
    ([ASK, _calling("b"), RESULT], "'tool_call_id' of 'a' not found", "messages.[2].tool_call_id"),
]


def _problem(reply: httpx.Response) -> tuple[int, str, str, str]:
    found = reply.json()["error"]
    return reply.status_code, found["type"], found["param"], found["message"]


@pytest.mark.parametrize(("messages", "reported", "param"), CHATS)
@pytest.mark.parametrize("stream", [False, True])
def test_chats_that_are_refused(
    api: httpx.Client, messages: list[Any], reported: str, param: str, stream: bool
) -> None:
    """A call is answered directly behind it, and a result has its call before it."""
    status, kind, where, message = _problem(api.post("/chat/completions", json=chat(*messages, stream=stream)))
    assert (status, kind, where) == (400, "invalid_request_error", param)
    assert reported in message


@pytest.mark.parametrize(
    "messages",
    [
        [ASK, _calling("a"), RESULT],
        [ASK, _calling("b", "a"), RESULT, {**RESULT, "tool_call_id": "b"}, ASK],
        [ASK, _calling("a"), RESULT, _calling("a"), RESULT],
        [ASK, {"role": "assistant", "content": None, "function_call": {"name": "f", "arguments": "{}"}}, ASK],
    ],
)
def test_chats_that_are_taken(api: httpx.Client, messages: list[Any]) -> None:
    """Results may come in any order; of the older functions the API asks for none."""
    assert api.post("/chat/completions", json=chat(*messages)).status_code == 200


CALL, OUTPUT = _item("function_call"), _item("function_call_output")
CUSTOM, CUSTOM_OUTPUT = _item("custom_tool_call"), _item("custom_tool_call_output")


@pytest.mark.parametrize(
    ("items", "reported"),
    [
        ([ASK, CALL], "No tool output found for function call a."),
        ([ASK, CALL, ASK], "No tool output found for function call a."),
        ([ASK, OUTPUT], "No tool call found for function call output with call_id a."),
        ([ASK, OUTPUT, CALL], "No tool call found for function call output with call_id a."),
        ([ASK, CUSTOM], "No tool output found for custom tool call a."),
        ([ASK, CUSTOM_OUTPUT], "No tool call found for custom tool call output with call_id a."),
        ([ASK, CALL, CUSTOM_OUTPUT], "No tool output found for function call a."),
        ([ASK, CALL, OUTPUT, _item("function_call", "b")], "No tool output found for function call b."),
    ],
)
def test_inputs_that_are_refused(api: httpx.Client, items: list[Any], reported: str) -> None:
    """Each call has an output, and each output a call before it."""
    reply = api.post("/responses", json={"model": "m", "input": items})
    assert _problem(reply) == (400, "invalid_request_error", "input", reported)


def test_inputs_that_are_taken(api: httpx.Client) -> None:
    """An output may be anywhere behind its call."""
    body = {"model": "m", "input": [ASK, CALL, CUSTOM, ASK, CUSTOM_OUTPUT, OUTPUT]}
    assert api.post("/responses", json=body).status_code == 200


def test_an_output_for_a_response_before(api: httpx.Client) -> None:
    """A call of the response before counts, and needs its output in this one."""
    tool = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": False}
    first = api.post("/responses", json={"model": "m", "input": "Use f", "tools": [tool]}).json()
    (call,) = first["output"]
    after = {"model": "m", "previous_response_id": first["id"]}
    refused = api.post("/responses", json={**after, "input": "never mind"})
    assert _problem(refused)[3] == f"No tool output found for function call {call['call_id']}."
    output = {**OUTPUT, "call_id": call["call_id"]}
    assert api.post("/responses", json={**after, "input": [output]}).status_code == 200


FUNCTION = {"type": "function", "function": {"name": "f"}}
FLAT = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}}, "strict": False}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/chat/completions", chat(ASK, tools=[FUNCTION, FUNCTION]), "tools"),
        ("/chat/completions", chat(ASK, tools=[FUNCTION, {"type": "custom", "custom": {"name": "f"}}]), "tools"),
        ("/chat/completions", chat(ASK, functions=[{"name": "f"}, {"name": "f"}]), "functions"),
        ("/responses", {"model": "m", "input": "Hi", "tools": [FLAT, FLAT]}, "tools"),
        ("/responses", {"model": "m", "input": "Hi", "tools": [FLAT, {"type": "custom", "name": "f"}]}, "tools"),
    ],
)
def test_two_tools_of_one_name(api: httpx.Client, path: str, body: Any, param: str) -> None:
    """A name means one tool."""
    assert _problem(api.post(path, json=body)) == (400, "invalid_request_error", param, "Tool names must be unique.")


def test_tools_without_a_name(api: httpx.Client) -> None:
    """Tools that the server carries out itself have none."""
    body = {"model": "m", "input": "Hi", "tools": [{"type": "web_search"}, {"type": "web_search"}]}
    assert api.post("/responses", json=body).status_code == 200


def test_a_server_that_does_not_validate(server: LocalServer) -> None:
    """Without validation it answers anything, as lenient servers do."""
    with httpx.Client(headers={"authorization": f"Bearer {server.api_key}"}, trust_env=False) as client:
        body = chat(ASK, RESULT, _calling("a"), tools=[FUNCTION, FUNCTION])
        assert client.post(f"{server.url}/chat/completions", json=body).status_code == 200
        assert client.post(f"{server.url}/responses", json={"model": "m", "input": [OUTPUT]}).status_code == 200


def stop() -> str:
    """Stop."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
@pytest.mark.parametrize("params", [{}, {"store": False}])
def test_a_session_after_an_interruption(client: Client, kind: Any, params: Any) -> None:
    """What a session sends after Ctrl-C in a tool is taken."""
    session = kind(client, "gpt-4o-mini", tools=[stop], **params)
    with pytest.raises(KeyboardInterrupt):
        session.run("Please stop now")
    session.append_message("are you there?")
    assert str(session.send("never mind")) != ""
    assert str(session.send("and now?")) != ""
