"""`map` and `amap`: one operation with many inputs, and the results as they arrive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from ..._core.errors import RequestError
from ..._core.public import expose
from ..._core.runtime.event_loop import on_trio
from .caller import Caller
from .calls import Calls, CallThread
from .row import Result
from .window import Window

if TYPE_CHECKING:
    from ..._core.operation import Operation
    from ..._core.options.typed import AnyClient

R = TypeVar("R")
Errors = Literal["keep", "skip", "raise"]
#: Inputs that are read ahead of the results that are handed out, as a multiple of the calls at once.
_AHEAD = 2


def map(
    operation: Operation[..., R] | Callable[..., Coroutine[Any, Any, R]],
    inputs: Iterable[Mapping[str, Any]],
    *,
    client: AnyClient | None = None,
    concurrency: int = 64,
    ordered: bool = False,
    errors: Errors = "keep",
    parse: Any = None,
    repairs: int = 0,
) -> Iterator[Result[R]]:
    """Call an operation with each input, and yield a `Result` for each as it arrives.

    The inputs are read in the caller's thread, at most twice `concurrency` ahead of the results. Leaving the loop
    cancels the calls that run; the process needs no event loop, and may have one.

    Args:
        operation: an endpoint, such as `client.chat.create`, or a coroutine function that takes the input and client=.
        inputs: the arguments of each call, as mappings.
        client: the client of the calls, whose max_in_flight and pace hold; by default one of its own with
            `concurrency` calls in flight.
        ordered: yield the results in the order of the inputs.
        errors: "keep" yields failures as results with an `error`, "skip" leaves them out, "raise" raises the first.
        parse: a type; the answers become values of it, in `value`.
        repairs: how often an answer that does not fit the type is asked for again.
    Raises: TypeError or RequestError for an argument that cannot be used; what `inputs` raises.
    """
    caller = _caller(operation, client, concurrency, errors, parse, repairs)
    return _results(caller, iter(inputs), ordered=ordered, errors=errors)


def _results(caller: Caller, inputs: Iterator[Any], *, ordered: bool, errors: str) -> Iterator[Result[Any]]:
    window: Window[Result[Any]] = Window(_AHEAD * caller.concurrency, ordered=ordered)
    with CallThread(caller) as calls:
        while not window.finished:
            first = True  # one input for each result keeps the calls going where results are taken slowly
            while window.may_read() and (first or not (window.ready or calls.ready)):
                first = False
                try:
                    given = next(inputs)
                except StopIteration:
                    window.end()
                    break
                calls.submit(window.read(), given)
            while calls.ready:
                arrived = calls.wait()
                window.add(arrived.index, arrived)
            result = window.take()
            if result is not None:
                yield from _handed_out(result, errors)
            elif not window.finished:
                arrived = calls.wait()
                window.add(arrived.index, arrived)


def amap(
    operation: Operation[..., R] | Callable[..., Coroutine[Any, Any, R]],
    inputs: Iterable[Mapping[str, Any]] | AsyncIterable[Mapping[str, Any]],
    *,
    client: AnyClient | None = None,
    concurrency: int = 64,
    ordered: bool = False,
    errors: Errors = "keep",
    parse: Any = None,
    repairs: int = 0,
) -> AsyncIterator[Result[R]]:
    """Do the same from a coroutine, on asyncio: `async for result in amap(...)`; see `map`.

    `inputs` may be asynchronous. Close the iterator (`contextlib.aclosing`) where the loop may be left early.
    """
    caller = _caller(operation, client, concurrency, errors, parse, repairs)
    return _aresults(caller, inputs, ordered=ordered, errors=errors)


async def _aresults(caller: Caller, inputs: Any, *, ordered: bool, errors: str) -> AsyncIterator[Result[Any]]:
    if on_trio():
        raise RequestError("bulk work runs on asyncio; on trio, run sdk.bulk.map in a thread")
    window: Window[Result[Any]] = Window(_AHEAD * caller.concurrency, ordered=ordered)
    arrived, room = asyncio.Event(), asyncio.Event()

    def on_result(result: Result[Any]) -> None:
        window.add(result.index, result)
        arrived.set()

    async def feed() -> None:
        try:
            async for given in inputs:
                calls.submit(window.read(), given)
                while not window.may_read():
                    room.clear()
                    await room.wait()
        finally:
            window.end()
            arrived.set()

    calls = Calls(caller, on_result)
    feeder = asyncio.create_task(feed()) if isinstance(inputs, AsyncIterable) else None
    source = iter(()) if feeder is not None else iter(inputs)
    try:
        while not window.finished:
            first = True
            while feeder is None and window.may_read() and (first or not window.ready):
                first = False
                try:
                    given = next(source)
                except StopIteration:
                    window.end()
                    break
                calls.submit(window.read(), given)
            result = window.take()
            if result is not None:
                room.set()
                for one in _handed_out(result, errors):
                    yield one
            elif not window.finished:
                arrived.clear()
                await arrived.wait()
        if feeder is not None:
            await feeder  # raises what the inputs raised
    finally:
        if feeder is not None:
            feeder.cancel()
            await asyncio.gather(feeder, return_exceptions=True)
        await calls.aclose()


def _handed_out(result: Result[Any], errors: str) -> Iterator[Result[Any]]:
    """Yield a result, or nothing for a failure that is skipped. Raises its error if that is wanted."""
    if result.error is None or errors == "keep":
        yield result
    elif errors == "raise":
        raise result.error


def _caller(operation: Any, client: Any, concurrency: int, errors: str, parse: Any, repairs: int) -> Caller:
    if errors not in ("keep", "skip", "raise"):
        raise RequestError(f'errors= is "keep", "skip" or "raise", not {errors!r}')
    return Caller(operation, client, concurrency, parse=parse, repairs=repairs)


expose(globals(), "bulk", "map", "amap")
