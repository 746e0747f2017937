"""Perform the effects of a flow. The sync and the async driver differ only in `await`."""

from __future__ import annotations

import inspect
import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from ..effects import Acquire, Ask, Close, Effect, Read
from ..errors import ConfigError
from ..http import HttpRequest
from ..lazy import lazy_function
from ..runtime.event_loop import sleep, time_limit
from .context import CallContext
from .flow import flow
from .state import CallState

if TYPE_CHECKING:
    from ..errors.variables import hide_variables
    from ..reply.opened import OpenStream
    from ..reply.response import APIResponse
    from ..request.data import RequestData
    from .observer import observed
else:
    observed = lazy_function(globals(), ".observer", "observed")
    hide_variables = lazy_function(globals(), "..errors.variables", "hide_variables")


def call(context: CallContext, request: RequestData[Any, Any]) -> APIResponse[Any] | OpenStream:
    """Perform a call, blocking, and return its reply or open stream."""
    results: list[Any] = []  # emptied before the flow continues: error reporters show variables, and servers echo keys
    try:
        state = CallState(context, request)
        steps = flow(state) if state.observer is None else observed(state)
        try:
            effect = next(steps)
            while True:
                try:
                    results.append(_do(context, effect))
                except BaseException as error:
                    effect = steps.throw(error)
                else:
                    effect = steps.send(results.pop())
        finally:
            steps.close()
    except StopIteration as end:
        result: APIResponse[Any] | OpenStream = end.value
        return result
    except BaseException as error:  # a timeout of the user's own is a cancellation
        hide_variables(error)
        raise


def report(context: CallContext, steps: Generator[Effect, Any, Any]) -> None:
    """Perform effects one after another; what one raises ends them."""
    try:
        effect = next(steps)
        while True:
            effect = steps.send(_do(context, effect))
    except StopIteration:
        return


def _do(context: CallContext, effect: Effect) -> Any:
    if isinstance(effect, HttpRequest):
        return context.transport.send(effect)
    if isinstance(effect, Read):
        return effect.response.read(effect.limit)
    if isinstance(effect, Acquire):
        (effect.queue or context.limiter).acquire(effect.timeout, effect)
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


async def acall(context: CallContext, request: RequestData[Any, Any]) -> APIResponse[Any] | OpenStream:
    """Perform a call from a coroutine; see `call`."""
    results: list[Any] = []  # emptied before the flow continues: error reporters show variables, and servers echo keys
    try:
        state = CallState(context, request)
        steps = flow(state) if state.observer is None else observed(state)
        try:
            effect = next(steps)
            while True:
                try:
                    results.append(await _ado(context, effect))
                except BaseException as error:
                    effect = steps.throw(error)
                else:
                    effect = steps.send(results.pop())
        finally:
            steps.close()
    except StopIteration as end:
        result: APIResponse[Any] | OpenStream = end.value
        return result
    except BaseException as error:  # a timeout of the user's own is a cancellation
        hide_variables(error)
        raise


async def areport(context: CallContext, steps: Generator[Effect, Any, Any]) -> None:
    """Perform effects from a coroutine; see `report`."""
    try:
        effect = next(steps)
        while True:
            effect = steps.send(await _ado(context, effect))
    except StopIteration:
        return


async def _ado(context: CallContext, effect: Effect) -> Any:
    if isinstance(effect, HttpRequest):
        return await context.transport.asend(effect)
    if isinstance(effect, Read):
        return await effect.response.aread(effect.limit)
    if isinstance(effect, Acquire):
        await (effect.queue or context.limiter).aacquire(effect.timeout, effect)
        return None
    if isinstance(effect, Ask):
        value = (effect.coroutine or effect.function)(*effect.arguments)
        if not inspect.isawaitable(value):
            return value
        if effect.limit is None:
            return await value
        async with time_limit(effect.limit):
            return await value
    if isinstance(effect, Close):
        return await (effect.response.adrain() if effect.drain else effect.response.aclose())
    return await sleep(effect.seconds)


def _name(function: Any) -> str:
    return getattr(function, "__qualname__", None) or type(function).__name__
