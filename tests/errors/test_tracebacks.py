"""What an uncaught error shows: the lines of the program, the cause, and no frame of the SDK."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest

from sdk import ChatSession, Client, ResponsesSession
from sdk._core.tracebacks import drop_frames
from sdk.errors import APIConnectionError, NotFoundError, RequestError, SDKError

_HI: Any = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def client() -> Client:
    """A client of a server that does not run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Client(api_base=f"http://127.0.0.1:{port}/v1", api_key="k", max_retries=0)


async def _atext(client: Client) -> None:
    async for _ in ChatSession(client).astream("Hi"):
        pass


async def _achunks(client: Client) -> None:
    async with client.chat.create.asyncio_stream(**_HI) as stream:
        await stream.final()


SYNC: list[Callable[[Client], Any]] = [
    lambda client: client.chat.create.sync(**_HI),
    lambda client: client.chat.create.sync_detailed(**_HI),
    lambda client: client.chat.create.parse(int, **_HI),
    lambda client: list(client.chat.create.stream(**_HI)),
    lambda client: client.chat.create.stream(**_HI).final(),
    lambda client: next(client.chat.create.stream(**_HI)),
    lambda client: client.chat.create.stream(**_HI).__enter__(),
    lambda client: list(client.files.list.iter()),
    lambda client: client.files.content.download("never.txt", "file-1"),
    lambda client: client.send(client.chat.create.request(**_HI)),
    lambda client: client.request("GET", "/models"),
    lambda client: ChatSession(client).send("Hi"),
    lambda client: ChatSession(client).run("Hi"),
    lambda client: list(ChatSession(client).stream("Hi")),
    lambda client: ResponsesSession(client).generate_response(),
]
ASYNC: list[Callable[[Client], Any]] = [
    lambda client: client.chat.create.asyncio(**_HI),
    lambda client: client.chat.create.asyncio_detailed(**_HI),
    lambda client: client.chat.create.asyncio_parse(int, **_HI),
    lambda client: client.files.content.asyncio_download("never.txt", "file-1"),
    lambda client: client.arequest("GET", "/models"),
    lambda client: ChatSession(client).asend("Hi"),
    lambda client: ChatSession(client).arun("Hi"),
    _achunks,
    _atext,
]


def _ours(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).startswith("sdk.")


def _shown(error: BaseException, above: int) -> list[str]:
    """Return the lines that Python prints, without those of the `above` frames of the test that stand first."""
    shown = traceback.TracebackException.from_exception(error)
    del shown.stack[:above]
    return "".join(shown.format()).splitlines()


@pytest.mark.parametrize("call", SYNC)
def test_a_traceback_is_short(client: Client, call: Callable[[Client], Any]) -> None:
    """At most one frame of the SDK, at most 12 lines with the cause, which is the system's error."""
    with pytest.raises(APIConnectionError) as caught:
        call(client)
    assert len(_shown(caught.value, 1)) <= 12
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    assert sum(_ours(frame) for frame, _ in traceback.walk_tb(caught.value.__traceback__)) <= 1


@pytest.mark.parametrize("call", ASYNC)
def test_a_traceback_of_a_coroutine_is_short(client: Client, call: Callable[[Client], Any]) -> None:
    """The same for coroutines, below the frames of the event loop."""

    async def main() -> None:
        try:
            await call(client)
        except APIConnectionError as error:
            above = sum(frame.f_code.co_filename == __file__ for frame, _ in traceback.walk_tb(error.__traceback__)) - 1
            assert len(_shown(error, above)) <= 12
            assert isinstance(error.__cause__, ConnectionRefusedError)
            assert sum(_ours(frame) for frame, _ in traceback.walk_tb(error.__traceback__)) <= 1
            raise

    with pytest.raises(APIConnectionError):
        asyncio.run(main())


def test_what_fails_before_a_request_is_sent(client: Client) -> None:
    """A value that cannot be sent leaves no frame of the SDK either."""
    with pytest.raises(RequestError) as caught:
        client.chat.create.sync(**_HI, temperature=float("nan"))
    assert not any(_ours(frame) for frame, _ in traceback.walk_tb(caught.value.__traceback__))


def test_frames_of_the_program_stay() -> None:
    """A hook that fails is the program's, and so is what it calls in the standard library."""

    def refuse(_: object) -> None:
        try:
            json.loads("{")
        except ValueError as error:
            raise SDKError("no") from error

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(404)

    client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(answer), on_request=refuse)
    with pytest.raises(SDKError) as caught:
        client.models.list.sync()
    names = [frame.f_code.co_name for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert names == ["test_frames_of_the_program_stay", "refuse"]
    cause = caught.value.__cause__
    assert cause is not None
    assert [frame.f_code.co_name for frame, _ in traceback.walk_tb(cause.__traceback__)][:2] == ["refuse", "loads"]


def test_all_frames_stay_with_the_log_level_debug(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    """Who looks for a fault of the SDK sees where an error was raised, and all its causes."""
    caplog.set_level(logging.DEBUG, "sdk")
    with pytest.raises(APIConnectionError) as caught:
        client.chat.create.sync(**_HI)
    assert sum(_ours(frame) for frame, _ in traceback.walk_tb(caught.value.__traceback__)) > 3
    cause = caught.value.__cause__
    assert type(cause).__module__ == "sdk._core.http.errors"


def test_other_errors_stay_as_they_are() -> None:
    """An error that is not the SDK's keeps its frames: it may come from the program, or be a fault of the SDK."""
    try:
        raise ValueError("no")
    except ValueError as error:
        before = error.__traceback__
        drop_frames(error)
        assert error.__traceback__ is before


def test_an_uncaught_error(tmp_path: Path) -> None:
    """What a program prints that does not catch the error of a call, as users see it."""
    import subprocess

    program = tmp_path / "program.py"
    program.write_text(
        "from sdk import Client\n"
        "client = Client(api_base='http://127.0.0.1:9/v1', api_key='k', max_retries=0)\n"
        "reply = client.chat.create.sync(model='m', messages=[])\n"
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=30)
    lines = done.stderr.splitlines()
    assert len(lines) <= 12
    assert "Error: POST http://127.0.0.1:9/v1/chat/completions: cannot connect" in lines[-1]
    assert f'  File "{program}", line 3, in <module>' in lines
    assert "/sdk/" not in done.stderr


def test_attempts_and_attributes_stay() -> None:
    """Only frames are dropped: the error is the same object with all that it knows."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(404, json={"error": {"message": "gone", "code": "x"}})

    client = Client(api_base="http://t/v1", api_key="k", transport=httpx.MockTransport(answer))
    with pytest.raises(NotFoundError) as caught:
        client.models.retrieve.sync("m")
    assert (caught.value.message, caught.value.code, caught.value.status_code) == ("gone", "x", 404)
