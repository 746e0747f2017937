"""A server in memory for conversations: it answers as a test says, and keeps what it was asked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import httpx

from sdk import Client

Wire = dict[str, Any]


class Answers:
    """Answers in turn: a dict is a message or a response, an int an error's status. The last one is repeated."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.asked: list[Wire] = []

    @property
    def client(self) -> Client:
        """A client whose requests are answered here."""
        return Client(api_base="http://t/v1", api_key="k", max_retries=0, transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        self.asked.append(body)
        answer = self._answers[min(len(self.asked), len(self._answers)) - 1]
        if isinstance(answer, int):
            return httpx.Response(answer, json={"error": {"message": "no"}})
        wire = _response(answer, len(self.asked)) if request.url.path.endswith("/responses") else _completion(answer)
        if not body.get("stream"):
            return httpx.Response(200, headers={"content-type": "application/json"}, content=json.dumps(wire))
        return httpx.Response(200, headers={"content-type": "text/event-stream"}, content=_events(wire))


def _completion(message: Any) -> Wire:
    if isinstance(message, str):
        message = {"content": message}
    choice = {"index": 0, "message": {"role": "assistant", "content": None, **message}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}


def _response(answer: Any, number: int) -> Wire:
    if isinstance(answer, str):
        answer = [said(answer)]
    base = {"id": f"resp_{number}", "object": "response", "status": "completed"}
    return {**base, **(answer if isinstance(answer, dict) else {"output": answer})}


def said(text: str) -> Wire:
    """Return an output message."""
    return {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": text, "annotations": []}],
    }


def _events(wire: Wire) -> bytes:
    if wire["object"] == "response":
        text = "".join(p.get("text", "") for i in wire.get("output", ()) for p in i.get("content") or ())
        events: Iterable[Wire] = [
            {"type": "response.created", "response": {**wire, "status": "in_progress", "output": []}},
            *({"type": "response.output_text.delta", "delta": c, "output_index": 0, "content_index": 0} for c in text),
            {"type": f"response.{wire['status']}", "response": wire},
        ]
        return b"".join(b"data: " + json.dumps(e).encode() + b"\n\n" for e in events)
    choice = dict(wire["choices"][0])
    message = choice.pop("message")
    pieces = [{"role": "assistant"}, *({"content": c} for c in message["content"] or "")]
    pieces.append({k: v for k, v in message.items() if k not in ("role", "content")})
    chunks = [{**wire, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": p}]} for p in pieces]
    chunks.append(
        {**wire, "object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    )
    return b"".join(b"data: " + json.dumps(c).encode() + b"\n\n" for c in chunks) + b"data: [DONE]\n\n"
