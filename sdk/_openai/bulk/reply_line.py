"""One line of a result, in the form of the Batch API."""

from __future__ import annotations

import json
from typing import Any

import orjson

from ..._core.errors import APIError, APIStatusError

#: The line of a reply: number, identity, status, request id, body.
_SUCCESS = b'{"id":"bulk_req_%d","custom_id":%b,"response":{"status_code":%d,"request_id":%b,"body":%b},"error":null}\n'


def success(index: int, name: str, response: Any) -> bytes:
    """Return the line of a reply. Its body goes in as the server sent it, unless it has several lines."""
    content: bytes = response.content
    if b"\n" in content or b"\r" in content or content[:1] != b"{":
        content = _one_line(content, getattr(response, "reply", response.parsed))
    return _SUCCESS % (
        index, orjson.dumps(name), response.status_code, orjson.dumps(response.request_id), content,
    )  # fmt: skip


def failure(index: int, name: str, error: Exception) -> bytes:
    """Return the line of a failure: the response of the server, or `error` where there was none."""
    response = problem = None
    if isinstance(error, APIStatusError):
        body = error.body if not isinstance(error.body, bytes) else error.body.decode("utf-8", "replace")
        response = {"status_code": error.status_code, "request_id": error.request_id, "body": body}
    else:
        code = (error.code if isinstance(error, APIError) else None) or type(error).__name__
        problem = {"code": code, "message": str(error)}
    line = {"id": f"bulk_req_{index}", "custom_id": name, "response": response, "error": problem}
    try:
        return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a long integer, or a lone surrogate
        return json.dumps(line).encode() + b"\n"


def _one_line(content: bytes, reply: Any) -> bytes:
    """Return the JSON of a reply on one line; that of a reply which came as events is put together."""
    try:
        value = orjson.loads(content)
    except orjson.JSONDecodeError:
        value = reply.to_dict()
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value).encode()


def kind_of(error: Exception) -> str:
    """Return the name under which failures are counted."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} {status}" if status else type(error).__name__
