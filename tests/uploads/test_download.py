"""Binary replies: as bytes, and to a path without holding them in memory."""

from __future__ import annotations

import os
import stat
import tracemalloc
from pathlib import Path

import pytest

from sdk import Client
from sdk.api import files
from sdk.api.audio import speech
from sdk.errors import APIConnectionError, NotFoundError
from sdk.files import BinaryReply

from .conftest import Call
from .loopback import ERROR, Loopback

CONTENT = bytes(range(256)) * 4096


def reply(content: bytes, length: int | None = None) -> bytes:
    """Return a whole response; `length` is what it claims."""
    size = len(content) if length is None else length
    return b"HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: %d\r\n\r\n%b" % (size, content)


MISSING = (
    b'HTTP/1.1 404 No\r\nContent-Type: application/json\r\nContent-Length: 32\r\n\r\n{"error":{"message":"no such f"}}'
)


def test_bytes_on_request(call: Call) -> None:
    """A binary reply is its bytes, with the content type."""
    with Loopback(reply(CONTENT)) as server:
        outcome = call(server, files.content, "file-1")
    assert (outcome.error, outcome.reply, outcome.reply.content_type) == (None, CONTENT, "audio/mpeg")
    assert type(outcome.reply) is BinaryReply


def test_to_a_path(call: Call, tmp_path: Path) -> None:
    """A download returns its path, holds the bytes, and leaves no other file and one idle connection."""
    with Loopback(reply(CONTENT)) as server:
        outcome = call(server, files.content, tmp_path / "a.bin", "file-1", how="download")
    assert (outcome.error, outcome.reply, outcome.open) == (None, tmp_path / "a.bin", 1)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"a.bin": CONTENT}


def test_speech_to_a_path(call: Call, tmp_path: Path) -> None:
    """An endpoint that can stream events too is downloaded the same way."""
    with Loopback(reply(CONTENT)) as server:
        outcome = call(
            server, speech.create, str(tmp_path / "a.mp3"), how="download", model="tts-1", input="x", voice="alloy"
        )
    assert outcome.error is None
    assert (tmp_path / "a.mp3").read_bytes() == CONTENT


def test_retries_before_the_first_byte(call: Call, tmp_path: Path) -> None:
    """A failure before the reply begins is retried as in every call."""
    with Loopback(ERROR, reply(CONTENT)) as server:
        outcome = call(server, files.content, tmp_path / "a.bin", "file-1", how="download")
        assert (outcome.error, len(server.received)) == (None, 2)
    assert (tmp_path / "a.bin").read_bytes() == CONTENT


def test_retries_a_reply_that_breaks_off(call: Call, tmp_path: Path) -> None:
    """What was cut off is asked for again, and nothing of the first attempt stays in the file."""
    with Closing(reply(CONTENT + b"more", 2 * len(CONTENT)), reply(CONTENT)) as server:
        outcome = call(server, files.content, tmp_path / "a.bin", "file-1", how="download", open=0)
        assert (outcome.error, len(server.received)) == (None, 2)
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"a.bin": CONTENT}


def test_gives_up_in_the_end(call: Call, tmp_path: Path) -> None:
    """A reply that breaks off each time is asked for as often as max_retries says."""
    with Closing(reply(CONTENT, 2 * len(CONTENT))) as server:
        outcome = call(server, files.content, tmp_path / "a.bin", "file-1", how="download", open=0)
        assert len(server.received) == 3
    assert isinstance(outcome.error, APIConnectionError)
    assert len(outcome.error.attempts) == 2
    assert list(tmp_path.iterdir()) == []


def test_replaces_what_is_there_and_keeps_its_mode(call: Call, tmp_path: Path) -> None:
    """A file that is there is replaced whole; who may read it stays."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")
    path.chmod(0o640)
    with Loopback(reply(CONTENT)) as server:
        assert call(server, files.content, path, "file-1", how="download").error is None
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (CONTENT, 0o640)


@pytest.mark.parametrize(
    ("answer", "error"), [(reply(CONTENT, len(CONTENT) + 1), APIConnectionError), (MISSING, NotFoundError)]
)
def test_a_failure_leaves_things_as_they_were(
    call: Call, tmp_path: Path, answer: bytes, error: type[Exception]
) -> None:
    """A reply that is cut off or an error: the old file stays, and no temporary file."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")
    with Closing(answer) as server:
        outcome = call(server, files.content, path, "file-1", how="download", open=0)
    assert type(outcome.error) is error
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"a.bin": b"before"}
    assert outcome.open == 0


def test_a_folder_that_is_missing(call: Call, tmp_path: Path) -> None:
    """Where the file cannot be written, nothing is asked of the server."""
    with Loopback(reply(CONTENT)) as server:
        outcome = call(server, files.content, tmp_path / "no" / "a.bin", "file-1", how="download", open=0)
        assert server.connections == 0
    assert type(outcome.error) is FileNotFoundError
    assert outcome.error.filename == str(tmp_path / "no" / "a.bin")


def test_a_large_reply_takes_no_memory(call: Call, tmp_path: Path) -> None:
    """64 MiB go to disk with less than 5 MB in memory."""
    answer = reply(bytes(64 << 20))
    with Loopback(answer) as server:
        tracemalloc.start()
        try:
            outcome = call(server, files.content, tmp_path / "a.bin", "file-1", how="download")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert outcome.error is None
    assert (tmp_path / "a.bin").stat().st_size == 64 << 20
    assert peak < 5_000_000


def test_the_place_in_flight_is_given_back(tmp_path: Path) -> None:
    """With room for one call, a download after a broken one does not wait for ever."""
    with (
        Closing(reply(CONTENT, len(CONTENT) + 1), reply(CONTENT)) as server,
        Client(
            api_key="k",
            api_base=server.url,
            max_retries=0,
            max_in_flight=1,
            pool_timeout=0,
            http_options={"trust_env": False},
        ) as client,
    ):
        with pytest.raises(APIConnectionError):
            files.content.download(tmp_path / "a", "1", client=client)
        for _ in range(2):
            files.content.download(tmp_path / "a", "1", client=client)
    assert (tmp_path / "a").read_bytes() == CONTENT


class Closing(Loopback):
    """A server that closes the connection after each answer, and says so."""

    def __init__(self, *answers: bytes) -> None:
        super().__init__(*[answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) for answer in answers])

    def _one(self, connection, stream) -> bool:  # type: ignore[no-untyped-def]
        super()._one(connection, stream)
        return False


def test_a_link_stays(tmp_path: Path) -> None:
    """What a link leads to is replaced, as by any program that writes; a link that leads nowhere makes the file."""
    (tmp_path / "folder").mkdir()
    for name in ("file", "missing"):
        (tmp_path / name).symlink_to(tmp_path / "folder" / name)
    (tmp_path / "folder" / "file").write_bytes(b"old")
    for name in ("file", "missing"):
        BinaryReply(b"new").save(tmp_path / name)
        assert (tmp_path / name).is_symlink()
        assert (tmp_path / "folder" / name).read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "file", "folder", "missing", "missing"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """A pipe or a device is no file to replace: /dev/null stays what it is, whoever the user is."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        BinaryReply(b"sound").save(pipe)
        assert os.read(reader, 100) == b"sound"
    finally:
        os.close(reader)
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]
