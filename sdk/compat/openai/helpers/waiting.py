"""Wait for a reply whose state changes, with the waiting of the SDK."""

from __future__ import annotations

from typing import Any

import sdk
from sdk import models

from ....errors import SDKError
from ..errors import translated


def _native(reply: Any) -> Any:
    """Return a reply as the model of the SDK, which knows how to wait."""
    return getattr(models, type(reply).__name__).from_dict(reply.to_dict())


def wait(face: Any, reply: Any, timeout: float | None = None) -> Any:
    """Return the reply in its last state, be it a failure."""
    try:
        ended = sdk.wait(_native(reply), client=face._sdk, check=False, timeout=timeout)
    except SDKError as error:
        raise translated(error)  # noqa: B904 - it is the same error
    return type(reply).from_dict(ended.to_dict())


async def asyncio_wait(face: Any, reply: Any, timeout: float | None = None) -> Any:
    """Wait from a coroutine; see `wait`."""
    try:
        ended = await sdk.asyncio_wait(_native(reply), client=face._sdk, check=False, timeout=timeout)
    except SDKError as error:
        raise translated(error)  # noqa: B904 - it is the same error
    return type(reply).from_dict(ended.to_dict())


def without_interval(arguments: dict[str, Any]) -> dict[str, Any]:
    """Return arguments without the pause between two looks, which the server and the SDK choose."""
    return {name: value for name, value in arguments.items() if name not in ("poll_interval_ms", "poll_interval")}
