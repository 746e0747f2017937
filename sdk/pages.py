"""Lists in pages: ask for the next one with the cursor that the last one gave."""

from __future__ import annotations

from ._core.operation.pages import asyncio_pages as asyncio_pages
from ._core.operation.pages import pages as pages
