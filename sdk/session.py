"""Chat sessions: a conversation over chat completions whose history stays valid after any error."""

from __future__ import annotations

from ._openai.session.chat import DEFAULT_MODEL as DEFAULT_MODEL
from ._openai.session.chat import Approve as Approve
from ._openai.session.chat import ChatSession as ChatSession
from ._openai.session.chat import Reply as Reply
from ._openai.session.chat import SessionChunk as SessionChunk
from ._openai.session.chat import within_tokens as within_tokens
