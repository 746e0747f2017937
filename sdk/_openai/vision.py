"""Images as parts of a message."""

from __future__ import annotations

import base64
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
    source: str | Path | bytes | bytearray, detail: Literal["auto", "low", "high"] | str | None = None
) -> dict[str, Any]:
    """Return an image as a part of a message's content.

    Args:
        source: an address (http, https or data) as a str, a file as a `pathlib.Path`, or the bytes of a PNG, JPEG, GIF
            or WebP. Files and bytes go along with the message, in base64. A str is never a path: it may come from
            somebody who must not read the files of this machine.
        detail: how closely the model looks: auto, low or high.

    Raises: MessageError for what is no such image; OSError for a path that cannot be read.
    """
    if detail is not None and not isinstance(detail, str):
        raise MessageError(f"detail= is a str, not {type(detail).__name__}")
    about = {"url": _address(source) if isinstance(source, str) else _inline(source)}
    return {"type": "image_url", "image_url": about if detail is None else {**about, "detail": detail}}


def _address(text: str) -> str:
    if not text.lower().startswith(_ADDRESSES):
        raise MessageError(
            "an image that is a str is an address, which begins with http://, https:// or data:; "
            "wrap a path in pathlib.Path(...)"
        )
    return text


def _inline(source: object) -> str:
    if isinstance(source, bytes | bytearray):
        data, where = bytes(source), "the bytes hold"
    elif isinstance(source, Path):
        data, where = source.read_bytes(), f"the file {source.name} holds"
    else:
        raise MessageError(f"an image is a pathlib.Path, an address or bytes, not {type(source).__name__}")
    kind = next((kind for start, kind in _KINDS if data.startswith(start)), None)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        raise MessageError(f"{where} no PNG, JPEG, GIF or WebP")
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


expose(globals(), "vision")
