"""What every session can do: take a turn whole or not at all, and carry out the model's tool calls until it answers.

Decided once, driven twice. `ChatSession` and `ResponsesSession` say how their API writes a request, a reply, a call.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, Generic, NamedTuple, Self, TypeVar

from attrs import frozen

from ..._core.errors import APIStatusError, MessageError, SDKError, ToolError
from ..._core.model import ApiModel
from ..._core.public import expose
from .tool_choice import unforced
from .tools import Outcome, Tool, find, name_of

Message = dict[str, Any]
Given = Mapping[str, Any] | ApiModel | str
A = TypeVar("A")


@frozen
class SessionChunk:
    """A piece of a reply: its text (`content`, '' where it brings none) and the typed chunk or event it came in."""

    content: str
    chunk: Any


OnChunk = Callable[[SessionChunk], object]
#: Asked before each call with its name and arguments. True lets it be; False, or a reason as text, refuses it.
Approve = Callable[[str, str], "bool | str | Awaitable[bool | str]"]
#: The most calls of one reply that run at once in threads.
_THREADS = 32


class Call(NamedTuple):
    """A call that the model asks for. `kind` is tool, custom (its argument is a text), or function: the older way."""

    id: str
    name: str
    arguments: str
    kind: str = "tool"


def require_list(name: str, given: Iterable[Any], error: type[SDKError]) -> list[Any]:
    """Return what an argument lists. Raises `error` for one alone, which would be taken apart into letters or keys."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise error(f"{name}= takes a list, not {type(given).__name__}")
    return list(given)


