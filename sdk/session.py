"""Chat sessions: a conversation that keeps its history."""

from __future__ import annotations

#: The model of a session when neither an argument nor OPENAI_MODEL names one.
DEFAULT_MODEL = "gpt-4o-mini"


class ChatSession: ...


class Reply: ...
