"""The typed events that a stream's `events()` yields: the same few for every kind of stream."""

from __future__ import annotations

from ._core.reply.stream_events import AnyEvent as AnyEvent
from ._core.reply.stream_events import Done as Done
from ._core.reply.stream_events import ReasoningDelta as ReasoningDelta
from ._core.reply.stream_events import RefusalDelta as RefusalDelta
from ._core.reply.stream_events import StreamEvent as StreamEvent
from ._core.reply.stream_events import TextDelta as TextDelta
from ._core.reply.stream_events import ToolCallDelta as ToolCallDelta
from ._core.reply.stream_events import ToolCallDone as ToolCallDone
