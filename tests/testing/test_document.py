"""Every kind of reply is valid by the pinned API description."""

from typing import Any

import httpx
import pytest

from .document import Document
from .wire import CHAT, events

ASK = {"role": "user", "content": "use get_weather for Oslo"}
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}}
FUNCTION = {"name": "get_weather", "parameters": PARAMETERS}
RESPONSE_TOOL = {"type": "function", **FUNCTION}
LOGPROBS = {"logprobs": True, "top_logprobs": 2}
FILE = {"file": ("a.wav", b"some sound", "audio/wav")}
IMAGE = {"image": ("a.png", b"some picture", "image/png")}
RESPONSE: dict[str, Any] = {"model": "gpt-4o-mini", "input": "hello there"}

CHATS: list[dict[str, Any]] = [
    CHAT,
    {**CHAT, "n": 2, "store": True, "metadata": {"a": "b"}},
    {**CHAT, **LOGPROBS},
    {**CHAT, "max_completion_tokens": 1},
    {**CHAT, "messages": [ASK], "tools": [{"type": "function", "function": FUNCTION}], **LOGPROBS},
    {**CHAT, "messages": [ASK], "functions": [FUNCTION]},
    {**CHAT, "response_format": {"type": "json_object"}},
]
RESPONSES: list[dict[str, Any]] = [
    RESPONSE,
    {**RESPONSE, "instructions": "be brief", "metadata": {"a": "b"}, "temperature": 0, "max_output_tokens": 1},
    {**RESPONSE, "include": ["message.output_text.logprobs"], "top_logprobs": 2},
    {**RESPONSE, "input": [ASK], "tools": [RESPONSE_TOOL], "tool_choice": "required"},
    {**RESPONSE, "input": [ASK], "tools": [RESPONSE_TOOL], "tool_choice": {"type": "function", "name": "get_weather"}},
    {**RESPONSE, "text": {"format": {"type": "json_object"}, "verbosity": "low"}, "reasoning": {"effort": "low"}},
]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *[("/chat/completions", body) for body in CHATS],
        *[("/responses", body) for body in [*RESPONSES, {**RESPONSE, "background": True}]],
        ("/completions", {"model": "m", "prompt": ["a", "b"], "n": 2, "logprobs": 3}),
        ("/completions", {"model": "m", "prompt": "a", "max_tokens": 0}),
        ("/responses/input_tokens", RESPONSE),
        ("/embeddings", {"model": "m", "input": ["a", "b"]}),
        ("/moderations", {"input": ["hello", "kill"]}),
        ("/moderations", {"input": [{"type": "image_url", "image_url": {"url": "https://example.com/"}}]}),
        ("/images/generations", {"prompt": "x"}),
        ("/images/generations", {"prompt": "x", "size": "1024x1024", "response_format": "url"}),
        ("/images/edits", {"prompt": "x", "images": [{"file_id": "file-1"}]}),
    ],
)
def test_replies_are_valid(api: httpx.Client, document: Document, path: str, body: dict[str, Any]) -> None:
    """A plain reply fits the schema of its operation."""
    reply = api.post(path, json=body)
    assert reply.status_code == 200
    document.check(reply.json(), "post", path)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *[("/chat/completions", {**body, "stream_options": {"include_usage": True}}) for body in CHATS],
        *[("/responses", body) for body in RESPONSES],
        ("/images/generations", {"prompt": "x", "partial_images": 2}),
        ("/images/edits", {"prompt": "x", "images": [{"file_id": "file-1"}], "partial_images": 2}),
        ("/audio/speech", {"model": "m", "voice": "alloy", "input": "hello", "stream_format": "sse"}),
    ],
)
def test_events_are_valid(api: httpx.Client, document: Document, path: str, body: dict[str, Any]) -> None:
    """Every event of a stream fits the schema of its operation's stream."""
    streaming = body if path == "/audio/speech" else {**body, "stream": True}
    for event in events(api.post(path, json=streaming)):
        if event != "[DONE]":
            document.check(event, "post", path, "text/event-stream")


@pytest.mark.parametrize("logprobs", [[], ["logprobs"]])
def test_transcript_events_are_valid(api: httpx.Client, document: Document, logprobs: list[str]) -> None:
    """The events of a transcription fit their schemas."""
    data = {"model": "m", "stream": "true", "include[]": logprobs}
    for event in events(api.post("/audio/transcriptions", data=data, files=FILE)):
        document.check(event, "post", "/audio/transcriptions", "text/event-stream")


