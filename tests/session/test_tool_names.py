"""Two tools of one name are refused."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest

from sdk import ChatSession, ResponsesSession, Tool
from sdk.errors import ToolError

from .wire import Answers

kinds = pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])


def search(text: str) -> str:
    """Search in the shop."""
    return text


def find(text: str) -> str:
    """Search on the web."""
    return text


AS_DICT = {"type": "function", "function": {"name": "search", "parameters": {"type": "object"}}}
PAIRS: list[tuple[Any, Any, str, str]] = [
    (search, Tool(find, name="search"), "the function search", "the function find"),
    (search, partial(search, text="x"), "the function search", "the function search"),
    (search, AS_DICT, "the function search", "a tool that is a dict"),
    ({"type": "custom", "custom": {"name": "search"}}, search, "a tool that is a dict", "the function search"),
    ({"type": "custom", "name": "search"}, search, "a tool that is a dict", "the function search"),
]


@kinds
@pytest.mark.parametrize(("one", "two", "first", "second"), PAIRS)
@pytest.mark.parametrize("form", ["run", "send", "arun"])
def test_two_tools_of_one_name(kind: Any, one: Any, two: Any, first: str, second: str, form: str) -> None:
    """They are refused before anything is sent, with both; one of them could never be called."""
    answers = Answers("ok")
    session = kind(answers.client, "m", tools=[one, two])
    with pytest.raises(ToolError, match="two tools are called 'search'") as raised:
        asyncio.run(session.arun("hi")) if form == "arun" else getattr(session, form)("hi")
    assert f"{first} and {second}" in str(raised.value)
    assert (answers.asked, session.messages) == ([], [])
    session.tools.pop()
    assert str(session.send("hi")) == "ok"


def test_two_functions_of_one_name(tmp_path: Any) -> None:
    """The older list is checked alike; such a session can be saved."""
    session = ChatSession(Answers("ok").client, "m", functions=[search, Tool(find, name="search")])
    with pytest.raises(ToolError, match="two tools are called 'search'"):
        session.send("hi")
    assert session.save(tmp_path / "talk.json").exists()


@pytest.mark.filterwarnings("ignore:.*the argument 'functions' is deprecated")
@pytest.mark.parametrize("tool", [Tool(find, name="search"), AS_DICT], ids=["a tool", "a dict"])
def test_a_tool_and_a_function_of_one_name(tool: Any) -> None:
    """Across the two lists, too, one of them could never be called; one function may stand in both."""
    answers = Answers("ok")
    session = ChatSession(answers.client, "m", tools=[tool], functions=[search])
    with pytest.raises(ToolError, match="two tools are called 'search'"):
        session.run("hi")
    assert answers.asked == []
    session.tools[:] = [search]
    assert str(session.run("hi")) == "ok"


def test_tools_of_the_server_have_no_name() -> None:
    """What the server carries out itself may be there more than once."""
    answers = Answers("ok")
    tools = [{"type": "mcp", "server_label": label, "server_url": "http://x"} for label in "ab"]
    ResponsesSession(answers.client, "m", tools=[*tools, {"type": "web_search"}]).send("hi")
    assert len(answers.asked[0]["tools"]) == 3
