"""What stands in a multipart body, and what may be given as a file."""

from __future__ import annotations

import asyncio
import io
import os
import re
import threading
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

import sdk
from sdk import UNSET, Client
from sdk.api import files, images, skills
from sdk.api.audio import transcriptions
from sdk.api.realtime import calls
from sdk.errors import RequestError

from .conftest import Call
from .loopback import OK, Loopback, Received


def body_of(request: Any) -> bytes:
    """Return the whole body of a built request."""
    content = request.content()
    return content.data if content.data is not None else b"".join(content.stream)


def fields(parts: list[Message]) -> list[tuple[Any, Any, Any]]:
    """Return name, content type and content of parts."""
    return [
        (
            part.get_param("name", header="content-disposition"),
            part.get_content_type() if "content-type" in part else None,
            part.get_payload(decode=True),
        )
        for part in parts
    ]


class Built:
    """A request whose body is made once."""

    def __init__(self, request: Any) -> None:
        self._content = request.content()

    def fields(self) -> list[tuple[Any, Any, Any]]:
        content = self._content
        body = content.data if content.data is not None else b"".join(content.stream)
        return fields(Received({"content-type": content.content_type}, body, 0).parts())


def test_a_body_to_the_byte() -> None:
    """A body has one head for each part, files last, and ends with the boundary."""
    content = files.create.request(file=("a.txt", b"hello"), purpose="batch").content()
    boundary = re.fullmatch(r"multipart/form-data; boundary=([0-9a-f]{32})", content.content_type or "")
    assert boundary is not None
    assert content.data == (
        b"--%(b)s\r\n"
        b'Content-Disposition: form-data; name="purpose"\r\n\r\nbatch\r\n'
        b"--%(b)s\r\n"
        b'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nhello\r\n"
        b"--%(b)s--\r\n"
    ) % {b"b": boundary[1].encode()}


def test_every_body_has_a_boundary_of_its_own() -> None:
    """Two requests never share a boundary, so that no content can be made to hold it."""
    request = files.create.request(file=b"x", purpose="batch")
    assert request.content().content_type != request.content().content_type


def test_lists_and_objects_by_the_document() -> None:
    """By deepObject lists are sent as name[] and objects as name[key], as the hosted server reads them."""
    built = Built(
        transcriptions.create.request(
            file=b"x",
            model="whisper-1",
            timestamp_granularities=["word", "segment"],
            chunking_strategy={"type": "server_vad", "threshold": 0.5},
            temperature=0,
        )
    )
    assert built.fields() == [
        ("model", None, b"whisper-1"),
        ("temperature", None, b"0"),
        ("timestamp_granularities[]", None, b"word"),
        ("timestamp_granularities[]", None, b"segment"),
        ("chunking_strategy[type]", None, b"server_vad"),
        ("chunking_strategy[threshold]", None, b"0.5"),
        ("file", "application/octet-stream", b"x"),
    ]


def test_one_image_or_several() -> None:
    """One image is image, several are image[]."""
    one = Built(images.edit.request(image=b"1", prompt="p")).fields()
    two = Built(images.edit.request(image=[b"1", ("b.png", b"2")], prompt="p")).fields()
    assert one[1:] == [("image", "application/octet-stream", b"1")]
    assert two[1:] == [("image[]", "application/octet-stream", b"1"), ("image[]", "image/png", b"2")]


@pytest.mark.parametrize(("operation", "path"), [(skills.create, ()), (skills.versions.create, ("skill_1",))])
def test_the_files_of_a_skill(operation: Any, path: tuple[str, ...]) -> None:
    """A zip file is files, the files of a directory are files[]."""
    assert [name for name, _, _ in Built(operation.request(*path, files=b"1")).fields()] == ["files"]
    several = Built(operation.request(*path, files=[("a/SKILL.md", b"1"), ("a/b.py", b"2")])).fields()
    assert [(name, content) for name, _, content in several] == [("files[]", b"1"), ("files[]", b"2")]


def test_a_declared_content_type_is_the_parts() -> None:
    """Parts have the content types that the document's encoding gives them; objects are JSON."""
    built = Built(calls.create.request(sdp="v=0", session={"type": "realtime", "model": "m"}))
    assert built.fields() == [
        ("sdp", "application/sdp", b"v=0"),
        ("session", "application/json", b'{"type":"realtime","model":"m"}'),
    ]


def test_null_and_unset_fields_are_left_out() -> None:
    """A form has no null."""
    built = Built(images.edit.request(image=b"1", prompt="p", n=None))
    assert [name for name, _, _ in built.fields()] == ["prompt", "image"]


def test_null_in_extra_body_is_a_part() -> None:
    """What extra_body holds is sent as it is: None is JSON's null, beside what was given and instead of it."""
    given: Any
    for given in (UNSET, {"type": "realtime"}):
        extra = {"session": None, "other": None}
        built = Built(calls.create.request(sdp="v=0", session=given, extra_body=extra))
        assert built.fields() == [
            ("session", "application/json", b"null"),
            ("other", "application/json", b"null"),
            ("sdp", "application/sdp", b"v=0"),
        ]


