"""The base class of sessions: it completes a turn or leaves no trace, and runs tool calls until the model answers.

`ChatSession` and `ResponsesSession` implement the form of requests, replies and calls in their API.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any, Generic, NamedTuple, Self, TypeVar

from attrs import frozen

from ..._core.errors import APIError, APIStatusError, MessageError, SDKError, ToolError
from ..._core.errors.variables import hide_variables
from ..._core.model import ApiModel
from ..._core.public import expose
from .arguments import check_count, check_function
from .tool_choice import unforced
from .tools import Outcome, Tool, find, name_of

Message = dict[str, Any]
MessageInput = Mapping[str, Any] | ApiModel | str
A = TypeVar("A")


@frozen
class SessionChunk:
    """A part of a reply: its text (`content`, '' if it has none) and the typed chunk or event that contains it."""

    content: str
    chunk: Any


OnChunk = Callable[[SessionChunk], object]
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


def require_list(name: str, given: Iterable[Any], error: type[SDKError]) -> list[Any]:
    """Return an argument as a list. Raises `error` for a str or mapping, whose items would be characters or keys."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise error(f"{name}= takes a list, not {type(given).__name__}")
    return list(given)


class Conversation(Generic[A]):
    """A conversation whose replies are `A`."""

    tools: list[Any]
    params: dict[str, Any]

    @property
    def messages(self) -> list[Any]:
        """The history: dicts in the form of the API, which the caller may change."""
        return self._messages

    @messages.setter
    def messages(self, given: list[Any]) -> None:
        if not isinstance(given, list):
            raise MessageError(f"messages must be a list, not {type(given).__name__}")
        self._messages = given

    # -- what a subclass implements ------------------------------------------------------------------------------

    def _message(self, given: MessageInput) -> Message:
        """Check and return a message of the user."""
        raise NotImplementedError

    def _request(self, new: list[Message], overrides: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Return the operation and its arguments for a turn, without changing the session."""
        raise NotImplementedError

    def _accept(self, new: list[Message], reply: Any, append: bool) -> A:
        """Take a complete reply. Only this method of a turn changes the history."""
        raise NotImplementedError

    def _pending(self) -> list[Call]:
        """Return the calls that have no result yet."""
        raise NotImplementedError

    def _result(self, call: Call, text: str) -> Message:
        """Return the message with the result of a call."""
        raise NotImplementedError

    def _callable(self) -> list[Any]:
        """Return the tools that the model may call."""
        return self.tools

    def _unanswered(self) -> Message | None:
        """Return the last message of the user, if tool calls follow it and no answer."""
        raise NotImplementedError

    def _without_refused(
        self, arguments: dict[str, Any], overrides: dict[str, Any], error: APIStatusError
    ) -> dict[str, Any] | None:
        """Return the arguments without what the session added to them, if the server rejects that; else None."""
        return None

    def fork(self) -> Self:
        """Return an independent copy of the conversation."""
        raise NotImplementedError

    def __deepcopy__(self, memo: object) -> Self:
        return self.fork()

    # -- turns ---------------------------------------------------------------------------------------------------

    def send(self, message: MessageInput, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Send a message and return the answer; both are appended to `messages`.

        Args:
            message: a str, a message, or a reply's message.
            on_chunk: called with each chunk as it arrives; the complete answer is returned in any case.
            overrides: arguments of the operation for this turn only.

        Raises: MessageError while another turn of the session runs.
        """
        with self._one_turn():
            return self._turn([self._message(message)], on_chunk, overrides)

    async def asend(self, message: MessageInput, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Send a message from a coroutine; see `send`. `on_chunk` may be async."""
        with self._one_turn():
            return await self._aturn([self._message(message)], on_chunk, overrides)

    def generate_response(self, append: bool = True, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Request an answer to the messages; `append=False` does not append it, so that several may run at once."""
        with self._one_turn(append):
            return self._turn([], on_chunk, overrides, append=append)

    async def agenerate_response(self, append: bool = True, on_chunk: OnChunk | None = None, **overrides: Any) -> A:
        """Request an answer from a coroutine; see `generate_response`."""
        with self._one_turn(append):
            return await self._aturn([], on_chunk, overrides, append=append)

    @contextmanager
    def _one_turn(self, append: bool = True) -> Iterator[None]:
        """Let one turn at a time change the history. Raises MessageError in a second turn, such as one of a tool."""
        turn = object()
        try:
            if append and self.__dict__.setdefault("_running_turn", turn) is not turn:
                raise MessageError(
                    "the session is busy with another turn: wait for it, or use fork() to continue from here twice"
                )
            yield
        finally:
            if self.__dict__.get("_running_turn") is turn:
                del self.__dict__["_running_turn"]

    def _turn(
        self, new: list[Message], on_chunk: OnChunk | None, overrides: dict[str, Any], *, append: bool = True
    ) -> A:
        check_function("on_chunk", on_chunk)
        create, arguments = self._request(new, overrides)
        try:
            return self._accepted(new, self._ask(create, arguments, on_chunk), append)
        except APIStatusError as error:
            fewer = self._without_refused(arguments, overrides, error)
            if fewer is None:
                raise
        return self._accepted(new, self._ask(create, fewer, on_chunk), append)

    async def _aturn(
        self, new: list[Message], on_chunk: OnChunk | None, overrides: dict[str, Any], *, append: bool = True
    ) -> A:
        check_function("on_chunk", on_chunk)
        create, arguments = self._request(new, overrides)
        try:
            return self._accepted(new, await self._aask(create, arguments, on_chunk), append)
        except APIStatusError as error:
            fewer = self._without_refused(arguments, overrides, error)
            if fewer is None:
                raise
        return self._accepted(new, await self._aask(create, fewer, on_chunk), append)

    def _ask(self, create: Any, arguments: dict[str, Any], on_chunk: OnChunk | None) -> Any:
        if on_chunk is None:
            return create.sync(**_unstreamed(arguments))
        _check_kept(arguments)
        with create.stream(**arguments) as stream:
            return stream.each(_chunks_with_text(stream, on_chunk))

    async def _aask(self, create: Any, arguments: dict[str, Any], on_chunk: OnChunk | None) -> Any:
        if on_chunk is None:
            return await create.asyncio(**_unstreamed(arguments))
        _check_kept(arguments)
        async with create.asyncio_stream(**arguments) as stream:
            return await stream.each(_chunks_with_text(stream, on_chunk))

    def _accepted(self, new: list[Message], reply: Any, append: bool) -> A:
        """Take a complete reply, and hide it in the frames of an error: it may echo what was sent."""
        try:
            return self._accept(new, reply, append)
        except APIError as error:
            del reply
            hide_variables(error)
            raise

    # -- tools ---------------------------------------------------------------------------------------------------

    def run(
        self,
        message: MessageInput | None = None,
        on_chunk: OnChunk | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> A:
        """Send a message, run the tool calls of the model, and return its answer.

        The calls of one reply run at once, each in a thread; their results are sent in order, in one request. An error
        in a call (arguments that are not JSON or have a wrong type, an unknown name, an exception) is sent to the model
        as its result, and so is the refusal of `approve`. A `tool_choice` that forces a call is sent with the first
        request only; later requests have `auto`, so that the model can answer. Finished calls stay in `messages` after
        an error: `run()` without a message, or with the same one, resumes, in another process too (`save`, `load`),
        and neither sends the message nor runs those calls twice.

        Raises: ToolError if the model still calls tools after `max_rounds` rounds, or for a tool of a saved session
        whose function was not passed to `load`.
        """
        check_count("max_rounds", max_rounds)
        check_function("approve", approve)
        with self._one_turn():
            new, overrides = self._first_request(message, overrides)
            for _ in range(max_rounds + 1):
                calls = self._pending()
                if calls:
                    self._run_calls(calls, approve)
                reply = self._turn(new, on_chunk, overrides)
                new, overrides = [], unforced(self.params, overrides)
                if not self._pending():
                    return reply
            raise _too_many(max_rounds)

    async def arun(
        self,
        message: MessageInput | None = None,
        on_chunk: OnChunk | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> A:
        """Do the same from a coroutine; see `run`. Async functions run concurrently, others each in a thread."""
        check_count("max_rounds", max_rounds)
        check_function("approve", approve)
        with self._one_turn():
            new, overrides = self._first_request(message, overrides)
            for _ in range(max_rounds + 1):
                calls = self._pending()
                if calls:
                    await self._arun_calls(calls, approve)
                reply = await self._aturn(new, on_chunk, overrides)
                new, overrides = [], unforced(self.params, overrides)
                if not self._pending():
                    return reply
            raise _too_many(max_rounds)

    def _first_request(
        self, message: MessageInput | None, overrides: dict[str, Any]
    ) -> tuple[list[Message], dict[str, Any]]:
        """Return the new messages of a run, and its arguments. A run that resumes has no message and forces no call."""
        new = [] if message is None else [self._message(message)]
        begun = self._unanswered()
        if begun is not None and new in ([], [begun]):
            return [], unforced(self.params, overrides)
        return new, overrides

    def _run_calls(self, calls: list[Call], approve: Approve | None) -> None:
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
            done[index] = outcome or tool.call(_json_arguments(tool, calls[index]))

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

    async def _arun_calls(self, calls: list[Call], approve: Approve | None) -> None:
        from anyio import create_task_group

        jobs = []
        for call in calls:
            allowed = True if approve is None else approve(call.name, call.arguments)
            jobs.append(self._job(call, await allowed if isinstance(allowed, Awaitable) else allowed))
        done = dict[int, Outcome]()

        async def one(index: int) -> None:
            tool, outcome = jobs[index]
            done[index] = outcome or await tool.acall(_json_arguments(tool, calls[index]))

        try:
            async with create_task_group() as group:
                for index in range(len(jobs)):
                    group.start_soon(one, index)
        finally:
            self._append_results(calls, done)

    def _job(self, call: Call, allowed: bool | str) -> tuple[Tool, Outcome | None]:
        """Return the tool, and an outcome if the call must not run."""
        tool = find(self._callable(), call.name)
        if tool is None and call.name in (name_of(t) for t in self._callable() if isinstance(t, Mapping)):
            raise ToolError(
                f"the tool {call.name!r} has no function here: pass it to load(path, tools=[{call.name}]), or answer "
                "the call yourself with append_message()"
            )
        if tool is None:
            return _NO_TOOL, Outcome.failed(f"no tool is called {call.name!r}")
        if allowed is not True:
            why = f": {allowed}" if isinstance(allowed, str) and allowed else ""
            return tool, Outcome.failed(f"the user refused this call{why}")
        return tool, None

    def _append_results(self, calls: list[Call], done: Mapping[int, Outcome]) -> None:
        self.messages.extend(self._result(calls[index], done[index].text) for index in sorted(done))


#: The tool of an unknown name; its call already has an outcome.
_NO_TOOL: Any = None


def _chunks_with_text(stream: Any, on_chunk: OnChunk) -> Callable[[Any], object]:
    """Return a function that passes the chunks of a stream to `on_chunk`, each with its text."""
    text_of = stream._accumulator.text_of
    return lambda chunk: on_chunk(SessionChunk(text_of(chunk._wire), chunk))


def _check_kept(arguments: Mapping[str, Any]) -> None:
    """Raise ValueError for a stream that keeps no reply: a session could not go on."""
    if arguments.get("keep_reply") is False:
        raise ValueError("keep_reply=False: a session keeps the replies of its streams")


def _unstreamed(arguments: dict[str, Any]) -> dict[str, Any]:
    """Remove the arguments that servers accept only with a stream, which a session has for its streamed turns."""
    return {name: value for name, value in arguments.items() if name != "stream_options"}


def _json_arguments(tool: Tool, call: Call) -> str:
    """Return the arguments of a call as JSON. The input of a custom call is the only parameter of its function."""
    names = tool.parameters.get("properties", {})
    if call.kind != "custom" or len(names) != 1:
        return call.arguments
    return json.dumps({next(iter(names)): call.arguments})


def _too_many(rounds: int) -> ToolError:
    return ToolError(f"the model still calls tools after {rounds} rounds; raise max_rounds=, or look at messages")


expose(globals(), "session", "SessionChunk")
