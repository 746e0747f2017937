"""What is sent to models and what they answer, in the form of the conventions. Only for `capture_content=True`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..._core.model import ApiModel
from . import names

Attributes = dict[str, Any]
Part = dict[str, Any]


def request_content(body: Mapping[str, Any]) -> Attributes:
    """Return the messages, instructions and tools of a request, as JSON."""
    found: Attributes = {}
    messages = body.get("messages")
    if isinstance(messages, list | tuple):
        found[names.INPUT_MESSAGES] = _json([_message(_plain(one)) for one in messages])
    else:
        given = next((body[name] for name in ("input", "prompt") if name in body), None)
        if isinstance(given, str):
            found[names.INPUT_MESSAGES] = _json([{"role": "user", "parts": [_text(given)]}])
        elif isinstance(given, list | tuple):
            items = [_plain(one) for one in given]
            kept = [_item(one) for one in items if isinstance(one, dict)] or [
                {"role": "user", "parts": [_text(one)]} for one in items if isinstance(one, str)
            ]
            found[names.INPUT_MESSAGES] = _json(kept)
    if isinstance(instructions := body.get("instructions"), str):
        found[names.SYSTEM_INSTRUCTIONS] = _json([_text(instructions)])
    tools = body.get("tools")
    if isinstance(tools, list | tuple) and tools:
        found[names.TOOL_DEFINITIONS] = _json([_definition(_plain(tool)) for tool in tools])
    return found


def reply_content(reply: Any) -> Attributes:
    """Return the messages of a reply, as JSON; nothing if it has none."""
    wire = _plain(reply)
    if isinstance(wire, str):
        return {names.OUTPUT_MESSAGES: _json([{"role": "assistant", "parts": [_text(wire)]}])}
    if not isinstance(wire, dict):
        return {}
    messages: list[Any] = []
    for choice in _list(wire.get("choices")):
        message = choice.get("message") if isinstance(choice, dict) else None
        if isinstance(message, dict):
            messages.append(_message({"role": "assistant", **message}))
        elif isinstance(choice, dict) and isinstance(choice.get("text"), str):
            messages.append({"role": "assistant", "parts": [_text(choice["text"])]})
    parts = [part for item in _list(wire.get("output")) if isinstance(item, dict) for part in _item(item)["parts"]]
    if parts:
        messages.append({"role": "assistant", "parts": parts})
    if not messages and isinstance(wire.get("text"), str):  # a transcript
        messages.append({"role": "assistant", "parts": [_text(wire["text"])]})
    return {names.OUTPUT_MESSAGES: _json(messages)} if messages else {}


def _message(message: Any) -> Part:
    """Return a message of a chat."""
    if not isinstance(message, dict):
        return {"role": "user", "parts": [_text(str(message))]}
    role, content = str(message.get("role", "user")), message.get("content")
    if role == "tool":
        return {"role": role, "parts": [_response(message.get("tool_call_id"), content)]}
    parts = _parts(content)
    if isinstance(message.get("refusal"), str):
        parts.append(_text(message["refusal"]))
    for call in _list(message.get("tool_calls")):
        inner = call.get("function") if isinstance(call, dict) else None
        if isinstance(inner, dict):
            parts.append(_call(call.get("id"), inner.get("name"), inner.get("arguments")))
    return {"role": role, "parts": parts}


def _item(item: dict[str, Any]) -> Part:
    """Return an item of the Responses API as a message."""
    kind = item.get("type")
    if kind == "function_call":
        return {"role": "assistant", "parts": [_call(item.get("call_id"), item.get("name"), item.get("arguments"))]}
    if kind == "function_call_output":
        return {"role": "tool", "parts": [_response(item.get("call_id"), item.get("output"))]}
    if kind == "reasoning":
        texts = [one.get("text") for one in _list(item.get("summary")) if isinstance(one, dict)]
        return {"role": "assistant", "parts": [{"type": "reasoning", "content": text} for text in texts if text]}
    return {"role": str(item.get("role", "user")), "parts": _parts(item.get("content"))}


def _parts(content: Any) -> list[Part]:
    if isinstance(content, str):
        return [_text(content)]
    return [_part(part) for part in _list(content) if isinstance(part, dict)]


def _part(part: dict[str, Any]) -> Part:
    """Return a part of a message; what has no form in the conventions keeps its type alone."""
    kind = str(part.get("type", ""))
    if isinstance(text := part.get("text") or part.get("refusal"), str):
        return _text(text)
    image = part.get("image_url")
    url = image.get("url") if isinstance(image, dict) else image
    if isinstance(url, str):
        media, separator, data = url.removeprefix("data:").partition(";base64,")
        if url.startswith("data:") and separator:
            return {"type": "blob", "modality": "image", "mime_type": media, "content": data}
        return {"type": "uri", "modality": "image", "uri": url}
    if isinstance(file_id := part.get("file_id"), str):
        return {"type": "file", "modality": "image" if "image" in kind else "document", "file_id": file_id}
    audio = part.get("input_audio")
    if isinstance(audio, dict):
        return {"type": "blob", "modality": "audio", "content": audio.get("data", "")}
    return {"type": kind}


def _definition(tool: Any) -> Any:
    """Return the definition of a tool, with its parts in one object."""
    if not isinstance(tool, dict):
        return {"type": "function"}
    inner = tool.get("function")
    return {"type": "function", **inner} if isinstance(inner, dict) else tool


def _text(text: str) -> Part:
    return {"type": "text", "content": text}


def _call(call_id: Any, name: Any, arguments: Any) -> Part:
    return {"type": "tool_call", "id": call_id, "name": name, "arguments": decoded(arguments)}


def _response(call_id: Any, content: Any) -> Part:
    return {"type": "tool_call_response", "id": call_id, "response": content}


def decoded(text: Any) -> Any:
    """Return the value of a JSON text; another text as it is."""
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text


def _plain(value: Any) -> Any:
    return value.to_dict() if isinstance(value, ApiModel) else value


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_unknown)


def _unknown(value: object) -> str:
    """Return what stands for a value without a form in JSON, such as a file."""
    return f"<{type(value).__name__}>"
