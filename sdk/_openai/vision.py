"""Images as parts of a message."""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import Any, Literal

from .._core.errors import MessageError
from .._core.public import expose

#: How the kinds of images that the API reads begin.
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_ADDRESSES = ("http://", "https://", "data:")


def image(
    source: str | os.PathLike[str] | bytes | bytearray, detail: Literal["auto", "low", "high"] | str | None = None
) -> dict[str, Any]:
    """Return an image as a part of a message's content.

    Args:
        source: a path, an address (http, https or data), or the bytes of a PNG, JPEG, GIF or WebP. Paths and bytes go
            along with the message, in base64.
        detail: how closely the model looks: auto, low or high.

    Raises: MessageError for bytes that are no such image; OSError for a path that cannot be read.
    """
    address = source if isinstance(source, str) and source.lower().startswith(_ADDRESSES) else _inline(source)
    about = {"url": address} if detail is None else {"url": address, "detail": detail}
    return {"type": "image_url", "image_url": about}


def _inline(source: str | os.PathLike[str] | bytes | bytearray) -> str:
    if isinstance(source, bytes | bytearray):
        data, where = bytes(source), "the bytes hold"
    elif isinstance(source, str | os.PathLike):
        data, where = Path(source).read_bytes(), f"the file {Path(source).name} holds"
    else:
        raise MessageError(f"an image is a path, an address or bytes, not {type(source).__name__}")
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        raise MessageError(f"{where} no PNG, JPEG, GIF or WebP")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


expose(globals(), "vision")
