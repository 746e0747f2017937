"""Chat completions that call tools, or the older functions."""

import json
from typing import Any

import httpx
import pytest

from ..wire import chat, error, events, user

WEATHER: dict[str, Any] = {
    "name": "get_weather",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "unit": {"type": "string", "enum": ["celsius", "kelvin"]}},
        "required": ["city"],
    },
}
CLOCK: dict[str, Any] = {"name": "get_time"}
TOOLS = [{"type": "function", "function": CLOCK}, {"type": "function", "function": WEATHER}]
ASK = user("Please get_weather for Oslo")
ARGUMENTS = {"city": "Oslo", "unit": "celsius"}


def _choice(api: httpx.Client, **more: Any) -> Any:
    return api.post("/chat/completions", json=chat(ASK, **more)).json()["choices"][0]


def test_calls_the_tool_that_the_prompt_names(api: httpx.Client) -> None:
    """The first tool named in the prompt is called, with arguments taken from it."""
    choice = _choice(api, tools=TOOLS)
    (call,) = choice["message"]["tool_calls"]
    assert (call["type"], call["function"]["name"]) == ("function", "get_weather")
    assert json.loads(call["function"]["arguments"]) == ARGUMENTS
    assert (choice["message"]["content"], choice["finish_reason"]) == (None, "tool_calls")


def test_speaks_where_the_prompt_names_no_tool(api: httpx.Client) -> None:
    """Tools that nobody asks for are not called."""
    reply = api.post("/chat/completions", json=chat(user("hello"), tools=TOOLS))
    assert reply.json()["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("tool_choice", "name"),
    [
        ("auto", "get_weather"),
        ("required", "get_weather"),
        ({"type": "function", "function": {"name": "get_time"}}, "get_time"),
    ],
)
def test_follows_the_tool_choice(api: httpx.Client, tool_choice: Any, name: str) -> None:
    """A choice that names a function has it called; the modes look at the prompt."""
    choice = _choice(api, tools=TOOLS, tool_choice=tool_choice)
    assert choice["message"]["tool_calls"][0]["function"]["name"] == name


def test_calls_the_first_tool_where_one_is_required(api: httpx.Client) -> None:
    """With tool_choice required and no tool named, the first is called, with no arguments as it takes none."""
    body = chat(user("hello"), tools=TOOLS, tool_choice="required")
    call = api.post("/chat/completions", json=body).json()["choices"][0]["message"]["tool_calls"][0]
    assert call["function"] == {"name": "get_time", "arguments": "{}"}


def test_calls_no_tool_where_none_may_be(api: httpx.Client) -> None:
    """With tool_choice none the model speaks."""
    assert _choice(api, tools=TOOLS, tool_choice="none")["finish_reason"] == "stop"


def test_refuses_a_choice_of_an_unknown_function(api: httpx.Client) -> None:
    """A tool_choice must name one of the tools."""
    body = chat(ASK, tools=TOOLS, tool_choice={"type": "function", "function": {"name": "other"}})
    assert error(api.post("/chat/completions", json=body)) == (400, "tool_choice", "invalid_value")


def test_refuses_parameters_that_are_no_schema(api: httpx.Client) -> None:
    """A tool whose schema cannot be read is refused when it is to be called."""
    broken = {"name": "get_weather", "parameters": {"properties": {"city": {"type": "integer", "minimum": "x"}}}}
    body = chat(ASK, tools=[{"type": "function", "function": broken}])
    assert error(api.post("/chat/completions", json=body)) == (400, "parameters of get_weather", "invalid_schema")


def test_streams_a_tool_call(api: httpx.Client) -> None:
    """The first delta names the call, the next ones bring pieces of the arguments."""
    *chunks, done = events(api.post("/chat/completions", json=chat(ASK, tools=TOOLS, stream=True)))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks]
    assert deltas[0] == {"role": "assistant", "content": None, "refusal": None}
    (first,) = deltas[1]["tool_calls"]
    assert first["id"].startswith("call_")
    assert (first["index"], first["type"], first["function"]) == (
        0,
        "function",
        {"name": "get_weather", "arguments": ""},
    )
    rest = [delta["tool_calls"][0] for delta in deltas[2:-1]]
    assert len(rest) > 1
    assert all(set(piece) == {"index", "function"} for piece in rest)
    assert json.loads("".join(piece["function"]["arguments"] for piece in rest)) == ARGUMENTS
    assert (deltas[-1], chunks[-1]["choices"][0]["finish_reason"], done) == ({}, "tool_calls", "[DONE]")


def test_repeats_what_the_tool_answered(api: httpx.Client) -> None:
    """After a tool's message the reply holds its result, though the prompt still names the tool."""
    call = _choice(api, tools=TOOLS)["message"]
    result = {"role": "tool", "tool_call_id": call["tool_calls"][0]["id"], "content": "12 degrees"}
    reply = api.post("/chat/completions", json=chat(ASK, call, result, tools=TOOLS)).json()["choices"][0]
    assert (reply["message"]["content"], reply["finish_reason"]) == ("The tool answered: 12 degrees", "stop")


def test_calls_a_function_of_the_older_kind(api: httpx.Client) -> None:
    """`functions` get a function_call."""
    choice = _choice(api, functions=[CLOCK, WEATHER])
    assert choice["message"]["function_call"]["name"] == "get_weather"
    assert json.loads(choice["message"]["function_call"]["arguments"]) == ARGUMENTS
    assert (choice["finish_reason"], "tool_calls" in choice["message"]) == ("function_call", False)


def test_streams_a_function_of_the_older_kind(api: httpx.Client) -> None:
    """The name comes first, then pieces of the arguments."""
    *chunks, _ = events(api.post("/chat/completions", json=chat(ASK, functions=[WEATHER], stream=True)))
    calls = [chunk["choices"][0]["delta"]["function_call"] for chunk in chunks[1:-1]]
    assert calls[0] == {"name": "get_weather", "arguments": ""}
    assert json.loads("".join(call["arguments"] for call in calls)) == ARGUMENTS
    assert chunks[-1]["choices"][0]["finish_reason"] == "function_call"


def test_follows_function_call(api: httpx.Client) -> None:
    """`function_call` names the function to call, or forbids it."""
    assert _choice(api, functions=[WEATHER, CLOCK], function_call={"name": "get_time"})["message"]["function_call"] == {
        "name": "get_time",
        "arguments": "{}",
    }
    assert _choice(api, functions=[WEATHER], function_call="none")["finish_reason"] == "stop"


def test_repeats_what_a_function_answered(api: httpx.Client) -> None:
    """After a function's message the reply holds its result."""
    result = {"role": "function", "name": "get_weather", "content": "mild"}
    reply = api.post("/chat/completions", json=chat(ASK, result, functions=[WEATHER])).json()
    assert reply["choices"][0]["message"]["content"] == "The tool answered: mild"
