"""Images as content parts of a message."""

from __future__ import annotations

import base64
import os
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
    source: str | os.PathLike[str] | bytes | bytearray, detail: Literal["auto", "low", "high"] | str | None = None
) -> dict[str, Any]:
    """Return an image as a content part of a message.

    Args:
        source: a path, a URL (http, https or data), or the bytes of a PNG, JPEG, GIF or WebP. The content of files and
            bytes is sent in base64.
        detail: the level of detail: auto, low or high.

    Raises: MessageError for bytes of another format; OSError for a path that cannot be read.
    """
    url = source if isinstance(source, str) and source.lower().startswith(_URL_SCHEMES) else _data_url(source)
    image_url = {"url": url} if detail is None else {"url": url, "detail": detail}
    return {"type": "image_url", "image_url": image_url}


def _data_url(source: str | os.PathLike[str] | bytes | bytearray) -> str:
    if isinstance(source, bytes | bytearray):
        data, subject = bytes(source), "the bytes are"
    elif isinstance(source, str | os.PathLike):
        data, subject = Path(source).read_bytes(), f"the file {Path(source).name} is"
    else:
        raise MessageError(f"an image must be a path, a URL or bytes, not {type(source).__name__}")
    kind = next((kind for start, kind in _SIGNATURES if data.startswith(start)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        raise MessageError(f"{subject} not a PNG, JPEG, GIF or WebP image")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


expose(globals(), "vision")
