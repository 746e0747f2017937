"""The spans of a session: a run is one trace, with its calls of the model and of tools."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from sdk import ChatSession, Client, ResponsesSession
from sdk.testing import LocalServer

from .conftest import Telemetry

_RUNS = ["run", "arun", "run_events", "arun_events"]


def _run(session: Any, how: str) -> None:
    """Run a message, and read its events to their end."""

    async def main() -> None:
        if how == "arun":
            await session.arun("weather?")
        else:
            async for _ in session.arun_events("weather?"):
                assert not trace.get_current_span().get_span_context().is_valid  # the program is in no span

    if how == "run":
        session.run("weather?")
    elif how == "run_events":
        for _ in session.run_events("weather?"):
            assert not trace.get_current_span().get_span_context().is_valid
    else:
        asyncio.run(main())


def get_weather(city: str) -> str:
    """Get the weather of a city."""
    if city == "Atlantis":
        raise LookupError("the secret prompt")
    return "sunny"


@pytest.mark.parametrize("how", _RUNS)
@pytest.mark.parametrize("kind", [ChatSession, ResponsesSession])
def test_a_tool_loop(how: str, kind: Any, client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Both calls of the model and both of the tool are children of the run."""
    openai_server.reply_tool_calls(("get_weather", {"city": "Oslo"}), ("get_weather", {"city": "Atlantis"}))
    _run(kind(client, tools=[get_weather]), how)
    run = recorded.span("invoke_agent")
    context = run.context
    assert context is not None
    children = [span for span in recorded.spans() if span.parent and span.parent.span_id == context.span_id]
    assert sorted(span.name for span in children) == [
        "chat gpt-4o-mini", "chat gpt-4o-mini", "execute_tool get_weather", "execute_tool get_weather",
    ]  # fmt: skip
    assert (run.parent, run.kind) == (None, SpanKind.INTERNAL)
    good, bad = sorted(recorded.spans("execute_tool"), key=lambda span: span.status.status_code.value)
    attributes = dict(good.attributes or {})
    assert attributes.pop("gen_ai.tool.call.id")
    assert attributes == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "get_weather",
        "gen_ai.tool.type": "function",
        "gen_ai.tool.description": "Get the weather of a city.",
    }
    assert (bad.status.status_code, bad.status.description) == (StatusCode.ERROR, "LookupError")
    assert (bad.attributes or {})["error.type"] == "LookupError"
    metrics = recorded.metrics()
    assert {point.attributes.get("error.type"): point.count for point in metrics["gen_ai.execute_tool.duration"]} == {
        None: 1,
        "LookupError": 1,
    }
    assert metrics["gen_ai.invoke_agent.duration"][0].count == 1
    assert "secret" not in "".join(span.to_json() for span in recorded.spans())


def test_what_a_tool_calls_is_its_child(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Two tools run at once in threads, and ask a model themselves."""

    def ask(question: str) -> str:
        return client.chat.create.sync(model=question, messages=[{"role": "user", "content": "Hi"}]).output_text

    openai_server.reply_tool_calls(("ask", {"question": "one"}), ("ask", {"question": "two"}))
    ChatSession(client, tools=[ask]).run("ask")
    tools = {span.context.span_id for span in recorded.spans("execute_tool") if span.context}
    parents = {span.parent.span_id for name in ("one", "two") for span in recorded.spans(f"chat {name}") if span.parent}
    assert parents == tools
    assert len(tools) == 2


def test_a_run_that_is_left(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Its span ends, and so does that of its stream."""
    openai_server.reply("one two three")
    with ChatSession(client).run_events("Hi") as events:
        next(events)
    run, chat = recorded.span("invoke_agent"), recorded.span("chat")
    assert (run.attributes or {})["error.type"] == "cancelled"
    assert (chat.attributes or {})["error.type"] == "cancelled"


def test_a_run_that_fails(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """Its span has the type of the error."""
    openai_server.fail(400)
    with pytest.raises(Exception, match="400"):
        ChatSession(client).run("Hi")
    run = recorded.span("invoke_agent")
    assert (run.status.status_code, run.status.description) == (StatusCode.ERROR, "BadRequestError")


def test_a_refused_call_has_an_error(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """The tool did not run, and its span says why."""
    openai_server.reply_tool_calls(("get_weather", {"city": "Oslo"}))
    ChatSession(client, tools=[get_weather]).run("weather?", approve=lambda name, arguments: False)
    assert (recorded.span("execute_tool").attributes or {})["error.type"] == "refused"


def test_a_session_without_telemetry_has_no_spans(openai_server: LocalServer, recorded: Telemetry) -> None:
    """And works."""
    openai_server.reply_tool_calls(("get_weather", {"city": "Oslo"}))
    with Client() as client:
        assert ChatSession(client, tools=[get_weather]).run("weather?").text
    assert recorded.spans() == []
