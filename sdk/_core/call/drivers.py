"""Carry out a flow's effects: the sync and the async driver differ only in `await`."""

from __future__ import annotations

import inspect
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeVar

from ..effects import Acquire, Ask, Close, Effect, Opened, Read
from ..errors import ConfigError
from ..http import HttpRequest
from ..runtime.event_loop import on_trio, time_limit
from .flow import flow
from .state import Call

if TYPE_CHECKING:
    from ..client.base import BaseClient
    from ..reply.response import APIResponse
    from ..request.data import Request

T = TypeVar("T")


def call(client: BaseClient, request: Request[Any, Any]) -> APIResponse[Any] | Opened:
    """Carry out a call, blocking, until its reply or its stream is there."""
    return run(client, flow(Call(client, request)))


async def acall(client: BaseClient, request: Request[Any, Any]) -> APIResponse[Any] | Opened:
    """Carry out a call from a coroutine; see `call`."""
    return await arun(client, flow(Call(client, request)))


def run(client: BaseClient, steps: Generator[Effect, Any, T]) -> T:
    """Carry out a flow, blocking."""
    done: list[Any] = []  # emptied before it is handed on: reporters of errors show variables, and servers echo keys
    try:
        effect = next(steps)
        while True:
            try:
                done.append(_do(client, effect))
            except BaseException as error:
                effect = steps.throw(error)
            else:
                effect = steps.send(done.pop())
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        steps.close()


def _do(client: BaseClient, effect: Effect) -> Any:
    if isinstance(effect, HttpRequest):
        return client._transport.send(effect)
    if isinstance(effect, Read):
        return effect.response.read(effect.limit)
    if isinstance(effect, Acquire):
        client._slots.acquire(effect.timeout, effect)
        return None
    if isinstance(effect, Ask):
        value = effect.function(*effect.arguments)
        if inspect.isawaitable(value):
            if inspect.iscoroutine(value):
                value.close()
            raise ConfigError(f"{_name(effect.function)} is async, and this is a sync call: use .asyncio(...)")
        return value
    if isinstance(effect, Close):
        return effect.response.drain() if effect.drain else effect.response.close()
    return time.sleep(effect.seconds)


async def arun(client: BaseClient, steps: Generator[Effect, Any, T]) -> T:
    """Carry out a flow from a coroutine."""
    done: list[Any] = []  # emptied before it is handed on: reporters of errors show variables, and servers echo keys
    try:
        effect = next(steps)
        while True:
            try:
                done.append(await _ado(client, effect))
            except BaseException as error:
                effect = steps.throw(error)
            else:
                effect = steps.send(done.pop())
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        steps.close()


async def _ado(client: BaseClient, effect: Effect) -> Any:
    if isinstance(effect, HttpRequest):
        return await client._transport.asend(effect)
    if isinstance(effect, Read):
        return await effect.response.aread(effect.limit)
    if isinstance(effect, Acquire):
        await client._slots.aacquire(effect.timeout, effect)
        return None
    if isinstance(effect, Ask):
        value = effect.function(*effect.arguments)
        if not inspect.isawaitable(value):
            return value
        if effect.limit is None:
            return await value
        async with time_limit(effect.limit):
            return await value
    if isinstance(effect, Close):
        return await (effect.response.adrain() if effect.drain else effect.response.aclose())
    if on_trio():
        from ..runtime.trio import sleep

        return await sleep(effect.seconds)
    import asyncio

    return await asyncio.sleep(effect.seconds)


def _name(function: Any) -> str:
    return getattr(function, "__qualname__", None) or type(function).__name__
