"""Conversation over the Responses API; the server keeps the history unless store=False."""

from __future__ import annotations

from ._openai.session.responses import Approve as Approve
from ._openai.session.responses import ResponsesReply as ResponsesReply
from ._openai.session.responses import ResponsesSession as ResponsesSession
from ._openai.session.responses import SessionChunk as SessionChunk
