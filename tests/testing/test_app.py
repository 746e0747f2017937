"""What is the same on every path: keys, headers, errors, and the record of requests."""

import logging
from typing import Any

import httpx
import pytest

from sdk.testing import LocalServer, State

from .wire import CHAT, error


@pytest.mark.parametrize("header", [None, "Bearer", "Basic dGVzdC1rZXk=", "Bearer wrong", "test-key"])
def test_refuses_a_caller_without_the_key(server: LocalServer, header: str | None) -> None:
    """Every caller without the right Bearer key gets 401."""
    headers = {"authorization": header} if header is not None else {}
    reply = httpx.get(f"{server.url}/models", headers=headers, trust_env=False)
    assert error(reply) == (401, None, "invalid_api_key")
    assert reply.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("key", ["sk-0123456789abcdefghijklmnop", "short"])
def test_never_repeats_a_wrong_key(server: LocalServer, key: str) -> None:
    """The message about a wrong key does not hold it."""
    reply = httpx.get(f"{server.url}/models", headers={"authorization": f"Bearer {key}"}, trust_env=False)
    assert reply.status_code == 401
    assert key not in reply.text


def test_takes_any_caller_where_there_is_no_key() -> None:
    """With api_key=None no key is asked for."""
    with LocalServer(api_key=None) as server:
        assert httpx.get(f"{server.url}/models", trust_env=False).status_code == 200


@pytest.mark.parametrize("path", ["/models", "/models/none", "/nothing"])
def test_puts_the_api_headers_on_every_reply(api: httpx.Client, path: str) -> None:
    """Successes and failures alike carry an id, a duration and the rate limits."""
    headers = api.get(path).headers
    assert headers["x-request-id"].startswith("req_local")
    assert headers["openai-processing-ms"].isdecimal()
    assert headers["openai-poll-after-ms"] == "10"  # a second otherwise, in the official package's loops
    for name in ("limit", "remaining", "reset"):
        assert headers[f"x-ratelimit-{name}-requests"]
        assert headers[f"x-ratelimit-{name}-tokens"]


def test_gives_every_request_an_id_of_its_own(api: httpx.Client) -> None:
    """Two replies have two request ids."""
    first, second = api.get("/models"), api.get("/models")
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize("path", ["/nothing", "/models/", "/chat", "/../models"])
def test_answers_404_to_an_unknown_path(api: httpx.Client, path: str) -> None:
    """A path that does not exist gets 404 and is not redirected."""
    status, _, code = error(api.get(path))
    assert (status, code) in {(404, "unknown_url"), (404, "model_not_found")}


def test_answers_405_and_names_the_methods(api: httpx.Client) -> None:
    """A method that a path does not take gets 405; Allow names all that it takes."""
    reply = api.put("/chat/completions")
    assert error(reply) == (405, None, "method_not_allowed")
    assert {"GET", "POST"} <= set(reply.headers["allow"].split(", "))


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"model": NaN}', b"[" * 100_000])
def test_answers_400_to_what_is_not_json(api: httpx.Client, body: bytes) -> None:
    """A body that is not JSON gets 400."""
    assert error(api.post("/chat/completions", content=body)) == (400, None, "invalid_json")


def test_answers_400_to_json_that_is_no_object(api: httpx.Client) -> None:
    """A body must be an object."""
    assert error(api.post("/chat/completions", json=[])) == (400, None, "invalid_type")


@pytest.mark.parametrize(
    ("path", "body", "param"),
    [
        ("/chat/completions", {"messages": []}, "model"),
        ("/chat/completions", {"model": "m"}, "messages"),
        ("/completions", {"prompt": ""}, "model"),
        ("/completions", {"model": "m"}, "prompt"),
        ("/responses", {"input": "x"}, "model"),
        ("/responses", {"model": "m"}, "input"),
        ("/embeddings", {"input": "x"}, "model"),
        ("/embeddings", {"model": "m"}, "input"),
        ("/moderations", {}, "input"),
        ("/images/generations", {}, "prompt"),
        ("/images/edits", {"prompt": "x"}, "images"),
        ("/audio/speech", {"model": "m", "input": "x"}, "voice"),
    ],
)
def test_names_a_missing_field(api: httpx.Client, path: str, body: dict[str, object], param: str) -> None:
    """A required field that is missing gets 400 and is named."""
    assert error(api.post(path, json=body)) == (400, param, "missing_required_parameter")


