"""Streams of typed chunks, sync and async."""

from __future__ import annotations

from ._core.operation.streams import AsyncStream as AsyncStream
from ._core.operation.streams import Stream as Stream
