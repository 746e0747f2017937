"""Uploads that go wrong: group U of the fault table, on a real socket."""

from __future__ import annotations

import gc
import io
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk.api import files
from sdk.errors import InternalServerError, RequestError

from .conftest import Call
from .loopback import ERROR, OK, Loopback

CONTENT = bytes(range(256)) * 8192  # two MiB: more than is sent in one piece


class Once(io.RawIOBase):
    """A file that can be read once, as a pipe can."""

    def __init__(self, content: bytes) -> None:
        self._inside = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._inside.readinto(buffer)


def standing(file: Any, offset: int) -> Any:
    """Return the file, moved on by some bytes."""
    file.seek(offset)
    return file


def on_disk(folder: Path, content: bytes = CONTENT) -> Path:
    """Write a file and return its path."""
    path = folder / "a.bin"
    path.write_bytes(content)
    return path


INPUTS: dict[str, tuple[Callable[[Path], Any], int]] = {
    "bytes": (lambda _: CONTENT, 0),
    "small bytes": (lambda _: CONTENT[:100], 0),
    "bytearray": (lambda _: bytearray(CONTENT), 0),
    "BytesIO": (lambda _: io.BytesIO(CONTENT), 0),
    "BytesIO at an offset": (lambda _: standing(io.BytesIO(CONTENT), 1_000_000), 1_000_000),
    "path": (on_disk, 0),
    "open file at an offset": (lambda folder: standing(on_disk(folder).open("rb"), 99), 99),
    "named": (lambda folder: ("b.bin", on_disk(folder)), 0),
    "File": (lambda folder: sdk.File(on_disk(folder)), 0),
}


@pytest.mark.parametrize("kind", INPUTS)
def test_u1_sends_the_same_body_again(call: Call, tmp_path: Path, kind: str) -> None:
    """After a 500 the same bytes are sent once more, from where the file stood; boundary and all."""
    make, offset = INPUTS[kind]
    given = make(tmp_path)
    with Loopback(ERROR, OK) as server:
        outcome = call(server, files.create, file=given, purpose="batch")
        assert (outcome.error, outcome.open, server.connections) == (None, 1, 1)
        first, second = server.received
    assert first.body == second.body
    sent = first.parts()[1].get_payload(decode=True)
    assert sent == (CONTENT[:100] if kind == "small bytes" else CONTENT[offset:])
    if hasattr(given, "close"):
        assert not given.closed
        given.close()


def test_u1_a_built_request_can_be_sent_twice() -> None:
    """A request that holds an open file sends the same bytes each time it is sent."""
    with (
        Loopback(OK) as server,
        sdk.Client(api_key="k", api_base=server.url, http_options={"trust_env": False}) as client,
    ):
        request = files.create.request(file=standing(io.BytesIO(b"abcdef"), 2), purpose="batch")
        client.send(request)
        client.send(request)
        bodies = [one.parts()[1].get_payload(decode=True) for one in server.received]
    assert bodies == [b"cdef", b"cdef"]


def test_u2_a_pipe_is_not_sent_twice(call: Call) -> None:
    """What can be read once is sent once: the first error is raised, and says why there was no second attempt."""
    with Loopback(ERROR, OK) as server:
        outcome = call(server, files.create, file=Once(CONTENT), purpose="batch")
        assert (len(server.received), outcome.open) == (1, 1)
        assert server.received[0].headers["transfer-encoding"] == "chunked"
        assert server.received[0].parts()[1].get_payload(decode=True) == CONTENT
    assert isinstance(outcome.error, InternalServerError)
    assert outcome.error.attempts == ()
    assert "Not retried: the file of file can be read only once" in str(outcome.error)


def test_u3_escapes_names(call: Call) -> None:
    """CR, LF and the double quote of a file's name are percent-encoded; everything else is UTF-8."""
    name = 'a\r\nX-Evil: 1";\\ ü.bin'
    with Loopback(OK) as server:
        outcome = call(server, files.create, file=(name, b"x"), purpose="batch")
        body = server.received[0].body
    assert (outcome.error, outcome.open) == (None, 1)
    assert b'name="file"; filename="a%0D%0AX-Evil: 1%22;\\ \xc3\xbc.bin"\r\n' in body


def descriptors() -> list[str]:
    """Return what this process has open."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them is gone by now
            found.append(str(descriptor.readlink()))
    return found


def test_u4_leaks_no_descriptor(call: Call, tmp_path: Path) -> None:
    """Twenty uploads of paths, every other one failed, leave no file open."""
    path = on_disk(tmp_path)
    with Loopback(*[ERROR, OK] * 10) as server:
        gc.collect()  # what other tests left to be collected must not be counted
        before = descriptors()
        for _ in range(10):
            failed = call(server, files.create, file=path, purpose="batch", max_retries=0)
            assert isinstance(failed.error, InternalServerError)
            assert call(server, files.create, file=path, purpose="batch", max_retries=0).error is None
        assert server.settles_at(0)
        after = descriptors()
    assert str(path) not in after
    assert len(after) <= len(before)


class Failing(io.BytesIO):
    """A file whose second piece cannot be read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise KeyError("the disk is gone")
        return super().read(size)


def test_u5_raises_what_the_file_raises(call: Call) -> None:
    """An exception of the file comes out as it is; the half-sent request's connection is closed, and not retried."""
    with Loopback(OK) as server:
        outcome = call(server, files.create, file=("a", Failing(CONTENT)), purpose="batch", open=0)
        assert server.meets(1)  # a connection that is closed at once may be accepted later
        assert (outcome.open, server.connections, server.received) == (0, 1, [])
        assert server.incomplete == 1
    assert type(outcome.error) is KeyError
    assert outcome.error.args == ("the disk is gone",)


class Shrinking(io.BytesIO):
    """A file that is cut while it is read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            self.truncate(self.tell())
        return super().read(size)


def test_u5_tells_of_a_file_that_shrinks(call: Call) -> None:
    """A file that ends early is an error that says where, not a request that is padded or hangs."""
    with Loopback(OK) as server:
        outcome = call(server, files.create, file=("a", Shrinking(CONTENT)), purpose="batch", open=0)
        assert server.meets(1)  # a connection that is closed at once may be accepted later
        assert (outcome.open, server.connections, server.received) == (0, 1, [])
    assert isinstance(outcome.error, RequestError)
    assert "file: the file ended after 262,144 of 2,097,152 bytes" in str(outcome.error)


def test_u5_a_path_that_changes_between_attempts(tmp_path: Path) -> None:
    """A path whose file was replaced before the retry is not sent as if it were the first one."""
    path = on_disk(tmp_path)
    with (
        Loopback(ERROR, OK) as server,
        sdk.Client(
            api_key="k",
            api_base=server.url,
            http_options={"trust_env": False},
            on_retry=lambda *_: path.write_bytes(b"other"),
        ) as client,
    ):
        with pytest.raises(RequestError, match=r"^file: a\.bin has changed since the call began$"):
            files.create.sync(file=path, purpose="batch", client=client)
        assert len(server.received) == 1


@pytest.mark.timeout(240)  # a gigabyte takes its time on a busy machine
def test_u6_a_gigabyte_takes_no_memory(call: Call, tmp_path: Path) -> None:
    """A file of 1 GiB is sent whole, and less than 20 MB of it are in memory at any time."""
    path = tmp_path / "large.bin"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with Loopback(OK, keep=False) as server:
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            outcome = call(server, files.create, file=path, purpose="batch")
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert outcome.error is None
        assert server.received[0].size > 1 << 30
        assert int(server.received[0].headers["content-length"]) == server.received[0].size
    assert peak - before < 20_000_000
