"""The typed events that a stream's `events()` yields: the same few for every kind of stream."""

from __future__ import annotations

from typing import Any, Generic, TypeAlias, TypeVar

from attrs import frozen

from ..public import expose

R = TypeVar("R")


@frozen
class TextDelta:
    """A part of the answer's text. `index` is that of the choice, or of the output item."""

    text: str
    index: int = 0


@frozen
class ReasoningDelta:
    """A part of the reasoning, or of its summary, if the server sends it."""

    text: str
    index: int = 0


@frozen
class RefusalDelta:
    """A part of the text in which the model refuses."""

    text: str
    index: int = 0


@frozen
class ToolCallDelta:
    """A part of a tool call's arguments. `id` and `name` are those of the call, as far as they are known."""

    id: str | None
    name: str
    arguments: str
    index: int = 0


@frozen
class ToolCallDone:
    """A complete tool call with all its arguments."""

    id: str | None
    name: str
    arguments: str
    index: int = 0


@frozen
class Done(Generic[R]):
    """The end of the stream: `reply` is what `final()` returns."""

    reply: R


#: Every helper event except the last.
StreamEvent: TypeAlias = TextDelta | ReasoningDelta | RefusalDelta | ToolCallDelta | ToolCallDone
#: What `events()` yields.
AnyEvent: TypeAlias = StreamEvent | Done[Any]


expose(globals(), "stream_events")
