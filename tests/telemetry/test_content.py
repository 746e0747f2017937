"""Prompts and answers: never, unless the program asks for them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sdk import ChatSession, Client
from sdk._openai.telemetry.content import reply_content, request_content
from sdk.testing import LocalServer

from .conftest import ASK, Telemetry

_CONTENT = ("gen_ai.input.messages", "gen_ai.output.messages", "gen_ai.system_instructions", "gen_ai.tool.definitions")


def greet(name: str) -> str:
    """Greet somebody."""
    return f"the secret greeting of {name}"


def test_nothing_is_captured_by_default(client: Client, openai_server: LocalServer, recorded: Telemetry) -> None:
    """No span has a prompt, an answer, an instruction, or what a tool was called with and returned."""
    openai_server.reply_tool_calls(("greet", {"name": "secret Ann"}))
    openai_server.reply("the secret answer")
    ChatSession(client, tools=[greet], system="the secret instruction").run("the secret prompt")
    client.responses.create.sync(model="m", input="the secret prompt", instructions="the secret instruction")
    with client.chat.create.stream(**ASK) as stream:
        stream.final()
    assert len(recorded.spans()) == 6
    assert "secret" not in "".join(span.to_json() for span in recorded.spans())


@pytest.mark.parametrize("stream", [False, True])
def test_content_of_a_chat(stream: bool, openai_server: LocalServer, recorded: Telemetry) -> None:
    """What was sent and what came, as the conventions write messages."""
    openai_server.reply("Hello!")
    with Client() as client:
        recorded.instrument(client, capture_content=True)
        if stream:
            with client.chat.create.stream(**ASK) as chunks:
                chunks.final()
        else:
            client.chat.create.sync(**ASK)
    attributes: Any = recorded.span().attributes
    assert json.loads(attributes["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "the secret prompt"}]}
    ]
    assert json.loads(attributes["gen_ai.output.messages"]) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "Hello!"}]}
    ]


def test_content_of_a_tool(openai_server: LocalServer, recorded: Telemetry) -> None:
    """Its arguments and its result."""
    openai_server.reply_tool_calls(("greet", {"name": "Ann"}))
    with Client() as client:
        recorded.instrument(client, capture_content=True)
        ChatSession(client, tools=[greet]).run("Hi")
    attributes: Any = recorded.span("execute_tool").attributes
    assert json.loads(attributes["gen_ai.tool.call.arguments"]) == {"name": "Ann"}
    assert attributes["gen_ai.tool.call.result"] == "the secret greeting of Ann"
    chat: Any = recorded.spans("chat")[0].attributes
    assert json.loads(chat["gen_ai.tool.definitions"])[0]["name"] == "greet"


def _parts(content: Any) -> Any:
    body = {"messages": [{"role": "user", "content": content}]}
    return json.loads(request_content(body)["gen_ai.input.messages"])[0]["parts"]


def test_parts_of_messages() -> None:
    """Each kind of part has its form; one without a form keeps its type."""
    assert _parts([{"type": "text", "text": "a"}]) == [{"type": "text", "content": "a"}]
    assert _parts([{"type": "image_url", "image_url": {"url": "https://h/x.png"}}]) == [
        {"type": "uri", "modality": "image", "uri": "https://h/x.png"}
    ]
    assert _parts([{"type": "input_image", "image_url": "data:image/png;base64,QQ=="}]) == [
        {"type": "blob", "modality": "image", "mime_type": "image/png", "content": "QQ=="}
    ]
    assert _parts([{"type": "input_audio", "input_audio": {"data": "QQ==", "format": "wav"}}]) == [
        {"type": "blob", "modality": "audio", "content": "QQ=="}
    ]
    assert _parts([{"type": "input_file", "file_id": "f"}]) == [
        {"type": "file", "modality": "document", "file_id": "f"}
    ]
    assert _parts([{"type": "new_kind"}, "odd", None]) == [{"type": "new_kind"}]


def test_items_of_responses() -> None:
    """Calls of functions and their results are parts, too."""
    body = {
        "instructions": "Be kind.",
        "input": [
            {"role": "user", "content": "Hi"},
            {"type": "reasoning", "summary": [{"type": "summary_text", "text": "hm"}]},
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": '{"a": 1}'},
            {"type": "function_call_output", "call_id": "c", "output": "done"},
        ],
    }
    found = request_content(body)
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be kind."}]
    assert json.loads(found["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "Hi"}]},
        {"role": "assistant", "parts": [{"type": "reasoning", "content": "hm"}]},
        {"role": "assistant", "parts": [{"type": "tool_call", "id": "c", "name": "f", "arguments": {"a": 1}}]},
        {"role": "tool", "parts": [{"type": "tool_call_response", "id": "c", "response": "done"}]},
    ]
    output = [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hi"}]}]
    assert json.loads(reply_content({"output": output})["gen_ai.output.messages"]) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "Hi"}]}
    ]


def test_other_content() -> None:
    """A prompt, several inputs, a file, a transcript; a reply without text has nothing."""
    assert json.loads(request_content({"prompt": "a cat"})["gen_ai.input.messages"])[0]["role"] == "user"
    assert len(json.loads(request_content({"input": ["a", "b"]})["gen_ai.input.messages"])) == 2
    assert request_content({"file": b"RIFF"}) == {}
    assert json.loads(reply_content("hello")["gen_ai.output.messages"])[0]["parts"][0]["content"] == "hello"
    assert json.loads(reply_content({"text": "hello"})["gen_ai.output.messages"])[0]["role"] == "assistant"
    assert reply_content({"data": []}) == reply_content(None) == reply_content(b"RIFF") == {}
