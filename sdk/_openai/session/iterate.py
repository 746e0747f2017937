"""The turns of a session as iterators: the text of an answer, or the events of a run. Loaded with the first one.

A turn is a generator, which starts with the first step and holds the session until it ends or is closed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, Generic, Self, TypeAlias, TypeVar

from ..._core.errors import APIStatusError, MessageError
from ..._core.public import expose
from ..._core.reply.stream_events import Done, StreamEvent
from ..._core.tracebacks import drop_frames
from .conversation import Conversation, Message, MessageInput, check_kept, too_many
from .tool_calls import Approve, ToolResult
from .tool_choice import unforced
from .tracing import run_of

if TYPE_CHECKING:
    from ..._core.operation.streams import AsyncStream, Stream

P = TypeVar("P")
A = TypeVar("A")
#: What `run_events` yields.
RunEvent: TypeAlias = StreamEvent | ToolResult | Done[A]


class Turn:
    """What a generator passes to its iterator: the open stream, and the reply. The session knows the turn by it."""

    __slots__ = ("reply", "stream")

    def __init__(self) -> None:
        self.stream: Any = None
        self.reply: Any = None


class _BaseSessionStream(Generic[P, A]):
    """The base of both iterators: all that is done without I/O."""

    def __init__(self, session: Conversation[A], steps: Callable[..., Any], *arguments: Any) -> None:
        self._session, self._turn = session, Turn()
        self._steps: Any = steps(session, self._turn, *arguments)

    @property
    def reply(self) -> A:
        """The answer, once the turn is complete. Raises: MessageError before, and if the loop was left early."""
        if self._turn.reply is None:
            raise MessageError("the turn is not complete: read the stream to its end, then it has a reply")
        reply: A = self._turn.reply
        return reply

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._session!r}>"


class SessionStream(_BaseSessionStream[P, A], Iterator[P]):
    """The pieces of a turn, while they arrive; `reply` is the answer afterwards. Leaving the loop closes it."""

    def __iter__(self) -> Iterator[P]:
        yield from self._steps  # which is closed when the loop is left

    def __next__(self) -> P:
        try:
            piece: P = next(self._steps)
            return piece
        except Exception as error:
            drop_frames(error)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection of a turn that is not complete, and leave the session as it was before the turn."""
        self._steps.close()


class AsyncSessionStream(_BaseSessionStream[P, A], AsyncIterator[P]):
    """The pieces of a turn, while they arrive; `reply` is the answer afterwards.

    Leaving the loop frees the session at once; the connection is closed by the event loop, or by an `async with` block.
    """

    def __aiter__(self) -> AsyncIterator[P]:
        return _Loop(self)

    async def __anext__(self) -> P:
        try:
            piece: P = await anext(self._steps)
            return piece
        except Exception as error:
            drop_frames(error)
            raise

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection of a turn that is not complete, and leave the session as it was before the turn."""
        await self._steps.aclose()

    def _leave(self) -> None:
        """Free the session and the place of the stream, and drop the generator, which the event loop then closes."""
        self._session._end_turn(self._turn)
        if self._turn.stream is not None:
            self._turn.stream._abandon()
        self._steps = _nothing()


class _Loop(AsyncIterator[P]):
    """The iterator of one `async for`, which is garbage-collected when the loop is left."""

    def __init__(self, stream: AsyncSessionStream[P, Any]) -> None:
        self._stream = stream

    async def __anext__(self) -> P:
        return await anext(self._stream)

    def __del__(self) -> None:
        self._stream._leave()


async def _nothing() -> AsyncIterator[Any]:
    return
    yield


def texts(session: Conversation[Any], turn: Turn, new: list[Message], overrides: dict[str, Any]) -> Iterator[str]:
    """Yield the text of the answer to a message."""
    with session._one_turn(turn=turn):
        with _opened(session, turn, new, overrides) as stream:
            yield from stream.text()
            reply = stream.final()
        turn.reply = session._accepted(new, reply, True)


async def atexts(
    session: Conversation[Any], turn: Turn, new: list[Message], overrides: dict[str, Any]
) -> AsyncIterator[str]:
    """Yield the text of the answer from a coroutine."""
    with session._one_turn(turn=turn):
        async with await _aopened(session, turn, new, overrides) as stream:
            async for text in stream.text():
                yield text
            reply = await stream.final()
        turn.reply = session._accepted(new, reply, True)


def events(
    session: Conversation[Any],
    turn: Turn,
    message: MessageInput | None,
    overrides: dict[str, Any],
    max_rounds: int,
    approve: Approve | None,
) -> Iterator[RunEvent[Any]]:
    """Yield the events of a run."""
    with session._one_turn(turn=turn), run_of(session.client, session.model) as run:
        new, overrides = session._first_request(message, overrides)
        for _ in range(max_rounds + 1):
            calls = session._pending()
            if calls:
                with run.within():
                    results = session._run_calls(calls, approve)
                yield from results
            with run.within():
                stream = _opened(session, turn, new, overrides)
            with stream:
                for event in stream.events():
                    if not isinstance(event, Done):
                        yield event
                reply = stream.final()
            answer = session._accepted(new, reply, True)
            new, overrides = [], unforced(session.params, overrides)
            if not session._pending():
                turn.reply = answer
                yield Done(answer)
                return
        raise too_many(max_rounds)


async def aevents(
    session: Conversation[Any],
    turn: Turn,
    message: MessageInput | None,
    overrides: dict[str, Any],
    max_rounds: int,
    approve: Approve | None,
) -> AsyncIterator[RunEvent[Any]]:
    """Yield the events of a run from a coroutine."""
    with session._one_turn(turn=turn), run_of(session.client, session.model) as run:
        new, overrides = session._first_request(message, overrides)
        for _ in range(max_rounds + 1):
            calls = session._pending()
            if calls:
                with run.within():
                    results = await session._arun_calls(calls, approve)
                for result in results:
                    yield result
            with run.within():
                stream = await _aopened(session, turn, new, overrides)
            async with stream:
                async for event in stream.events():
                    if not isinstance(event, Done):
                        yield event
                reply = await stream.final()
            answer = session._accepted(new, reply, True)
            new, overrides = [], unforced(session.params, overrides)
            if not session._pending():
                turn.reply = answer
                yield Done(answer)
                return
        raise too_many(max_rounds)


def _opened(session: Conversation[Any], turn: Turn, new: list[Message], overrides: dict[str, Any]) -> Stream[Any, Any]:
    """Open the stream of an answer, again without what the server rejects and the session had added."""
    create, arguments = session._request(new, overrides)
    check_kept(arguments)
    turn.stream = stream = create.stream(**arguments)
    try:
        opened: Stream[Any, Any] = stream.__enter__()
        return opened
    except APIStatusError as error:
        fewer = session._without_refused(arguments, overrides, error)
        if fewer is None:
            raise
    turn.stream = opened = create.stream(**fewer)
    return opened


async def _aopened(
    session: Conversation[Any], turn: Turn, new: list[Message], overrides: dict[str, Any]
) -> AsyncStream[Any, Any]:
    """Open the stream from a coroutine; see `_opened`."""
    create, arguments = session._request(new, overrides)
    check_kept(arguments)
    turn.stream = stream = create.asyncio_stream(**arguments)
    try:
        opened: AsyncStream[Any, Any] = await stream.__aenter__()
        return opened
    except APIStatusError as error:
        fewer = session._without_refused(arguments, overrides, error)
        if fewer is None:
            raise
    turn.stream = opened = create.asyncio_stream(**fewer)
    return opened


expose(globals(), "session", "SessionStream", "AsyncSessionStream")
