"""What the server of the benchmarks answers, built once."""

from __future__ import annotations

import base64
import json
import random
from array import array
from typing import Any

CHUNKS, EVENTS, VECTORS, DIMENSIONS = 2_000, 2_000, 64, 1_536


def chat(content: str = "Hello!") -> dict[str, Any]:
    """Return a small chat reply."""
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None, "annotations": []}
    return {**_head("chat.completion"), "choices": [{"index": 0, "message": message, "logprobs": None,
            "finish_reason": "stop"}], "usage": _usage()}  # fmt: skip


def chat_with_tools() -> dict[str, Any]:
    """Return a chat reply with two tool calls."""
    calls = [
        {"id": f"call_{n}", "type": "function", "function": {"name": "weather", "arguments": f'{{"city": "{c}"}}'}}
        for n, c in enumerate(("Paris", "Rome"))
    ]
    message = {"role": "assistant", "content": None, "refusal": None, "annotations": [], "tool_calls": calls}
    return {**chat(), "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "tool_calls"}]}


def response(items: int = 100) -> dict[str, Any]:
    """Return a response of the Responses API with many output items."""
    output: list[Any] = []
    for n in range(items):
        part = {"type": "output_text", "text": f"Part {n} of the answer. " * 4, "annotations": [], "logprobs": []}
        output += [
            {"id": f"rs_{n}", "type": "reasoning", "summary": [{"type": "summary_text", "text": "Thinking."}]},
            {"id": f"fc_{n}", "type": "function_call", "call_id": f"call_{n}", "name": "weather", "status": "completed",
             "arguments": '{"city": "Rome"}'},
            {"id": f"msg_{n}", "type": "message", "role": "assistant", "status": "completed", "content": [part]},
        ]  # fmt: skip
    return {
        "id": "resp_1", "object": "response", "created_at": 1_700_000_000, "status": "completed", "model": "m",
        "output": output, "error": None, "incomplete_details": None, "instructions": None, "metadata": {},
        "parallel_tool_calls": True, "temperature": 1.0, "top_p": 1.0, "tool_choice": "auto", "tools": [],
        "usage": {"input_tokens": 9, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 99,
                  "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 108},
    }  # fmt: skip


def embeddings(packed: bool) -> dict[str, Any]:
    """Return vectors, as numbers or packed in base64."""
    chance = random.Random(1)
    rows = [array("f", [chance.uniform(-0.1, 0.1) for _ in range(DIMENSIONS)]) for _ in range(VECTORS)]
    data = [
        {"object": "embedding", "index": n, "embedding": base64.b64encode(row).decode() if packed else list(row)}
        for n, row in enumerate(rows)
    ]
    return {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 64, "total_tokens": 64}}


def chat_events() -> list[bytes]:
    """Return a chat stream, event by event."""
    deltas: list[tuple[dict[str, Any], str | None]] = [({"content": f" word{n}"}, None) for n in range(CHUNKS - 1)]
    events = [
        {**_head("chat.completion.chunk"), "obfuscation": "abcdef",
         "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": end}]}
        for delta, end in [*deltas, ({}, "stop")]
    ]  # fmt: skip
    return [*(b"data: " + _json(e) + b"\n\n" for e in events), b"data: [DONE]\n\n"]


def response_events() -> list[bytes]:
    """Return a stream of the Responses API, event by event."""
    whole = {**response(0), "output": []}
    delta = {"type": "response.output_text.delta", "item_id": "msg_1", "output_index": 0, "content_index": 0,
             "delta": " word", "logprobs": [], "obfuscation": "abcdef"}  # fmt: skip
    events: list[dict[str, Any]] = [{"type": "response.created", "response": {**whole, "status": "in_progress"}}]
    events += [delta] * (EVENTS - 2) + [{"type": "response.completed", "response": whole}]
    return [
        f"event: {e['type']}\ndata: ".encode() + _json({**e, "sequence_number": n}) + b"\n\n"
        for n, e in enumerate(events)
    ]


def _head(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-0123456789abcdefghij", "object": kind, "created": 1_700_000_000, "service_tier": "default",
            "model": "gpt-4o-mini-2024-07-18", "system_fingerprint": "fp_0123456789"}  # fmt: skip


def _usage() -> dict[str, Any]:
    return {
        "prompt_tokens": 82, "completion_tokens": 17, "total_tokens": 99,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0,
                                      "rejected_prediction_tokens": 0},
    }  # fmt: skip


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
