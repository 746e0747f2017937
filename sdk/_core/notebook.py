"""Images and sounds in the forms that notebooks display. Pure; loaded when a notebook asks."""

from __future__ import annotations

from binascii import b2a_base64

#: How files begin: the first bytes, those from the ninth on, and the media type.
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", b"", "image/png"),
    (b"\xff\xd8\xff", b"", "image/jpeg"),
    (b"GIF8", b"", "image/gif"),
    (b"RIFF", b"WEBP", "image/webp"),
    (b"<svg", b"", "image/svg+xml"),
    (b"RIFF", b"WAVE", "audio/wav"),
    (b"ID3", b"", "audio/mpeg"),
    (b"\xff\xfb", b"", "audio/mpeg"),
    (b"\xff\xf3", b"", "audio/mpeg"),
    (b"fLaC", b"", "audio/flac"),
    (b"OggS", b"", "audio/ogg"),
)
#: What every notebook displays by its media type; other images and all sounds are displayed as HTML.
_DISPLAYED = frozenset({"image/png", "image/jpeg", "image/gif"})


def mime_bundle(content: bytes) -> dict[str, str]:
    """Return the content by media type, base64 or HTML; an empty dict for any other file."""
    kind = media_type(content)
    if kind is None:
        return {}
    data = b2a_base64(content, newline=False).decode()
    if kind in _DISPLAYED:
        return {kind: data}
    source = f'src="data:{kind};base64,{data}"'
    return {"text/html": f"<img {source}>" if kind.startswith("image/") else f"<audio controls {source}></audio>"}


def media_type(content: bytes) -> str | None:
    """Return the media type of an image or a sound by its first bytes, None for anything else."""
    return next(
        (kind for start, ninth, kind in _SIGNATURES if content.startswith(start) and content.startswith(ninth, 8)), None
    )
