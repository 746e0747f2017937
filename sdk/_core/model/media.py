"""Models that hold an image, or a sound, as base64. Loaded with the first such model."""

from __future__ import annotations

import builtins
import os
from pathlib import Path
from typing import Any, ClassVar

from ..errors import SDKError
from ..files import replacing
from .base import ApiModel, define


@define
class MediaModel(ApiModel):
    """A model whose content is an image or a sound: `bytes()` decodes it, `save(path)` writes it to a file."""

    #: The attribute with the base64, and the one with a URL in its place ("": none).
    _media: ClassVar[tuple[str, str]]

    def bytes(self) -> builtins.bytes:
        """Return the decoded content.

        Raises: SDKError where there is none: the server sent a URL, or what it sent is no base64.
        """
        content, url = self._media
        data = getattr(self, content, None)
        if not isinstance(data, str) or not data:
            link = url and getattr(self, url, None)
            hint = f"it has a URL, which you can download: .{url}" if link else "the server sent no data"
            raise SDKError(f"{type(self).__name__}.{content} is empty: {hint}")
        decoded = _decoded(data)
        if decoded is None:
            raise SDKError(f"{type(self).__name__}.{content} is no base64; look at what the server sent")
        return decoded

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the decoded content to `path` and return it. The file appears only when it is complete.

        Raises: SDKError as `bytes` does, OSError if the file cannot be written.
        """
        content = self.bytes()
        with replacing(path) as file:
            file.write(content)
        return Path(path)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return the text, and the image or the player of a sound, for a notebook."""
        content, url = self._media
        data = getattr(self, content, None)
        bundle = {"text/plain": repr(self)}
        decoded = _decoded(data) if isinstance(data, str) and data else None
        if decoded is not None:
            from ..notebook import mime_bundle

            bundle |= mime_bundle(decoded)
        elif url and isinstance(link := getattr(self, url, None), str) and link.startswith(("https://", "http://")):
            from html import escape

            bundle["text/html"] = f'<img src="{escape(link)}">'
        return bundle


def _decoded(data: str) -> builtins.bytes | None:
    """Return the bytes of base64, with or without `data:...;base64,` before it; None for anything else."""
    from binascii import a2b_base64

    try:
        return a2b_base64(data.partition(";base64,")[2] or data)
    except ValueError:
        return None
