"""Requests that break the API description are refused, and the refusal says where."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIStatusError
from sdk.testing import LocalServer
from sdk.testing.server.check import problems

from ...conformance.arguments import Arguments
from ...conformance.document import EVENTS, pinned
from ...conformance.surface import endpoint
from ..wire import CHAT, chat, user

_TOOL = {"type": "function", "name": "f", "strict": True, "parameters": {}}


def send(method: str, path: str, server: LocalServer | None = None, **given: Any) -> httpx.Response:
    """Send one request to a server in this process."""
    transport = (server or LocalServer(api_key=None)).transport()
    with transport, httpx.Client(transport=transport) as client:
        return client.request(method, f"http://here/v1{path}", **given)


BETA = {"openai-beta": "assistants=v2"}


def refused(reply: httpx.Response) -> tuple[str | None, str]:
    """Return where and why a request was refused."""
    assert reply.status_code == 400, reply.text
    found = reply.json()["error"]
    assert found["type"] == "invalid_request_error"
    return found["param"], found["code"]


@pytest.mark.parametrize(
    ("path", "body", "where", "why"),
    [
        ("/chat/completions", {**CHAT, "temprature": 1}, "temprature", "unknown_parameter"),
        ("/chat/completions", chat({**user("x"), "bogus": 1}), "messages[0].bogus", "unknown_parameter"),
        ("/chat/completions", chat(user("x"), tools=[{"type": "function", "function": {"name": "f", "bogus": 1}}]),
         "tools[0].function.bogus", "unknown_parameter"),
        ("/chat/completions", {**CHAT, "stream_options": {"bogus": True}}, "stream_options.bogus", "unknown_parameter"),
        ("/responses", {"model": "m", "input": "x", "reasoning": {"bogus": 1}}, "reasoning.bogus", "unknown_parameter"),
        ("/chat/completions", {**CHAT, "temperature": "1"}, "temperature", "invalid_type"),
        ("/chat/completions", {**CHAT, "temperature": 3}, "temperature", "invalid_value"),
        ("/chat/completions", {"model": "m"}, "messages", "missing_required_parameter"),
        ("/chat/completions", chat({"role": "user"}), "messages[0].content", "missing_required_parameter"),
        ("/chat/completions", chat({"role": "tool", "content": "x"}), "messages[0].tool_call_id",
         "missing_required_parameter"),
        ("/chat/completions", chat(user("x"), tools=[{"type": "function", "function": {}}]), "tools[0].function.name",
         "missing_required_parameter"),
        ("/chat/completions", chat(user("x"), stop=[1]), "stop[0]", "invalid_type"),
        ("/responses", {"model": "m", "input": "x", "tools": [{**_TOOL, "name": 1}]}, "tools[0].name", "invalid_type"),
        ("/embeddings", {"model": "m", "input": "x", "encoding_format": "hex"}, "encoding_format", "invalid_value"),
        ("/threads", {"messages": [{"role": "user"}]}, "messages[0].content", "missing_required_parameter"),
        ("/vector_stores", {"name": ["x"]}, "name", "invalid_type"),
        ("/batches", {"endpoint": "/v1/responses", "completion_window": "24h"}, "input_file_id",
         "missing_required_parameter"),
    ],
)  # fmt: skip
def test_says_where_a_body_is_wrong(path: str, body: Any, where: str, why: str) -> None:
    """The error names the parameter by its path, and why in its code."""
    assert refused(send("POST", path, json=body, headers=BETA)) == (where, why)


@pytest.mark.parametrize(
    ("path", "where", "why"),
    [
        ("/files?limit=many", "limit", "invalid_type"),
        ("/files?limt=1", "limt", "unknown_parameter"),
        ("/vector_stores?order=up", "order", "invalid_value"),
        ("/organization/usage/completions?limit=1", "start_time", "missing_required_parameter"),
        ("/chat/completions?metadata[a]=b&metadate[a]=b", "metadate", "unknown_parameter"),
    ],
)
def test_says_where_a_query_is_wrong(path: str, where: str, why: str) -> None:
    """So it does of the query."""
    assert refused(send("GET", path, headers=BETA)) == (where, why)


@pytest.mark.parametrize(
    ("data", "files", "where", "why"),
    [
        ({}, {"file": b"x"}, "purpose", "missing_required_parameter"),
        ({"purpose": "fun"}, {"file": b"x"}, "purpose", "invalid_value"),
        ({"purpose": "batch"}, {"fille": b"x"}, "fille", "unknown_parameter"),
        ({"purpose": "batch", "expires_after[anchor]": "created_at", "expires_after[seconds]": "soon"}, {"file": b"x"},
         "expires_after.seconds", "invalid_type"),
    ],
)  # fmt: skip
def test_says_where_a_form_is_wrong(data: Any, files: Any, where: str, why: str) -> None:
    """So it does of a form, whose texts count as what the description says they are."""
    assert refused(send("POST", "/files", data=data, files=files)) == (where, why)


def test_refuses_another_kind_of_body() -> None:
    """What is no JSON, or of a content type that the path does not take, is refused; so is no body at all."""
    assert refused(send("POST", "/chat/completions", content=b"{")) == (None, "invalid_json")
    assert refused(send("POST", "/files", json={"purpose": "batch"})) == (None, "invalid_content_type")
    assert refused(send("POST", "/embeddings")) == ("model", "missing_required_parameter")


@pytest.mark.parametrize("path", ["/threads", "/vector_stores", "/assistants", "/chatkit/threads"])
def test_says_which_header_is_missing(path: str) -> None:
    """A header that an operation always needs is demanded, and its value is the caller's."""
    method = "POST" if path == "/threads" else "GET"
    reply = send(method, path)
    assert refused(reply) == (None, "invalid_beta")
    assert "needs the header 'OpenAI-Beta: " in reply.json()["error"]["message"]
    assert send(method, path, headers={"openai-beta": "mine=v9"}).is_success


