"""Handlers of the events of a run: subclass one, and override what you need."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any


class _Snapshots:
    """The run, its messages and its steps so far, by the events."""

    def __init__(self) -> None:
        self._stream: Any = None
        self.current_event: Any = None
        self.current_run: Any = None
        self.current_message_snapshot: Any = None
        self.current_run_step_snapshot: Any = None
        self._messages: dict[str, Any] = {}
        self._steps: dict[str, Any] = {}
        self._texts: dict[tuple[str, int], str] = {}
        self._calls: dict[int, dict[str, Any]] = {}

    def _calls_of(self, event: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield the handlers to call for an event, with their arguments."""
        self.current_event = event
        name, data = getattr(event, "event", ""), getattr(event, "data", None)
        yield "on_event", (event,)
        if name.startswith("thread.run.step."):
            yield from self._of_step(name.rpartition(".")[2], data)
        elif name.startswith("thread.run."):
            self.current_run = data
        elif name.startswith("thread.message."):
            yield from self._of_message(name.rpartition(".")[2], data)

    def _of_message(self, kind: str, data: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
        if kind != "delta":
            self._messages[data.id] = self.current_message_snapshot = data
        if kind == "created":
            yield "on_message_created", (data,)
        elif kind == "delta":
            yield "on_message_delta", (data.delta, self.current_message_snapshot)
            for part in data.delta.content or ():
                text = getattr(part, "text", None)
                if text is None:
                    continue
                key = (data.id, part.index or 0)
                first = key not in self._texts
                self._texts[key] = self._texts.get(key, "") + (text.value or "")
                snapshot = type(text).from_dict({**text.to_dict(), "value": self._texts[key]})
                if first:
                    yield "on_text_created", (snapshot,)
                yield "on_text_delta", (text, snapshot)
        elif kind in ("completed", "incomplete"):
            for part in data.content or ():
                if getattr(part, "type", None) == "text":
                    yield "on_text_done", (part.text,)
                elif getattr(part, "type", None) == "image_file":
                    yield "on_image_file_done", (part.image_file,)
            yield "on_message_done", (data,)

    def _of_step(self, kind: str, data: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
        if kind != "delta":
            self._steps[data.id] = self.current_run_step_snapshot = data
        if kind == "created":
            yield "on_run_step_created", (data,)
        elif kind == "delta":
            yield "on_run_step_delta", (data.delta, self.current_run_step_snapshot)
            details = data.delta.step_details
            for call in getattr(details, "tool_calls", None) or ():
                index = call.index or 0
                first = index not in self._calls
                self._calls[index] = _joined(self._calls.get(index, {}), call.to_dict())
                snapshot = type(call).from_dict(self._calls[index])
                if first:
                    yield "on_tool_call_created", (snapshot,)
                yield "on_tool_call_delta", (call, snapshot)
        else:
            details = getattr(data, "step_details", None)
            for call in getattr(details, "tool_calls", None) or ():
                yield "on_tool_call_done", (call,)
            self._calls = {}
            yield "on_run_step_done", (data,)

    def _final_run(self) -> Any:
        if self.current_run is None:
            raise RuntimeError("no run was received")
        return self.current_run


def _joined(old: dict[str, Any], delta: dict[str, Any]) -> dict[str, Any]:
    found = {**old}
    for name, value in delta.items():
        before = found.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            found[name] = _joined(before, value)
        elif isinstance(before, str) and isinstance(value, str) and name not in ("id", "type", "name"):
            found[name] = before + value
        else:
            found[name] = value
    return found


class AssistantEventHandler(_Snapshots):
    """Override its methods; the stream calls them for each event."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def _attach(self, stream: Any) -> None:
        self._stream, self._iterator = stream, self._all()

    def _all(self) -> Iterator[Any]:
        try:
            for event in self._stream:
                for name, arguments in self._calls_of(event):
                    getattr(self, name)(*arguments)
                yield event
        except Exception as error:
            self.on_exception(error)
            raise
        finally:
            self.on_end()

    def __iter__(self) -> Iterator[Any]:
        return self._iterator

    def __next__(self) -> Any:
        return next(self._iterator)

    def until_done(self) -> None:
        """Read to the end."""
        for _ in self._iterator:
            pass

    @property
    def text_deltas(self) -> Iterator[str]:
        """The pieces of text."""
        for event in self._iterator:
            if getattr(event, "event", "") == "thread.message.delta":
                for part in event.data.delta.content or ():
                    value = getattr(getattr(part, "text", None), "value", None)
                    if value:
                        yield value

    def get_final_run(self) -> Any:
        """Read to the end, and return the run."""
        self.until_done()
        return self._final_run()

    def get_final_messages(self) -> list[Any]:
        """Read to the end, and return the messages."""
        self.until_done()
        return list(self._messages.values())

    def get_final_run_steps(self) -> list[Any]:
        """Read to the end, and return the steps."""
        self.until_done()
        return list(self._steps.values())

    def close(self) -> None:
        """Close the stream."""
        if self._stream is not None:
            self._stream.close()


class AsyncAssistantEventHandler(_Snapshots):
    """The same for coroutines: its methods are async."""

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    def _attach(self, stream: Any) -> None:
        self._stream, self._iterator = stream, self._all()

    async def _all(self) -> AsyncIterator[Any]:
        try:
            async for event in self._stream:
                for name, arguments in self._calls_of(event):
                    await getattr(self, name)(*arguments)
                yield event
        except Exception as error:
            await self.on_exception(error)
            raise
        finally:
            await self.on_end()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._iterator

    async def __anext__(self) -> Any:
        return await anext(self._iterator)

    async def until_done(self) -> None:
        """Read to the end."""
        async for _ in self._iterator:
            pass

    @property
    async def text_deltas(self) -> AsyncIterator[str]:
        """The pieces of text."""
        async for event in self._iterator:
            if getattr(event, "event", "") == "thread.message.delta":
                for part in event.data.delta.content or ():
                    value = getattr(getattr(part, "text", None), "value", None)
                    if value:
                        yield value

    async def get_final_run(self) -> Any:
        """Read to the end, and return the run."""
        await self.until_done()
        return self._final_run()

    async def get_final_messages(self) -> list[Any]:
        """Read to the end, and return the messages."""
        await self.until_done()
        return list(self._messages.values())

    async def get_final_run_steps(self) -> list[Any]:
        """Read to the end, and return the steps."""
        await self.until_done()
        return list(self._steps.values())

    async def close(self) -> None:
        """Close the stream."""
        if self._stream is not None:
            await self._stream.close()


#: What a handler may override.
EVENTS = (
    *("on_event", "on_end", "on_exception", "on_timeout", "on_text_created", "on_text_delta", "on_text_done"),
    *("on_image_file_done", "on_message_created", "on_message_delta", "on_message_done", "on_run_step_created"),
    *("on_run_step_delta", "on_run_step_done", "on_tool_call_created", "on_tool_call_delta", "on_tool_call_done"),
)


def _nothing(self: Any, *_: Any) -> None:
    """Do nothing; override it."""


async def _anothing(self: Any, *_: Any) -> None:
    """Do nothing; override it."""


for _name in EVENTS:
    setattr(AssistantEventHandler, _name, _nothing)
    setattr(AsyncAssistantEventHandler, _name, _anothing)


class Manager:
    """Enter it for the handler; leaving it closes the stream."""

    def __init__(self, call: Callable[[], Any], handler: Any) -> None:
        self._call, self._handler = call, handler

    def __enter__(self) -> Any:
        self._handler._attach(self._call())
        return self._handler

    def __exit__(self, *exc: object) -> None:
        self._handler.close()


class AsyncManager:
    """Enter it for the handler of coroutines."""

    def __init__(self, call: Callable[[], Any], handler: Any) -> None:
        self._call, self._handler = call, handler

    async def __aenter__(self) -> Any:
        self._handler._attach(await self._call())
        return self._handler

    async def __aexit__(self, *exc: object) -> None:
        await self._handler.close()
