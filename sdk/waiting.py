"""Wait for replies whose state changes on the server."""

from __future__ import annotations

from ._core.waiting.drivers import asyncio_wait as asyncio_wait
from ._core.waiting.drivers import wait as wait
from ._core.waiting.job import Waitable as Waitable
