"""Images as parts of a message."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from sdk import ChatSession, image
from sdk.errors import MessageError

from .wire import Answers

PNG = b"\x89PNG\r\n\x1a\n" + b"rest"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"GIF89arest", "image/gif"),
        (b"GIF87arest", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
    ],
)
def test_bytes_and_paths(data: bytes, kind: str, tmp_path: Path) -> None:
    """Bytes, and the file at a path, go along in base64 with their kind, whatever the file is called."""
    path = tmp_path / "picture.txt"
    path.write_bytes(data)
    url = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    for source in (data, bytearray(data), path):
        assert image(source) == {"type": "image_url", "image_url": {"url": url}}


@pytest.mark.parametrize("address", ["https://x/y.png", "http://x", "data:image/png;base64,AA==", "HTTPS://x"])
def test_addresses(address: str) -> None:
    """An address goes as it is."""
    assert image(address, "low") == {"type": "image_url", "image_url": {"url": address, "detail": "low"}}


@pytest.mark.parametrize("source", [b"", b"%PDF-1.4", b"RIFF\0\0\0\0WAVE", 3, None])
def test_what_is_no_image(source: Any) -> None:
    """Anything else is refused before it is sent, by what it is."""
    with pytest.raises(MessageError):
        image(source)


@pytest.mark.parametrize("form", ["{path}", "file://{path}", " {path}", "FILE:{path}", "ftp://h{path}", "{path}\0", ""])
@pytest.mark.parametrize("name", ["private.png", "missing.png", ""])
def test_a_str_is_never_a_path(form: str, name: str, tmp_path: Path) -> None:
    """What somebody typed reads no file, and does not tell which files there are."""
    (tmp_path / "private.png").write_bytes(PNG)
    with pytest.raises(MessageError) as caught:
        image(form.format(path=tmp_path / name))
    assert str(caught.value) == (
        "an image that is a str must be a URL that starts with http://, https:// or data:; "
        "wrap a path in pathlib.Path(...)"
    )


class Named:
    """Has the path of a file, and is no `pathlib.Path`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __fspath__(self) -> str:
        return str(self._path)


def test_only_a_pathlib_path_is_a_path(tmp_path: Path) -> None:
    """Nor is any other object that has a path."""
    (tmp_path / "private.png").write_bytes(PNG)
    source: Any = Named(tmp_path / "private.png")
    with pytest.raises(MessageError, match=r"^an image must be a pathlib\.Path, a URL or bytes, not Named$"):
        image(source)


@pytest.mark.parametrize("detail", [5, b"low", ["low"], True])
def test_a_detail_is_a_str(detail: Any) -> None:
    """Anything else is refused before it is sent."""
    with pytest.raises(MessageError, match=r"^detail= must be a str, not "):
        image("https://x/y.png", detail)


def test_a_path_that_is_missing(tmp_path: Path) -> None:
    """A missing file is told as such, a file that is no image with its name."""
    with pytest.raises(FileNotFoundError):
        image(tmp_path / "none.png")
    (tmp_path / "a.png").write_bytes(b"no")
    with pytest.raises(MessageError, match=r"the file a\.png is not a PNG"):
        image(tmp_path / "a.png")


def test_in_a_conversation() -> None:
    """A question with an image goes over the wire as the API writes it."""
    answers = Answers("a cat")
    session = ChatSession(answers.client, "m")
    session.send({"role": "user", "content": [{"type": "text", "text": "What is it?"}, image(PNG)]})
    assert [p["type"] for p in answers.asked[0]["messages"][0]["content"]] == ["text", "image_url"]
