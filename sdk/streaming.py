"""Streams of typed chunks. What the bytes mean is decided in `_events`; here they are only read."""

from __future__ import annotations

from ._core.operation.streams import AsyncStream as AsyncStream
from ._core.operation.streams import Stream as Stream
