"""What the three tests share: the environment of the program, and a reply."""

from __future__ import annotations

from typing import Any

import pytest

URL = "https://api.example.com/v1/chat/completions"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the program to a server that does not exist."""
    monkeypatch.setenv("OPENAI_API_BASE", URL.removesuffix("/chat/completions"))
    monkeypatch.setenv("OPENAI_API_KEY", "test-key")


def completion(text: str) -> dict[str, Any]:
    """Return a reply of the API."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "gpt-4o-mini", "choices": [choice]}


def events(*texts: str) -> str:
    """Return a stream of the API."""
    pieces = [{"choices": [{"index": 0, "delta": {"content": text}}]} for text in texts]
    pieces.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o-mini"}
    import json

    return "".join(f"data: {json.dumps({**chunk, **piece})}\n\n" for piece in pieces) + "data: [DONE]\n\n"
