"""A spoken conversation: turns of text and audio, and plain functions that the model calls."""

from __future__ import annotations

import inspect
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self

from ..._core.errors import ToolError
from ..._core.public import expose
from ..session.arguments import check_client, check_count, check_function, check_str
from ..session.conversation import too_many
from ..session.tool_calls import Approve, Call, ToolCalls
from ..session.tools import name_of, offered
from .audio import chunks, pcm_of
from .turn import INTERRUPTION, Collector, Turn

if TYPE_CHECKING:
    import os

    from ..._core.client.base import BaseClient
    from ..session.chat import ToolInput

#: The model of sessions without one, and that of transcripts.
DEFAULT_MODEL, TRANSCRIBES = "gpt-realtime", "gpt-4o-mini-transcribe"
OnEvent = Callable[[Any], object]


class RealtimeSession(ToolCalls):
    """A spoken conversation. Use it in a `with` block, or in an `async with` block with the methods that begin with a.

    `turns` has what both sides said, as text and audio. A turn asks for a response and returns it; functions that the
    model calls meanwhile are run, and their results sent. With `turn_detection` the server notices who speaks: send
    audio with `send_audio`, and iterate over `listen`.
    """

    def __init__(
        self,
        client: BaseClient | None = None,
        model: str | None = None,
        tools: Iterable[ToolInput] = (),
        *,
        instructions: str | None = None,
        voice: str | None = None,
        speaks: bool = True,
        transcribes: str | None = TRANSCRIBES,
        turn_detection: Mapping[str, Any] | None = None,
        call_id: str | None = None,
        session: Mapping[str, Any] | None = None,
        approve: Approve | None = None,
        max_rounds: int = 8,
        **options: Any,
    ) -> None:
        """Prepare a conversation; the `with` block opens it.

        Args:
            client: the client of its connection; by default the process-wide client from the environment.
            model: by default `gpt-realtime`.
            tools: plain functions, `Tool`s, or tools in the form of the API.
            instructions: the system prompt.
            voice: the voice of the model.
            speaks: whether the model answers with audio, or with text alone.
            transcribes: the model that writes down what the user says; None for no transcripts.
            turn_detection: how the server notices turns, such as {"type": "server_vad"}; None if the program ends them.
            call_id: a call to join, in place of a model.
            session: other settings of the session, as `session.update` has them.
            approve: called before each function with its name and arguments; False or a reason refuses the call.
            max_rounds: how often the model may call functions before it answers.
            options: those of the connection, such as `deadline` or `reconnect`.
        """
        for name, text in (("model", model), ("voice", voice), ("call_id", call_id), ("instructions", instructions)):
            check_str(name, text)
        check_function("approve", approve)
        check_count("max_rounds", max_rounds)
        self.client = check_client(client)
        self.model, self.call_id = (model or DEFAULT_MODEL) if call_id is None else model, call_id
        self.tools = list(tools)
        self.messages: list[Any] = []  # the results of calls, until they are sent
        self._approve, self._max_rounds, self._options = approve, max_rounds, options
        listening: dict[str, Any] = {"turn_detection": None if turn_detection is None else dict(turn_detection)}
        if transcribes is not None:
            listening["transcription"] = {"model": transcribes}
        self._session: dict[str, Any] = {
            "type": "realtime",
            "output_modalities": ["audio" if speaks else "text"],
            "audio": {"input": listening, **({"output": {"voice": voice}} if voice is not None else {})},
            **({"instructions": instructions} if instructions is not None else {}),
            **({"tools": [_in_form_of_the_api(one) for one in offered(self.tools)]} if self.tools else {}),
            **(session or {}),
        }
        self._collector = Collector()
        self._connection: Any = None

    @property
    def turns(self) -> list[Turn]:
        """What both sides said, in order."""
        return self._collector.turns

    @property
    def connection(self) -> Any:
        """The open connection, for events that the session has no method for."""
        if self._connection is None:
            raise RuntimeError("the session is not open: use it in a `with` block")
        return self._connection

    # -- for blocking callers ------------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        self._connection = self._connect().sync(**self._arguments()).__enter__()
        try:
            self._connection.session.update(session=self._session)
        except BaseException as error:
            self._connection.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(self, *exc: Any) -> None:
        connection, self._connection = self._connection, None
        connection.__exit__(*exc)

    def say(self, text: str, on_event: OnEvent | None = None) -> Turn:
        """Say something as text, and return the answer; `on_event` gets every event on the way.

        Raises: APIResponseError for an error event, ToolError after too many rounds of calls, ConnectionClosedError.
        """
        check_str("text", text)
        self._collector.said(text)
        self.connection.conversation.item.create(item=_message(text))
        self.connection.response.create()
        return self._answer(on_event)

    def speak(self, audio: bytes | str | os.PathLike[str], on_event: OnEvent | None = None) -> Turn:
        """Say something as audio, a WAV file or raw samples, and return the answer; see `say`."""
        samples = pcm_of(audio)
        self._collector.said("", samples)
        self.send_audio(samples)
        self.connection.input_audio_buffer.commit()
        self.connection.response.create()
        return self._answer(on_event)

    def send_audio(self, samples: bytes) -> None:
        """Send raw samples, such as those of a microphone, without asking for an answer. Any thread may."""
        for chunk in chunks(samples):
            self.connection.input_audio_buffer.append(audio=b64encode(chunk).decode())

    def listen(self, on_event: OnEvent | None = None) -> Iterator[Turn]:
        """Yield each turn of the model as it ends, until the conversation ends; functions are run on the way."""
        for event in self.connection:
            turn = self._take(event, on_event)
            if turn is not None:
                yield turn

    def interrupt(self, played_ms: int | None = None) -> None:
        """Stop the model; `played_ms` is how much of its audio was heard, by default all that has arrived."""
        if self._collector.running:
            self.connection.response.cancel(event_id=INTERRUPTION)
        self._truncate(played_ms)

    def _truncate(self, played_ms: int | None) -> None:
        if self._collector.item is not None and self._collector.received_ms:
            heard = self._collector.received_ms if played_ms is None else min(played_ms, self._collector.received_ms)
            self.connection.conversation.item.truncate(
                item_id=self._collector.item, content_index=0, audio_end_ms=heard, event_id=INTERRUPTION
            )

    def _answer(self, on_event: OnEvent | None) -> Turn:
        check_function("on_event", on_event)
        self._rounds = 0
        while True:
            turn = self._take(self.connection.recv(), on_event)
            if turn is not None:
                return turn

    def _take(self, event: Any, on_event: OnEvent | None) -> Turn | None:
        if on_event is not None:
            on_event(event)
        found = self._collector.take(event)
        if isinstance(found, list):
            self._count_round()
            self._run_calls(found, self._approve)
            while self.messages:
                self.connection.conversation.item.create(item=self.messages.pop(0))
            self.connection.response.create()
            return None
        return found

    # -- for coroutines ------------------------------------------------------------------------------------------

    async def __aenter__(self) -> Self:
        self._connection = await self._connect().asyncio(**self._arguments()).__aenter__()
        try:
            await self._connection.session.update(session=self._session)
        except BaseException as error:
            await self._connection.__aexit__(type(error), error, error.__traceback__)
            raise
        return self

    async def __aexit__(self, *exc: Any) -> None:
        connection, self._connection = self._connection, None
        await connection.__aexit__(*exc)

    async def asay(self, text: str, on_event: OnEvent | None = None) -> Turn:
        """Say something as text from a coroutine; see `say`. `on_event` may be async."""
        check_str("text", text)
        self._collector.said(text)
        await self.connection.conversation.item.create(item=_message(text))
        await self.connection.response.create()
        return await self._aanswer(on_event)

    async def aspeak(self, audio: bytes | str | os.PathLike[str], on_event: OnEvent | None = None) -> Turn:
        """Say something as audio from a coroutine; see `speak`."""
        samples = pcm_of(audio)
        self._collector.said("", samples)
        await self.asend_audio(samples)
        await self.connection.input_audio_buffer.commit()
        await self.connection.response.create()
        return await self._aanswer(on_event)

    async def asend_audio(self, samples: bytes) -> None:
        """Send raw samples from a coroutine; see `send_audio`."""
        for chunk in chunks(samples):
            await self.connection.input_audio_buffer.append(audio=b64encode(chunk).decode())

    async def alisten(self, on_event: OnEvent | None = None) -> AsyncIterator[Turn]:
        """Yield each turn of the model as it ends, from a coroutine; see `listen`. `on_event` may be async."""
        async for event in self.connection:
            turn = await self._atake(event, on_event)
            if turn is not None:
                yield turn

    async def ainterrupt(self, played_ms: int | None = None) -> None:
        """Stop the model from a coroutine; see `interrupt`."""
        if self._collector.running:
            await self.connection.response.cancel(event_id=INTERRUPTION)
        await self._atruncate(played_ms)

    async def _atruncate(self, played_ms: int | None) -> None:
        if self._collector.item is not None and self._collector.received_ms:
            heard = self._collector.received_ms if played_ms is None else min(played_ms, self._collector.received_ms)
            await self.connection.conversation.item.truncate(
                item_id=self._collector.item, content_index=0, audio_end_ms=heard, event_id=INTERRUPTION
            )

    async def _aanswer(self, on_event: OnEvent | None) -> Turn:
        check_function("on_event", on_event)
        self._rounds = 0
        while True:
            turn = await self._atake(await self.connection.recv(), on_event)
            if turn is not None:
                return turn

    async def _atake(self, event: Any, on_event: OnEvent | None) -> Turn | None:
        if on_event is not None:
            given = on_event(event)
            if inspect.isawaitable(given):
                await given
        found = self._collector.take(event)
        if isinstance(found, list):
            self._count_round()
            await self._arun_calls(found, self._approve)
            while self.messages:
                await self.connection.conversation.item.create(item=self.messages.pop(0))
            await self.connection.response.create()
            return None
        return found

    # -- what both share -----------------------------------------------------------------------------------------

    _rounds = 0

    def _connect(self) -> Any:
        from ...api.realtime import connect

        return connect.bind(self.client) if self.client is not None else connect

    def _arguments(self) -> dict[str, Any]:
        if self._connection is not None:
            raise RuntimeError("the session is open already")
        target = {"model": self.model} if self.call_id is None else {"call_id": self.call_id}
        return {**target, **self._options}

    def _count_round(self) -> None:
        """Raise ToolError where the model calls functions for ever."""
        self._rounds += 1
        if self._rounds > self._max_rounds:
            raise too_many(self._max_rounds)

    def _result(self, call: Call, text: str) -> dict[str, Any]:
        return {"type": "function_call_output", "call_id": call.id, "output": text}

    def __repr__(self) -> str:
        state = "closed" if self._connection is None else "open"
        return f"<RealtimeSession with {self.model or self.call_id}, {len(self.turns)} turns, {state}>"


def _message(text: str) -> dict[str, Any]:
    return {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def _in_form_of_the_api(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tool as this API has it: without the level that chats have around a function."""
    inner = definition.get("function")
    if definition.get("type") != "function" or not isinstance(inner, Mapping):
        return dict(definition)
    if name_of(definition) is None:
        raise ToolError("a function needs a name")
    known = ("name", "description", "parameters")
    return {"type": "function", **{key: inner[key] for key in known if inner.get(key) is not None}}


expose(globals(), "realtime", "RealtimeSession")
