"""Conversation over the Responses API; the server keeps the history unless store=False."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._core.lazy import attributes
from ._openai.session.responses import Approve as Approve
from ._openai.session.responses import ResponsesReply as ResponsesReply
from ._openai.session.responses import ResponsesSession as ResponsesSession
from ._openai.session.responses import SessionChunk as SessionChunk

if TYPE_CHECKING:
    from ._openai.session.iterate import AsyncSessionStream as AsyncSessionStream
    from ._openai.session.iterate import RunEvent as RunEvent
    from ._openai.session.iterate import SessionStream as SessionStream
    from ._openai.session.tool_calls import ToolResult as ToolResult
else:  # loaded with the first use
    _ITERATE = dict.fromkeys(("AsyncSessionStream", "RunEvent", "SessionStream"), ".._openai.session.iterate")
    _LATER = {**_ITERATE, "ToolResult": ".._openai.session.tool_calls"}
    __getattr__ = attributes(__name__, _LATER)

    def __dir__() -> list[str]:
        return sorted({*globals(), *_LATER})
