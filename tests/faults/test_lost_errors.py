"""Errors that are none by their status, and errors whose body cannot be read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from sdk import Client
from sdk.errors import APIResponseError, AuthenticationError, InternalServerError, RateLimitError

from .conftest import Call
from .raw import CHAT, Peer, Raw, always, once, reply

_ERROR = b'{"error":{"message":"bad key"}}'
_HEAD = "HTTP/1.1 {}\r\nContent-Type: application/json\r\nRetry-After: 0\r\n{}\r\n"


def _unreadable(status: str) -> list[bytes]:
    def head(more: str) -> bytes:
        return _HEAD.format(status, more).encode()

    return [
        head(f"Content-Encoding: gzip\r\nContent-Length: {len(_ERROR)}\r\n") + _ERROR,
        head(f"Content-Encoding: br\r\nContent-Length: {len(_ERROR)}\r\n") + _ERROR,
        head(f"Content-Encoding: {'gzip, ' * 300}gzip\r\nContent-Length: 3\r\n") + b"abc",
        head("Content-Encoding: gzip\r\nContent-Length: 20\r\n") + gzip.compress(_ERROR)[:20],
        head("Content-Length: 99\r\n") + _ERROR,
        head("Transfer-Encoding: chunked\r\n") + b"ZZ\r\n",
        head("Content-Length: 5000\r\n") + b"x" * 5000,
    ]


@pytest.mark.parametrize("number", range(7))
def test_a_status_is_told_though_the_body_cannot_be_read(call: Call, number: int) -> None:
    """A wrong key is a wrong key, and not tried again, whatever became of the words about it."""
    with Raw(once(lambda peer: peer.send(_unreadable("401 U")[number]))) as server:
        outcome = call(server, open=None, client={"max_response_bytes": 1000})
    assert type(outcome.failed) is AuthenticationError
    assert outcome.failed.__cause__ is not None
    assert "could not be read" in str(outcome.failed) or number == 4
    assert (outcome.attempts, len(server.requests)) == (1, 1)


@pytest.mark.parametrize(("status", "kind"), [("429 R", RateLimitError), ("503 S", InternalServerError)])
@pytest.mark.parametrize("number", range(7))
def test_a_status_decides_whether_to_try_again(call: Call, status: str, kind: type, number: int) -> None:
    """A busy server is asked again."""
    with Raw(once(lambda peer: peer.send(_unreadable(status)[number]))) as server:
        outcome = call(server, open=None, client={"max_response_bytes": 1000})
    assert type(outcome.failed) is kind
    assert (outcome.attempts, len(server.requests)) == (3, 3)


def test_what_came_of_a_cut_body_is_read(call: Call) -> None:
    """Of a body that was cut, what is there says what it can."""
    with Raw(once(lambda peer: peer.send(_unreadable("401 U")[4]))) as server:
        outcome = call(server, open=None)
    assert outcome.failed.message == "bad key"


def test_a_body_that_stalls(call: Call) -> None:
    """An error whose body never ends is told after stall_timeout."""

    def stall(peer: Peer) -> None:
        peer.say(_HEAD.format("401 U", "Content-Length: 99\r\n").encode() + _ERROR)

    with Raw(once(stall)) as server:
        outcome = call(server, open=None, stall_timeout=0.1)
    assert (type(outcome.failed), outcome.failed.message, outcome.attempts) == (AuthenticationError, "bad key", 1)


def _client(content: bytes, kind: str) -> Client:
    answer = httpx.Response(200, headers={"content-type": kind}, content=content)
    return Client(api_base="http://t/v1", api_key="k", max_retries=0, transport=httpx.MockTransport(lambda _: answer))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"object": "error", "message": "boom", "code": 400}, "boom"),
        ({"object": "error", "id": "x", "message": "boom"}, "boom"),
        ({"detail": "Not Found"}, "Not Found"),
        ({"error": "Unexpected endpoint or method."}, "Unexpected endpoint or method."),
        ({"error": {"message": "boom"}, "status": 500}, "boom"),
        ({"type": "error", "message": "boom"}, "boom"),
    ],
)
@pytest.mark.parametrize("operation", ["chat", "responses", "embeddings"])
def test_errors_of_many_shapes_in_a_success(call: Call, body: Any, message: str, operation: str) -> None:
    """An error that comes as a success is an error, also where the reply has a field of that name."""
    if operation == "chat":
        with Raw(always(reply(json.dumps(body).encode()))) as server:
            failed = call(server, open=1).failed
    else:
        with _client(json.dumps(body).encode(), "application/json") as client:
            found: Any = getattr(client, operation)
            with pytest.raises(APIResponseError) as raised:
                found.create.sync(model="m", input="x")
        failed = raised.value
    assert (failed.message, failed.status_code, failed.body) == (message, 200, body)


@pytest.mark.parametrize(
    "body",
    [
        {"id": "r", "object": "response", "status": "failed", "error": {"code": "server_error", "message": "boom"}},
        {"object": "response", "status": "failed", "error": {"message": "boom"}},
        {"id": "r", "object": "response", "error": None},
        {},
    ],
)
def test_a_response_that_failed_is_a_reply(body: Any) -> None:
    """Its error is a field of it."""
    with _client(json.dumps(body).encode(), "application/json") as client:
        assert client.responses.create.sync(model="m", input="x").to_dict() == body


@pytest.mark.parametrize(
    ("content", "kind", "reported"),
    [
        (_ERROR, "application/json", "bad key"),
        (b'{"a": 1}', "application/json; charset=utf-8", "application/json where bytes were expected"),
        (b"<html>login</html>", "text/html", "text/html where bytes were expected"),
    ],
)
def test_sound_that_is_none(content: bytes, kind: str, reported: str, tmp_path: Path) -> None:
    """JSON or a page in place of sound is an error, and no file."""
    arguments: Any = {"model": "m", "input": "Hi", "voice": "alloy"}
    with _client(content, kind) as client:
        with pytest.raises(APIResponseError, match=reported):
            client.audio.speech.create.sync(**arguments)
        with pytest.raises(APIResponseError, match=reported):
            client.audio.speech.create.download(tmp_path / "a.mp3", **arguments)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b'{"a": 1}', "application/json"), (b'{"id": 1, "error": {}}', "application/json"), (b"<html>", "text/html")],
)
def test_files_may_be_anything(content: bytes, kind: str) -> None:
    """A file that is fetched may be JSON or a page."""
    with _client(content, kind) as client:
        assert bytes(client.files.content.sync("f")) == content


def test_an_error_in_place_of_a_file() -> None:
    """An object that says nothing but error is none."""
    with _client(_ERROR, "application/json") as client, pytest.raises(APIResponseError, match="bad key"):
        client.files.content.sync("f")


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        (b"1\n00:00 --> 00:01\nHi", "application/json", "1\n00:00 --> 00:01\nHi"),
        (b'"hello"', "application/json", "hello"),
        (b"caf\xe9", "text/plain; charset=iso-8859-1", "café"),
        (b"caf\xe9", "text/plain; charset=no-such", "caf�"),
    ],
)
def test_transcripts_as_text(content: bytes, kind: str, text: str) -> None:
    """A transcript in text is text, whatever its content type says; its character set counts."""
    arguments: Any = {"model": "m", "file": ("a.wav", b"RIFF"), "response_format": "srt"}
    with _client(content, kind) as client:
        assert client.audio.transcriptions.create.sync(**arguments) == text
        with client.audio.transcriptions.create.stream(**arguments) as stream:
            final: Any = stream.final()
            assert getattr(final, "text", final) == text


def test_a_page_in_place_of_a_transcript() -> None:
    """A login page is no transcript."""
    with _client(b"<html>login</html>", "text/html") as client, pytest.raises(APIResponseError, match="web page"):
        client.audio.transcriptions.create.sync(model="m", file=("a.wav", b"RIFF"))


def test_a_whole_reply_is_not_disturbed(call: Call) -> None:
    """A plain reply stays one."""
    with Raw(always(reply(CHAT))) as server:
        assert call(server, open=1).error is None
