"""Images as content parts of a message."""

from __future__ import annotations

from ._openai.vision import image as image
