"""Run the tool calls of the model: in threads, or concurrently in coroutines."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from ..._core.errors import ToolError
from ..._core.public import expose
from .tools import Outcome, Tool, find, name_of
from .tracing import tool_of

if TYPE_CHECKING:
    from ..._core.client.base import BaseClient

Message = dict[str, Any]
#: Called before each tool call with its name and arguments. True allows it; False, or a reason as str, refuses it.
Approve = Callable[[str, str], "bool | str | Awaitable[bool | str]"]
#: How many calls of one reply run at once in threads, at most.
_MAX_THREADS = 32


class Call(NamedTuple):
    """A tool call of the model. `kind` is tool, custom (its argument is a str), or function (deprecated)."""

    id: str
    name: str
    arguments: str
    kind: str = "tool"


@frozen
class ToolResult:
    """The result of a tool call: the text that the model gets. `good` is False for an error or a refusal."""

    id: str
    name: str
    text: str
    good: bool = True


class ToolCalls:
    """The part of a session that runs calls and appends their results."""

    messages: list[Any]
    tools: list[Any]
    client: BaseClient | None

    def _result(self, call: Call, text: str) -> Message:
        """Return the message with the result of a call."""
        raise NotImplementedError

    def _callable(self) -> list[Any]:
        """Return the tools that the model may call."""
        return self.tools

    def _run_calls(self, calls: list[Call], approve: Approve | None) -> list[ToolResult]:
        jobs = []
        for call in calls:
            allowed = True if approve is None else approve(call.name, call.arguments)
            if isinstance(allowed, Awaitable):
                getattr(allowed, "close", lambda: None)()  # an unawaited coroutine would warn
                raise ToolError("approve= is async: use arun()")
            jobs.append(self._job(call, allowed))
        done = dict[int, Outcome]()

        def one(index: int) -> None:
            tool, outcome = jobs[index]
            with tool_of(self.client, calls[index], tool) as span:
                done[index] = span.ended(outcome or tool.call(_json_arguments(tool, calls[index])))

        try:
            if len(jobs) == 1:
                one(0)
            else:
                from concurrent.futures import ThreadPoolExecutor

                with ThreadPoolExecutor(min(len(jobs), _MAX_THREADS)) as pool:
                    waiting = [pool.submit(copy_context().run, one, index) for index in range(len(jobs))]
                    for future in waiting:
                        future.result()
        finally:  # the results of finished calls are kept, even after a KeyboardInterrupt
            self._append_results(calls, done)
        return _results(calls, done)

    async def _arun_calls(self, calls: list[Call], approve: Approve | None) -> list[ToolResult]:
        from anyio import create_task_group

        jobs = []
        for call in calls:
            allowed = True if approve is None else approve(call.name, call.arguments)
            jobs.append(self._job(call, await allowed if isinstance(allowed, Awaitable) else allowed))
        done = dict[int, Outcome]()

        async def one(index: int) -> None:
            tool, outcome = jobs[index]
            with tool_of(self.client, calls[index], tool) as span:
                done[index] = span.ended(outcome or await tool.acall(_json_arguments(tool, calls[index])))

        try:
            async with create_task_group() as group:
                for index in range(len(jobs)):
                    group.start_soon(one, index)
        finally:
            self._append_results(calls, done)
        return _results(calls, done)

    def _job(self, call: Call, allowed: bool | str) -> tuple[Tool, Outcome | None]:
        """Return the tool, and an outcome if the call must not run."""
        tool = find(self._callable(), call.name)
        if tool is None and call.name in (name_of(t) for t in self._callable() if isinstance(t, Mapping)):
            raise ToolError(
                f"the tool {call.name!r} has no function here: pass it to load(path, tools=[{call.name}]), or answer "
                "the call yourself with append_message()"
            )
        if tool is None:
            return _NO_TOOL, Outcome.failed(f"no tool is called {call.name!r}", "LookupError")
        if allowed is not True:
            why = f": {allowed}" if isinstance(allowed, str) and allowed else ""
            return tool, Outcome.failed(f"the user refused this call{why}", "refused")
        return tool, None

    def _append_results(self, calls: list[Call], done: Mapping[int, Outcome]) -> None:
        self.messages.extend(self._result(calls[index], done[index].text) for index in sorted(done))


#: The tool of an unknown name; its call already has an outcome.
_NO_TOOL: Any = None


def _results(calls: list[Call], done: Mapping[int, Outcome]) -> list[ToolResult]:
    return [ToolResult(calls[i].id, calls[i].name, done[i].text, done[i].good) for i in range(len(calls))]


def _json_arguments(tool: Tool, call: Call) -> str:
    """Return the arguments of a call as JSON. The input of a custom call is the only parameter of its function."""
    names = tool.parameters.get("properties", {})
    if call.kind != "custom" or len(names) != 1:
        return call.arguments
    return json.dumps({next(iter(names)): call.arguments})


expose(globals(), "session", "ToolResult")
