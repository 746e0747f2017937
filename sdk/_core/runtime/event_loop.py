"""The event loop that a coroutine runs on: asyncio or trio."""

from __future__ import annotations

import sys
from typing import Any

from ..lazy import fully_imported


def on_asyncio() -> bool:
    """Return whether an asyncio event loop runs in this thread."""
    asyncio = fully_imported("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


def on_trio() -> bool:
    """Return whether the caller runs on trio."""
    if on_asyncio() or "trio" not in sys.modules:
        return False
    from . import trio as _trio

    try:
        _trio.task()
    except RuntimeError:
        return False
    return True


def time_limit(seconds: float | None) -> Any:
    """Return an async context manager that raises TimeoutError after some seconds; None is no limit."""
    if on_trio():
        from . import trio as _trio

        return _trio.Limit(seconds)
    import asyncio

    return asyncio.timeout(seconds)


async def sleep(seconds: float) -> None:
    """Sleep on the running event loop."""
    if on_trio():
        from . import trio as _trio

        await _trio.sleep(seconds)
    else:
        import asyncio

        await asyncio.sleep(seconds)


def running_loop() -> Any:
    """Return an object that identifies the running event loop: weakly referenceable, and new for each run."""
    if on_trio():
        from . import trio as _trio

        return _trio.run()
    import asyncio

    return asyncio.get_running_loop()
