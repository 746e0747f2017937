"""Chat sessions: a conversation that keeps its history, and keeps it whole whatever happens."""

from __future__ import annotations

from ._openai.session.chat import DEFAULT_MODEL as DEFAULT_MODEL
from ._openai.session.chat import Approve as Approve
from ._openai.session.chat import ChatSession as ChatSession
from ._openai.session.chat import Reply as Reply
from ._openai.session.chat import SessionChunk as SessionChunk
from ._openai.session.chat import within_tokens as within_tokens
