"""Which kind of event loop a coroutine runs on; asyncio unless it is trio."""

from __future__ import annotations

import sys
from typing import Any

from ..lazy import fully_imported


def on_asyncio() -> bool:
    """Tell whether an asyncio loop runs in this thread."""
    asyncio = fully_imported("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


def on_trio() -> bool:
    """Tell whether this runs on trio."""
    if on_asyncio() or "trio" not in sys.modules:
        return False
    from . import trio as _trio

    try:
        _trio.task()
    except RuntimeError:
        return False
    return True


def time_limit(seconds: float | None) -> Any:
    """Return a context that raises TimeoutError when what a coroutine does in it takes longer; None: it may."""
    if on_trio():
        from . import trio as _trio

        return _trio.Limit(seconds)
    import asyncio

    return asyncio.timeout(seconds)


def running_loop() -> Any:
    """Return what stands for the loop that runs: weakly referable, and another for each run."""
    if on_trio():
        from . import trio as _trio

        return _trio.run()
    import asyncio

    return asyncio.get_running_loop()
