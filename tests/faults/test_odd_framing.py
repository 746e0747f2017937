"""Streams under odd content types, replies under that of a stream, and streams that somebody else closes."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from sdk import Client
from sdk.errors import APIError, APIResponseError, StreamIncompleteError

from .conftest import KEY, MESSAGES
from .raw import Peer, Raw, always, once, reply
from .streaming import DONE, HEAD, LAST, Reading, chunk, framed, read  # noqa: F401  # a fixture
from .test_lost_errors import _client

_STREAM = chunk("Hel") + chunk("lo", "stop") + DONE
_KINDS = [
    "Content-Type: text/plain\r\n",
    "Content-Type: application/octet-stream\r\n",
    "Content-Type: application/json\r\n",
    "Content-Type: application/json; charset=utf-8\r\n",
    "Content-Type: text/event-stream\r\nContent-Type: text/event-stream\r\n",
    "Content-Type: text/event-stream, text/event-stream\r\n",
    "Content-Type: TEXT/EVENT-STREAM;charset=utf-8\r\n",
    "",
]


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("before", [b"", b": hello\n\n", b"\xef\xbb\xbf", b"id: 1\nevent: message\n"])
def test_a_stream_by_any_other_name(read: Reading, kind: str, before: bytes) -> None:  # noqa: F811
    """A stream is one by its bytes, whatever the server calls it."""
    with Raw(always(reply(before + _STREAM, headers=kind))) as server:
        got = read(server, open=1)
    assert (got.error, got.text, got.open) == (None, "Hello", 1)


@pytest.mark.parametrize("kind", ["text/event-stream", "text/plain", "application/octet-stream", ""])
@pytest.mark.parametrize(
    ("body", "reported"),
    [
        (b'{"error":{"message":"out of memory"}}', "out of memory"),
        (b'{\n  "error": "out of memory"\n}\n', "out of memory"),
        (b"upstream failed", "not JSON"),
        (b"<html>login</html>", "not JSON"),
    ],
)
def test_an_error_under_the_name_of_a_stream(read: Reading, body: bytes, reported: str, kind: str) -> None:  # noqa: F811
    """What is no stream is told with its body, and so is the error that it says."""
    headers = f"Content-Type: {kind}\r\n" if kind else ""
    with Raw(always(reply(body, headers=headers))) as server:
        got = read(server, open=1)
    assert type(got.failed) is APIResponseError
    assert reported in str(got.failed)
    assert got.failed.request is not None
    assert got.failed.body is not None
    assert (got.chunks, got.open) == ([], 1)


@pytest.mark.parametrize("kind", ["text/event-stream", "text/plain", "application/json"])
def test_a_whole_reply_under_any_name(read: Reading, kind: str) -> None:  # noqa: F811
    """A complete JSON reply is a stream of one chunk."""
    message = b'{"role":"assistant","content":"Hello"}'
    body = b'{"id":"c","choices":[{"index":0,"finish_reason":"stop","message":%b}]}' % message
    with Raw(always(reply(body, headers=f"Content-Type: {kind}\r\n"))) as server:
        got = read(server, open=1)
    assert (got.error, got.text, len(got.chunks)) == (None, "Hello", 1)
    assert got.reply.choices[0].message.content == "Hello"


def test_the_response_of_a_stream_of_one() -> None:
    """A reply in place of a stream has status and headers as a stream has."""
    with _client(b'{"id":"c","choices":[]}', "application/json") as client:
        with client.chat.create.stream(model="m", messages=MESSAGES) as stream:
            response: Any = stream.response
        assert (response.status_code, response.content, response.parsed) == (200, b"", None)
        assert response.headers["content-type"] == "application/json"

        async def main() -> int:
            async with client.chat.create.asyncio_stream(model="m", messages=MESSAGES) as opened:
                return opened.response.status_code

        assert asyncio.run(main()) == 200


def test_a_page_in_place_of_speech_knows_its_request() -> None:
    """The error of what is no stream says what was asked."""
    with _client(b"<html>", "text/html") as client, pytest.raises(APIError) as raised:
        client.audio.speech.create.stream(model="m", input="a", voice="alloy").final()
    assert raised.value.request is not None


_ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
framing = pytest.mark.parametrize(
    "start", [HEAD + framed(chunk("Hel")), _ENDLESS + chunk("Hel")], ids=["chunked", "eof"]
)
lenient = pytest.mark.parametrize("strict_end", [True, False])


@framing
@lenient
def test_closing_a_stream_wakes_its_reader(start: bytes, strict_end: bool) -> None:
    """A thread that waits for the next chunk is told at once that the stream was closed."""
    found: list[Any] = []
    waits = threading.Event()

    def work() -> None:
        try:
            next(stream)
        except Exception as error:
            found.append(error)

    with (
        Raw(once(lambda peer: peer.say(start))) as server,
        Client(api_base=server.url, api_key=KEY, stall_timeout=20, require_stream_end=strict_end) as client,
    ):
        stream = client.chat.create.stream(model="m", messages=MESSAGES)
        assert next(stream).content == "Hel"
        reader: Any = stream._reader
        before = reader.wait

        def wait() -> None:
            before()
            waits.set()

        reader.wait = wait
        thread = threading.Thread(target=work)
        thread.start()
        assert waits.wait(10)
        began = time.monotonic()
        stream.close()
        thread.join(10)
        assert time.monotonic() - began < 5
    assert type(found[0]) is StreamIncompleteError
    assert "closed by another thread" in str(found[0])
    assert found[0].partial.choices[0].message.content == "Hel"


@framing
@lenient
def test_closing_an_async_stream_wakes_its_reader(start: bytes, strict_end: bool) -> None:
    """So it is with a task."""

    async def main() -> BaseException:
        with Raw(once(lambda peer: peer.say(start))) as server:
            options: Any = {"api_base": server.url, "api_key": KEY, "require_stream_end": strict_end}
            async with Client(**options, stall_timeout=20) as client:
                stream = client.chat.create.asyncio_stream(model="m", messages=MESSAGES)
                assert (await anext(stream)).content == "Hel"
                task = asyncio.ensure_future(anext(stream))
                await asyncio.sleep(0.05)
                await stream.aclose()
                with pytest.raises(StreamIncompleteError, match="closed by another") as raised:
                    await asyncio.wait_for(task, 5)
                return raised.value

    assert isinstance(asyncio.run(main()), StreamIncompleteError)


def test_two_tasks_and_one_stream() -> None:
    """The second reader is told, the first goes on, and no place is lost by entering twice."""
    more = threading.Event()

    def script(peer: Peer) -> None:
        while (peer.request()) is not None:
            if len(peer._server.requests) > 1:
                peer.send(reply())
                continue
            peer.send(HEAD + framed(chunk("Hel")))
            more.wait(10)
            peer.send(framed(chunk("lo", "stop"), DONE) + LAST)

    async def main() -> None:
        with Raw(script) as server:
            async with Client(api_base=server.url, api_key=KEY, max_in_flight=1) as client:
                stream = client.chat.create.asyncio_stream(model="m", messages=MESSAGES)
                entered = await asyncio.gather(stream.__aenter__(), stream.__aenter__(), return_exceptions=True)
                assert [isinstance(e, RuntimeError) for e in entered] == [False, True]
                assert (await anext(stream)).content == "Hel"
                reader = asyncio.ensure_future(stream.final())
                await asyncio.sleep(0)  # it waits now
                with pytest.raises(RuntimeError, match="another task"):
                    await anext(stream)
                more.set()
                assert (await reader).choices[0].message.content == "Hello"
                await stream.aclose()
                await client.chat.create.asyncio(model="m", messages=MESSAGES, deadline=5)

    asyncio.run(main())