def test_the_message_never_shows_what_was_written() -> None:
    """A value that could be a prompt is not repeated."""
    assert "secret words" not in send("POST", "/chat/completions", json=chat({"role": "secret words"})).text


def test_takes_unknown_parameters_where_it_is_told_to() -> None:
    """`allow_unknown` lets a parameter of vLLM's pass, and `validate=False` everything."""
    body = {**CHAT, "top_k": 20}
    assert send("POST", "/chat/completions", LocalServer(api_key=None, allow_unknown=True), json=body).is_success
    wrong = {**body, "temperature": "hot"}
    allowing = LocalServer(api_key=None, allow_unknown=True)
    assert refused(send("POST", "/chat/completions", allowing, json=wrong)) == ("temperature", "invalid_type")
    assert send("POST", "/chat/completions", LocalServer(api_key=None, validate=False), json=wrong).is_success


def test_a_refused_request_uses_no_script() -> None:
    """What was scripted waits for a request that is right."""
    server = LocalServer(api_key=None)
    rule = server.reply("Hi")
    assert refused(send("POST", "/chat/completions", server, json={}))[0] == "model"
    assert server.pending == [rule]
    assert [request.operation for request in server.requests] == ["chat.create"]


@pytest.mark.parametrize("full", [False, True], ids=["required fields", "all fields"])
def test_every_right_request_is_taken(full: bool) -> None:
    """Nothing is said against any operation's request, made from the document and sent by the SDK."""
    server = LocalServer(api_key=None)
    keys: Any = {"api_key": "k", "admin_api_key": "k"}
    with warnings.catch_warnings(), server.transport() as transport:
        warnings.simplefilter("ignore", DeprecationWarning)
        with Client(api_base="http://here/v1", transport=transport, max_retries=0, **keys) as client:
            for operation in pinned().operations:
                called: Any = endpoint(operation)
                for call in Arguments(pinned(), operation, called).calls(full=full):
                    with suppress(APIStatusError):  # the handlers may have something against made-up ids
                        if list(operation.replies) == [EVENTS]:
                            with called.stream(client=client, **call.keywords):
                                pass
                        else:
                            called.sync_detailed(client=client, **call.keywords)
    found = [(one.operation, *(str(p) for p in problems(one, allow_unknown=False))) for one in server.requests]
    assert [row for row in found if len(row) > 1] == []
    assert len({row[0] for row in found}) == 389