@pytest.mark.parametrize(
    ("path", "format", "required"),
    [
        ("/audio/transcriptions", "json", ["text"]),
        ("/audio/transcriptions", "verbose_json", ["language", "duration", "text"]),
        ("/audio/transcriptions", "diarized_json", ["task", "duration", "text", "segments"]),
        ("/audio/translations", "json", ["text"]),
        ("/audio/translations", "verbose_json", ["language", "duration", "text"]),
    ],
)
def test_transcripts_are_valid(
    api: httpx.Client, document: Document, path: str, format: str, required: list[str]
) -> None:
    """Each format of a transcript fits its own schema."""
    data = {"model": "m", "response_format": format, "timestamp_granularities[]": ["word", "segment"]}
    reply = api.post(path, data=data, files=FILE)
    document.check_alternative(reply.json(), "post", path, *required)


def test_images_of_forms_are_valid(api: httpx.Client, document: Document) -> None:
    """Edits and variations of uploaded images fit their schemas."""
    edited = api.post("/images/edits", data={"prompt": "x"}, files=IMAGE).json()
    document.check(edited, "post", "/images/edits")
    document.check(api.post("/images/variations", files=IMAGE).json(), "post", "/images/variations")


def test_models_are_valid(api: httpx.Client, document: Document) -> None:
    """Models, their list and a deletion fit their schemas."""
    document.check(api.get("/models").json(), "get", "/models")
    document.check(api.get("/models/gpt-4o").json(), "get", "/models/{model}")
    document.check(api.delete("/models/ft:gpt-4o-mini:local::demo").json(), "delete", "/models/{model}")


def test_files_are_valid(api: httpx.Client, document: Document) -> None:
    """Files, their list, empty or not, and a deletion fit their schemas."""
    document.check(api.get("/files").json(), "get", "/files")
    made = api.post("/files", data={"purpose": "batch"}, files=FILE).json()
    document.check(made, "post", "/files")
    document.check(api.get("/files").json(), "get", "/files")
    document.check(api.get(f"/files/{made['id']}").json(), "get", "/files/{file_id}")
    document.check(api.delete(f"/files/{made['id']}").json(), "delete", "/files/{file_id}")


def test_stored_completions_are_valid(api: httpx.Client, document: Document) -> None:
    """Stored completions, their list and a deletion fit their schemas."""
    path = "/chat/completions/{completion_id}"
    id = api.post("/chat/completions", json={**CHAT, "store": True}).json()["id"]
    document.check(api.get("/chat/completions").json(), "get", "/chat/completions")
    document.check(api.get(f"/chat/completions/{id}").json(), "get", path)
    document.check(api.post(f"/chat/completions/{id}", json={"metadata": {"a": "b"}}).json(), "post", path)
    document.check(api.delete(f"/chat/completions/{id}").json(), "delete", path)


def test_stored_messages_are_valid_but_for_the_role(api: httpx.Client, document: Document) -> None:
    """A user's message differs from its schema in nothing but the role, of which the schema knows one."""
    path = "/chat/completions/{completion_id}/messages"
    id = api.post("/chat/completions", json={**CHAT, "store": True}).json()["id"]
    found = api.get(f"/chat/completions/{id}/messages").json()
    assert set(document.problems(found, "get", path)) <= {"$.data[0].role"}


def test_stored_responses_are_valid(api: httpx.Client, document: Document) -> None:
    """Stored, pending and cancelled responses and their input items fit their schemas."""
    path = "/responses/{response_id}"
    call = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
    output = {"type": "function_call_output", "call_id": "c", "output": "x"}
    said = [ASK, {"role": "assistant", "content": "hi"}, call, output]
    id = api.post("/responses", json={**RESPONSE, "input": said, "background": True}).json()["id"]
    document.check(api.get(f"/responses/{id}/input_items").json(), "get", path + "/input_items")
    document.check(api.get(f"/responses/{id}").json(), "get", path)
    document.check(api.post(f"/responses/{id}/cancel").json(), "post", path + "/cancel")
    document.check(api.get(f"/responses/{id}").json(), "get", path)


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("PUT", "/models"), ("GET", "/models/none"), ("POST", "/responses"), ("POST", "/files")],
)
def test_errors_are_valid(api: httpx.Client, document: Document, method: str, path: str) -> None:
    """Errors fit the schema of errors."""
    document.check_error(api.request(method, path).json())
