"""Images: generations, edits and variations. The format is always PNG, and the reply says so."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..media import png
from ..media.text import count_tokens
from ..server.errors import missing, wrong_value
from ..server.replies import JSONReply, event_stream
from .reading import choice, form, integer, json_object, typed
from .state import JSON, State, state_of

_DEFAULT_SIZE = (64, 64)
# The largest width and height of the API description; larger values are reduced to it.
_MAX_SIDE = 1792
# The sizes that the API description allows in a reply.
_REPLY_SIZES = ("1024x1024", "1024x1536", "1536x1024")
_IMAGE_TOKENS = 100


async def generate(request: Request) -> Response:
    """Draw an image for a prompt."""
    body = await json_object(request, prompt=str)
    return _answer(state_of(request), body, body["prompt"].encode(errors="surrogatepass"), 0, "image_generation")


async def edit(request: Request) -> Response:
    """Draw an image for a prompt and images, which are files of a form or references in JSON."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        given = await form(request)
        given.file("image")
        given.require("prompt")
        body, images = given.fields, [upload.content for upload in given.files["image"]]
    else:
        body = await json_object(request, prompt=str, images=list)
        images = [json.dumps(image).encode() for image in body["images"]]
        if not images:
            raise missing("images")
    seed = b"\0".join([body["prompt"].encode(errors="surrogatepass"), *images])
    return _answer(state_of(request), body, seed, len(images), "image_edit")


async def vary(request: Request) -> Response:
    """Draw a variation of an image."""
    given = await form(request)
    return _answer(state_of(request), given.fields, given.file("image").content, 1, None)


def _answer(state: State, body: JSON, seed: bytes, images: int, event: str | None) -> Response:
    size = typed(body, "size", str) or "auto"
    width, height = _measure(size)
    count = integer(body, "n", 1, 1, 10)
    partial = integer(body, "partial_images", 0, 0, 3)
    as_url = choice(body, "response_format", "b64_json", "url", "b64_json") == "url"
    fields: JSON = {"output_format": "png", "quality": "low", "background": "opaque"}
    usage = _usage(typed(body, "prompt", str) or "", images, count)
    seeds = [seed + bytes([index]) for index in range(count)]
    if event and typed(body, "stream", bool):
        fields["size"] = size if size in _REPLY_SIZES else "auto"
        fields["created_at"] = state.now()
        return event_stream(_events(event, seeds, width, height, partial, {**fields, "usage": usage}), named=True)
    pictures = [_base64(one, width, height) for one in seeds]
    data = [{"url": f"data:image/png;base64,{one}"} if as_url else {"b64_json": one} for one in pictures]
    if size in _REPLY_SIZES:
        fields["size"] = size
    return JSONReply({"created": state.now(), "data": data, **fields, "usage": usage})


def _events(event: str, seeds: list[bytes], width: int, height: int, partial: int, fields: JSON) -> Iterator[JSON]:
    usage = fields.pop("usage")
    for seed in seeds:
        for index in range(partial):
            sketch = _base64(seed + b"partial" + bytes([index]), width, height)
            yield {"type": f"{event}.partial_image", "partial_image_index": index, "b64_json": sketch, **fields}
        yield {"type": f"{event}.completed", "b64_json": _base64(seed, width, height), **fields, "usage": usage}


def _measure(size: str) -> tuple[int, int]:
    if size == "auto":
        return _DEFAULT_SIZE
    found = re.fullmatch(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4})", size)
    if not found:
        raise wrong_value("size", "auto, or a width and a height such as 256x256")
    return min(int(found[1]), _MAX_SIDE), min(int(found[2]), _MAX_SIDE)


def _base64(seed: bytes, width: int, height: int) -> str:
    return b64encode(png.draw(seed, width, height)).decode()


def _usage(prompt: str, images: int, count: int) -> dict[str, Any]:
    text, pictures = count_tokens(prompt), images * _IMAGE_TOKENS
    return {
        "input_tokens": text + pictures,
        "output_tokens": count * _IMAGE_TOKENS,
        "total_tokens": text + pictures + count * _IMAGE_TOKENS,
        "input_tokens_details": {"text_tokens": text, "image_tokens": pictures},
    }
