"""What calls used: tokens, images and seconds."""

from __future__ import annotations

from ._core.usage import Usage as Usage
