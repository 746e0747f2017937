"""HTTP/2, which httpx speaks for us: `http_options={"http2": True}`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIConnectionError, APITimeoutError, InternalServerError, StreamBrokenError, StreamStalledError

from .conftest import KEY, MESSAGES, Call, Certificate
from .http2 import Asked, context, http2
from .raw import CHAT, Raw
from .streaming import DONE, Reading, chunk, read

__all__ = ["read"]
SSE = "text/event-stream"
WHOLE = (chunk("Hel", role="assistant"), chunk("lo"), chunk(finish="stop"), DONE)
Serve = Callable[[Callable[[Asked], None]], Raw]


@pytest.fixture
def made(certificate: Callable[[str], Certificate]) -> Certificate:
    return certificate("IP:127.0.0.1")


@pytest.fixture
def serve(made: Certificate) -> Serve:
    """Answer each request over HTTP/2."""
    return lambda answer: Raw(http2(answer), tls=context(made))


@pytest.fixture
def options(made: Certificate) -> dict[str, Any]:
    return {"http_options": {"http2": True, "verify": made.file}}


def test_calls_share_one_connection(call: Call, serve: Serve, options: Any) -> None:
    """Calls go over one connection, without the headers that HTTP/2 forbids."""
    seen: list[dict[str, str]] = []

    def answer(asked: Asked) -> None:
        seen.append(asked.headers)
        asked.answer(CHAT)

    with serve(answer) as server:
        outcome = call(server, open=1, times=3, client=options)
        assert (outcome.error, server.connections, outcome.open) == (None, 1, 1)
    assert [(h[":method"], h[":path"]) for h in seen] == [("POST", "/v1/chat/completions")] * 3
    assert not {"connection", "host", "transfer-encoding", "keep-alive"} & seen[0].keys()
    assert seen[0]["authorization"] == f"Bearer {KEY}"
    assert all(json.loads(body)["messages"] == MESSAGES for body in server.requests)
    assert outcome.reply.parsed.id == "c"


def test_a_failed_attempt_is_made_again(call: Call, serve: Serve, options: Any) -> None:
    """A status that is worth another attempt gets one, on the same connection."""
    with serve(lambda asked: asked.answer(b"{}", status="503")) as server:
        outcome = call(server, open=1, client=options)
        assert (outcome.attempts, len(server.requests), server.connections) == (3, 3, 1)
    assert type(outcome.error) is InternalServerError


@pytest.mark.parametrize("fault", [Asked.reset, Asked.go_away])
def test_a_request_that_is_given_up(
    call: Call, serve: Serve, options: Any, fault: Callable[[Asked], None]
) -> None:  # fmt: skip
    """A reset of the one stream, or of all, is a connection error, after as many attempts as any."""
    with serve(fault) as server:
        outcome = call(server, open=None, client=options)
        assert (outcome.attempts, len(server.requests)) == (3, 3)
    assert type(outcome.failed) is APIConnectionError


def test_a_silent_server_is_a_timeout(call: Call, serve: Serve, options: Any) -> None:
    """`timeout` holds until the headers are there."""
    with serve(lambda asked: None) as server:
        outcome = call(server, open=None, client={**options, "max_retries": 0}, timeout=0.2)
    assert type(outcome.failed) is APITimeoutError


def test_a_stream(read: Reading, serve: Serve, options: Any) -> None:
    """A stream comes chunk by chunk, and its connection is used again."""
    with serve(lambda asked: asked.answer(*WHOLE, kind=SSE)) as server:
        got = read(server, open=1, times=2, client=options)
        assert (got.error, got.text, got.reply.choices[0].message.content) == (None, "Hello", "Hello")
        assert (len(server.requests), server.connections) == (2, 1)


def test_a_stream_that_is_reset(read: Reading, serve: Serve, options: Any) -> None:
    """A reset in the middle is a broken stream, with what came."""

    def answer(asked: Asked) -> None:
        asked.answer(*WHOLE[:2], kind=SSE, end=False)
        asked.reset()

    with serve(answer) as server:
        got = read(server, open=None, client=options)
    assert type(got.failed) is StreamBrokenError
    assert (got.text, got.failed.partial.choices[0].message.content) == ("Hello", "Hello")


def test_a_stream_that_stalls(read: Reading, serve: Serve, options: Any) -> None:
    """stall_timeout holds between two frames."""
    with serve(lambda asked: asked.answer(*WHOLE[:2], kind=SSE, end=False)) as server:
        got = read(server, open=None, client=options, stall_timeout=0.2)
    assert type(got.failed) is StreamStalledError
    assert got.text == "Hello"


def test_every_answer_belongs_to_its_question(serve: Serve, options: Any) -> None:
    """Many calls at once share a connection; answers in another order than the questions do not mix them up."""
    waiting: list[Asked] = []

    def answer(asked: Asked) -> None:
        waiting.append(asked)
        if len(waiting) == 8:
            for one in reversed(waiting):
                model = json.loads(one.body)["model"]
                one.answer(CHAT.replace(b'"model":"m"', json.dumps({"model": model})[1:-1].encode()))
            waiting.clear()

    async def main(url: str) -> list[str]:
        async with Client(api_base=url, api_key=KEY, max_in_flight=32, **options) as client:
            ask = client.chat.create.asyncio
            replies = await asyncio.gather(*[ask(model=f"m{n}", messages=MESSAGES) for n in range(32)])
            return [reply.model for reply in replies]

    with serve(answer) as server:
        assert asyncio.run(main(server.url)) == [f"m{n}" for n in range(32)]
        assert server.connections == 1
