"""`chat.completions.parse` and `.stream`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from typing import Any, Generic, Self, TypeVar

from ....errors import SDKError
from ..errors import ContentFilterFinishReasonError, LengthFinishReasonError, translated
from ..schemas import PydanticFunctionTool, read, type_to_response_format_param
from ..sentinels import is_given, omit
from . import with_forms
from .chat_events import Choices

T = TypeVar("T")


def parsed_completion(completion: Any, response_format: Any, tools: Any) -> Any:
    """Read the answers of a reply, and the arguments of its calls.

    Raises: LengthFinishReasonError, ContentFilterFinishReasonError for an answer that is not whole.
    """
    strict = strict_tools(tools)
    for choice in completion.choices or ():
        if choice.finish_reason == "length":
            raise LengthFinishReasonError(completion=completion)
        if choice.finish_reason == "content_filter":
            raise ContentFilterFinishReasonError(completion=completion)
        message = choice.message
        if message is None:
            continue
        message.parsed = None
        if is_given(response_format) and message.content and not message.refusal:
            message.parsed = read(response_format, message.content)
        for call in message.tool_calls or ():
            if getattr(call, "type", "function") == "function" and getattr(call, "function", None) is not None:
                call.function.parsed_arguments = parsed_arguments(call.function.name, call.function.arguments, strict)
    return completion


def strict_tools(tools: Any) -> dict[str, Any]:
    """Return the strict tools by name."""
    found: dict[str, Any] = {}
    for tool in tools if is_given(tools) and tools else ():
        if isinstance(tool, dict):
            function = tool.get("function", tool)
            if isinstance(function, PydanticFunctionTool) or (isinstance(function, dict) and function.get("strict")):
                found[function.get("name", "")] = function
    return found


def parsed_arguments(name: str | None, arguments: str | None, strict: dict[str, Any]) -> Any:
    """Return the arguments of a call of a strict tool, None of another."""
    tool = strict.get(name or "")
    if tool is None or not arguments:
        return None
    return (
        tool.model.model_validate_json(arguments) if isinstance(tool, PydanticFunctionTool) else json.loads(arguments)
    )


def parse(self: Any, *, response_format: Any = omit, tools: Any = omit, **arguments: Any) -> Any:
    """Call `create`, and read the answer as a value of `response_format`: `choices[0].message.parsed`."""
    reply = self.create(response_format=type_to_response_format_param(response_format), tools=tools, **arguments)
    if hasattr(self, "raw"):
        reply._parsed = parsed_completion(reply._parsed, response_format, tools)
        return reply
    return parsed_completion(reply, response_format, tools)


async def aparse(self: Any, *, response_format: Any = omit, tools: Any = omit, **arguments: Any) -> Any:
    """Call `create` from a coroutine, and read the answer; see `parse`."""
    reply = await self.create(response_format=type_to_response_format_param(response_format), tools=tools, **arguments)
    if hasattr(self, "raw"):
        reply._parsed = parsed_completion(reply._parsed, response_format, tools)
        return reply
    return parsed_completion(reply, response_format, tools)


class _State(Generic[T]):
    """What both streams do: events of chunks, and the reply at the end."""

    def __init__(self, raw: Any, response_format: Any, tools: Any) -> None:
        self._raw_stream, self._format, self._tools = raw, response_format, tools
        self._choices = Choices(raw, lambda text: read(response_format, text) if is_given(response_format) else None,
                                strict_tools(tools))  # fmt: skip
        self.response = raw.response

    @property
    def current_completion_snapshot(self) -> Any:
        """The reply so far."""
        return self._raw_stream._ours.partial

    def _events(self, chunk: Any) -> Iterable[Any]:
        return self._choices.events(chunk)

    def _whole(self, reply: Any) -> Any:
        return parsed_completion(reply, self._format, self._tools)


class ChatCompletionStream(_State[T], Iterator[Any]):
    """A stream of events of one reply."""

    def __init__(self, raw: Any, response_format: Any, tools: Any) -> None:
        super().__init__(raw, response_format, tools)
        self._iterator = self._all()

    def __iter__(self) -> Iterator[Any]:
        return self._iterator

    def __next__(self) -> Any:
        return next(self._iterator)

    def _all(self) -> Iterator[Any]:
        for chunk in self._raw_stream:
            yield from self._events(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the stream."""
        self._raw_stream.close()

    def until_done(self) -> Self:
        """Read to the end."""
        for _ in self:
            pass
        return self

    def get_final_completion(self) -> Any:
        """Read to the end, and return the whole reply."""
        self.until_done()
        try:
            return self._whole(self._raw_stream._ours.final())
        except SDKError as error:
            raise translated(error)  # noqa: B904 - it is the same error


