"""The loop that carries out the model's tool calls until it answers in words: decided once, driven twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from . import _messages
from .errors import ToolError
from .tools import Outcome, Tool, find, named

if TYPE_CHECKING:
    from ._model import ApiModel
    from .session import OnChunk, Reply

#: Asked before each call with its name and arguments; False refuses it.
Approve = Callable[[str, str], bool]


class Turns:
    """What `run` and `arun` of a session need; ChatSession has the rest."""

    messages: list[dict[str, Any]]
    tools: list[Any]
    if TYPE_CHECKING:

        def _turn(self, said: list[Any], on_chunk: OnChunk | None, overrides: dict[str, Any]) -> Reply: ...
        async def _aturn(self, said: list[Any], on_chunk: OnChunk | None, overrides: dict[str, Any]) -> Reply: ...

    def run(
        self,
        message: Mapping[str, Any] | ApiModel | str | None = None,
        on_chunk: OnChunk | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> Reply:
        """Say something, carry out the calls that the model asks for, and return its answer in words.

        Calls of one reply run at once, each in a thread; their results go back in order, in one request. What goes
        wrong in a call (arguments that are not JSON or of a wrong type, an unknown name, an exception) is told to the
        model as its result. Finished calls stay in `messages`: `run()` without a message goes on where it stopped.

        Raises: ToolError if the model still wants tools after `max_rounds` rounds.
        """
        said = [] if message is None else [_messages.message(message)]
        reply: Reply | None = None
        for _ in range(max_rounds + 1):
            calls = _messages.pending(self.messages)
            if calls:
                self._carry_out(calls, approve)
            elif reply is not None:
                return reply
            reply = self._turn(said, on_chunk, overrides)
            said = []
            if not _messages.pending(self.messages):
                return reply
        raise _too_many(max_rounds)

    async def arun(
        self,
        message: Mapping[str, Any] | ApiModel | str | None = None,
        on_chunk: OnChunk | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> Reply:
        """Do the same from a coroutine; see `run`. Async functions run at once, others each in a thread."""
        said = [] if message is None else [_messages.message(message)]
        reply: Reply | None = None
        for _ in range(max_rounds + 1):
            calls = _messages.pending(self.messages)
            if calls:
                await self._acarry_out(calls, approve)
            elif reply is not None:
                return reply
            reply = await self._aturn(said, on_chunk, overrides)
            said = []
            if not _messages.pending(self.messages):
                return reply
        raise _too_many(max_rounds)

    def _carry_out(self, calls: list[dict[str, Any]], approve: Approve | None) -> None:
        jobs, done = [self._job(call, approve) for call in calls], dict[int, Outcome]()

        def one(index: int) -> None:
            done[index] = _finish(*jobs[index])

        try:
            if len(jobs) == 1:
                one(0)
            else:
                with ThreadPoolExecutor(len(jobs)) as pool:
                    list(pool.map(one, range(len(jobs))))
        finally:  # what has been done is kept, even if Ctrl-C ends the rest
            self._note(calls, done)

    async def _acarry_out(self, calls: list[dict[str, Any]], approve: Approve | None) -> None:
        jobs, done = [self._job(call, approve) for call in calls], dict[int, Outcome]()

        async def one(index: int) -> None:
            done[index] = await _afinish(*jobs[index])

        try:
            async with asyncio.TaskGroup() as group:
                for index in range(len(jobs)):
                    group.create_task(one(index))
        finally:
            self._note(calls, done)

    def _job(self, call: dict[str, Any], approve: Approve | None) -> tuple[Tool | None, str, Outcome | None]:
        """Return the tool, its arguments, and an outcome if the call is not to be carried out."""
        name, arguments = named(call)
        tool = find(self.tools, name)
        if tool is None:
            return None, arguments, Outcome.failed(f"no tool is called {name!r}")
        if approve is not None and not approve(name, arguments):
            return None, arguments, Outcome.failed("the user refused this call")
        return tool, arguments, None

    def _note(self, calls: list[dict[str, Any]], done: Mapping[int, Outcome]) -> None:
        self.messages.extend(
            {"role": "tool", "tool_call_id": calls[index].get("id"), "content": done[index].text}
            for index in sorted(done)
        )


def _finish(tool: Tool | None, arguments: str, outcome: Outcome | None) -> Outcome:
    return outcome or (tool.call(arguments) if tool is not None else Outcome.failed("nothing to call"))


async def _afinish(tool: Tool | None, arguments: str, outcome: Outcome | None) -> Outcome:
    return outcome or (await tool.acall(arguments) if tool is not None else Outcome.failed("nothing to call"))


def _too_many(rounds: int) -> ToolError:
    return ToolError(f"the model still asks for tools after {rounds} rounds; raise max_rounds=, or look at messages")
