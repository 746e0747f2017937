"""The same conversation over the Responses API, which keeps what was said, if it may."""

from __future__ import annotations

from ._openai.session.responses import Approve as Approve
from ._openai.session.responses import ResponsesReply as ResponsesReply
from ._openai.session.responses import ResponsesSession as ResponsesSession
from ._openai.session.responses import SessionChunk as SessionChunk
