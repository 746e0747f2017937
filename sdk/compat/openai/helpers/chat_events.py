"""The events of a chat stream: what a chunk adds, and what is complete."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from attrs import field, fields, frozen


class _Event:
    def model_dump(self, **_: Any) -> dict[str, Any]:
        """Return the event as a dict."""
        kind: Any = type(self)
        return {one.name: getattr(self, one.name) for one in fields(kind) if one.name[0] != "_"}


@frozen
class ChunkEvent(_Event):
    """A chunk as it came; `snapshot` is the reply so far."""

    chunk: Any
    _partial: Callable[[], Any] = field(repr=False)
    type: str = "chunk"

    @property
    def snapshot(self) -> Any:
        """The reply so far."""
        return self._partial()


@frozen
class ContentDeltaEvent(_Event):
    """A piece of text; `snapshot` is the text so far, `parsed` its JSON, once it is whole."""

    delta: str
    snapshot: str
    parsed: Any = None
    type: str = "content.delta"


@frozen
class ContentDoneEvent(_Event):
    """The whole text, and the value in it."""

    content: str
    parsed: Any = None
    type: str = "content.done"


@frozen
class RefusalDeltaEvent(_Event):
    """A piece of a refusal."""

    delta: str
    snapshot: str
    type: str = "refusal.delta"


@frozen
class RefusalDoneEvent(_Event):
    """The whole refusal."""

    refusal: str
    type: str = "refusal.done"


@frozen
class FunctionToolCallArgumentsDeltaEvent(_Event):
    """A piece of the arguments of a call."""

    name: str
    index: int
    arguments: str
    arguments_delta: str
    parsed_arguments: Any = None
    type: str = "tool_calls.function.arguments.delta"


@frozen
class FunctionToolCallArgumentsDoneEvent(_Event):
    """The whole arguments of a call."""

    name: str
    index: int
    arguments: str
    parsed_arguments: Any = None
    type: str = "tool_calls.function.arguments.done"


@frozen
class LogprobsContentDeltaEvent(_Event):
    """Log probabilities of a piece of text."""

    content: list[Any]
    snapshot: list[Any]
    type: str = "logprobs.content.delta"


@frozen
class LogprobsContentDoneEvent(_Event):
    """All log probabilities of the text."""

    content: list[Any]
    type: str = "logprobs.content.done"


@frozen
class LogprobsRefusalDeltaEvent(_Event):
    """Log probabilities of a piece of a refusal."""

    refusal: list[Any]
    snapshot: list[Any]
    type: str = "logprobs.refusal.delta"


@frozen
class LogprobsRefusalDoneEvent(_Event):
    """All log probabilities of a refusal."""

    refusal: list[Any]
    type: str = "logprobs.refusal.done"


class _Choice:
    """The state of one choice."""

    def __init__(self) -> None:
        self.content = self.refusal = ""
        self.calls: dict[int, list[str]] = {}  # name and arguments by index
        self.logprobs: dict[str, list[Any]] = {"content": [], "refusal": []}
        self.current: int | None = None
        self.done = False


class Choices:
    """The choices of a stream; `events` turns each chunk into events."""

    def __init__(self, stream: Any, read: Callable[[str], Any], strict: dict[str, Any]) -> None:
        self._stream, self._read, self._strict = stream, read, strict
        self._choices: dict[int, _Choice] = {}

    def events(self, chunk: Any) -> Iterator[Any]:
        """Yield the events of a chunk."""
        yield ChunkEvent(chunk, lambda: self._stream._ours.partial)
        for position, choice in enumerate(chunk.choices or ()):
            state = self._choices.setdefault(position if choice.index is None else choice.index, _Choice())
            delta = choice.delta
            if delta is not None:
                yield from self._of_delta(state, delta)
            for name in ("content", "refusal"):
                more = getattr(choice.logprobs, name, None) if choice.logprobs is not None else None
                if more:
                    state.logprobs[name] += more
                    kind: Any = LogprobsContentDeltaEvent if name == "content" else LogprobsRefusalDeltaEvent
                    yield kind(more, list(state.logprobs[name]))
            if choice.finish_reason and not state.done:
                state.done = True
                yield from self._ends(state)

    def _of_delta(self, state: _Choice, delta: Any) -> Iterator[Any]:
        if delta.content:
            state.content += delta.content
            yield ContentDeltaEvent(delta.content, state.content, _loaded(state.content))
        if delta.refusal:
            state.refusal += delta.refusal
            yield RefusalDeltaEvent(delta.refusal, state.refusal)
        for call in delta.tool_calls or ():
            index = call.index or 0
            if index != state.current:
                if state.current is not None:
                    yield self._call_ends(state, state.current)
                state.current = index
            known = state.calls.setdefault(index, ["", ""])
            function = getattr(call, "function", None)
            if function is None:
                continue
            known[0] = known[0] or function.name or ""
            if function.arguments:
                known[1] += function.arguments
                yield FunctionToolCallArgumentsDeltaEvent(
                    known[0], index, known[1], function.arguments, _loaded(known[1])
                )

    def _ends(self, state: _Choice) -> Iterator[Any]:
        if state.content:
            yield ContentDoneEvent(state.content, self._read(state.content))
        if state.refusal:
            yield RefusalDoneEvent(state.refusal)
        if state.current is not None:
            yield self._call_ends(state, state.current)
        if state.logprobs["content"]:
            yield LogprobsContentDoneEvent(state.logprobs["content"])
        if state.logprobs["refusal"]:
            yield LogprobsRefusalDoneEvent(state.logprobs["refusal"])

    def _call_ends(self, state: _Choice, index: int) -> Any:
        from .chat import parsed_arguments

        name, arguments = state.calls[index]
        return FunctionToolCallArgumentsDoneEvent(
            name, index, arguments, parsed_arguments(name, arguments, self._strict)
        )


def _loaded(text: str) -> Any:
    """Return JSON that is complete, else None."""
    if not text.rstrip().endswith(("}", "]")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None
