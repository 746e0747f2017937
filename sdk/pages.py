"""Lists in pages: request the next page with the cursor of the last one."""

from __future__ import annotations

from ._core.operation.pages import asyncio_pages as asyncio_pages
from ._core.operation.pages import pages as pages
