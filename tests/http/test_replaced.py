"""Libraries that mock or record the requests of httpx see those of this package, while they are at work."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
import respx
import vcr
from pytest_httpx import HTTPXMock

from sdk import Client
from sdk._core.http.replaced import replaced
from sdk.errors import APIConnectionError, ConfigError, InternalServerError
from sdk.testing import LocalServer

from ..faults.streaming import DONE, chunk

_URL = "http://mocked.example/v1/chat/completions"
_ASK: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
_EVENTS = (chunk("Hello ") + chunk("there", "stop") + DONE).decode()
_STREAM = {"Content-Type": "text/event-stream"}


def _completion(text: str = "Hello there") -> dict[str, Any]:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}


def _blocking(stream: bool, url: str = "http://mocked.example/v1", **options: Any) -> str:
    with Client(api_base=url, api_key="test-key", **options) as client:
        if not stream:
            return client.chat.create.sync(**_ASK).output_text
        with client.chat.create.stream(**_ASK) as chunks:
            return "".join(chunks.text())


def _in_a_coroutine(stream: bool, url: str = "http://mocked.example/v1", **options: Any) -> str:
    async def main() -> str:
        async with Client(api_base=url, api_key="test-key", **options) as client:
            if not stream:
                return (await client.chat.create.asyncio(**_ASK)).output_text
            async with client.chat.create.asyncio_stream(**_ASK) as chunks:
                return "".join([text async for text in chunks.text()])

    return asyncio.run(main())


_WORLDS = pytest.mark.parametrize("ask", [_blocking, _in_a_coroutine], ids=["sync", "asyncio"])
_STREAMS = pytest.mark.parametrize("stream", [False, True], ids=["reply", "stream"])


def _respond(route: respx.Route, stream: bool) -> None:
    if stream:
        route.respond(200, headers=_STREAM, text=_EVENTS)
    else:
        route.respond(200, json=_completion())


@_WORLDS
@_STREAMS
def test_respx_as_a_context_manager(ask: Callable[..., str], stream: bool) -> None:
    """Its routes answer; without it the client connects by itself again."""
    with respx.mock as router:
        _respond(router.post(_URL), stream)
        assert ask(stream) == "Hello there"
    with LocalServer() as server:
        server.reply("no mock")
        assert ask(stream, server.url) == "no mock"


@respx.mock
def test_respx_as_a_decorator() -> None:
    """Both worlds in one test."""
    for stream in (False, True):
        _respond(respx.post(_URL), stream)
        assert _blocking(stream) == _in_a_coroutine(stream) == "Hello there"


def test_respx_as_a_fixture(respx_mock: respx.MockRouter) -> None:
    """The fixture of its plugin."""
    _respond(respx_mock.post(_URL), stream=False)
    assert _blocking(stream=False) == "Hello there"
    assert respx_mock.calls.call_count == 1


def test_what_respx_does_not_know_is_its_own_error() -> None:
    """It is no connection that broke, and nothing is tried again."""
    with respx.mock, pytest.raises(AssertionError, match="not mocked"):
        _blocking(stream=False)


@_WORLDS
@_STREAMS
def test_pytest_httpx(ask: Callable[..., str], stream: bool, httpx_mock: HTTPXMock) -> None:
    """Its responses answer, and its checks at the end find every one requested."""
    httpx_mock.add_response(url=_URL, **({"headers": _STREAM, "text": _EVENTS} if stream else {"json": _completion()}))
    assert ask(stream) == "Hello there"
    (request,) = httpx_mock.get_requests()
    assert (request.headers["authorization"], json.loads(request.content)["model"]) == ("Bearer test-key", "m")


@_WORLDS
def test_pytest_httpx_with_errors(ask: Callable[..., str], httpx_mock: HTTPXMock) -> None:
    """A status, and an exception of httpx, are the errors of this package."""
    httpx_mock.add_response(url=_URL, status_code=500)
    with pytest.raises(InternalServerError):
        ask(False, max_retries=0)
    httpx_mock.add_exception(httpx.ConnectError("nobody there"))
    with pytest.raises(APIConnectionError, match="nobody there"):
        ask(False, max_retries=0)


@_WORLDS
@_STREAMS
def test_vcrpy_records_and_plays(ask: Callable[..., str], stream: bool, tmp_path: Path) -> None:
    """The first run asks the server, the second one plays; an unrecorded request is its own error."""
    tape = str(tmp_path / "tape.yaml")
    with LocalServer() as server:
        server.reply("Hello tape")
        for _ in range(2):
            with vcr.use_cassette(tape, filter_headers=["authorization"]):
                assert ask(stream, server.url) == "Hello tape"
        assert len(server.requests) == 1
    assert "test-key" not in Path(tape).read_text()
    with (
        vcr.use_cassette(tape, record_mode=vcr.mode.NONE),
        pytest.raises(vcr.errors.CannotOverwriteExistingCassetteException),
    ):
        ask(stream, "http://127.0.0.1:9/v1")


@_WORLDS
def test_functions_of_httpx2(ask: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A library that replaces those of httpx2 sees the calls, too."""

    def handle(transport: Any, request: Any) -> Any:
        return httpx2.Response(200, json=_completion("two"))

    async def ahandle(transport: Any, request: Any) -> Any:
        return httpx2.Response(200, json=_completion("two"))

    monkeypatch.setattr(httpx2.HTTPTransport, "handle_request", handle)
    monkeypatch.setattr(httpx2.AsyncHTTPTransport, "handle_async_request", ahandle)
    assert ask(False) == "two"


def test_an_installed_plugin_is_not_at_work(openai_server: LocalServer) -> None:
    """The plugins of respx and pytest-httpx are loaded in this very test."""
    assert replaced() is None
    with Client() as client:
        client.chat.create.sync(**_ASK)
    assert "connection" not in openai_server.requests[0].headers  # httpx would close it after the call


def test_the_log_says_it_once(httpx_mock: HTTPXMock, caplog: pytest.LogCaptureFixture) -> None:
    """One line for each client, with the module whose function is there."""
    httpx_mock.add_response(url=_URL, json=_completion(), is_reusable=True)
    with caplog.at_level(logging.INFO, "sdk"), Client(api_base="http://mocked.example/v1", api_key="k") as client:
        for _ in range(3):
            client.chat.create.sync(**_ASK)
    lines = [record for record in caplog.records if "replaced functions" in record.getMessage()]
    assert [vars(line)["replaced_by"] for line in lines] == ["pytest_httpx"]


def test_to_say_it_openly(monkeypatch: pytest.MonkeyPatch) -> None:
    """`http="httpx"`, or the variable, sends over httpx always; `http="own"` never."""
    with LocalServer() as server:
        for options in ({"http": "httpx"}, {}):
            assert _blocking(False, server.url, **options)
            monkeypatch.setenv("OPENAI_HTTP", "httpx")
        assert [request.headers.get("connection") for request in server.requests] == ["close", "close"]
        with respx.mock:
            assert _blocking(False, server.url, http="own")
    with pytest.raises(ConfigError, match="http must be 'httpx' or 'own'"):
        Client(api_key="k", http="requests")  # type: ignore[arg-type]  # the mistake
    monkeypatch.setenv("OPENAI_HTTP", "curl")
    with pytest.raises(ConfigError, match="OPENAI_HTTP must be 'httpx' or 'own'"):
        Client(api_key="k")


def test_without_httpx_nothing_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not imported cannot be replaced."""
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda transport, request: None)
    assert replaced() is not None
    monkeypatch.delitem(sys.modules, "httpx")
    assert replaced() is None
