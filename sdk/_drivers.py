"""Carry out a flow's effects: the sync and the async driver differ only in `await`."""

from __future__ import annotations

import inspect
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar

from ._flow import Acquire, Ask, Close, Effect, Read, Send, Sleep
from .errors import APIResponseError, ConfigError

if TYPE_CHECKING:
    from ._client import BaseClient

T = TypeVar("T")


def run(client: BaseClient, steps: Generator[Effect, Any, T]) -> T:
    """Carry out a flow, blocking."""
    try:
        effect = next(steps)
        while True:
            try:
                value = _do(client, effect)
            except BaseException as error:
                effect = steps.throw(error)
            else:
                effect = steps.send(value)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        steps.close()


def _do(client: BaseClient, effect: Effect) -> Any:
    match effect:
        case Send():
            return client._pools.sync().send(client._pools.request(effect, client._pools.sync()), stream=True)
        case Read(response, limit):
            try:
                return _collect(response.iter_bytes(), limit)
            finally:
                response.close()
        case Acquire(timeout):
            return client._slots.acquire(timeout)
        case Sleep(seconds):
            return time.sleep(seconds)
        case Ask(function, arguments):
            value = function(*arguments)
            if inspect.isawaitable(value):
                if inspect.iscoroutine(value):
                    value.close()
                raise ConfigError(f"{_name(function)} is async, and this is a sync call: use .asyncio(...)")
            return value
        case Close(response):
            return response.close()


async def arun(client: BaseClient, steps: Generator[Effect, Any, T]) -> T:
    """Carry out a flow from a coroutine."""
    try:
        effect = next(steps)
        while True:
            try:
                value = await _ado(client, effect)
            except BaseException as error:
                effect = steps.throw(error)
            else:
                effect = steps.send(value)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        steps.close()


async def _ado(client: BaseClient, effect: Effect) -> Any:
    match effect:
        case Send():
            return await client._pools.asyncio().send(
                client._pools.request(effect, client._pools.asyncio()), stream=True
            )
        case Read(response, limit):
            try:
                size, pieces = 0, []
                async for piece in response.aiter_bytes():
                    size = _within(size + len(piece), limit)
                    pieces.append(piece)
                return b"".join(pieces)
            finally:
                await response.aclose()
        case Acquire(timeout):
            return await client._slots.aacquire(timeout)
        case Sleep(seconds):
            import asyncio

            return await asyncio.sleep(seconds)
        case Ask(function, arguments):
            value = function(*arguments)
            return await value if inspect.isawaitable(value) else value
        case Close(response):
            return await response.aclose()


def _collect(pieces: Any, limit: int | None) -> bytes:
    size, found = 0, []
    for piece in pieces:
        size = _within(size + len(piece), limit)
        found.append(piece)
    return b"".join(found)


def _within(size: int, limit: int | None) -> int:
    if limit is not None and size > limit:
        raise APIResponseError(f"the reply is larger than max_response_bytes={limit}", request_sent=True)
    return size


def _name(function: Any) -> str:
    return getattr(function, "__qualname__", None) or type(function).__name__
