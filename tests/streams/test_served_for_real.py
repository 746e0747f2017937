"""What servers were seen to send on loopback, written down by hand: llama-server, transformers serve, LiteLLM."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIError, APIResponseError, InternalServerError, StreamError, StreamIncompleteError

from .wire import ARGUMENTS, chunk, event, stream


def _answers(content: bytes, kind: str = "text/event-stream", status: int = 200, **headers: str) -> Any:
    """Return a transport that answers every request so."""
    head = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return httpx.MockTransport(lambda request: httpx.Response(status, headers=head, content=content))


def _ask(world: str, transport: Any, operation: str = "responses.create", **options: Any) -> Any:
    """Make an unstreamed call in detail."""
    resource, verb = operation.split(".")
    given: dict[str, Any] = {"api_base": "http://t/v1", "api_key": "k", "max_retries": 0, "transport": transport}

    async def asynchronous() -> Any:
        async with Client(**given, **options) as client:
            return await getattr(getattr(client, resource), verb).asyncio_detailed(**ARGUMENTS[operation])

    if world == "asyncio":
        return asyncio.run(asynchronous())
    with Client(**given, **options) as client:
        return getattr(getattr(client, resource), verb).sync_detailed(**ARGUMENTS[operation])


@pytest.fixture(params=["sync", "asyncio"])
def world(request: pytest.FixtureRequest) -> str:
    """Which of the two drivers a test is about."""
    return str(request.param)


def _response(status: str, *texts: str) -> dict[str, Any]:
    content = [{"type": "output_text", "text": text, "annotations": []} for text in texts]
    item = {"id": "msg_1", "type": "message", "role": "assistant", "status": status, "content": content}
    return {"id": "resp_1", "object": "response", "created_at": 1.5, "status": status, "output": [item][: len(texts)]}


# transformers serve 5.23 streams a response unless it is told `"stream": false`.
UNASKED = b"".join(
    map(
        event,
        [
            {"type": "response.created", "sequence_number": 0, "response": _response("queued")},
            {"type": "response.in_progress", "sequence_number": 1, "response": _response("in_progress")},
            {
                "type": "response.output_text.delta",
                "sequence_number": 2,
                "output_index": 0,
                "content_index": 0,
                "item_id": "msg_1",
                "delta": "Hi",
            },
            {"type": "response.completed", "sequence_number": 3, "response": _response("completed", "Hi")},
        ],
    )
)


def test_a_stream_that_nobody_asked_for(world: str) -> None:
    """A stream in place of a reply is put together to the reply."""
    got = _ask(world, _answers(UNASKED, "text/event-stream; charset=utf-8", x_request_id="r1"))
    assert (got.parsed.output_text, got.parsed.status) == ("Hi", "completed")
    assert (got.request_id, got.content) == ("r1", UNASKED)


def test_a_chat_that_nobody_asked_to_stream(world: str) -> None:
    """A chat is put together too; its end is not asked for [DONE] where all choices have theirs."""
    body = event(chunk({"content": "H"})) + event(chunk({"content": "i"})) + event(chunk({}, "stop"))
    got = _ask(world, _answers(body), "chat.create").parsed
    assert (got.object, got.choices[0].message.content) == ("chat.completion", "Hi")


def test_an_unasked_stream_without_its_end(world: str) -> None:
    """One that ends early is an error, with what had come."""
    with pytest.raises(StreamIncompleteError, match="ended without") as raised:
        _ask(world, _answers(event(chunk({"content": "H"}))), "chat.create")
    assert raised.value.partial.choices[0].message.content == "H"
    assert raised.value.status_code == 200


def test_an_error_in_an_unasked_stream(world: str) -> None:
    """One that says an error raises it."""
    with pytest.raises(StreamError, match="out of memory"):
        _ask(world, _answers(event({"error": {"message": "out of memory"}})), "chat.create")


def test_strict_takes_no_unasked_stream(world: str) -> None:
    """To a strict client it is no JSON, as before."""
    with pytest.raises(APIResponseError, match="not JSON"):
        _ask(world, _answers(UNASKED), strict=True)


@pytest.mark.parametrize("end", [b"\n\ndata: [DONE]\n\n", b"\n\n", b"", b"\r\n\r\n"])
@pytest.mark.parametrize("operation", ["chat.create", "responses.create"])
def test_an_error_status_whose_body_is_an_event(world: str, operation: str, end: bytes) -> None:
    """LiteLLM 1.106: a stream that fails as it begins has the error's status, and the error as its only event."""
    reported = {
        "message": "Error processing stream start",
        "type": "internal_server_error",
        "param": None,
        "code": "500",
    }
    body = b"data: " + json.dumps({"error": reported}).encode() + end
    with pytest.raises(InternalServerError) as raised:
        _ask(world, _answers(body, status=500), operation)
    error = raised.value
    assert (error.message, error.type, error.code) == (reported["message"], reported["type"], "500")
    assert error.body == {"error": reported}


def test_a_gateway_names_the_request(world: str) -> None:
    """LiteLLM's own name for a request is its id where its server gave none; else the server's is."""
    body = json.dumps({"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": []}).encode()
    named = _answers(body, "application/json", x_litellm_call_id="call-1")
    both = _answers(body, "application/json", x_litellm_call_id="call-1", x_request_id="req-1")
    failed = _answers(b'{"error": {"message": "no"}}', "application/json", 400, x_litellm_call_id="call-2")
    assert [_ask(world, t, "chat.create").request_id for t in (named, both)] == ["call-1", "req-1"]
    with pytest.raises(APIError) as raised:
        _ask(world, failed, "chat.create")
    assert raised.value.request_id == "call-2"


def _piece(index: int, text: str, finish: str | None = None) -> dict[str, Any]:
    choice = {"text": text, "index": index, "logprobs": None, "finish_reason": finish}
    return {"id": "c", "object": "text_completion", "created": 1, "model": "m", "choices": [choice]}


def test_an_event_that_is_null() -> None:
    """llama-server b11669 begins a stream for several prompts with `data: null`, which says nothing."""
    pieces = [_piece(0, "a"), _piece(1, "b"), _piece(0, "", "length"), _piece(1, "", "length")]
    with stream([b"data: null\n\n", *pieces], "completions.create", prompt=["x", "y"]) as opened:
        assert [c.choices[0].text for c in opened] == ["a", "b", "", ""]
        assert [c.text for c in opened.final().choices] == ["a", "b"]


@pytest.mark.parametrize("body", [[], [b": ping\n\n"]])
@pytest.mark.parametrize("options", [{}, {"require_stream_end": False}])
def test_a_stream_of_nothing(body: list[bytes], options: dict[str, Any]) -> None:
    """llama-cpp-python 0.3.36 answers a prompt that is too long with 200 and nothing: the error tells where to look."""
    transport = _answers(b"".join(body))
    with (
        Client(api_base="http://t/v1", api_key="k", transport=transport, **options) as client,
        client.chat.create.stream(**ARGUMENTS["chat.create"]) as opened,
        pytest.raises(StreamIncompleteError, match="The server may have failed as it began") as raised,
    ):
        opened.final()
    assert raised.value.partial is None
    assert "require_stream_end" not in str(raised.value)
