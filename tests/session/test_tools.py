"""Functions that the model may call: their schemas, and the loop that carries the calls out."""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Literal

import pytest

from sdk import ChatSession, Client, Tool
from sdk.errors import ToolError


def weather(city: str, unit: Literal["C", "F"] = "C") -> dict[str, Any]:
    """Tell the weather.

    Args:
        city: the name of a town,
            without its country
        unit: of the temperature
    """
    return {"city": city, "degrees": 21, "unit": unit}


def calls(*made: tuple[str, str, str]) -> dict[str, Any]:
    """Return an assistant message that calls tools: (id, name, arguments)."""
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": i, "type": "function", "function": {"name": n, "arguments": a}} for i, n, a in made],
    }


def test_a_schema_is_made_of_the_signature() -> None:
    """Types, defaults and the docstring are what the model is told."""
    assert Tool(weather).definition() == {
        "type": "function",
        "function": {
            "name": "weather",
            "description": "Tell the weather.",
            "parameters": {
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "the name of a town, without its country"},
                    "unit": {
                        "type": "string",
                        "enum": ["C", "F"],
                        "default": "C",
                        "description": "of the temperature",
                    },
                },
                "required": ["city"],
                "additionalProperties": False,
            },
        },
    }


def test_run_calls_the_function_and_returns_the_answer(client: Client) -> None:
    """The call, its result and the answer are in the history."""
    session = ChatSession(client, "gpt-4o-mini", tools=[weather])
    reply = session.run("Use weather for Vienna")
    assert [m["role"] for m in session.messages] == ["user", "assistant", "tool", "assistant"]
    assert '"degrees":21' in session.messages[2]["content"]
    assert "21" in reply.text


def test_arun_does_the_same(client: Client) -> None:
    """Async functions are awaited."""

    async def weather(city: str) -> str:
        return f"{city} is sunny"

    async def main() -> ChatSession:
        session = ChatSession(client, "gpt-4o-mini", tools=[weather])
        await session.arun("Use weather for Vienna")
        await client.aclose()
        return session

    session = asyncio.run(main())
    assert session.messages[2]["content"].endswith("is sunny")


@pytest.mark.parametrize(
    ("arguments", "reported"),
    [
        ("{not json", "error: the arguments are not JSON"),
        ('{"city": 3}', "error: the arguments do not fit: Expected `str`, got `int` - at `$.city`"),
        ("{}", "error: the arguments do not fit: Object missing required field `city`"),
        ('{"city": "x", "unit": "K"}', "error: the arguments do not fit: Invalid enum value 'K' - at `$.unit`"),
        ('{"city": "x", "zip": 1}', "error: the arguments do not fit: Object contains unknown field `zip`"),
    ],
)
def test_bad_arguments_are_told_to_the_model(arguments: str, reported: str) -> None:
    """Nothing raises: the model gets to correct itself."""
    assert Tool(weather).call(arguments).text == reported


def test_a_raising_function_is_told_to_the_model() -> None:
    """The exception's type and words are the result."""

    def fail() -> None:
        raise LookupError("no such town")

    outcome = Tool(fail).call("{}")
    assert (outcome.text, outcome.good) == ("error: LookupError: no such town", False)


def test_parallel_calls_run_at_once_and_answer_in_order(client: Client) -> None:
    """Two calls that wait for each other both finish; results stand in the order of the calls."""
    barrier = threading.Barrier(2, timeout=10)

    def meet(who: str) -> str:
        barrier.wait()
        return who

    session = ChatSession(client, "gpt-4o-mini", ["Hi"], [meet])
    session.append_message(calls(("1", "meet", '{"who": "a"}'), ("2", "meet", '{"who": "b"}')))
    session.run()
    assert [(m["tool_call_id"], m["content"]) for m in session.messages if m["role"] == "tool"] == [
        ("1", "a"),
        ("2", "b"),
    ]


def test_a_finished_call_is_not_run_again(client: Client) -> None:
    """Going on after a stop carries out only what has no result yet."""
    done: list[str] = []

    def note(what: str) -> str:
        done.append(what)
        return "ok"

    session = ChatSession(client, "gpt-4o-mini", ["Hi"], [note])
    session.append_message(calls(("1", "note", '{"what": "a"}'), ("2", "note", '{"what": "b"}')))
    session.append_message({"role": "tool", "tool_call_id": "1", "content": "ok"})
    session.run()
    assert done == ["b"]


def test_what_was_done_before_an_interrupt_is_kept(client: Client) -> None:
    """Ctrl-C in one call leaves the results of the finished ones in the history."""

    def quick() -> str:
        return "done"

    def stop() -> str:
        raise KeyboardInterrupt

    session = ChatSession(client, "gpt-4o-mini", ["Hi"], [quick, stop])
    session.append_message(calls(("1", "quick", "{}"), ("2", "stop", "{}")))
    with pytest.raises(KeyboardInterrupt):
        session.run()
    assert [m.get("tool_call_id") for m in session.messages] == [None, None, "1"]


def test_unknown_and_refused_calls_are_told_to_the_model(client: Client) -> None:
    """The history stays valid: each call has its result."""
    session = ChatSession(client, "gpt-4o-mini", ["Hi"], [weather])
    session.append_message(calls(("1", "magic", "{}"), ("2", "weather", '{"city": "x"}')))
    session.run(approve=lambda name, arguments: name != "weather")
    results = [m["content"] for m in session.messages if m["role"] == "tool"]
    assert results == ["error: no tool is called 'magic'", "error: the user refused this call"]


def test_endless_calls_stop(client: Client) -> None:
    """A model that calls tools for ever is stopped, and the history is valid."""
    session = ChatSession(client, "gpt-4o-mini", tools=[weather], tool_choice="required")
    with pytest.raises(ToolError, match="after 0 rounds"):
        session.run("Use weather for Vienna", max_rounds=0)


@pytest.mark.parametrize("bad", [lambda *args: None, lambda x: None])
def test_a_function_that_cannot_be_a_tool_is_refused(bad: Any) -> None:
    """A lambda has no name, *args no names to give."""
    with pytest.raises(ToolError):
        Tool(bad)
