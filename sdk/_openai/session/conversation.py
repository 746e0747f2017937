"""The base class of sessions: it completes a turn or leaves no trace, and runs tool calls until the model answers.

`ChatSession` and `ResponsesSession` implement the form of requests, replies and calls in their API.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from attrs import frozen

from ..._core.errors import APIError, APIStatusError, MessageError, SDKError, ToolError
from ..._core.errors.variables import hide_variables
from ..._core.model import ApiModel
from ..._core.public import expose
from .arguments import check_count, check_function
from .tool_calls import Approve, Call, ToolCalls
from .tool_choice import unforced
from .tools import name_of
from .tracing import run_of

if TYPE_CHECKING:
    from .iterate import AsyncSessionStream, RunEvent, SessionStream

Message = dict[str, Any]
MessageInput = Mapping[str, Any] | ApiModel | str
A = TypeVar("A")


@frozen
class SessionChunk:
    """A part of a reply: its text (`content`, '' if it has none) and the typed chunk or event that contains it."""

    content: str
    chunk: Any


OnChunk = Callable[[SessionChunk], object]


def require_list(name: str, given: Iterable[Any], error: type[SDKError]) -> list[Any]:
    """Return an argument as a list. Raises `error` for a str or mapping, whose items would be characters or keys."""
    if isinstance(given, str | bytes | Mapping) or not isinstance(given, Iterable):
        raise error(f"{name}= takes a list, not {type(given).__name__}")
    return list(given)


class _OneTurn:
    """The block of a turn. An error leaves it without the frames of this package."""

    def __init__(self, session: Conversation[Any], append: bool, turn: object) -> None:
        self._session, self._append, self._turn = session, append, turn

    def __enter__(self) -> None:
        if self._append:
            self._session._begin_turn(self._turn)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._session._end_turn(self._turn)
        if error is not None:
            from ..._core.tracebacks import drop_frames

            drop_frames(error)


class Conversation(ToolCalls, Generic[A]):
    """A conversation whose replies are `A`."""

    model: str
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

    def __repr__(self) -> str:
        count, names = len(self.messages), ", ".join(map(_tool_name, self._callable()))
        messages = f"{count} message{'' if count == 1 else 's'}"
        return f"<{type(self).__name__} {self.model}: {messages}, {f'tools {names}' if names else 'no tools'}>"

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

    def stream(self, message: MessageInput, **overrides: Any) -> SessionStream[str, A]:
        """Send a message and return an iterator over the text of the answer, as it arrives; see `send`.

        The turn is complete at the end of the iterator; then `.reply` is the answer. Leaving the loop early closes the
        connection, and leaves `messages` as they were before the turn.
        """
        from .iterate import SessionStream, texts

        return SessionStream(self, texts, [self._message(message)], overrides)

    def astream(self, message: MessageInput, **overrides: Any) -> AsyncSessionStream[str, A]:
        """Send a message and iterate over the text from a coroutine; see `stream`.

        After leaving the loop early the event loop closes the connection; in an `async with` block it is closed at the
        end of the block.
        """
        from .iterate import AsyncSessionStream, atexts

        return AsyncSessionStream(self, atexts, [self._message(message)], overrides)

    def _one_turn(self, append: bool = True, turn: object = None) -> _OneTurn:
        """Let one turn at a time change the history. Raises MessageError in a second turn, such as one of a tool."""
        return _OneTurn(self, append, turn or object())

    def _begin_turn(self, turn: object) -> None:
        if self.__dict__.setdefault("_running_turn", turn) is not turn:
            raise MessageError(
                "the session is busy with another turn: wait for it, or use fork() to continue from here twice"
            )

    def _end_turn(self, turn: object) -> None:
        """Let the next turn begin, if `turn` is the one that runs."""
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
        check_kept(arguments)
        with create.stream(**arguments) as stream:
            return stream.each(_chunks_with_text(stream, on_chunk))

    async def _aask(self, create: Any, arguments: dict[str, Any], on_chunk: OnChunk | None) -> Any:
        if on_chunk is None:
            return await create.asyncio(**_unstreamed(arguments))
        check_kept(arguments)
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
        with self._one_turn(), run_of(self.client, self.model) as run, run.within():
            new, overrides = self._first_request(message, overrides)
            for _ in range(max_rounds + 1):
                calls = self._pending()
                if calls:
                    self._run_calls(calls, approve)
                reply = self._turn(new, on_chunk, overrides)
                new, overrides = [], unforced(self.params, overrides)
                if not self._pending():
                    return reply
            raise too_many(max_rounds)

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
        with self._one_turn(), run_of(self.client, self.model) as run, run.within():
            new, overrides = self._first_request(message, overrides)
            for _ in range(max_rounds + 1):
                calls = self._pending()
                if calls:
                    await self._arun_calls(calls, approve)
                reply = await self._aturn(new, on_chunk, overrides)
                new, overrides = [], unforced(self.params, overrides)
                if not self._pending():
                    return reply
            raise too_many(max_rounds)

    def run_events(
        self,
        message: MessageInput | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> SessionStream[RunEvent[A], A]:
        """Do the same as `run`, and return an iterator over its events as they arrive; then `.reply` is the answer.

        The events are those of a stream (`TextDelta`, `ToolCallDone`, ...), a `ToolResult` for each call that was run,
        and `Done` with the reply at the end. After leaving the loop early, completed calls and their results stay in
        `messages`, as after an error of `run`.
        """
        from .iterate import SessionStream, events

        check_count("max_rounds", max_rounds)
        check_function("approve", approve)
        return SessionStream(self, events, message, overrides, max_rounds, approve)

    def arun_events(
        self,
        message: MessageInput | None = None,
        *,
        max_rounds: int = 8,
        approve: Approve | None = None,
        **overrides: Any,
    ) -> AsyncSessionStream[RunEvent[A], A]:
        """Iterate over the events of `arun` from a coroutine; see `run_events` and `astream`."""
        from .iterate import AsyncSessionStream, aevents

        check_count("max_rounds", max_rounds)
        check_function("approve", approve)
        return AsyncSessionStream(self, aevents, message, overrides, max_rounds, approve)

    def _first_request(
        self, message: MessageInput | None, overrides: dict[str, Any]
    ) -> tuple[list[Message], dict[str, Any]]:
        """Return the new messages of a run, and its arguments. A run that resumes has no message and forces no call."""
        new = [] if message is None else [self._message(message)]
        begun = self._unanswered()
        if begun is not None and new in ([], [begun]):
            return [], unforced(self.params, overrides)
        return new, overrides


def _chunks_with_text(stream: Any, on_chunk: OnChunk) -> Callable[[Any], object]:
    """Return a function that passes the chunks of a stream to `on_chunk`, each with its text."""
    text_of = stream._accumulator.text_of
    return lambda chunk: on_chunk(SessionChunk(text_of(chunk._wire), chunk))


def check_kept(arguments: Mapping[str, Any]) -> None:
    """Raise ValueError for a stream that keeps no reply: a session could not continue."""
    if arguments.get("keep_reply") is False:
        raise ValueError("keep_reply=False: a session keeps the replies of its streams")


def _unstreamed(arguments: dict[str, Any]) -> dict[str, Any]:
    """Remove the arguments that servers accept only with a stream, which a session has for its streamed turns."""
    return {name: value for name, value in arguments.items() if name != "stream_options"}


def _tool_name(tool: Any) -> str:
    """Return the name of a tool, of whatever form, or the type of one that the server runs."""
    if isinstance(tool, Mapping):
        return str(name_of(tool) or tool.get("type"))
    return str(getattr(tool, "name", None) or getattr(tool, "__name__", None) or type(tool).__name__)


def too_many(rounds: int) -> ToolError:
    return ToolError(f"the model still calls tools after {rounds} rounds; raise max_rounds=, or look at messages")


expose(globals(), "session", "SessionChunk")