@pytest.mark.parametrize(
    ("given", "name", "kind"),
    [
        (b"x", "file", "application/octet-stream"),
        (("a.json", b"x"), "a.json", "application/json"),
        (("a.json", b"x", "text/x"), "a.json", "text/x"),
        ((None, b"x", "text/x"), "file", "text/x"),
        (sdk.File(b"x", name="a.png"), "a.png", "image/png"),
        (sdk.File(b"x", content_type="audio/mpeg"), "file", "audio/mpeg"),
    ],
)
def test_names_and_content_types(given: Any, name: str, kind: str) -> None:
    """Name and type are those that were given, else guessed from the name, else neutral."""
    content = files.create.request(file=given, purpose="batch").content()
    assert f'filename="{name}"\r\nContent-Type: {kind}\r\n\r\nx'.encode() in (content.data or b"")


def test_a_path_gives_its_name(tmp_path: Path) -> None:
    """A path's last segment is the file's name, one that is no UTF-8 included."""
    path = tmp_path / os.fsdecode(b"a\xff.txt")
    path.write_bytes(b"x")
    assert b'filename="a?.txt"\r\nContent-Type: text/plain' in body_of(files.create.request(file=path, purpose="batch"))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            "a.txt",
            "file: a file must be bytes, a path or an open binary file, not str; wrap a path in pathlib.Path(...)",
        ),
        (io.StringIO("x"), 'file: the file is open for text; open it with mode "rb"'),
        (5, "file: a file must be bytes, a path or an open binary file, not int"),
        (True, "file: a file must be bytes, a path or an open binary file, not bool"),
        ((1, b"x"), "file: the name of a file must be a str, not int"),
        (("a", "text"), "file: a file must be bytes, a path or an open binary file, not str"),
        (("a", b"x", "text/plain\r\nX: y"), "file: the content type of a file must be printable ASCII"),
    ],
)
def test_refuses_what_is_no_file(given: Any, message: str) -> None:
    """What cannot be sent as a file is refused before anything is sent, and the error says what to give."""
    with pytest.raises(RequestError) as caught:
        files.create.request(file=given, purpose="batch").content()
    assert message in str(caught.value)


def test_refuses_text_where_json_would_take_it() -> None:
    """A body that may be JSON or multipart does not send a path as JSON text."""
    with pytest.raises(RequestError, match=r"^image: a file must be bytes"):
        images.edit.request(image="a.png", prompt="p").content()  # type: ignore[arg-type]  # the point of the test


def test_refuses_a_file_opened_for_text(tmp_path: Path) -> None:
    """A text file would send other bytes than it holds."""
    path = tmp_path / "a"
    path.write_text("x")
    with path.open() as file, pytest.raises(RequestError, match=r'open it with mode "rb"'):
        files.create.request(file=file, purpose="batch").content()  # type: ignore[arg-type]  # the point of the test


@pytest.mark.parametrize("where", ["missing", "."])
def test_a_path_that_cannot_be_read(call: Call, tmp_path: Path, where: str) -> None:
    """The operating system's error comes before any connection."""
    with Loopback(OK) as server:
        outcome = call(server, files.create, file=tmp_path / where, purpose="batch", open=0)
        assert server.connections == 0
    assert type(outcome.error) is (FileNotFoundError if where == "missing" else IsADirectoryError)


def test_a_named_pipe_is_sent_as_it_comes(call: Call, tmp_path: Path) -> None:
    """A path that is no regular file is opened once, and its length left open."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=lambda: path.write_bytes(b"through the pipe"))
    writer.start()
    with Loopback(OK) as server:
        outcome = call(server, files.create, file=path, purpose="batch")
        assert outcome.error is None
        assert server.received[0].parts()[1].get_payload(decode=True) == b"through the pipe"
    writer.join()


def test_progress_of_a_file(call: Call, tmp_path: Path) -> None:
    """The callback hears of every piece, up to the whole."""
    path = tmp_path / "a"
    path.write_bytes(bytes(600_000))
    reported: list[tuple[int, int | None]] = []
    given = sdk.File(path, on_progress=lambda sent, total: reported.append((sent, total)))
    with Loopback(OK) as server:
        assert call(server, files.create, file=given, purpose="batch").error is None
    assert reported == [(262_144, 600_000), (524_288, 600_000), (600_000, 600_000)]


def test_progress_of_small_bytes(call: Call) -> None:
    """What would go out in one write is reported too."""
    reported: list[tuple[int, int | None]] = []
    given = sdk.File(b"abc", on_progress=lambda sent, total: reported.append((sent, total)))
    with Loopback(OK) as server:
        assert call(server, files.create, file=given, purpose="batch").error is None
    assert reported == [(3, 3)]


def test_reading_does_not_block_the_event_loop() -> None:
    """While a file is read for a coroutine, other coroutines run."""
    ran = threading.Event()

    class Slow(io.RawIOBase):
        done = False

        def read(self, size: int = -1, /) -> bytes:
            assert ran.wait(5), "the loop did not run while the file was read"
            self.done, before = True, self.done
            return b"" if before else b"x"

    async def main(server: Loopback) -> None:
        async with Client(api_key="k", api_base=server.url, http_options={"trust_env": False}) as client:
            sending = asyncio.create_task(files.create.asyncio(file=Slow(), purpose="batch", client=client))
            while not server.connections:
                await asyncio.sleep(0)
            asyncio.get_running_loop().call_later(0.05, ran.set)
            await sending

    with Loopback(OK) as server:
        asyncio.run(main(server))
        assert server.received[0].parts()[1].get_payload(decode=True) == b"x"
