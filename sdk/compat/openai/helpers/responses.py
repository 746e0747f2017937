"""`responses.parse` and `.stream`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Generic, Self, TypeVar

from ....errors import SDKError
from ..errors import translated
from ..schemas import PydanticFunctionTool, read, type_to_text_format_param
from ..sentinels import is_given, omit
from . import with_forms
from .chat import AsyncStreamManager, StreamManager

T = TypeVar("T")


def parsed_response(response: Any, text_format: Any, tools: Any) -> Any:
    """Read the texts of a reply as values, and the arguments of its calls."""
    models = {tool["name"]: tool for tool in _strict(tools)}
    response.output_parsed = None
    for item in response.output or ():
        kind = getattr(item, "type", None)
        if kind == "message":
            for part in item.content or ():
                if getattr(part, "type", None) == "output_text":
                    part.parsed = read(text_format, part.text) if is_given(text_format) and part.text else None
                    if response.output_parsed is None:
                        response.output_parsed = part.parsed
        elif kind == "function_call":
            tool = models.get(item.name)
            item.parsed_arguments = None
            if tool is not None and item.arguments:
                validate = tool.model.model_validate_json if isinstance(tool, PydanticFunctionTool) else json.loads
                item.parsed_arguments = validate(item.arguments)
    return response


def _strict(tools: Any) -> list[Any]:
    found = tools if is_given(tools) and tools else ()
    return [one for one in found if isinstance(one, dict) and one.get("type") == "function" and one.get("strict")]


def _with_format(arguments: dict[str, Any], text_format: Any) -> dict[str, Any]:
    if not is_given(text_format):
        return arguments
    text = arguments.get("text")
    if is_given(text) and text and "format" in text:
        raise TypeError("give text_format=, or the format in text=, not both")
    held = dict(text) if is_given(text) and text else {}
    return {**arguments, "text": {**held, "format": type_to_text_format_param(text_format)}}


def parse(self: Any, *, text_format: Any = omit, tools: Any = omit, **arguments: Any) -> Any:
    """Call `create`, and read the answer as a value of `text_format`: `output_parsed`."""
    reply = self.create(tools=tools, **_with_format(arguments, text_format))
    if hasattr(self, "raw"):
        reply._parsed = parsed_response(reply._parsed, text_format, tools)
        return reply
    return parsed_response(reply, text_format, tools)


async def aparse(self: Any, *, text_format: Any = omit, tools: Any = omit, **arguments: Any) -> Any:
    """Call `create` from a coroutine, and read the answer; see `parse`."""
    reply = await self.create(tools=tools, **_with_format(arguments, text_format))
    if hasattr(self, "raw"):
        reply._parsed = parsed_response(reply._parsed, text_format, tools)
        return reply
    return parsed_response(reply, text_format, tools)


class _State(Generic[T]):
    """What both streams do: events with what arrived so far, and the reply at the end."""

    def __init__(self, raw: Any, text_format: Any, tools: Any, after: int | None) -> None:
        self._raw_stream, self._format, self._tools, self._after = raw, text_format, tools, after
        self._texts: dict[tuple[Any, ...], str] = {}
        self.response = raw.response

    def _with_snapshot(self, event: Any) -> Any:
        """Return an event; a delta with all that arrived so far, an end with its value."""
        kind = event.type
        if kind in ("response.output_text.delta", "response.function_call_arguments.delta"):
            key = (kind, event.output_index, getattr(event, "content_index", None))
            event.snapshot = self._texts[key] = self._texts.get(key, "") + (event.delta or "")
        elif kind == "response.output_text.done":
            event.parsed = read(self._format, event.text) if is_given(self._format) and event.text else None
        elif kind == "response.completed":
            event.response = parsed_response(event.response, self._format, self._tools)
        return event

    def _skipped(self, event: Any) -> bool:
        number = getattr(event, "sequence_number", None)
        return self._after is not None and number is not None and number <= self._after

    def _whole(self, reply: Any) -> Any:
        return parsed_response(reply, self._format, self._tools)


class ResponseStream(_State[T], Iterator[Any]):
    """A stream of events of one response."""

    def __init__(self, *state: Any) -> None:
        super().__init__(*state)
        self._iterator = self._all()

    def __iter__(self) -> Iterator[Any]:
        return self._iterator

    def __next__(self) -> Any:
        return next(self._iterator)

    def _all(self) -> Iterator[Any]:
        for event in self._raw_stream:
            found = self._with_snapshot(event)
            if not self._skipped(event):
                yield found

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

    def get_final_response(self) -> Any:
        """Read to the end, and return the whole response."""
        self.until_done()
        try:
            return self._whole(self._raw_stream._ours.final())
        except SDKError as error:
            raise translated(error)  # noqa: B904 - it is the same error


class AsyncResponseStream(_State[T], AsyncIterator[Any]):
    """A stream of events for coroutines; see `ResponseStream`."""

    def __init__(self, *state: Any) -> None:
        super().__init__(*state)
        self._iterator = self._all()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._iterator

    async def __anext__(self) -> Any:
        return await anext(self._iterator)

    async def _all(self) -> AsyncIterator[Any]:
        async for event in self._raw_stream:
            found = self._with_snapshot(event)
            if not self._skipped(event):
                yield found

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

    async def get_final_response(self) -> Any:
        """Read to the end, and return the whole response."""
        await self.until_done()
        try:
            return self._whole(await self._raw_stream._ours.final())
        except SDKError as error:
            raise translated(error)  # noqa: B904 - it is the same error


def _call(
    self: Any, text_format: Any, tools: Any, identity: Any, after: Any, arguments: dict[str, Any]
) -> tuple[Callable[[], Any], Any]:
    """Return the call, and the number of the event after which to continue."""
    if is_given(identity):
        kept = {name: value for name, value in arguments.items() if name in _OF_RETRIEVE}
        after = after if is_given(after) else None
        return lambda: self.retrieve(identity, stream=True, **kept), after
    whole = _with_format(arguments, text_format)
    return lambda: self.create(tools=tools, stream=True, **whole), None


_OF_RETRIEVE = ("include", "extra_headers", "extra_query", "extra_body", "timeout")


def stream(
    self: Any,
    *,
    text_format: Any = omit,
    tools: Any = omit,
    response_id: Any = omit,
    starting_after: Any = omit,
    **arguments: Any,
) -> Any:
    """Stream a response as events, within a `with` block; `response_id=` continues a running one."""
    call, after = _call(self, text_format, tools, response_id, starting_after, arguments)
    return StreamManager(call, lambda raw: ResponseStream(raw, text_format, tools, after))


def astream(
    self: Any,
    *,
    text_format: Any = omit,
    tools: Any = omit,
    response_id: Any = omit,
    starting_after: Any = omit,
    **arguments: Any,
) -> Any:
    """Stream a response as events, within an `async with` block."""
    call, after = _call(self, text_format, tools, response_id, starting_after, arguments)
    return AsyncStreamManager(call, lambda raw: AsyncResponseStream(raw, text_format, tools, after))


def helpers(path: str, *, asynchronous: bool) -> dict[str, Callable[..., Any]]:
    """Return the helpers of the resource."""
    parsing = with_forms(aparse if asynchronous else parse, asynchronous=asynchronous)
    return {"parse": parsing, "stream": astream if asynchronous else stream}
