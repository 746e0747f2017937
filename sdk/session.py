"""Chat sessions: a conversation over chat completions whose history stays valid after any error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._core.lazy import attributes
from ._openai.session.chat import DEFAULT_MODEL as DEFAULT_MODEL
from ._openai.session.chat import Approve as Approve
from ._openai.session.chat import ChatSession as ChatSession
from ._openai.session.chat import Reply as Reply
from ._openai.session.chat import SessionChunk as SessionChunk
from ._openai.session.chat import within_tokens as within_tokens

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