class Conversation(Generic[A]):
    """Turns of a conversation whose replies are `A`."""

    messages: list[Any]
    tools: list[Any]
    params: dict[str, Any]

    # -- what an API has to say ----------------------------------------------------------------------------------

    def _message(self, given: Given) -> Message:
        """Return a message of the user, checked."""
        raise NotImplementedError

    def _request(self, said: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the operation and its arguments for a turn. Nothing of the session changes here."""
        raise NotImplementedError

    def _accept(self, said: list[Message], reply: Any, append: bool) -> A:
        """Take a complete answer: the only place where a turn changes the history."""
        raise NotImplementedError

    def _pending(self) -> list[Call]:
        """Return the calls that wait for their results."""
        raise NotImplementedError

    def _result(self, call: Call, text: str) -> Message:
        """Return the message that gives a call its result."""
        raise NotImplementedError

    def _callable(self) -> list[Any]:
        """Return what the model may call."""
        return self.tools

    def _unanswered(self) -> Message | None:
        """Return what the user said last, if calls for it were begun and it has no answer in words yet."""
        raise NotImplementedError

    def _without_refused(
        self, arguments: dict[str, Any], overrides: dict[str, Any], error: APIStatusError
    ) -> dict[str, Any] | None:
        """Return the arguments without what only the session asked for, if it is what the server refuses."""
        return None

    def fork(self) -> Self:
        """Return a second conversation that begins as this one stands now."""
        raise NotImplementedError

    def __deepcopy__(self, memo: object) -> Self:
        return self.fork()

    # -- turns ---------------------------------------------------------------------------------------------------

    def send(self, message: Given, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Say something and return the answer; both are in `messages` then.

        Args:
            message: a text, a message, or a reply's message.
            on_chunk: called with each piece as it streams in; the whole answer is returned all the same.
            overrides: arguments of the operation for this turn alone.

        Raises: MessageError for a turn while another one runs; of two at once neither would know the other's answer.
        """
        with self._one_turn():
            return self._turn([self._message(message)], on_chunk, overrides)

    async def asend(self, message: Given, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Say something from a coroutine; see `send`. `on_chunk` may be async."""
        with self._one_turn():
            return await self._aturn([self._message(message)], on_chunk, overrides)

    def generate_response(self, append: bool = True, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Ask for an answer to the messages as they are. `append=False` leaves them so, and turns may overlap then."""
        with self._one_turn(append):
            return self._turn([], on_chunk, overrides, append=append)

    async def agenerate_response(self, append: bool = True, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Ask for an answer from a coroutine; see `generate_response`."""
        with self._one_turn(append):
            return await self._aturn([], on_chunk, overrides, append=append)

    @contextmanager
    def _one_turn(self, append: bool = True) -> Iterator[None]:
        """Keep others from changing the history. Raises MessageError where a turn runs, or where a tool begins one."""
        turn = object()
        try:
            if append and self.__dict__.setdefault("_turn_taken", turn) is not turn:
                raise MessageError(
                    "the session is busy with another turn: wait for it, or use fork() to go on from here twice"
                )
            yield
        finally:
            if self.__dict__.get("_turn_taken") is turn:
                del self.__dict__["_turn_taken"]

    def _turn(
        self, said: list[Message], on_chunk: OnChunk | None, overrides: dict[str, Any], *, append: bool = True
    ) -> A:
        create, arguments = self._request(said, overrides)
        try:
            return self._accept(said, self._ask(create, arguments, on_chunk), append)
        except APIStatusError as error:
            fewer = self._without_refused(arguments, overrides, error)
            if fewer is None:
                raise
        return self._accept(said, self._ask(create, fewer, on_chunk), append)

    async def _aturn(
        self, said: list[Message], on_chunk: OnChunk | None, overrides: dict[str, Any], *, append: bool = True
    ) -> A:
        create, arguments = self._request(said, overrides)
        try:
            return self._accept(said, await self._aask(create, arguments, on_chunk), append)
        except APIStatusError as error:
            fewer = self._without_refused(arguments, overrides, error)
            if fewer is None:
                raise
        return self._accept(said, await self._aask(create, fewer, on_chunk), append)

    def _ask(self, create: Any, arguments: dict[str, Any], on_chunk: OnChunk | None) -> Any:
        if on_chunk is None:
            return create.sync(**_unstreamed(arguments))
        with create.stream(**arguments) as stream:
            text_of = stream._accumulator.text_of
            for chunk in stream:
                on_chunk(SessionChunk(text_of(chunk._wire), chunk))
            return stream.final()

    async def _aask(self, create: Any, arguments: dict[str, Any], on_chunk: OnChunk | None) -> Any:
        if on_chunk is None:
            return await create.asyncio(**_unstreamed(arguments))
        async with create.asyncio_stream(**arguments) as stream:
            text_of = stream._accumulator.text_of
            async for chunk in stream:
                result = on_chunk(SessionChunk(text_of(chunk._wire), chunk))
                if isinstance(result, Awaitable):
                    await result
            return await stream.final()

    # -- tools ---------------------------------------------------------------------------------------------------

    def run(
        self,
        message: Given | None = None,
        on_chunk: OnChunk | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> A:
        """Say something, carry out the calls that the model asks for, and return its answer in words.

        Calls of one reply run at once, each in a thread; their results go back in order, in one request. What goes
        wrong in a call (arguments that are not JSON or of a wrong type, an unknown name, an exception) is told to the
        model as its result, and so is a call that `approve` refuses. A `tool_choice` that forces a call is for the
        first request: later ones have `auto`, or the model could never answer. Finished calls stay in `messages` after
        an error: `run()` without a message, or with the same one, goes on where it stopped, in another process too
        (`save`, `load`), and neither says the message nor makes those calls twice.

        Raises: ToolError if the model still wants tools after `max_rounds` rounds, or for a tool that a file of
        `save` knows and whose function was not given to `load`.
        """
        with self._one_turn():
            said, overrides = self._opening(message, overrides)
            for _ in range(max_rounds + 1):
                calls = self._pending()
                if calls:
                    self._carry_out(calls, approve)
                reply = self._turn(said, on_chunk, overrides)
                said, overrides = [], unforced(self.params, overrides)
                if not self._pending():
                    return reply
            raise _too_many(max_rounds)

    async def arun(
        self,
        message: Given | None = None,
        on_chunk: OnChunk | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> A:
        """Do the same from a coroutine; see `run`. Async functions run at once, others each in a thread."""
        with self._one_turn():
            said, overrides = self._opening(message, overrides)
            for _ in range(max_rounds + 1):
                calls = self._pending()
                if calls:
                    await self._acarry_out(calls, approve)
                reply = await self._aturn(said, on_chunk, overrides)
                said, overrides = [], unforced(self.params, overrides)
                if not self._pending():
                    return reply
            raise _too_many(max_rounds)

    def _opening(self, message: Given | None, overrides: dict[str, Any]) -> tuple[list[Message], dict[str, Any]]:
        """Return what a run begins with, and its arguments: nothing, where it goes on with a message half done."""
        begun = self._unanswered()
        said = [] if message is None else [self._message(message)]
        if begun is not None and said in ([], [begun]):
            return [], unforced(self.params, overrides)
        return said, overrides

    def _carry_out(self, calls: list[Call], approve: Approve | None) -> None:
        jobs = []
        for call in calls:
            allowed = True if approve is None else approve(call.name, call.arguments)
            if isinstance(allowed, Awaitable):
                getattr(allowed, "close", lambda: None)()  # else it warns that nobody awaited it
                raise ToolError("approve= is async: use arun()")
            jobs.append(self._job(call, allowed))
        done = dict[int, Outcome]()

        def one(index: int) -> None:
            tool, outcome = jobs[index]
            done[index] = outcome or tool.call(_given(tool, calls[index]))

        try:
            if len(jobs) == 1:
                one(0)
            else:
                from concurrent.futures import ThreadPoolExecutor

                with ThreadPoolExecutor(min(len(jobs), _THREADS)) as pool:
                    waiting = [pool.submit(copy_context().run, one, index) for index in range(len(jobs))]
                    for future in waiting:
                        future.result()
        finally:  # what has been done is kept, even if Ctrl-C ends the rest
            self._note(calls, done)

    async def _acarry_out(self, calls: list[Call], approve: Approve | None) -> None:
        from anyio import create_task_group

        jobs = []
        for call in calls:
            allowed = True if approve is None else approve(call.name, call.arguments)
            jobs.append(self._job(call, await allowed if isinstance(allowed, Awaitable) else allowed))
        done = dict[int, Outcome]()

        async def one(index: int) -> None:
            tool, outcome = jobs[index]
            done[index] = outcome or await tool.acall(_given(tool, calls[index]))

        try:
            async with create_task_group() as group:
                for index in range(len(jobs)):
                    group.start_soon(one, index)
        finally:
            self._note(calls, done)

    def _job(self, call: Call, allowed: bool | str) -> tuple[Tool, Outcome | None]:
        """Return the tool, and an outcome if the call is not to be carried out."""
        tool = find(self._callable(), call.name)
        if tool is None and call.name in (name_of(t) for t in self._callable() if isinstance(t, Mapping)):
            raise ToolError(
                f"the tool {call.name!r} has no function here: give it to load(path, tools=[{call.name}]), or answer "
                "the call yourself with append_message()"
            )
        if tool is None:
            return _NOTHING, Outcome.failed(f"no tool is called {call.name!r}")
        if allowed is not True:
            why = f": {allowed}" if isinstance(allowed, str) and allowed else ""
            return tool, Outcome.failed(f"the user refused this call{why}")
        return tool, None

    def _note(self, calls: list[Call], done: Mapping[int, Outcome]) -> None:
        self.messages.extend(self._result(calls[index], done[index].text) for index in sorted(done))


#: Stands where no tool is: its call has an outcome already.
_NOTHING: Any = None


def _unstreamed(arguments: dict[str, Any]) -> dict[str, Any]:
    """Leave out what servers take with a stream alone: a session's arguments hold for its streamed turns too."""
    return {name: value for name, value in arguments.items() if name != "stream_options"}


def _given(tool: Tool, call: Call) -> str:
    """Return the arguments of a call as JSON: the text of a custom call is the only parameter of its function."""
    names = tool.parameters.get("properties", {})
    if call.kind != "custom" or len(names) != 1:
        return call.arguments
    return json.dumps({next(iter(names)): call.arguments})


def _too_many(rounds: int) -> ToolError:
    return ToolError(f"the model still asks for tools after {rounds} rounds; raise max_rounds=, or look at messages")


expose(globals(), "session", "SessionChunk")