class AsyncChatCompletionStream(_State[T], AsyncIterator[Any]):
    """A stream of events for coroutines; see `ChatCompletionStream`."""

    def __init__(self, raw: Any, response_format: Any, tools: Any) -> None:
        super().__init__(raw, response_format, tools)
        self._iterator = self._all()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._iterator

    async def __anext__(self) -> Any:
        return await anext(self._iterator)

    async def _all(self) -> AsyncIterator[Any]:
        async for chunk in self._raw_stream:
            for event in self._events(chunk):
                yield event

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the stream."""
        await self._raw_stream.close()

    async def until_done(self) -> Self:
        """Read to the end."""
        async for _ in self:
            pass
        return self

    async def get_final_completion(self) -> Any:
        """Read to the end, and return the whole reply."""
        await self.until_done()
        try:
            return self._whole(await self._raw_stream._ours.final())
        except SDKError as error:
            raise translated(error)  # noqa: B904 - it is the same error


class StreamManager(Generic[T]):
    """What `stream(...)` gives: enter it for the stream."""

    def __init__(self, call: Callable[[], Any], make: Callable[[Any], T]) -> None:
        self._call, self._make = call, make
        self._stream: Any = None

    def __enter__(self) -> T:
        stream = self._make(self._call())
        self._stream = stream
        return stream

    def __exit__(self, *exc: object) -> None:
        if self._stream is not None:
            self._stream.close()


class AsyncStreamManager(Generic[T]):
    """What `stream(...)` of an async client gives."""

    def __init__(self, call: Callable[[], Any], make: Callable[[Any], T]) -> None:
        self._call, self._make = call, make
        self._stream: Any = None

    async def __aenter__(self) -> T:
        stream = self._make(await self._call())
        self._stream = stream
        return stream

    async def __aexit__(self, *exc: object) -> None:
        if self._stream is not None:
            await self._stream.close()


ChatCompletionStreamManager, AsyncChatCompletionStreamManager = StreamManager, AsyncStreamManager


def stream(self: Any, *, response_format: Any = omit, tools: Any = omit, **arguments: Any) -> Any:
    """Stream a reply as events, within a `with` block; see `ChatCompletionStream`."""
    wanted = type_to_response_format_param(response_format)
    return StreamManager(
        lambda: self.create(response_format=wanted, tools=tools, stream=True, **arguments),
        lambda raw: ChatCompletionStream(raw, response_format, tools),
    )


def astream(self: Any, *, response_format: Any = omit, tools: Any = omit, **arguments: Any) -> Any:
    """Stream a reply as events, within an `async with` block."""
    wanted = type_to_response_format_param(response_format)
    return AsyncStreamManager(
        lambda: self.create(response_format=wanted, tools=tools, stream=True, **arguments),
        lambda raw: AsyncChatCompletionStream(raw, response_format, tools),
    )


def helpers(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of the resource; `beta.chat.completions` has nothing else but `create`."""
    found: dict[str, Any] = {"parse": with_forms(aparse if asynchronous else parse, asynchronous=asynchronous)}
    found["stream"] = astream if asynchronous else stream
    if path.startswith("beta."):
        found["create"] = _acreate if asynchronous else _create
    return found


def _create(self: Any, **arguments: Any) -> Any:
    return self._client.chat.completions.create(**arguments)


async def _acreate(self: Any, **arguments: Any) -> Any:
    return await self._client.chat.completions.create(**arguments)
