"""Pictures and sounds in a reply: people get them as files, and see the paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

#: File endings by media type.
_ENDINGS = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg",
    "audio/wav": ".wav", "audio/mpeg": ".mp3", "audio/flac": ".flac", "audio/ogg": ".ogg",
}  # fmt: skip


def media_of(value: Any) -> list[Any]:
    """Return the pictures and sounds that a reply holds, in its order: models that name where their content is."""
    if isinstance(value, list | tuple):
        return [one for item in value for one in media_of(item)]
    cls = type(value)
    if hasattr(cls, "_media"):
        return [value]
    fields = getattr(cls, "__attrs_attrs__", ())
    return [one for field in fields for one in media_of(getattr(value, field.name, None))]


def link_of(media: Any) -> str:
    """Return the URL at which the server keeps the content; "" if the content is in the model, or nowhere."""
    content, url = type(media)._media
    link = getattr(media, url, None) if url and not getattr(media, content, None) else None
    return link if isinstance(link, str) else ""


def save(media: Any, path: Path | None, stem: str, number: int = 0) -> str:
    """Write one of several to a file, and return its path; the URL where the server keeps it.

    Without a path it is a new file in the current folder.
    """
    if link := link_of(media):
        return link
    content = media.bytes()
    if path is None:
        path = free_path(stem, ending_of(content))
    elif number:
        path = path.with_stem(f"{path.stem}-{number + 1}")
    return str(media.save(path))


def ending_of(content: bytes) -> str:
    """Return the ending of a file with this content, ".bin" if that is not known."""
    from .._core.notebook import media_type

    return _ENDINGS.get(media_type(content) or "", ".bin")


def free_path(stem: str, ending: str) -> Path:
    """Return a path in the current folder at which no file is: stem.png, stem-2.png, ..."""
    path, number = Path(f"{stem}{ending}"), 1
    while path.exists():
        number += 1
        path = Path(f"{stem}-{number}{ending}")
    return path
