"""Images in replies: their bytes, a file of them, and what a notebook displays."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest

from sdk import errors
from sdk.files import BinaryReply
from sdk.models import (
    Image,
    ImageGenCompletedEvent,
    ImageGenPartialImageEvent,
    ImageGenToolCall,
    ImagesResponse,
    ResponseImageGenCallPartialImageEvent,
)

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
_BASE64 = b64encode(_PNG).decode()


def test_bytes_and_save(tmp_path: Path) -> None:
    """An image of a reply is decoded, and saved under the path that is returned."""
    image = ImagesResponse.from_dict({"created": 1, "data": [{"b64_json": _BASE64}]}).data[0]  # type: ignore[index]
    assert image.bytes() == _PNG
    saved = image.save(tmp_path / "image.png")
    assert (saved, saved.read_bytes()) == (tmp_path / "image.png", _PNG)


@pytest.mark.parametrize(
    "model",
    [
        ImageGenCompletedEvent.from_dict({"b64_json": _BASE64}),
        ImageGenPartialImageEvent.from_dict({"b64_json": _BASE64}),
        ImageGenToolCall.from_dict({"result": _BASE64}),
        ResponseImageGenCallPartialImageEvent.from_dict({"partial_image_b64": f"data:image/png;base64,{_BASE64}"}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_images_of_streams_and_tools(
    model: ImageGenCompletedEvent
    | ImageGenPartialImageEvent
    | ImageGenToolCall
    | ResponseImageGenCallPartialImageEvent,
) -> None:
    """Images that come in streams or from tools have the same methods, whatever their field is called."""
    assert model.bytes() == _PNG


@pytest.mark.parametrize(
    ("image", "problem"),
    [
        (Image(url="https://example.com/a.png"), r"Image.b64_json is empty: it has a URL, .*\.url"),
        (Image(), "Image.b64_json is empty: the server sent no data"),
        (Image(b64_json="a"), "Image.b64_json is no base64"),
    ],
    ids=["url", "nothing", "odd"],
)
def test_no_bytes(image: Image, problem: str, tmp_path: Path) -> None:
    """An image without bytes says what there is instead, and saves nothing."""
    with pytest.raises(errors.SDKError, match=problem):
        image.save(tmp_path / "image.png")
    assert list(tmp_path.iterdir()) == []


def test_notebook_displays_a_picture() -> None:
    """A notebook gets the picture by its type, and the text for what displays none."""
    image = Image(b64_json=_BASE64)
    assert image._repr_mimebundle_() == {"text/plain": repr(image), "image/png": _BASE64}


@pytest.mark.parametrize(
    ("content", "html"),
    [
        (b"RIFF\0\0\0\0WEBPVP8 ", '<img src="data:image/webp;base64,UklGRgAAAABXRUJQVlA4IA==">'),
        (b"RIFF\0\0\0\0WAVEfmt ", '<audio controls src="data:audio/wav;base64,UklGRgAAAABXQVZFZm10IA=="></audio>'),
    ],
    ids=["webp", "wav"],
)
def test_notebook_displays_by_html(content: bytes, html: str) -> None:
    """What notebooks do not know by its type is displayed as HTML: other images, and sound."""
    assert BinaryReply.of(content, None)._repr_mimebundle_()["text/html"] == html


def test_notebook_displays_a_url() -> None:
    """A picture that is a URL is displayed from there; the URL cannot close its attribute."""
    bundle = Image(url='https://example.com/a.png?"><script>')._repr_mimebundle_()
    assert bundle["text/html"] == '<img src="https://example.com/a.png?&quot;&gt;&lt;script&gt;">'
    assert "text/html" not in Image(url="javascript:alert(1)")._repr_mimebundle_()


def test_notebook_displays_no_text_as_picture() -> None:
    """Bytes that are no image and no sound, or no base64, have their text alone."""
    assert BinaryReply.of(b"{}", None)._repr_mimebundle_() == {"text/plain": "<BinaryReply of unknown type, 2 bytes>"}
    assert [*Image(b64_json="a")._repr_mimebundle_()] == ["text/plain"]
