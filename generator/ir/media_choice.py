"""The argument that chooses the media type of a body, where the same arguments can be written as several."""

from __future__ import annotations

from collections.abc import Sequence

from ..document.media import FORM, MULTIPART
from . import Body, Enum, Param, Scalar

#: The header that the argument sets. No other parameter has this name: the client writes the header.
CONTENT_TYPE = "Content-Type"
#: At most this many media types are listed; some documents declare each kind of video.
_MOST = 12


def media_choice(types: Sequence[str], default: str) -> list[Param]:
    """Return the argument with the media types that it can be, none where there is no choice.

    `default` says which one is sent without it.
    """
    unique = tuple(dict.fromkeys(types))
    if len(unique) < 2:
        return []
    type_ = Enum(unique) if len(unique) <= _MOST else Scalar("string")
    said = f"The media type of the body; by default {default}."
    return [Param(CONTENT_TYPE, "content_type", "header", type_, False, description=said)]


def sent_without_choice(body: Body, kinds: Sequence[str]) -> str:
    """Return what a body is sent as without the argument; `kinds` are the media types that it can be."""
    if body.kind == "raw" and body.content_type is None:
        return "that of the value"
    sent = str({"form": FORM, "auto_form": FORM, "multipart": MULTIPART}.get(body.kind, body.content_type))
    return f"{sent}, with a file {MULTIPART}" if sent != MULTIPART and MULTIPART in kinds else sent
