"""Images."""

import base64
import struct
import zlib
from typing import Any

import httpx
import pytest

from ..wire import error, event_names, events

PNG = ("in.png", b"any bytes", "image/png")


def _size(png: bytes) -> tuple[int, int]:
    """Read a PNG (ISO/IEC 15948) chunk by chunk, check it, and return its width and height."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, pixels, names = 8, b"", []
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + content),)
        names.append(kind)
        pixels += content if kind == b"IDAT" else b""
        at += 12 + length
    assert (names[0], names[-1]) == (b"IHDR", b"IEND")
    width, height, depth, colour = struct.unpack_from(">IIBB", png, 16)
    assert (depth, colour) == (8, 2)
    assert len(zlib.decompress(pixels)) == height * (1 + 3 * width)
    return width, height


def _draw(api: httpx.Client, **more: Any) -> list[bytes]:
    reply = api.post("/images/generations", json={"prompt": "a lighthouse", **more})
    return [base64.b64decode(one["b64_json"]) for one in reply.json()["data"]]


@pytest.mark.parametrize(
    ("size", "drawn"),
    [("auto", (64, 64)), ("256x256", (256, 256)), ("1536x1024", (1536, 1024)), ("9x5", (9, 5)), ("5000x2", (1792, 2))],
)
def test_draws_a_png_of_the_size_asked_for(api: httpx.Client, size: str, drawn: tuple[int, int]) -> None:
    """The picture is a correct PNG of the size, cut down to the largest that the API knows."""
    (png,) = _draw(api, size=size)
    assert _size(png) == drawn


def test_draws_n_different_pictures(api: httpx.Client) -> None:
    """`n` pictures differ; the same prompt gives the same ones."""
    pictures = _draw(api, n=3)
    assert len(set(pictures)) == 3
    assert _draw(api, n=3) == pictures


def test_gives_a_url_where_asked(api: httpx.Client) -> None:
    """response_format url gives a data URL: nothing has to be fetched."""
    reply = api.post("/images/generations", json={"prompt": "x", "response_format": "url"}).json()
    assert reply["data"][0]["url"].startswith("data:image/png;base64,")


def test_counts_the_usage(api: httpx.Client) -> None:
    """Words and pictures are counted."""
    usage = api.post("/images/generations", json={"prompt": "a lighthouse", "n": 2}).json()["usage"]
    assert (usage["input_tokens"], usage["output_tokens"], usage["total_tokens"]) == (2, 200, 202)


def test_streams_partial_images(api: httpx.Client) -> None:
    """As many sketches as asked for come before the picture that a plain call gives."""
    reply = api.post("/images/generations", json={"prompt": "a lighthouse", "stream": True, "partial_images": 2})
    streamed = events(reply)
    types = ["image_generation.partial_image"] * 2 + ["image_generation.completed"]
    assert [event["type"] for event in streamed] == event_names(reply) == types
    assert [event.get("partial_image_index") for event in streamed] == [0, 1, None]
    assert [base64.b64decode(streamed[-1]["b64_json"])] == _draw(api)
    assert {_size(base64.b64decode(event["b64_json"])) for event in streamed} == {(64, 64)}


def test_edits_the_images_of_a_form(api: httpx.Client) -> None:
    """One image or several come as files; what is asked for is read from the form."""
    one = api.post("/images/edits", data={"prompt": "x", "n": "2", "size": "8x8"}, files={"image": PNG}).json()
    many = api.post("/images/edits", data={"prompt": "x"}, files=[("image[]", PNG), ("image[]", PNG)]).json()
    assert (len(one["data"]), one["usage"]["input_tokens_details"]["image_tokens"]) == (2, 100)
    assert many["usage"]["input_tokens_details"]["image_tokens"] == 200
    assert _size(base64.b64decode(one["data"][0]["b64_json"])) == (8, 8)


def test_edits_images_by_reference(api: httpx.Client) -> None:
    """A JSON body names images by URL or file."""
    reply = api.post("/images/edits", json={"prompt": "x", "images": [{"file_id": "file-1"}]})
    assert _size(base64.b64decode(reply.json()["data"][0]["b64_json"])) == (64, 64)


@pytest.mark.parametrize("form", [True, False])
def test_streams_an_edit(api: httpx.Client, form: bool) -> None:
    """An edit streams like a generation, under names of its own."""
    if form:
        data = {"prompt": "x", "stream": "true", "partial_images": "1"}
        reply = api.post("/images/edits", data=data, files={"image": PNG})
    else:
        body = {"prompt": "x", "stream": True, "partial_images": 1, "images": [{"file_id": "file-1"}]}
        reply = api.post("/images/edits", json=body)
    assert [event["type"] for event in events(reply)] == ["image_edit.partial_image", "image_edit.completed"]


def test_varies_an_image(api: httpx.Client) -> None:
    """A variation depends on the image."""
    first = api.post("/images/variations", files={"image": PNG}).json()["data"]
    other = api.post("/images/variations", files={"image": ("b.png", b"other", "image/png")}).json()["data"]
    assert first != other
    assert _size(base64.b64decode(first[0]["b64_json"])) == (64, 64)


@pytest.mark.parametrize(
    ("path", "data", "files", "param", "code"),
    [
        ("edits", {"prompt": "x"}, {"mask": PNG}, "image", "missing_required_parameter"),
        ("edits", {"prompt": "x", "image": "text"}, {"mask": PNG}, "image", "invalid_type"),
        ("edits", {}, {"image": PNG}, "prompt", "missing_required_parameter"),
        ("edits", {"prompt": "x", "n": "two"}, {"image": PNG}, "n", "invalid_type"),
        ("variations", {"n": "11"}, {"image": PNG}, "n", "invalid_value"),
        ("variations", {"size": "big"}, {"image": PNG}, "size", "invalid_value"),
    ],
)
def test_refuses_a_wrong_form(api: httpx.Client, path: str, data: Any, files: Any, param: str, code: str) -> None:
    """Fields that miss or do not fit are named."""
    assert error(api.post(f"/images/{path}", data=data, files=files)) == (400, param, code)
