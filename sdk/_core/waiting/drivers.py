"""Wait for a reply until its state is an end. The blocking and the async driver differ only in `await`."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar, overload

from ..errors import APIError, RequestError
from ..public import expose
from ..runtime.event_loop import sleep
from .job import Waitable
from .progress import ProgressLine
from .watch import Watch

if TYPE_CHECKING:
    from ..options.typed import AnyClient
    from ..reply.response import APIResponse

W = TypeVar("W", bound=Waitable)


@overload
def wait(
    reply: APIResponse[W], *, client: AnyClient | None = None, timeout: float | None = None,
    on_state: Callable[[W], object] | None = None, progress: bool = False, check: bool = True,
) -> APIResponse[W]: ...  # fmt: skip


@overload
def wait(
    reply: W, *, client: AnyClient | None = None, timeout: float | None = None,
    on_state: Callable[[W], object] | None = None, progress: bool = False, check: bool = True,
) -> W: ...  # fmt: skip


def wait(
    reply: Any, *, client: AnyClient | None = None, timeout: float | None = None,
    on_state: Callable[[Any], object] | None = None, progress: bool = False, check: bool = True,
) -> Any:  # fmt: skip
    """Wait until the job that a reply describes has ended, and return the reply in its last state.

    The server is asked after 0.5 s, then at pauses that grow by half up to 30 s, which is 29 requests for a job of ten
    minutes; a pause that the server asks for comes first. A request that fails is repeated after
    the next pause if such a call would be retried; five failures in a row end the wait.

    Args:
        reply: a reply with a state, such as a `Batch`, or the `APIResponse` of one.
        client: the client that asks; by default the client that returned the reply. A model that no call returned (made
            by hand, read with `from_dict`, a copy, a pickle, a part of an event) uses the process-wide client.
        timeout: seconds in all; None waits without limit.
        on_state: called with the reply at each change of its state.
        progress: write the state to stderr: one line, which is rewritten on a terminal.
        check: False returns a job that has failed.
    Raises: JobFailedError for a state that is a failure; JobTimeoutError after `timeout` seconds; RequestError for an
        argument that cannot be used; APIError as every call does. Whatever ends the wait early leaves the job running,
        and its notes say how to cancel it.
    """
    watch = Watch(reply, client, timeout, time.monotonic(), time.time())
    if on_state is not None:
        _check(on_state, blocking=True)
    with ProgressLine(wanted=progress) as line:
        line.show(watch.line(time.monotonic()))
        try:
            while not watch.job.ended:
                read = watch.job.operation("read")
                time.sleep(watch.pause(time.monotonic()))
                try:
                    response = read.sync_detailed(**watch.arguments(time.monotonic()))
                except APIError as error:
                    watch.fail(error, time.monotonic(), time.time())
                    continue
                changed = watch.take(response, time.time())
                line.show(watch.line(time.monotonic()), changed=changed)
                if changed and on_state is not None:
                    on_state(watch.job.model)
        except BaseException as error:
            watch.explain(error)
            raise
    return watch.result(check=check)


@overload
async def asyncio_wait(
    reply: APIResponse[W], *, client: AnyClient | None = None, timeout: float | None = None,
    on_state: Callable[[W], object] | None = None, progress: bool = False, check: bool = True,
) -> APIResponse[W]: ...  # fmt: skip


@overload
async def asyncio_wait(
    reply: W, *, client: AnyClient | None = None, timeout: float | None = None,
    on_state: Callable[[W], object] | None = None, progress: bool = False, check: bool = True,
) -> W: ...  # fmt: skip


async def asyncio_wait(
    reply: Any, *, client: AnyClient | None = None, timeout: float | None = None,
    on_state: Callable[[Any], object] | None = None, progress: bool = False, check: bool = True,
) -> Any:  # fmt: skip
    """Wait from a coroutine, on asyncio or trio; see `wait`. `on_state` may be async."""
    watch = Watch(reply, client, timeout, time.monotonic(), time.time())
    if on_state is not None:
        _check(on_state, blocking=False)
    with ProgressLine(wanted=progress) as line:
        line.show(watch.line(time.monotonic()))
        try:
            while not watch.job.ended:
                read = watch.job.operation("read")
                await sleep(watch.pause(time.monotonic()))
                try:
                    response = await read.asyncio_detailed(**watch.arguments(time.monotonic()))
                except APIError as error:
                    watch.fail(error, time.monotonic(), time.time())
                    continue
                changed = watch.take(response, time.time())
                line.show(watch.line(time.monotonic()), changed=changed)
                if changed and on_state is not None:
                    result = on_state(watch.job.model)
                    if isinstance(result, Awaitable):
                        await result
        except BaseException as error:
            watch.explain(error)
            raise
    return watch.result(check=check)


def _check(on_state: object, *, blocking: bool) -> None:
    """Raise RequestError for a function that cannot be called at a change of state."""
    from inspect import iscoroutinefunction

    if not callable(on_state):
        raise RequestError(f"on_state= must be callable, not {type(on_state).__name__}")
    if blocking and iscoroutinefunction(on_state):
        raise RequestError("on_state= is async, and this wait blocks: use asyncio_wait")


expose(globals(), "waiting", "wait", "asyncio_wait")
