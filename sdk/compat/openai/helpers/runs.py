"""Runs of assistants: wait for them, or stream them with a handler."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .assistants import AssistantEventHandler, AsyncAssistantEventHandler, AsyncManager, Manager
from .waiting import asyncio_wait, wait, without_interval


def create_and_poll(self: Any, thread_id: str, **arguments: Any) -> Any:
    """Create a run, and wait until it has ended or needs the outputs of tools."""
    return wait(self._client, self.create(thread_id, **without_interval(arguments)))


async def acreate_and_poll(self: Any, thread_id: str, **arguments: Any) -> Any:
    """Create a run from a coroutine, and wait; see `create_and_poll`."""
    return await asyncio_wait(self._client, await self.create(thread_id, **without_interval(arguments)))


def poll(self: Any, run_id: str, thread_id: str, **arguments: Any) -> Any:
    """Wait until a run has ended or needs the outputs of tools."""
    return wait(self._client, self.retrieve(run_id, thread_id=thread_id, **without_interval(arguments)))


async def apoll(self: Any, run_id: str, thread_id: str, **arguments: Any) -> Any:
    """Wait for a run from a coroutine; see `poll`."""
    return await asyncio_wait(
        self._client, await self.retrieve(run_id, thread_id=thread_id, **without_interval(arguments))
    )


def submit_and_poll(self: Any, run_id: str, **arguments: Any) -> Any:
    """Submit the outputs of tools, and wait for the run."""
    return wait(self._client, self.submit_tool_outputs(run_id, **without_interval(arguments)))


async def asubmit_and_poll(self: Any, run_id: str, **arguments: Any) -> Any:
    """Submit the outputs of tools from a coroutine, and wait for the run."""
    return await asyncio_wait(self._client, await self.submit_tool_outputs(run_id, **without_interval(arguments)))


def create_and_run_poll(self: Any, **arguments: Any) -> Any:
    """Create a thread with a run, and wait for the run."""
    return wait(self._client, self.create_and_run(**without_interval(arguments)))


async def acreate_and_run_poll(self: Any, **arguments: Any) -> Any:
    """Create a thread with a run from a coroutine, and wait for the run."""
    return await asyncio_wait(self._client, await self.create_and_run(**without_interval(arguments)))


def _streaming(verb: str, *, asynchronous: bool) -> Callable[..., Any]:
    def stream(self: Any, *args: Any, event_handler: Any = None, **arguments: Any) -> Any:
        """Stream a run, within a `with` block, whose value is the handler."""
        manager: Any = AsyncManager if asynchronous else Manager
        handler = event_handler or (AsyncAssistantEventHandler if asynchronous else AssistantEventHandler)()
        return manager(lambda: getattr(self, verb)(*args, stream=True, **without_interval(arguments)), handler)

    return stream


def helpers(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of a resource."""
    if path == "beta.threads":
        return {
            "create_and_run_poll": acreate_and_run_poll if asynchronous else create_and_run_poll,
            "create_and_run_stream": _streaming("create_and_run", asynchronous=asynchronous),
        }
    stream = _streaming("create", asynchronous=asynchronous)
    return {
        "create_and_poll": acreate_and_poll if asynchronous else create_and_poll,
        "poll": apoll if asynchronous else poll,
        "submit_tool_outputs_and_poll": asubmit_and_poll if asynchronous else submit_and_poll,
        "create_and_stream": stream,
        "stream": stream,
        "submit_tool_outputs_stream": _streaming("submit_tool_outputs", asynchronous=asynchronous),
    }
