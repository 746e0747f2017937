"""Images as content parts of a message."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any, Literal

from .._core.errors import MessageError
from .._core.public import expose

#: The first bytes of the image formats that the API reads.
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_URL_SCHEMES = ("http://", "https://", "data:")


def image(
    source: str | Path | bytes | bytearray, detail: Literal["auto", "low", "high"] | str | None = None
) -> dict[str, Any]:
    """Return an image as a content part of a message.

    Args:
        source: a URL (http, https or data) as a str, a `pathlib.Path`, or the bytes of a PNG, JPEG, GIF or WebP. The
            content of files and bytes is sent in base64. A str is never a path, since it may come from a user who
            must not read local files.
        detail: the level of detail: auto, low or high.

    Raises: MessageError for another type or format; OSError for a path that cannot be read.
    """
    if detail is not None and not isinstance(detail, str):
        raise MessageError(f"detail= must be a str, not {type(detail).__name__}")
    image_url = {"url": _url(source) if isinstance(source, str) else _data_url(source)}
    return {"type": "image_url", "image_url": image_url if detail is None else {**image_url, "detail": detail}}


def _url(text: str) -> str:
    if not text.lower().startswith(_URL_SCHEMES):
        raise MessageError(
            "an image that is a str must be a URL that starts with http://, https:// or data:; "
            "wrap a path in pathlib.Path(...)"
        )
    return text


def _data_url(source: object) -> str:
    if isinstance(source, bytes | bytearray):
        data, subject = bytes(source), "the bytes are"
    elif isinstance(source, Path):
        data, subject = source.read_bytes(), f"the file {source.name} is"
    else:
        raise MessageError(f"an image must be a pathlib.Path, a URL or bytes, not {type(source).__name__}")
    kind = next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        raise MessageError(f"{subject} not a PNG, JPEG, GIF or WebP image")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


expose(globals(), "vision")
