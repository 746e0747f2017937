"""What a stream's `events()` yields: the same few typed events for every kind of stream."""

from __future__ import annotations

from typing import Any, Generic, TypeAlias, TypeVar

from attrs import frozen

from ..public import expose

R = TypeVar("R")


@frozen
class TextDelta:
    """A piece of the answer's text. `index` is the choice's, or that of the output item."""

    text: str
    index: int = 0


@frozen
class ReasoningDelta:
    """A piece of the reasoning, or of its summary, where the server shows it."""

    text: str
    index: int = 0


@frozen
class RefusalDelta:
    """A piece of the text by which the model refuses."""

    text: str
    index: int = 0


@frozen
class ToolCallDelta:
    """A piece of a tool call's arguments. `id` and `name` are those of the call, as far as they are known."""

    id: str | None
    name: str
    arguments: str
    index: int = 0


@frozen
class ToolCallDone:
    """A tool call that is complete, with all its arguments."""

    id: str | None
    name: str
    arguments: str
    index: int = 0


@frozen
class Done(Generic[R]):
    """The end: `reply` is what `final()` returns."""

    reply: R


#: One helper event, but for the end.
StreamEvent: TypeAlias = TextDelta | ReasoningDelta | RefusalDelta | ToolCallDelta | ToolCallDone
#: What `events()` yields.
AnyEvent: TypeAlias = StreamEvent | Done[Any]


expose(globals(), "stream_events")