@pytest.mark.parametrize(
    ("path", "more", "param"),
    [
        ("/chat/completions", {"model": 1}, "model"),
        ("/chat/completions", {"messages": "hello"}, "messages"),
        ("/chat/completions", {"messages": ["hello"]}, "messages[0]"),
        ("/chat/completions", {"n": True}, "n"),
        ("/chat/completions", {"n": "2"}, "n"),
        ("/chat/completions", {"stream": "yes"}, "stream"),
        ("/chat/completions", {"metadata": {"a": 1}}, "metadata.a"),
        ("/chat/completions", {"tools": [{"type": "function"}]}, "tools[0].function.name"),
        ("/chat/completions", {"stop": [1]}, "stop"),
        ("/chat/completions", {"response_format": {"type": "json_schema", "json_schema": 1}}, "json_schema"),
        ("/completions", {"prompt": "x", "stop": [1]}, "stop"),
        ("/responses", {"input": "x", "text": {"format": 1}}, "format"),
        ("/responses", {"input": "x", "tools": [1]}, "tools[0].name"),
    ],
)
def test_names_a_field_of_the_wrong_type(api: httpx.Client, path: str, more: dict[str, object], param: str) -> None:
    """A field of another JSON type than the API takes gets 400 and is named."""
    assert error(api.post(path, json={**CHAT, **more})) == (400, param, "invalid_type")


def test_answers_400_to_json_where_a_form_is_wanted(api: httpx.Client) -> None:
    """An upload that is not multipart gets 400."""
    assert error(api.post("/files", json={})) == (400, None, "invalid_content_type")


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_answers_400_to_a_broken_form(api: httpx.Client, content_type: str) -> None:
    """A form that cannot be read gets 400."""
    reply = api.post("/files", content=b"--y\r\nnothing", headers={"content-type": content_type})
    assert reply.status_code == 400
    assert set(reply.json()["error"]) == {"message", "type", "param", "code"}


def test_records_a_request(server: LocalServer, api: httpx.Client) -> None:
    """A request is kept as it came: method, path, query, headers and body."""
    api.post("/chat/completions", json=CHAT, params={"a": "1"}, headers={"X-Mine": "yes"})
    (recorded,) = server.requests
    assert (recorded.method, recorded.path) == ("POST", "/v1/chat/completions")
    assert dict(recorded.query) == {"a": "1"}
    assert recorded.headers["x-mine"] == "yes"
    assert recorded.json() == CHAT
    assert recorded.body.startswith(b'{"model"')


def test_records_a_refused_request(server: LocalServer) -> None:
    """A request without a key is recorded too."""
    httpx.get(f"{server.url}/models", trust_env=False)
    assert [one.path for one in server.requests] == ["/v1/models"]


def test_lets_a_subclass_of_the_state_speak() -> None:
    """A state that overrides `reply` decides what the model says."""

    class Parrot(State):
        def reply(self, prompt: str) -> str:
            return prompt.upper()

    with LocalServer(api_key=None, state=Parrot()) as server:
        reply = httpx.post(f"{server.url}/chat/completions", json=CHAT, trust_env=False)
    assert reply.json()["choices"][0]["message"]["content"] == "THREE LITTLE WORDS"


def test_answers_500_where_a_subclass_fails(caplog: pytest.LogCaptureFixture) -> None:
    """A defect is answered in the API's shape, with all headers, and logged."""

    class Broken(State):
        def reply(self, prompt: str) -> str:
            raise KeyError(prompt)

    with LocalServer(api_key=None, state=Broken()) as server, caplog.at_level(logging.CRITICAL + 1, "sdk.testing"):
        reply = httpx.post(f"{server.url}/chat/completions", json=CHAT, trust_env=False)
    assert error(reply) == (500, None, None)
    assert reply.headers["x-request-id"]


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": 3}, "messages"),
        ({"messages": [3]}, "messages[0]"),
        ({"messages": [{"role": "user", "content": [3]}]}, "content[0]"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": 3}]}]}, "text"),
    ],
)
def test_a_thread_of_nonsense_is_refused_without_validation(api: httpx.Client, body: Any, param: str) -> None:
    """What cannot be a message is a wrong request, and no crash, on a server that does not check requests."""
    reply = api.post("/threads", json=body)
    assert (reply.status_code, reply.json()["error"]["param"]) == (400, param)
